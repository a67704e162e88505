//! Pages: complete, in order, the same both ways, and steady while rows are added.

use serde_json::Value;

use crate::support::{Figure, PlanSpec, World, pick, worlds};

const ORDERS: [&str; 8] = [
    "[]",
    "[{field: TITLE, direction: DESC}]",
    "[{field: REGION}, {field: TITLE}]",
    "[{field: PUBLISHED_ON}]",
    "[{field: PUBLISHED_ON, direction: DESC}]",
    "[{field: TITLE, direction: DESC}, {field: PUBLISHED_ON}]",
    "[{field: PERIOD}, {field: PUBLISHED_ON, direction: DESC}, {field: TITLE}]",
    "[{field: REGION}, {field: ISSUED_ON, direction: DESC}]",
];

async fn some_plans(world: &World) {
    for (title, region, day, years) in [
        ("丙", "330500", Some("2025-03-01"), (2025, 2025)),
        ("甲", "330100", None, (2021, 2025)),
        ("乙", "330500", Some("2025-01-15"), (2025, 2025)),
        ("甲", "320404", Some("2025-03-01"), (2024, 2024)),
        ("丁", "320000", None, (2021, 2025)),
        ("乙", "330000", Some("2024-12-31"), (2025, 2025)),
        ("丙", "330100", None, (2026, 2030)),
    ] {
        world.plan(PlanSpec { title, region, published_on: day, years, ..PlanSpec::default() }).await;
    }
}

/// All ids of a list, read in pages of two, forwards or backwards.
async fn walk(world: &World, order: &str, backwards: bool) -> Vec<Value> {
    let (size, place) = if backwards { ("last", "before") } else { ("first", "after") };
    let mut ids = Vec::new();
    let mut cursor = String::new();
    for _ in 0..20 {
        let answer = world
            .ask(&format!(
                "{{ plans(orderBy: {order}, {size}: 2{cursor}) {{ nodes {{ id }}
                    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
            ))
            .await;
        let page: Vec<_> = pick(&answer["plans"], "id").into_iter().cloned().collect();
        let info = &answer["plans"]["pageInfo"];
        assert_eq!(info[if backwards { "hasNextPage" } else { "hasPreviousPage" }], !cursor.is_empty());
        let (more, edge) = if backwards {
            ids.splice(0..0, page);
            ("hasPreviousPage", "startCursor")
        } else {
            ids.extend(page);
            ("hasNextPage", "endCursor")
        };
        if info[more] == false {
            return ids;
        }
        cursor = format!(", {place}: {}", info[edge]);
    }
    panic!("the pages do not end");
}

#[tokio::test]
async fn pages_join_to_the_whole_list_both_ways() {
    for world in worlds("pages_join").await {
        some_plans(&world).await;
        for order in ORDERS {
            let whole = world.ask(&format!("{{ plans(orderBy: {order}, first: 100) {{ nodes {{ id }} }} }}")).await;
            let whole: Vec<_> = pick(&whole["plans"], "id").into_iter().cloned().collect();
            assert_eq!(whole.len(), 7);
            assert_eq!(walk(&world, order, false).await, whole, "forwards by {order}");
            assert_eq!(walk(&world, order, true).await, whole, "backwards by {order}");
        }
    }
}

#[tokio::test]
async fn rows_without_a_value_come_last_in_both_directions() {
    for world in worlds("nulls_last").await {
        some_plans(&world).await;
        for (direction, days) in [
            ("ASC", ["2024-12-31", "2025-01-15", "2025-03-01", "2025-03-01"]),
            ("DESC", ["2025-03-01", "2025-03-01", "2025-01-15", "2024-12-31"]),
        ] {
            let query = format!(
                "{{ plans(orderBy: [{{field: PUBLISHED_ON, direction: {direction}}}]) {{ nodes {{ publishedOn }} }} }}"
            );
            let answer = world.ask(&query).await;
            let found = pick(&answer["plans"], "publishedOn");
            assert_eq!(found[..4], days);
            assert!(found[4..].iter().all(|day| day.is_null()));
        }
    }
}

#[tokio::test]
async fn a_list_is_ordered_by_code_points_wherever_it_lies() {
    for world in worlds("code_points").await {
        some_plans(&world).await;
        let answer = world.ask("{ plans(orderBy: [{field: TITLE}]) { nodes { title } } }").await;
        assert_eq!(pick(&answer["plans"], "title"), ["丁", "丙", "丙", "乙", "乙", "甲", "甲"]);
    }
}

#[tokio::test]
async fn rows_added_meanwhile_shift_nothing() {
    for world in worlds("added_meanwhile").await {
        some_plans(&world).await;
        let first = world
            .ask("{ plans(orderBy: [{field: TITLE}], first: 3) { nodes { id title } pageInfo { endCursor } } }")
            .await;
        // One that belongs on the page already read, and one that belongs behind it.
        world.plan(PlanSpec { title: "一", ..PlanSpec::default() }).await;
        world.plan(PlanSpec { title: "鼠", ..PlanSpec::default() }).await;
        let cursor = &first["plans"]["pageInfo"]["endCursor"];
        let rest = world
            .ask(&format!("{{ plans(orderBy: [{{field: TITLE}}], after: {cursor}) {{ nodes {{ title }} }} }}"))
            .await;
        assert_eq!(pick(&rest["plans"], "title"), ["乙", "乙", "甲", "甲", "鼠"]);
    }
}

#[tokio::test]
async fn figures_that_differ_in_the_last_bit_keep_their_place() {
    for world in worlds("last_bit").await {
        let plan = world.plan(PlanSpec::default()).await;
        let section = world.section(plan, entity::value::SectionKind::Task, "任务", None).await;
        for value in [0.1 + 0.2, 0.3, 1e300, -4.5] {
            world.figure(plan, section, Figure { value, ..Figure::default() }).await;
        }
        let mut values = Vec::new();
        let mut after = String::from("null");
        for _ in 0..4 {
            let page = world
                .ask(&format!(
                    "{{ indicators(orderBy: [{{field: VALUE}}], first: 1, after: {after}) {{
                        nodes {{ value }} pageInfo {{ endCursor }} }} }}"
                ))
                .await;
            values.push(page["indicators"]["nodes"][0]["value"].as_f64().unwrap());
            after = page["indicators"]["pageInfo"]["endCursor"].to_string();
        }
        assert_eq!(values, [-4.5, 0.3, 0.1 + 0.2, 1e300]);
    }
}

#[tokio::test]
async fn a_page_may_lie_between_two_cursors() {
    for world in worlds("between").await {
        some_plans(&world).await;
        let all = world.ask("{ plans { edges { cursor node { id } } totalCount } }").await;
        let edges = all["plans"]["edges"].as_array().unwrap();
        assert_eq!(all["plans"]["totalCount"], 7);
        let between = world
            .ask(&format!(
                "{{ plans(after: {}, before: {}) {{ nodes {{ id }} totalCount }} }}",
                edges[1]["cursor"], edges[4]["cursor"]
            ))
            .await;
        assert_eq!(pick(&between["plans"], "id"), [&edges[2]["node"]["id"], &edges[3]["node"]["id"]]);
        assert_eq!(between["plans"]["totalCount"], 7);
        let none = world.ask("{ plans(first: 0) { nodes { id } pageInfo { hasNextPage endCursor } } }").await;
        assert_eq!(none["plans"]["pageInfo"]["hasNextPage"], true);
        assert!(none["plans"]["pageInfo"]["endCursor"].is_null());
    }
}
