//! Full-text search.

use std::collections::BTreeSet;

use entity::value::{PlanKind, SectionKind};
use sea_orm::EntityTrait as _;
use serde_json::Value;

use crate::support::{Figure, PlanSpec, World, pick, worlds};

/// A plan of each of two regions, with two sections and a figure.
async fn filled(test: &str) -> Vec<World> {
    let worlds = worlds(test).await;
    for world in &worlds {
        for (region, title, tasks, figure) in [
            ("330500", "湖州工作要点", ["推进安宁疗护", "配置AED设备"], "急救AED数"),
            ("320404", "钟楼行动方案", ["健全急救网络", "安宁与疗护"], "安宁疗护床位数"),
        ] {
            let kind = if region == "330500" { PlanKind::AnnualPlan } else { PlanKind::Other };
            let plan = world.plan(PlanSpec { region, title, kind, ..PlanSpec::default() }).await;
            let mut section = 0;
            for task in tasks {
                section = world.section(plan, SectionKind::Task, task, None).await;
            }
            world.figure(plan, section, Figure { name: figure, value: 79.5, ..Figure::default() }).await;
            world.figure(plan, section, Figure { name: "急救旧数", gone: true, ..Figure::default() }).await;
            world.index(plan).await;
        }
    }
    worlds
}

/// What a search finds, each by its title, heading or name.
async fn found(world: &World, arguments: &str) -> Vec<String> {
    let query = format!(
        "{{ search({arguments}) {{ totalCount nodes {{ score item {{
            ... on Plan {{ title }} ... on Section {{ heading }} ... on Indicator {{ name }} }} }} }} }}"
    );
    let answer = world.ask(&query).await;
    let nodes = answer["search"]["nodes"].as_array().unwrap();
    assert_eq!(answer["search"]["totalCount"], nodes.len(), "{arguments}");
    let scores: Vec<f64> = nodes.iter().map(|node| node["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b) && scores.iter().all(|score| (0.0..1.0).contains(score)), "{scores:?}");
    let text = |node: &Value| node["item"].as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
    nodes.iter().map(text).collect()
}

#[tokio::test]
async fn finds_phrases_words_and_beginnings_in_plans_sections_and_figures() {
    for world in filled("search_found").await {
        for (arguments, expected) in [
            ("query: \"安宁疗护\"", &["安宁疗护床位数", "推进安宁疗护"][..]),
            ("query: \"安宁 疗护\", kinds: [SECTION]", &["安宁与疗护", "推进安宁疗护"]),
            ("query: \"护\", kinds: [SECTION]", &["安宁与疗护", "推进安宁疗护"]),
            ("query: \"ＡＥＤ\"", &["急救AED数", "配置AED设备"]),
            ("query: \"aed设\"", &["配置AED设备"]),
            ("query: \"AE\"", &[]),
            ("query: \"ae* 急救\"", &["急救AED数"]),
            ("query: \"79.5 AED\"", &["急救AED数"]),
            ("query: \"“AED 数”\"", &["急救AED数"]),
            ("query: \"急救旧数\"", &[]),
            ("query: \"湖州\", kinds: [PLAN]", &["湖州工作要点", "钟楼行动方案"]),
            ("query: \"急救\", kinds: []", &[]),
            ("query: \"疗护\", filter: {regions: [\"湖州\"]}", &["推进安宁疗护"]),
            ("query: \"疗护\", filter: {within: \"江苏\", kinds: [OTHER]}, kinds: [INDICATOR]", &["安宁疗护床位数"]),
            ("query: \"急救\", filter: {search: \"网络\"}, kinds: [SECTION]", &["健全急救网络"]),
        ] {
            let (found, expected): (BTreeSet<String>, BTreeSet<String>) = (
                found(&world, arguments).await.into_iter().collect(),
                expected.iter().map(ToString::to_string).collect(),
            );
            assert_eq!(found, expected, "{arguments}");
        }
    }
}

#[tokio::test]
async fn lists_can_be_filtered_by_words() {
    for world in filled("search_filter").await {
        let answer = world
            .ask(
                "{ one: plans(filter: {search: \"急救网络\"}) { nodes { title } }
                   both: plans(filter: {search: \"安宁疗护\"}) { totalCount }
                   own: plans(filter: {search: \"行动方案\"}) { nodes { title } }
                   figures: indicators(filter: {search: \"安宁 床位\"}) { nodes { name } }
                   others: indicators(filter: {not: {search: \"床位\"}}) { nodes { name } } }",
            )
            .await;
        assert_eq!(pick(&answer["one"], "title"), ["钟楼行动方案"]);
        assert_eq!(answer["both"]["totalCount"], 2);
        assert_eq!(pick(&answer["own"], "title"), ["钟楼行动方案"]);
        assert_eq!(pick(&answer["figures"], "name"), ["安宁疗护床位数"]);
        assert_eq!(pick(&answer["others"], "name"), ["急救AED数"]);
    }
}

#[tokio::test]
async fn shows_why_and_where() {
    for world in filled("search_snippet").await {
        let answer = world
            .ask(
                "{ search(query: \"aed\", kinds: [INDICATOR]) { edges { cursor node { snippet item {
                    __typename ... on Indicator { region { name } plan { title } section { heading } } } } } } }",
            )
            .await;
        let hit = &answer["search"]["edges"][0]["node"];
        assert_eq!(hit["snippet"], "急救<mark>AED</mark>数达到79.5");
        let item = &hit["item"];
        assert_eq!([&item["__typename"], &item["region"]["name"]], ["Indicator", "湖州市"]);
        assert_eq!([&item["plan"]["title"], &item["section"]["heading"]], ["湖州工作要点", "配置AED设备"]);
    }
}

#[tokio::test]
async fn pages_follow_one_another() {
    for world in worlds("search_paged").await {
        let plan = world.plan(PlanSpec::default()).await;
        for index in 0..7 {
            // Some score alike.
            world.section(plan, SectionKind::Task, &"急救".repeat(1 + index / 3), None).await;
        }
        world.index(plan).await;
        let page = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { item { ... on Section { id } } } }";
        let whole = world.ask(&format!("{{ search(query: \"急救\") {{ {page} }} }}")).await["search"].clone();
        let (mut pieces, mut after) = (Vec::new(), String::new());
        for last in [false, false, true] {
            let query = format!("{{ search(query: \"急救\", first: 3{after}) {{ {page} }} }}");
            let piece = world.ask(&query).await["search"].clone();
            assert_eq!(piece["pageInfo"]["hasNextPage"], !last);
            assert_eq!(piece["pageInfo"]["hasPreviousPage"], !after.is_empty());
            after = format!(", after: {}", piece["pageInfo"]["endCursor"]);
            pieces.extend(piece["edges"].as_array().unwrap().clone());
        }
        assert_eq!(Value::from(pieces), whole["edges"]);
        assert_eq!(whole["edges"].as_array().unwrap().len(), 7);
        let behind = world.ask(&format!("{{ search(query: \"急救\"{after}) {{ {page} }} }}")).await;
        assert_eq!(behind["search"]["edges"], serde_json::json!([]));
    }
}

#[tokio::test]
async fn what_is_found_is_read_in_few_statements() {
    for world in filled("search_batched").await {
        let query = "{ search(query: \"安宁\", first: 100) { totalCount nodes { snippet item { __typename
            ... on Plan { region { name } } ... on Section { plan { title region { name } } }
            ... on Indicator { plan { title } region { name } section { heading } } } } } }";
        // Regions and concepts are known from then on.
        world.ask(query).await;
        let statements = world.statements_of(query).await;
        assert!(statements <= 7, "{statements}");
    }
}

#[tokio::test]
async fn what_is_found_everywhere_is_ranked_by_headings_and_by_the_latest() {
    for world in worlds("search_everywhere").await {
        let first = world.plan(PlanSpec { title: "急救", ..PlanSpec::default() }).await;
        world.index(first).await;
        let plan = world.plan(PlanSpec::default()).await;
        let row = entity::section::Entity::find().one(&world.db).await.unwrap();
        assert!(row.is_none());
        let section = world.section(plan, SectionKind::Task, "任务", None).await;
        many(&world, section, 700).await;
        world.index(plan).await;
        let answer = world
            .ask("{ search(query: \"急救\", first: 2) { totalCount nodes { item { __typename ... on Plan { title } } } } }")
            .await;
        assert_eq!(answer["search"]["totalCount"], 701);
        assert_eq!(answer["search"]["nodes"][0]["item"]["title"], "急救");
        assert_eq!(answer["search"]["nodes"][1]["item"]["__typename"], "Section");
    }
}

/// Copies of a section, with the word in their text.
async fn many(world: &World, section: i64, count: i32) {
    use sea_orm::{
        ActiveValue::{NotSet, Set},
        IntoActiveModel as _,
    };
    let row = entity::section::Entity::find_by_id(section).one(&world.db).await.unwrap().unwrap();
    let rows = (1..=count).map(|position| entity::section::ActiveModel {
        id: NotSet,
        position: Set(position),
        text: Set(format!("第{position}项，健全急救体系")),
        ..row.clone().into_active_model()
    });
    entity::section::Entity::insert_many(rows).exec_without_returning(&world.db).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_refused() {
    for world in worlds("search_refused").await {
        for (query, code, named) in [
            ("{ search(query: \"\") { totalCount } }".to_owned(), "BAD_INPUT", "nothing to search for"),
            ("{ search(query: \"，。“” *\") { totalCount } }".to_owned(), "BAD_INPUT", "安宁疗护"),
            (format!("{{ search(query: \"{}\") {{ totalCount }} }}", "长".repeat(201)), "BAD_INPUT", "200 characters"),
            ("{ plans(filter: {search: \" \"}) { totalCount } }".to_owned(), "BAD_INPUT", "nothing to search for"),
            ("{ indicators(filter: {search: \"?\"}) { totalCount } }".to_owned(), "BAD_INPUT", "nothing to search"),
            ("{ search(query: \"x\", first: 101) { totalCount } }".to_owned(), "BAD_PAGE_SIZE", "0 to 100"),
            ("{ search(query: \"x\", after: \"nonsense\") { totalCount } }".to_owned(), "BAD_CURSOR", "nonsense"),
        ] {
            let (found, message) = world.fails(&query).await;
            assert!(found == code && message.contains(named), "{query}: {found} {message}");
        }
        for query in ["' OR 1=1 --", "a\\\" OR \\\"b", "NEAR(a b)", "heading : a", "$1 ? :x", "a & !b | c"] {
            world.ask(&format!("{{ search(query: \"{query}\") {{ totalCount nodes {{ score }} }} }}")).await;
        }
    }
}
