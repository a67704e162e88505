//! Filters leave what they say.

use entity::value::{PlanKind, Role, SectionKind};

use crate::support::{Figure, PlanSpec, World, pick, worlds};

async fn titles(world: &World, filter: &str) -> Vec<String> {
    let answer = world.ask(&format!("{{ plans(filter: {{ {filter} }}) {{ totalCount nodes {{ title }} }} }}")).await;
    let titles: Vec<_> =
        pick(&answer["plans"], "title").into_iter().map(|title| title.as_str().unwrap().to_owned()).collect();
    assert_eq!(answer["plans"]["totalCount"], titles.len());
    titles
}

#[tokio::test]
async fn plans() {
    for world in worlds("filter_plans").await {
        for (region, title, kind, years, day, is_reprint) in [
            ("330500", "Plan 100%", PlanKind::AnnualPlan, (2025, 2025), Some("2025-03-24"), false),
            ("330100", "五年规划", PlanKind::FiveYearPlan, (2021, 2025), None, false),
            ("320404", "Plan 1000", PlanKind::AnnualPlan, (2024, 2024), Some("2024-02-01"), true),
        ] {
            world.plan(PlanSpec { region, title, kind, years, published_on: day, is_reprint }).await;
        }
        let [huzhou, hangzhou, zhonglou] = ["Plan 100%", "五年规划", "Plan 1000"];
        for (filter, expected) in [
            ("", vec![huzhou, hangzhou, zhonglou]),
            ("regions: [\"湖州\", \"330100\"]", vec![huzhou, hangzhou]),
            ("regions: []", vec![]),
            ("within: \"江苏\"", vec![zhonglou]),
            ("within: \"330000\"", vec![huzhou, hangzhou]),
            ("kinds: [FIVE_YEAR_PLAN, OTHER]", vec![hangzhou]),
            ("year: { ge: 2025 }", vec![huzhou, hangzhou]),
            ("year: { ge: 2024, le: 2024 }", vec![hangzhou, zhonglou]),
            ("publishedOn: { ge: \"2025-03-24\" }", vec![huzhou]),
            ("publishedOn: { le: \"2025-03-23\" }", vec![zhonglou]),
            ("titleContains: \"plan\"", vec![huzhou, zhonglou]),
            ("titleContains: \"0%\"", vec![huzhou]),
            ("titleContains: \"P_an\"", vec![]),
            ("titleContains: \"\\\\\"", vec![]),
            ("issuer: \"卫生健康\", source: \"huzhou\", reprints: false", vec![huzhou, hangzhou]),
            ("reprints: true", vec![zhonglou]),
        ] {
            assert_eq!(titles(&world, filter).await, expected, "{filter}");
        }
    }
}

#[tokio::test]
async fn figures() {
    for world in worlds("filter_figures").await {
        let plan = world.plan(PlanSpec::default()).await;
        let section = world.section(plan, SectionKind::Task, "任务", None).await;
        let concept = world.concept("test-signing", "签约率测试", "签约比例测试").await;
        for figure in [
            Figure { name: "A", value: 1.0, concept: Some(concept), ..Figure::default() },
            Figure { name: "B", value: 2.0, unit: Some("家"), year: None, ..Figure::default() },
            Figure { name: "C", value: 3.0, role: Role::Actual, year: Some(2020), ..Figure::default() },
            Figure { name: "D", value: 4.0, gone: true, ..Figure::default() },
        ] {
            world.figure(plan, section, figure).await;
        }
        for (filter, expected) in [
            ("", "ABC"),
            ("units: [\"家\"]", "B"),
            ("roles: [ACTUAL]", "C"),
            ("year: { ge: 2000 }", "AC"),
            ("value: { ge: 2, le: 3 }", "BC"),
            ("concepts: [\"test-signing\"]", "A"),
            ("concepts: [\"签约率测试\"]", "A"),
            ("concepts: [\"签约比例测试\"]", "A"),
            ("nameContains: \"ｂ\", units: [\"家\"]", "B"),
            ("nameContains: \"b\", comparators: [GE], measures: [LEVEL], planKinds: [ANNUAL_PLAN]", "B"),
            ("minConfidence: 0.95", ""),
            ("corrected: false, within: \"浙江\"", "ABC"),
            ("not: { year: { ge: 2000 } }", "B"),
            ("or: [{ units: [\"家\"] }, { roles: [ACTUAL] }]", "BC"),
            ("or: []", ""),
            ("and: [{ value: { ge: 2 } }, { not: { roles: [ACTUAL] } }]", "B"),
            ("not: { or: [{ nameContains: \"A\" }, { not: { value: { le: 2 } } }] }", "B"),
        ] {
            let answer = world.ask(&format!("{{ indicators(filter: {{ {filter} }}) {{ nodes {{ name }} }} }}")).await;
            let names: String =
                pick(&answer["indicators"], "name").into_iter().map(|name| name.as_str().unwrap()).collect();
            assert_eq!(names, expected, "{filter}");
        }
    }
}

#[tokio::test]
async fn regions_and_concepts() {
    for world in worlds("filter_regions").await {
        let plan = world.plan(PlanSpec::default()).await;
        let section = world.section(plan, SectionKind::Glossary, "名词解释", None).await;
        let used = world.concept("test-used", "测试甲", "测试别名").await;
        world.concept("test-unused", "测试乙", "测试旁名").await;
        world.figure(plan, section, Figure { concept: Some(used), ..Figure::default() }).await;
        world.term(plan, section, Some(used), "测试甲", "每百人中的独角兽数").await;

        let answer = world
            .ask(
                "{ withPlans: regions(filter: { hasPlans: true }) { nodes { name } }
                   counties: regions(filter: { within: \"江苏\", levels: [COUNTY], nameContains: \"钟楼\" }) { nodes { name } }
                   without: regions(filter: { within: \"330500\", hasPlans: false, levels: [PREFECTURE] }) { nodes { name } }
                   alias: concepts(search: \"测试别名\") { nodes { slug } }
                   explained: concepts(search: \"独角兽\") { nodes { slug regionCount definitions { term } } }
                   english: concepts(search: \"the TEST-unused\", minRegions: 0) { nodes { slug } }
                   common: concepts(search: \"测试\", minRegions: 1) { nodes { slug } } }",
            )
            .await;
        assert_eq!(pick(&answer["withPlans"], "name"), ["湖州市"]);
        assert_eq!(pick(&answer["counties"], "name"), ["钟楼区"]);
        assert!(pick(&answer["without"], "name").is_empty());
        assert_eq!(pick(&answer["alias"], "slug"), ["test-used"]);
        assert_eq!(pick(&answer["explained"], "slug"), ["test-used"]);
        assert_eq!(pick(&answer["explained"], "regionCount"), [1]);
        assert_eq!(pick(&answer["english"], "slug"), ["test-unused"]);
        assert_eq!(pick(&answer["common"], "slug"), ["test-used"]);
    }
}
