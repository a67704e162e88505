//! Fields of many parents: the same rows as one by one, in a number of statements that does not grow.

use std::time::Duration;

use entity::value::{RegionLevel, SectionKind};

use crate::support::{Figure, PlanSpec, World, pick, worlds};

const WIDE: &str = "{ plans(first: 100) { totalCount nodes { title text region { name parent { name } }
    source { slug lastRun { status } } provenance { sha256 } versions { version } glossary { term concept { slug } }
    outline { heading children { heading } responsible }
    sections(first: 2) { totalCount nodes { heading responsible parent { heading } } }
    indicators(first: 3, orderBy: [{field: VALUE, direction: DESC}]) { totalCount
        nodes { value section { heading } concept { slug aliases regionCount } provenance { url } } } } } }";

async fn add_plans(world: &World, count: usize) {
    for number in 0..count {
        let plan = world.plan(PlanSpec { title: &format!("计划{number}"), ..PlanSpec::default() }).await;
        let chapter = world.section(plan, SectionKind::Heading, "总体要求", None).await;
        let task = world.section(plan, SectionKind::Task, "基层卫生", Some(chapter)).await;
        world.responsible(task, 0, "基层卫生科").await;
        for value in 0..5 {
            let figure = Figure { value: f64::from(value), ..Figure::default() };
            world.figure(plan, task, figure).await;
        }
    }
}

#[tokio::test]
async fn statements_do_not_grow_with_the_number_of_plans() {
    for world in worlds("statements").await {
        add_plans(&world, 2).await;
        let few = world.statements_of(WIDE).await;
        add_plans(&world, 48).await;
        let many = world.statements_of(WIDE).await;
        // Which of two lists is ready first may cost or save a statement, whatever their length.
        assert!(many <= few + 2 && many <= 20, "{few} statements for two plans, {many} for fifty");
        let typical = "{ plans(first: 50) { nodes { title region { name } sections(first: 5) { nodes { heading } }
            indicators(first: 5) { nodes { name value } } } } }";
        let statements = world.statements_of(typical).await;
        assert!(statements <= 3, "{statements}");
    }
}

#[tokio::test]
async fn regions_and_concepts_are_kept_and_what_comes_later_is_found() {
    for world in worlds("kept").await {
        let query = "{ region(name: \"湖州\") { name parent { name } ancestors { code } }
            indicatorStats(filter: {concepts: [\"life-expectancy\"], within: \"浙江\"}, groupBy: [YEAR]) { count } }";
        let first = world.ask(query).await;
        assert_eq!(world.statements_of(query).await, 1, "the figures only");
        assert_eq!(world.ask(query).await, first);
        world.concept("late", "后来的率", "后来率").await;
        world.region("659099", "后来市", "后来", RegionLevel::County).await;
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let late = world.ask("{ region(name: \"后来\") { code } concept(slug: \"late\") { aliases } }").await;
        assert_eq!(late["region"]["code"], "659099");
        assert_eq!(late["concept"]["aliases"], serde_json::json!(["后来率"]));
    }
}

#[tokio::test]
async fn what_nobody_asks_for_is_not_read() {
    for world in worlds("lazy").await {
        add_plans(&world, 1).await;
        assert_eq!(world.statements_of("{ plans { totalCount } }").await, 1);
        assert_eq!(world.statements_of("{ plans { nodes { title } pageInfo { endCursor } } }").await, 1);
    }
}

#[tokio::test]
async fn many_parents_at_once_give_what_each_gives_alone() {
    for world in worlds("alone").await {
        add_plans(&world, 3).await;
        let fields = "indicators(last: 2, orderBy: [{field: YEAR, direction: DESC}, {field: VALUE}]) {
            totalCount nodes { id value } pageInfo { hasNextPage hasPreviousPage startCursor } }";
        let together = world.ask(&format!("{{ plans {{ nodes {{ id {fields} }} }} }}")).await;
        for plan in together["plans"]["nodes"].as_array().unwrap() {
            let alone = world.ask(&format!("{{ plan(id: {}) {{ {fields} }} }}", plan["id"])).await;
            assert_eq!(alone["plan"]["indicators"], plan["indicators"]);
            assert_eq!(pick(&plan["indicators"], "value"), [3.0, 4.0]);
        }
    }
}

#[tokio::test]
async fn regions_that_lie_in_one_another_each_have_all_that_is_theirs() {
    for world in worlds("nested_regions").await {
        for (region, title) in [("330000", "省"), ("330500", "湖"), ("330100", "杭"), ("320404", "钟")] {
            world.plan(PlanSpec { region, title, ..PlanSpec::default() }).await;
        }
        let titles = |answer: &serde_json::Value, alias: &str| {
            (answer[alias]["plans"]["totalCount"].clone(), format!("{:?}", pick(&answer[alias]["plans"], "title")))
        };
        let plans = "plans(within: true) { totalCount nodes { title } }";
        let answer = world
            .ask(&format!(
                "{{ zhejiang: region(name: \"浙江\") {{ {plans} }} huzhou: region(code: \"330500\") {{ {plans} }}
                    jiangsu: region(name: \"江苏省\") {{ {plans} }} china: region(code: \"000000\") {{ {plans} }} }}"
            ))
            .await;
        assert_eq!(titles(&answer, "zhejiang"), (3.into(), "[String(\"省\"), String(\"湖\"), String(\"杭\")]".into()));
        assert_eq!(titles(&answer, "huzhou"), (1.into(), "[String(\"湖\")]".into()));
        assert_eq!(titles(&answer, "jiangsu"), (1.into(), "[String(\"钟\")]".into()));
        assert_eq!(answer["china"]["plans"]["totalCount"], 4);
    }
}
