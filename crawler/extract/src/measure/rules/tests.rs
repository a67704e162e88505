use Comparator::{Approx, Eq, Ge, Gt, Le, Lt, Range};
use Measure::{Decrease, Increase, Level, New, Rank};

use super::*;
use crate::measure::{exclude, line::Line, quantity, shield, time};

/// What is read from a sentence: the number as written, the name, how it binds, what it is.
fn read_all(text: &str) -> Vec<(String, String, Comparator, Measure, Option<String>, Rule)> {
    let line = Line::new(text, 0..text.len());
    let shields = shield::shields(&line.text);
    let times = time::scan(&line.text);
    let quantities = exclude::figures(&line.text, quantity::scan(&line.text), &shields, &times, &mut ());
    read(
        &Sentence { text: &line.text, quantities: &quantities, times: &times, shields: &shields },
        Around::default(),
        &mut (),
    )
    .into_iter()
    .map(|r| {
        let written = line.text[quantities[r.quantity].range.clone()].to_owned();
        (written, r.name, r.comparator, r.measure, r.scope, r.rule)
    })
    .collect()
}

/// Number, name, comparator and measure of each figure.
#[track_caller]
fn check(text: &str, expected: &[(&str, &str, Comparator, Measure)]) {
    let found = read_all(text);
    let found: Vec<_> = found.iter().map(|(n, name, c, m, _, _)| (n.as_str(), name.as_str(), *c, *m)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_subject_reaches_a_level() {
    check("力争到2030年,全市小学入学率达到99.5%以上。", &[("99.5%以上", "小学入学率", Ge, Level)]);
    check("公共图书馆保持在12座左右。", &[("12座左右", "公共图书馆", Approx, Level)]);
    check(
        "万元产值用水量由2020年的30吨降至2025年的24吨。",
        &[("30吨", "万元产值用水量", Eq, Level), ("24吨", "万元产值用水量", Eq, Level)],
    );
    check(
        "城市绿化覆盖率>40%,垃圾填埋率<5%。",
        &[(">40%", "城市绿化覆盖率", Gt, Level), ("<5%", "垃圾填埋率", Lt, Level)],
    );
    check("非遗传承人占60%。", &[("60%", "非遗传承人占比", Eq, Level)]);
    check("再生水用量达到总用水量的四成以上。", &[("四成以上", "再生水用量占总用水量比例", Ge, Level)]);
    check("提升市民阅读率至85%。", &[("85%", "市民阅读率", Eq, Level)]);
}

#[test]
fn a_change_is_no_level() {
    check(
        "单位产值能耗下降3%左右,旅游收入同比增长8%以上。",
        &[("3%左右", "单位产值能耗", Approx, Decrease), ("8%以上", "旅游收入", Ge, Increase)],
    );
    check("提高学校达标率2~4个百分点。", &[("2~4个百分点", "学校达标率", Range, Increase)]);
    check("客运量、货运量同比增长均超过9%。", &[("9%", "客运量", Ge, Increase), ("9%", "货运量", Ge, Increase)]);
    check("人均受教育年限在2020年基础上提高1年。", &[("1年", "人均受教育年限", Eq, Increase)]);
}

#[test]
fn several_subjects_share_a_verb() {
    check(
        "东城区和西郊区平均候车时间缩短至6分和9分以内。",
        &[("6分", "东城区平均候车时间", Le, Level), ("9分以内", "西郊区平均候车时间", Le, Level)],
    );
    check(
        "入库税收、出口总额分别增长5%和7%以上。",
        &[("5%", "入库税收", Ge, Increase), ("7%以上", "出口总额", Ge, Increase)],
    );
    check(
        "每千人口拥有教师数、护理员数分别达到9人和2人。",
        &[("9人", "每千人口拥有教师数", Eq, Level), ("2人", "每千人口拥有护理员数", Eq, Level)],
    );
    check(
        "河道检查率、湖泊检查率均在95%以上,抽样率在8%左右。",
        &[
            ("95%以上", "河道检查率", Ge, Level),
            ("95%以上", "湖泊检查率", Ge, Level),
            ("8%左右", "抽样率", Approx, Level),
        ],
    );
    check("公共场所增配灭火器300台。", &[("300台", "灭火器", Eq, New)]);
    check(
        "水质达标率、空气达标率均达到100%。",
        &[("100%", "水质达标率", Eq, Level), ("100%", "空气达标率", Eq, Level)],
    );
    check("建设社区书屋、农家书屋各30个。", &[("30个", "社区书屋", Eq, New), ("30个", "农家书屋", Eq, New)]);
}

#[test]
fn a_noun_stands_beside_its_number() {
    check(
        "至少新增国家级公园1个,省级公园3个,公园绿地率达到40%。",
        &[("1个", "国家级公园", Ge, New), ("3个", "省级公园", Ge, New), ("40%", "公园绿地率", Eq, Level)],
    );
    check("城镇新增就业2万人。", &[("2万人", "城镇新增就业", Eq, New)]);
    check("招引高层次人才不少于40名。", &[("40名", "高层次人才", Ge, New)]);
    check(
        "流动人口建档率95%、随访率90%。",
        &[("95%", "流动人口建档率", Eq, Level), ("90%", "流动人口随访率", Eq, Level)],
    );
    check("补助标准提高到每人每年99元。", &[("99元", "补助标准", Eq, Level)]);
    check("完成技能培训3万人次。", &[("3万人次", "技能培训", Eq, New)]);
    check(
        "获批科研项目50项,其中:国家级项目不少于6项、省级项目10—12项。",
        &[("50项", "科研项目", Eq, New), ("6项", "国家级项目", Ge, New), ("10—12项", "省级项目", Range, New)],
    );
}

#[test]
fn a_number_stands_before_its_noun() {
    check(
        "新建3所小学、2所幼儿园,改造15个左右老旧小区。",
        &[("3所", "小学", Eq, New), ("2所", "幼儿园", Eq, New), ("15个左右", "老旧小区", Approx, New)],
    );
    check("确保2座水厂建成、3座水厂投用。", &[("2座", "水厂", Eq, New), ("3座", "水厂", Eq, New)]);
    check("每千名学生拥有2名心理教师。", &[("2名", "每千名学生拥有心理教师", Eq, Level)]);
    check("5个学科进入全国前十。", &[("5个", "进入全国前十的学科", Eq, Level)]);
    let scoped = &read_all("各县(市)至少有1家书店。")[0];
    assert_eq!((scoped.1.as_str(), scoped.2, scoped.4.as_deref()), ("书店", Ge, Some("各县(市)")));
}

#[test]
fn people_are_served() {
    check("为300名困难学生提供免费午餐。", &[("300名", "困难学生免费午餐", Eq, Level)]);
    check("为2万城乡居民开展体质监测。", &[("2万", "城乡居民体质监测", Eq, Level)]);
}

#[test]
fn a_share_of_those_who_do_something() {
    check("90%以上的行政村建成文化广场。", &[("90%以上", "建成文化广场的行政村比例", Ge, Level)]);
    check("公办幼儿园100%设置保健室。", &[("100%", "公办幼儿园设置保健室的比例", Eq, Level)]);
    check("实现80%以上中小学达标。", &[("80%以上", "达标的中小学比例", Ge, Level)]);
    check(
        "各县至少有1所学校和30%以上的社区开设老年课堂。",
        &[("1所", "开设老年课堂的学校", Ge, Level), ("30%以上", "开设老年课堂的社区比例", Ge, Level)],
    );
}

#[test]
fn ranks() {
    check("外贸总量继续位列全省前三。", &[("前三", "外贸总量全省排名", Le, Rank)]);
    check("甲大学进入全国师范大学前二十强。", &[("前二十强", "甲大学全国师范大学排名", Le, Rank)]);
}

#[test]
fn a_subject_stands_in_an_earlier_clause() {
    check("开展安全生产巡查,全年不少于12次。", &[("12次", "安全生产巡查", Ge, Level)]);
    check(
        "学校达标率达到80%,到2027年,达到95%。",
        &[("80%", "学校达标率", Eq, Level), ("95%", "学校达标率", Eq, Level)],
    );
    check(
        "接待游客2万人次,实现收入3亿元,分别增长4%和6%。",
        &[
            ("2万人次", "接待游客", Eq, Level),
            ("3亿元", "收入", Eq, Level),
            ("4%", "接待游客", Eq, Increase),
            ("6%", "收入", Eq, Increase),
        ],
    );
    check(
        "在线预约率超过70%,其中市属学校达到90%。",
        &[("70%", "在线预约率", Ge, Level), ("90%", "市属学校在线预约率", Eq, Level)],
    );
}

#[test]
fn a_part_stands_in_brackets() {
    check(
        "新增公立学校20所(其中乡村学校5所),改造操场30个。",
        &[("20所", "公立学校", Eq, New), ("5所", "乡村学校", Eq, New), ("30个", "操场", Eq, New)],
    );
}

#[test]
fn where_a_change_starts_is_told() {
    let line = Line::new("毛入学率由54%提高到60%。", 0.."毛入学率由54%提高到60%。".len());
    let quantities = exclude::figures(&line.text, quantity::scan(&line.text), &[], &[], &mut ());
    let found = read(
        &Sentence { text: &line.text, quantities: &quantities, times: &[], shields: &[] },
        Around::default(),
        &mut (),
    );
    assert_eq!(found.iter().map(|reading| reading.from).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_head_takes_what_it_is_of_from_the_clause_before() {
    check(
        "开展食品抽检800批次,合格率99%。",
        &[("800批次", "食品抽检", Eq, Level), ("99%", "食品抽检合格率", Eq, Level)],
    );
    check(
        "地方财政收入20亿元,其中税收占比70%。",
        &[("20亿元", "地方财政收入", Eq, Level), ("70%", "地方财政收入税收占比", Eq, Level)],
    );
    check(
        "旅游收入增长9%,增速居全省第四。",
        &[("9%", "旅游收入", Eq, Increase), ("全省第四", "旅游收入增速排名", Eq, Rank)],
    );
    check(
        "每千人口拥有教师9人、护理员2人。",
        &[("9人", "每千人口拥有教师", Eq, Level), ("2人", "每千人口拥有护理员", Eq, Level)],
    );
    check(
        "慢性病患者随访管理率、随访服务率均达90%。",
        &[("90%", "慢性病患者随访管理率", Eq, Level), ("90%", "慢性病患者随访服务率", Eq, Level)],
    );
}

#[test]
fn a_place_may_stand_behind_what_is_measured_in_it() {
    check(
        "建成充电站5座,服务半径城区不超过3公里、乡村不超过8公里。",
        &[("5座", "充电站", Eq, New), ("3公里", "城区服务半径", Le, Level), ("8公里", "乡村服务半径", Le, Level)],
    );
}

#[test]
fn parts_of_a_list_have_a_number_each() {
    check("口袋公园、体育公园分别新增3处、5处。", &[("3处", "口袋公园", Eq, New), ("5处", "体育公园", Eq, New)]);
    check(
        "教师体检和疗养覆盖率、职工培训率分别达到95%、90%。",
        &[("95%", "教师体检和疗养覆盖率", Eq, Level), ("90%", "职工培训率", Eq, Level)],
    );
    check(
        "住校生和十岁以下儿童保险参保率分别达到92%和95%。",
        &[("92%", "住校生保险参保率", Eq, Level), ("95%", "十岁以下儿童保险参保率", Eq, Level)],
    );
}

#[test]
fn tiers_and_quotas_side_by_side() {
    check(
        "省市县三级图书馆达标率分别达到100%、95%和85%。",
        &[
            ("100%", "省级图书馆达标率", Eq, Level),
            ("95%", "市级图书馆达标率", Eq, Level),
            ("85%", "县级图书馆达标率", Eq, Level),
        ],
    );
    check(
        "每个市至少有1家大剧院、每个县至少有1名音乐教师。",
        &[("1家", "大剧院", Ge, Level), ("1名", "音乐教师", Ge, Level)],
    );
}

#[test]
fn who_strives_and_for_whom() {
    let found = read_all("县图书馆力争借阅率达到60%。");
    assert_eq!((found[0].1.as_str(), found[0].4.as_deref()), ("借阅率", Some("县图书馆")));
    check(
        "视障学生规范管理率、规律随访率分别达到97%、90%。",
        &[("97%", "视障学生规范管理率", Eq, Level), ("90%", "视障学生规律随访率", Eq, Level)],
    );
    check("平均候车时间缩至9分钟以内。", &[("9分钟以内", "平均候车时间", Le, Level)]);
}

#[test]
fn what_stands_behind_or_is_shared() {
    check("图书馆座位达到每万人口5.5个。", &[("5.5个", "每万人口图书馆座位", Eq, Level)]);
    check(
        "近视知晓率、控制率分别达到65%、40%以上。",
        &[("65%", "近视知晓率", Ge, Level), ("40%以上", "近视控制率", Ge, Level)],
    );
    check(
        "读者满意度、教师满意度分别达到90、85分以上。",
        &[("90", "读者满意度", Ge, Level), ("85分以上", "教师满意度", Ge, Level)],
    );
    check("普查排名保持前5。", &[("前5", "普查排名", Le, Rank)]);
}

#[test]
fn bodies_projects_and_changes() {
    check(
        "县图书馆、县博物馆分别引进馆员3名、2名。",
        &[("3名", "县图书馆馆员", Eq, New), ("2名", "县博物馆馆员", Eq, New)],
    );
    check("总投资3.8亿元的大剧院迁建项目6月底前完工。", &[("3.8亿元", "大剧院迁建项目投资", Eq, Level)]);
    check("新开展阅读项目不少于20项。", &[("20项", "阅读项目", Ge, New)]);
    check("70%以上的村可开展读书活动。", &[("70%以上", "开展读书活动的村比例", Ge, Level)]);
    check(
        "门票价格、车票价格涨幅分别控制在5%、3%以内。",
        &[("5%", "门票价格涨幅", Le, Increase), ("3%以内", "车票价格涨幅", Le, Increase)],
    );
    check("流动图书车按每3万人1辆配置。", &[("1辆", "每3万人流动图书车", Eq, Level)]);
}

#[test]
fn others_whose_rate_it_is() {
    check(
        "小学生近视率不高于36%,初中生不高于65%。",
        &[("36%", "小学生近视率", Le, Level), ("65%", "初中生近视率", Le, Level)],
    );
    check("推进实验室建设,建成省级3个、市级12个。", &[("3个", "省级实验室", Eq, New), ("12个", "市级实验室", Eq, New)]);
    check("新招录教师35人。", &[("35人", "教师", Eq, New)]);
}

#[test]
fn means_and_ratios() {
    check(
        "引进教师186名,其中硕士以上57名、高级职称12名。",
        &[("186名", "教师", Eq, New), ("57名", "硕士以上教师", Eq, New), ("12名", "高级职称教师", Eq, New)],
    );
    check("每600名学生配备1名心理教师。", &[("1名", "每600名学生心理教师", Eq, Level)]);
    check("新增特级教师3人、千人计划专家16人。", &[("3人", "特级教师", Eq, New), ("16人", "千人计划专家", Eq, New)]);
    check("依托市图书馆建设社区分馆2个以上。", &[("2个以上", "社区分馆", Ge, New)]);
    check("师生(专任教师)比1:1.62。", &[("1:1.62", "师生(专任教师)比", Eq, Level)]);
    check("每个街道至少设置1所小学,人口超过10万的增设1所。", &[("1所", "小学", Ge, New), ("1所", "小学", Eq, New)]);
}

#[test]
fn words_that_only_look_like_verbs_and_numbers() {
    check("购置钢琴2台、彩超8台。", &[("2台", "钢琴", Eq, New), ("8台", "彩超", Eq, New)]);
    check("公共机构万元支出能耗下降5%。", &[("5%", "公共机构万元支出能耗", Eq, Decrease)]);
    check("将数字化教室覆盖率提高至90%。", &[("90%", "数字化教室覆盖率", Eq, Level)]);
    check("入园率以乡镇为单位达到85%以上。", &[("85%以上", "入园率", Ge, Level)]);
    check("采集血小板不少于2万治疗量。", &[("2万治疗量", "采集血小板", Ge, Level)]);
}

#[test]
fn what_was_named_before_is_referred_to() {
    check(
        "公交平均候车时间,城区控制在8分钟以内,农村控制在15分钟以内。",
        &[("8分钟以内", "城区公交平均候车时间", Le, Level), ("15分钟以内", "农村公交平均候车时间", Le, Level)],
    );
    check(
        "图书借阅量4万册,展览参观量3万人次,前者增长6%,后者增长9%。",
        &[
            ("4万册", "图书借阅量", Eq, Level),
            ("3万人次", "展览参观量", Eq, Level),
            ("6%", "图书借阅量", Eq, Increase),
            ("9%", "展览参观量", Eq, Increase),
        ],
    );
}

#[test]
fn a_doing_is_counted_by_itself() {
    check("开展巡查,全年不少于4次。", &[("4次", "巡查", Ge, Level)]);
    check("投入2亿元,新建小学3所。", &[("2亿元", "投入", Eq, Level), ("3所", "小学", Eq, New)]);
    check("招聘保育员三名。", &[("三名", "保育员", Eq, New)]);
    check(
        "每千人口书店数0.6家,剧院数0.2家。",
        &[("0.6家", "每千人口书店数", Eq, Level), ("0.2家", "每千人口剧院数", Eq, Level)],
    );
}

#[test]
fn what_is_added_ends_where_levels_start() {
    check(
        "新增床位500张,平均候诊天数不高于7天,其中精神科床位300张。",
        &[("500张", "床位", Eq, New), ("7天", "平均候诊天数", Le, Level), ("300张", "精神科床位", Eq, New)],
    );
    check("新增省级企业23家、累计98家。", &[("23家", "省级企业", Eq, New), ("98家", "省级企业", Eq, Level)]);
}

#[test]
fn town_and_country() {
    check(
        "城乡居民人均消费分别增长5%和6.3%。",
        &[("5%", "城镇居民人均消费", Eq, Increase), ("6.3%", "农村居民人均消费", Eq, Increase)],
    );
}

#[test]
fn ratios_tiers_and_changes_of_counts() {
    check("师生比达到1∶12,收入比缩小到1.57:1。", &[("1:12", "师生比", Eq, Level), ("1.57:1", "收入比", Eq, Level)]);
    check(
        "市、县两级图书馆活动分别不少于30场和20场。",
        &[("30场", "市级图书馆活动", Ge, Level), ("20场", "县级图书馆活动", Ge, Level)],
    );
    check(
        "学位总数由1.2万个增至1.6万个,产业规模翻了一番,入园率保持在90%(含)以上。",
        &[
            ("1.2万个", "学位总数", Eq, Level),
            ("1.6万个", "学位总数", Eq, Level),
            ("一番", "产业规模", Eq, Increase),
            ("90%(含)以上", "入园率", Ge, Level),
        ],
    );
}

#[test]
fn sizes_spans_and_asides() {
    check("组建40人的普法讲师团。", &[("40人", "普法讲师团", Eq, Level)]);
    check("粮食产量连续6年稳定在30亿斤以上。", &[("30亿斤以上", "粮食产量", Ge, Level)]);
    check("数字产业规模翻一番。", &[("一番", "数字产业规模", Eq, Increase)]);
    check(
        "商品价格涨幅3%左右,车流量不足六成。",
        &[("3%左右", "商品价格涨幅", Approx, Increase), ("六成", "车流量", Lt, Level)],
    );
    check(
        "平均等候天数由9天缩短至5天,差错数由12.5降至8.1。",
        &[
            ("9天", "平均等候天数", Eq, Level),
            ("5天", "平均等候天数", Eq, Level),
            ("12.5", "差错数", Eq, Level),
            ("8.1", "差错数", Eq, Level),
        ],
    );
    check("年底前85%的乡镇建成书屋。", &[("85%", "建成书屋的乡镇比例", Eq, Level)]);
    check(
        "合格率位居西部第一,2条生产线全部投产。",
        &[("第一", "合格率西部排名", Eq, Rank), ("2条", "生产线", Eq, New)],
    );
}

mod wordings;
