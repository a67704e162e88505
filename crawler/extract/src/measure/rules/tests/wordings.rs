//! The same rules in the words of other fields and habits.

use super::*;

#[test]
fn a_population_stands_before_or_behind_what_is_measured() {
    check(
        "图书馆座席由每千人口3.8个增至5.5个,人均购书费不变。",
        &[("3.8个", "每千人口图书馆座席", Eq, Level), ("5.5个", "每千人口图书馆座席", Eq, Level)],
    );
    check("停车泊位按每千户不少于900个的标准配建。", &[("900个", "每千户停车泊位", Ge, Level)]);
    check(
        "每千人口座席数达7.5个左右,馆员与读者比达到1:1.2。",
        &[("7.5个左右", "每千人口座席数", Approx, Level), ("1:1.2", "馆员与读者比", Eq, Level)],
    );
}

#[test]
fn a_mean_stands_before_or_behind_what_is_measured() {
    check(
        "巡讲全年完成800场次,日均2场次以上。",
        &[("800场次", "巡讲", Eq, Level), ("2场次以上", "日均巡讲", Ge, Level)],
    );
    check("候车时间平均不超过9分钟。", &[("9分钟", "平均候车时间", Le, Level)]);
    check("客流人次日均达3.2万人次。", &[("3.2万人次", "日均客流人次", Eq, Level)]);
}

#[test]
fn a_quota_stands_before_or_behind_what_is_wanted() {
    let scopes = |text: &str| read_all(text).into_iter().map(|found| (found.1, found.4)).collect::<Vec<_>>();
    let of = |name: &str, scope: &str| vec![(name.to_owned(), Some(scope.to_owned()))];
    assert_eq!(scopes("图书馆、档案馆各市县不少于1所。"), of("图书馆、档案馆", "各市县"));
    assert_eq!(scopes("人口30万以上的县至少有2座体育馆。"), of("体育馆", "人口30万以上的县"));
    assert_eq!(scopes("实施书屋计划,每个街道至少5个。"), of("书屋计划", "每个街道"));
}

#[test]
fn a_change_ends_in_a_level() {
    check("空置率下降2.3个百分点至29.4%。", &[("2.3个百分点", "空置率", Eq, Decrease), ("29.4%", "空置率", Eq, Level)]);
    check(
        "借阅率、到馆率分别不低于75%和70%,以上两项再提高2个百分点。",
        &[
            ("75%", "借阅率", Ge, Level),
            ("70%", "到馆率", Ge, Level),
            ("2个百分点", "借阅率", Eq, Increase),
            ("2个百分点", "到馆率", Eq, Increase),
        ],
    );
}

#[test]
fn each_of_two_has_the_rate() {
    check(
        "办证读者28.9万人,其中少年12.3万人,续证率分别为41.6%和84.2%。",
        &[
            ("28.9万人", "办证读者", Eq, Level),
            ("12.3万人", "少年", Eq, Level),
            ("41.6%", "办证读者续证率", Eq, Level),
            ("84.2%", "少年续证率", Eq, Level),
        ],
    );
    check(
        "抽查任务完成率、完结率均为100%。",
        &[("100%", "抽查任务完成率", Eq, Level), ("100%", "抽查任务完结率", Eq, Level)],
    );
    check(
        "完成教师“双语”轮训3000人,其中英语1000人。",
        &[("3000人", "教师“双语”轮训", Eq, New), ("1000人", "教师英语轮训", Eq, New)],
    );
}

#[test]
fn words_that_begin_like_a_verb() {
    check(
        "超限车辆比例控制在18%以内,增值服务覆盖率达到60%。",
        &[("18%以内", "超限车辆比例", Le, Level), ("60%", "增值服务覆盖率", Eq, Level)],
    );
    check("超市覆盖率达到95%。", &[("95%", "超市覆盖率", Eq, Level)]);
    check(
        "配备电梯率达到95%,到期换证率达到98%。",
        &[("95%", "配备电梯率", Eq, Level), ("98%", "到期换证率", Eq, Level)],
    );
}

#[test]
fn parts_places_and_spans() {
    check("藏书五年来累计增加26万册。", &[("26万册", "藏书", Eq, Increase)]);
    check("五年来,累计新建公园12个。", &[("12个", "公园", Eq, New)]);
    check("远程教学覆盖80%的乡镇中学。", &[("80%", "远程教学覆盖的乡镇中学比例", Eq, Level)]);
    check("安装电梯、改造教室120间。", &[("120间", "教室", Eq, New)]);
    check(
        "城区平均候车时间12分钟,乡镇25分钟。",
        &[("12分钟", "城区平均候车时间", Eq, Level), ("25分钟", "乡镇平均候车时间", Eq, Level)],
    );
    check("办结时限中位数控制在40分钟内。", &[("40分钟内", "办结时限中位数", Le, Level)]);
    check("服务人口超过5万人的图书馆,座席不少于300个。", &[("300个", "座席", Ge, Level)]);
}

#[test]
fn some_of_those_that_were_counted() {
    check(
        "6家影院全部达到一类标准,其中4家达到二类标准,1家升级为剧场。",
        &[
            ("6家", "全部达到一类标准的影院", Eq, Level),
            ("4家", "达到二类标准的影院", Eq, Level),
            ("1家", "升级为剧场的影院", Eq, Level),
        ],
    );
    check(
        "60%以上的村达到一类标准,其中20%达到二类标准。",
        &[("60%以上", "达到一类标准的村比例", Ge, Level), ("20%", "达到二类标准的村比例", Eq, Level)],
    );
    check(
        "全市共有站点96个,其中市区38个、县域58个。",
        &[("96个", "站点", Eq, Level), ("38个", "市区站点", Eq, Level), ("58个", "县域站点", Eq, Level)],
    );
    check(
        "县馆能够提供的借阅书种达到900种、阅览刊种200种。",
        &[("900种", "县馆能够提供的借阅书种", Eq, Level), ("200种", "县馆能够提供的阅览刊种", Eq, Level)],
    );
}

#[test]
fn what_a_clause_takes_up() {
    check("推进图书通借,通借率达到70%。", &[("70%", "图书通借率", Eq, Level)]);
    check(
        "车站客流量达到2万人次,占总量的56%。",
        &[("2万人次", "车站客流量", Eq, Level), ("56%", "车站客流量占总量比例", Eq, Level)],
    );
    check(
        "就诊率达到40%,比上年的36.2%提高近4个百分点。",
        &[("40%", "就诊率", Eq, Level), ("36.2%", "就诊率", Eq, Level), ("4个百分点", "就诊率", Approx, Increase)],
    );
    check("采购经费按比例安排,图书经费2027年提高到人均5元。", &[("5元", "人均图书经费", Eq, Level)]);
    check(
        "失学儿童免费体检15万人,健康管理率达到70%。",
        &[("15万人", "失学儿童免费体检", Eq, Level), ("70%", "失学儿童健康管理率", Eq, Level)],
    );
}

#[test]
fn adds_and_does_not() {
    check("5家酒店获评四星级酒店。", &[("5家", "获评四星级酒店的酒店", Eq, New)]);
    check("年内完成3个示范车站打造。", &[("3个", "示范车站", Eq, New)]);
    check(
        "依托甲馆组建的2个联盟常态办展,接待观众9874人次。",
        &[("2个", "联盟常态办展", Eq, Level), ("9874人次", "接待观众", Eq, Level)],
    );
    check("邀请省市专家建立工作室5个。", &[("5个", "工作室", Eq, New)]);
    check("单个剧场资助最高100万元。", &[("100万元", "单个剧场资助", Le, Level)]);
    check("争取财政拨款、社会捐赠等资金6亿元以上。", &[("6亿元以上", "财政拨款、社会捐赠等资金", Ge, New)]);
    check(
        "办件时限由10个工作日压减到7个工作日。",
        &[("10个工作日", "办件时限", Eq, Level), ("7个工作日", "办件时限", Eq, Level)],
    );
}
