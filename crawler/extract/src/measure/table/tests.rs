use crate::{
    Context, Plan, Reader,
    article::{Article, Block, Table},
};

const TITLE: &str = "某市卫生健康事业发展“十四五”规划";

fn plan(title: &str, blocks: Vec<Block>) -> Plan {
    let article = Article { title: Some(title.to_owned()), blocks, ..Article::default() };
    let context = Context { region: Some("湖州市".to_owned()), year: None };
    let plan = Reader::builtin().read(&article, &context).pop().unwrap();
    for indicator in &plan.indicators {
        assert_eq!(plan.text[indicator.range.clone()], indicator.value_text);
        let row = &plan.text[indicator.sentence.clone()];
        assert!(row.contains(&indicator.value_text) && !row.contains('\n'), "{row}");
    }
    plan
}

fn lines(plan: &Plan) -> Vec<String> {
    plan.indicators
        .iter()
        .map(|i| {
            let max = i.value_max.map(|max| format!("~{max}")).unwrap_or_default();
            let unit = i.unit.as_deref().unwrap_or("");
            let year = i.year.map(|year| year.to_string()).unwrap_or_default();
            let (comparator, measure, role) = (i.comparator.as_str(), i.measure.as_str(), i.role.as_str());
            format!("{} {comparator} {}{max}{unit} {measure} {role} {year}", i.name, i.value)
        })
        .collect()
}

/// The figures of a table: cells parted by `|`, rows by lines.
fn table(title: &str, rows: &str) -> Vec<String> {
    let cells = |row: &str| row.trim().split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows = rows.trim().lines().map(cells).collect();
    lines(&plan(title, vec![Block::Paragraph("一、发展目标".to_owned()), Block::Table(Table { rows })]))
}

fn text(lines_of_text: &str) -> Vec<String> {
    let blocks = lines_of_text.lines().map(|line| Block::Paragraph(line.trim().to_owned())).collect();
    lines(&plan(TITLE, blocks))
}

#[test]
fn reads_actuals_and_targets() {
    assert_eq!(
        table(
            TITLE,
            "序号 | 指标名称 | 单位 | 2020年 | 2025年 | 属性
             1 | 人均预期寿命 | 岁 | 81.2 | ≥82 | 预期性
             2 | 婴儿死亡率 | ‰ | 2.31 | <4.5 | 约束性
             3 | 住院病床周转 | 天 | 8 | 7.5左右 | 预期性
             4 | 全民健康信息平台 | — | — | 持续完善 | 预期性"
        ),
        [
            "人均预期寿命 eq 81.2岁 level actual 2020",
            "人均预期寿命 ge 82岁 level target 2025",
            "婴儿死亡率 eq 2.31‰ level actual 2020",
            "婴儿死亡率 lt 4.5‰ level target 2025",
            "住院病床周转 eq 8天 level actual 2020",
            "住院病床周转 approx 7.5天 level target 2025",
        ]
    );
}

#[test]
fn reads_headers_of_several_rows_under_a_caption() {
    assert_eq!(
        table(
            TITLE,
            "专栏1 主要指标 | 专栏1 主要指标 | 专栏1 主要指标 | 专栏1 主要指标 | 专栏1 主要指标
             领域 | 指标 | “十三五”末 | 规划目标 | 规划目标
             领域 | 指标 | 实际值 | 2023年 | 2025年
             健康水平 | 1.孕产妇死亡率（1/10万） | 6.1 | 7 | ＜７
             健康水平 | 2.居民健康素养水平（％） | ３３．５ | 36 | ≥40
             资源配置 | 3.每千人口执业（助理）医师数（人） | 3.2 | 3.4 | 3.6～3.8"
        ),
        [
            "孕产妇死亡率 eq 6.1/10万 level actual 2020",
            "孕产妇死亡率 eq 7/10万 level target 2023",
            "孕产妇死亡率 lt 7/10万 level target 2025",
            "居民健康素养水平 eq 33.5% level actual 2020",
            "居民健康素养水平 eq 36% level target 2023",
            "居民健康素养水平 ge 40% level target 2025",
            "每千人口执业(助理)医师数 eq 3.2人 level actual 2020",
            "每千人口执业(助理)医师数 eq 3.4人 level target 2023",
            "每千人口执业(助理)医师数 range 3.6~3.8人 level target 2025",
        ]
    );
}

#[test]
fn takes_years_from_the_plan_where_the_header_has_none() {
    assert_eq!(
        table(
            TITLE,
            "类别 | 主要指标 | 计量单位 | 现状值 | 目标值
             一、健康素质 | 一、健康素质 | 一、健康素质 | 一、健康素质 | 一、健康素质
             （1） | 经常参加锻炼人数比例 | % | 41.5 | 43以上"
        ),
        ["经常参加锻炼人数比例 eq 41.5% level actual 2020", "经常参加锻炼人数比例 ge 43% level target 2025"]
    );
}

#[test]
fn tells_growth_sums_and_multiples() {
    assert_eq!(
        table(
            TITLE,
            "指标 | 单位 | 2020年 | 2025年 | 年均增速（%）
             公园面积 | 万亩 | 1.2 | 1.5 | 4.6
             新增托位 | 个 | — | [5000] | —
             单位产值用水降低 | % | — | [16] | -
             城镇新增就业 | 万人 | 【32.5】 | 【30】 | [30]
             污水排放量 | 亿吨 | 3 | 2.5 | -3.6"
        ),
        [
            "公园面积 eq 12000亩 level actual 2020",
            "公园面积 eq 15000亩 level target 2025",
            "公园面积 eq 4.6% increase target 2025",
            "托位 eq 5000个 new target 2025",
            "单位产值用水 eq 16% decrease target 2025",
            "城镇新增就业 eq 325000人 new actual 2020",
            "城镇新增就业 eq 300000人 new target 2025",
            "城镇新增就业 eq 300000人 new target 2025",
            "污水排放量 eq 300000000吨 level actual 2020",
            "污水排放量 eq 250000000吨 level target 2025",
            "污水排放量 eq 3.6% decrease target 2025",
        ]
    );
}

#[test]
fn reads_words_and_units_inside_cells() {
    assert_eq!(
        table(
            TITLE,
            "项目 | 2020年基期 | 2025年目标 | 责任单位
             吸烟率 | 24.1% | 降低到23%以下 | 卫健局
             等候时间 | 40分钟 | 控制在30分钟以内 | 医院
             义诊 | 120场 | 不少于150场 | 3家医院
             空气优良天数比例 | 85.1％ | 提高1.5个百分点 | 2个局
             垃圾处理 | 12月底前 | 2025年6月 | 城管局"
        ),
        [
            "吸烟率 eq 24.1% level actual 2020",
            "吸烟率 le 23% level target 2025",
            "等候时间 eq 40分钟 level actual 2020",
            "等候时间 le 30分钟 level target 2025",
            "义诊 eq 120场 level actual 2020",
            "义诊 ge 150场 level target 2025",
            "空气优良天数比例 eq 85.1% level actual 2020",
            "空气优良天数比例 eq 1.5个百分点 increase target 2025",
        ]
    );
}

#[test]
fn reads_years_of_annual_plans_and_other_places() {
    assert_eq!(
        table(
            "2025年全市卫生健康工作要点",
            "指标 | 全国2024年 | 2024年完成 | 2025年计划
             床位使用率（%） | 79 | 81 | 83"
        ),
        [
            "床位使用率 eq 79% level actual 2024",
            "床位使用率 eq 81% level actual 2024",
            "床位使用率 eq 83% level target 2025"
        ]
    );
    let rows = [["指标", "全国2024年", "2024年"], ["床位使用率", "79", "81"]];
    let rows = rows.map(|row| row.map(str::to_owned).to_vec()).to_vec();
    let plan = plan("2025年全市卫生健康工作要点", vec![Block::Table(Table { rows })]);
    assert_eq!(plan.indicators[0].scope.as_deref(), Some("全国"));
    assert_eq!(plan.indicators[1].scope, None);
}

#[test]
fn names_concepts_and_is_surer_of_what_the_table_tells() {
    let rows = [["指标", "2025年", "目标"], ["人均预期寿命（岁）", "82.5", ""], ["义诊", "", "9"]];
    let rows = rows.map(|row| row.map(str::to_owned).to_vec()).to_vec();
    let plan = plan(TITLE, vec![Block::Table(Table { rows })]);
    assert_eq!(plan.indicators[0].concept.as_deref(), Some("life-expectancy"));
    assert_eq!(plan.indicators[1].concept, None);
    assert!(plan.indicators[0].confidence > plan.indicators[1].confidence);
}

#[test]
fn reads_tables_of_white_space() {
    assert_eq!(
        text(
            "主要指标如下。
             序号\t指标\t单位\t2020年\t2025年\t属性
             健康水平
             1\t人均预期寿命\t岁\t80.9\t82\t预期性
             2\t婴儿死亡率\t‰\t3.1\t≤5\t约束性
             注：本表数据为快报数。
             到2025年，全市新增公园3个。"
        ),
        [
            "人均预期寿命 eq 80.9岁 level actual 2020",
            "人均预期寿命 eq 82岁 level target 2025",
            "婴儿死亡率 eq 3.1‰ level actual 2020",
            "婴儿死亡率 le 5‰ level target 2025",
            "公园 eq 3个 new target 2025",
        ]
    );
    // An empty first cell leaves no trace; a row with another gap cannot be brought under the header.
    assert_eq!(
        text(
            "类别    指标    单位    2020年    2025年
             素养　　居民健康素养水平　　%　　30　　40
             无烟单位建成率    %    90    95
             献血率    1.2    1.5"
        ),
        [
            "居民健康素养水平 eq 30% level actual 2020",
            "居民健康素养水平 eq 40% level target 2025",
            "无烟单位建成率 eq 90% level actual 2020",
            "无烟单位建成率 eq 95% level target 2025",
        ]
    );
}

#[test]
fn leaves_other_tables_to_the_rules_for_sentences() {
    assert_eq!(
        table(
            "2025年全市卫生健康工作要点",
            "任务 | 责任单位 | 完成时限
             全年新增公园3个 | 园林局 | 2025年12月"
        ),
        ["公园 eq 3个 new target 2025"]
    );
}

#[test]
fn skips_headers_that_are_printed_again() {
    assert_eq!(
        table(
            TITLE,
            "指标 | 单位 | 2020 | 2025
             吸烟率 | % | 24 | 23
             指标 | 单位 | 2020 | 2025
             戒烟门诊 | 家 | 5 | 9"
        )
        .len(),
        4
    );
}

#[test]
fn bears_any_table() {
    for rows in
        ["", "姓名 | 电话\n张三 | 12345678", "指标 | 2030年\n只有名字", "指标 | 2025年 | 2025年\n | | \n甲乙 | [ | ]"]
    {
        assert_eq!(table(TITLE, rows), [""; 0], "{rows}");
    }
}

/// The figures of a table as `name value unit measure obligation`, of those that say whether they bind.
fn obligations(rows: &str) -> Vec<String> {
    let cells = |row: &str| row.trim().split('|').map(|cell| cell.trim().to_owned()).collect();
    let rows = rows.trim().lines().map(cells).collect();
    let told = |i: &crate::Indicator| i.obligation.map(|told| format!("{} {} {}", i.name, i.value, told.as_str()));
    plan(TITLE, vec![Block::Table(Table { rows })]).indicators.iter().filter_map(told).collect()
}

#[test]
fn tells_what_binds() {
    assert_eq!(
        obligations(
            "指标 | 2025年 | 指标性质
             单位面积用水（立方米） | 30 | 约束性
             公园绿地率（%） | 41 | ［预期性］
             无障碍公交占比（%） | 35 | 鼓励"
        ),
        ["单位面积用水 30 binding", "公园绿地率 41 expected"]
    );
    // Over the rows of a group, beside them, and under a header that says nothing of it.
    assert_eq!(
        obligations(
            "指标 | 2025年
             二、约束性指标（2项） | 二、约束性指标（2项）
             耕地保有量（万亩） | 30
             林地面积（万亩） | 20
             民生 | 民生
             公厕（座） | 90"
        ),
        ["耕地保有量 300000 binding", "林地面积 200000 binding"]
    );
    assert_eq!(obligations("类型 | 指标 | 2025年\n预期性指标 | 公厕（座） | 90"), ["公厕 90 expected"]);
}

#[test]
fn tells_changes_over_all_years() {
    assert_eq!(
        table(
            TITLE,
            "指标 | 2020年 | 2025年 | 年均/累计 | 属性
             居民收入增长（%） | 6.1 | — | >6 | 预期性
             人均预期寿命（岁） | 79 | — | 〔1〕 | 预期性
             城镇化率（%） | 58 | 62 | [4] | 预期性
             城镇新增就业（万人） | — | — | [8] | 预期性
             单位产值能耗降低（%） | — | — | [14] | 约束性"
        ),
        [
            "居民收入 eq 6.1% increase actual 2020",
            "居民收入 gt 6% increase target 2025",
            "人均预期寿命 eq 79岁 level actual 2020",
            "人均预期寿命 eq 1岁 increase target 2025",
            "城镇化率 eq 58% level actual 2020",
            "城镇化率 eq 62% level target 2025",
            "城镇化率 eq 4个百分点 increase target 2025",
            "城镇新增就业 eq 80000人 new target 2025",
            "单位产值能耗 eq 14% decrease target 2025",
        ]
    );
    assert_eq!(
        table(TITLE, "指标 | 单位 | 2025年 | 较2020年变化\n公交分担率 | % | +3 | 5%\n裸露土地 | 公顷 | 12 | -8"),
        [
            "公交分担率 eq 3个百分点 increase target 2025",
            "公交分担率 eq 5% increase target 2025",
            "裸露土地 eq 12公顷 level target 2025",
            "裸露土地 eq 8公顷 decrease target 2025",
        ]
    );
}

#[test]
fn reads_columns_under_one_year() {
    assert_eq!(
        table(
            TITLE,
            "指标 | 单位 | 2020年 | 2020年 | 2025年 | 2025年
              | | 目标值 | 完成情况 | 目标值 | 年均变化
             预期性指标 | 预期性指标 | 预期性指标 | 预期性指标 | 预期性指标 | 预期性指标
             绿道长度 | 公里 | 80 | 86 | 120 | 6.8"
        ),
        [
            "绿道长度 eq 80公里 level target 2020",
            "绿道长度 eq 86公里 level actual 2020",
            "绿道长度 eq 120公里 level target 2025",
            "绿道长度 eq 6.8公里 increase target 2025",
        ]
    );
    assert_eq!(
        table(TITLE, "项目 | “十三五”规划目标 | “十三五”完成 | “十四五”规划目标\n公租房（万套） | 1 | 1.1 | 2"),
        [
            "公租房 eq 10000套 level target 2020",
            "公租房 eq 11000套 level actual 2020",
            "公租房 eq 20000套 level target 2025",
        ]
    );
}

#[test]
fn reads_two_halves_side_by_side() {
    assert_eq!(
        table(
            TITLE,
            "指标 | 单位 | 2025年 | 指标 | 单位 | 2025年 | 属性
             绿道 | 公里 | 120 | 公厕 | 座 | 90 | 约束性"
        ),
        ["绿道 eq 120公里 level target 2025", "公厕 eq 90座 level target 2025"]
    );
}

#[test]
fn goes_on_with_a_table_on_the_next_page() {
    let rows = |rows: &[[&str; 3]]| {
        Block::Table(Table { rows: rows.iter().map(|row| row.map(str::to_owned).into()).collect() })
    };
    let first = rows(&[["指标", "2020年", "2025年"], ["绿道（公里）", "80", "120"]]);
    let next = rows(&[["公厕（座）", "70", "90"]]);
    let read = |between: &str| {
        let between = (!between.is_empty()).then(|| Block::Paragraph(between.to_owned()));
        lines(&plan(TITLE, [Some(first.clone()), between, Some(next.clone())].into_iter().flatten().collect())).len()
    };
    assert_eq!((read(""), read("（续上表）"), read("下表是去年的账。")), (4, 4, 2));
}

#[test]
fn reads_units_of_every_kind() {
    assert_eq!(
        table(
            TITLE,
            "指标 | 2020年 | 2025年
             道路万车死亡率（人/万车） | 1.6 | 1.4
             生产事故死亡率 | 0.04人/亿元 | 下降30%
             体育指导员 | 每千人2.1名 | 每千人2.2名
             新生儿死亡率（千分比） | 1.9 | 1.8
             入园率（农村） | 90% | 95%"
        ),
        [
            "道路万车死亡率 eq 1.6人/万车 level actual 2020",
            "道路万车死亡率 eq 1.4人/万车 level target 2025",
            "生产事故死亡率 eq 0.04人/亿元 level actual 2020",
            "生产事故死亡率 eq 30% decrease target 2025",
            "体育指导员 eq 2.1/千 level actual 2020",
            "体育指导员 eq 2.2/千 level target 2025",
            "新生儿死亡率 eq 1.9‰ level actual 2020",
            "新生儿死亡率 eq 1.8‰ level target 2025",
            "入园率(农村) eq 90% level actual 2020",
            "入园率(农村) eq 95% level target 2025",
        ]
    );
    let rows = [["指标", "2025年"], ["体育产业规模", "120"]].map(|row| row.map(str::to_owned).to_vec()).to_vec();
    for caption in ["表1 主要指标（单位：亿元）", "单位：亿元"] {
        let blocks = vec![Block::Paragraph(caption.to_owned()), Block::Table(Table { rows: rows.clone() })];
        assert_eq!(lines(&plan(TITLE, blocks)), ["体育产业规模 eq 12000000000元 level target 2025"], "{caption}");
    }
}

#[test]
fn leaves_prose_under_targets_to_the_rules_for_sentences() {
    assert_eq!(
        table(TITLE, "序号 | 项目 | 目标任务 | 责任单位\n1 | 就餐 | 新建社区食堂30家 | 民政局"),
        ["社区食堂 eq 30家 new target 2025"]
    );
}

#[test]
fn takes_no_figures_from_notes() {
    assert_eq!(
        table(
            TITLE,
            "指标 | 2020年 | 2025年
             托位（个） | 500 | [900]
             注：[ ]内为五年累计数，2020年含民办托位120个。 | 注：[ ]内为五年累计数，2020年含民办托位120个。 | 注：[ ]内为五年累计数，2020年含民办托位120个。"
        ),
        ["托位 eq 500个 level actual 2020", "托位 eq 900个 new target 2025"]
    );
}

#[test]
fn reads_cells_set_apart_by_single_blanks() {
    assert_eq!(
        text(
            "一、发展目标
             序号 指标名称 单位 2020年基期值 2025年目标值 指标性质
             1 公园绿地率 % 31.5 40 预期性
             2 垃圾回收率 % 20 >35 约束性
             二、重点任务
             新建公园3个。"
        ),
        [
            "公园绿地率 eq 31.5% level actual 2020",
            "公园绿地率 eq 40% level target 2025",
            "垃圾回收率 eq 20% level actual 2020",
            "垃圾回收率 gt 35% level target 2025",
            "公园 eq 3个 new target 2025",
        ]
    );
}

#[test]
fn one_head_over_the_years_leaves_each_its_role() {
    assert_eq!(
        table(
            TITLE,
            "指标 | 单位 | 指标值 | 指标值
             指标 | 单位 | 2020年 | 2025年
             公园绿地率 | % | 31.5 | 40"
        ),
        ["公园绿地率 eq 31.5% level actual 2020", "公园绿地率 eq 40% level target 2025"]
    );
}
