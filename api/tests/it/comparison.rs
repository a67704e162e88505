//! One concept across regions.

use entity::value::{Measure, SectionKind};
use serde_json::{Value, json};

use crate::support::{Figure, PlanSpec, World, worlds};

/// Figures of one concept: region, value, year, and what else is said of them.
async fn state(world: &World, figures: &[(&str, f64, i32, Figure<'static>)]) {
    let concept = world.concept("literacy", "素养水平", "素养").await;
    for (region, value, year, figure) in figures {
        let plan = world.plan(PlanSpec { region, years: (*year, *year), ..PlanSpec::default() }).await;
        let section = world.section(plan, SectionKind::Task, "一", None).await;
        let figure =
            Figure { name: "素养水平", value: *value, year: Some(*year), concept: Some(concept), ..figure.clone() };
        world.figure(plan, section, figure).await;
    }
}

fn change() -> Figure<'static> {
    Figure { measure: Measure::Increase, ..Figure::default() }
}

#[tokio::test]
async fn regions_are_ranked_and_held_against_their_parents() {
    for world in worlds("compare").await {
        let plain = Figure::default;
        state(
            &world,
            &[
                ("000000", 30.0, 2025, plain()),
                ("330000", 40.0, 2025, plain()),
                ("330100", 45.0, 2025, plain()),
                ("330500", 38.5, 2025, plain()),
                ("330500", 36.0, 2024, plain()),
                ("320000", 2.0, 2025, change()),
                ("320404", 45.0, 2025, plain()),
            ],
        )
        .await;
        let rows = "rows { rank region { name } indicator { value year } gapToBest parent { value region { name } } gapToParent standing }
            excluded { indicator { region { name } } reason }";
        let answer = world
            .ask(&format!("{{ compare(concept: \"素养\", year: 2025) {{ year concept {{ slug }} {rows} }} }}"))
            .await;
        let comparison = &answer["compare"];
        assert_eq!((&comparison["year"], &comparison["concept"]["slug"]), (&json!(2025), &json!("literacy")));
        let told: Vec<_> = comparison["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let parent = row["parent"]["region"]["name"].as_str();
                let name = row["region"]["name"].as_str().unwrap();
                (
                    row["rank"].as_i64().unwrap(),
                    name,
                    row["gapToBest"].as_f64().unwrap(),
                    parent,
                    row["gapToParent"].as_f64(),
                    row["standing"].as_str().unwrap(),
                )
            })
            .collect();
        let expected = [
            (1, "钟楼区", 0.0, Some("中华人民共和国"), Some(15.0), "STRICTER"),
            (1, "杭州市", 0.0, Some("浙江省"), Some(5.0), "STRICTER"),
            (3, "浙江省", -5.0, Some("中华人民共和国"), Some(10.0), "STRICTER"),
            (4, "湖州市", -6.5, Some("浙江省"), Some(-1.5), "LOOSER"),
            (5, "中华人民共和国", -15.0, None, None, "FIRST"),
        ];
        assert_eq!(told, expected);
        let excluded = json!([{"indicator": {"region": {"name": "江苏省"}}, "reason": "it is a change by so much, not the level to reach"}]);
        assert_eq!(comparison["excluded"], excluded);

        let names = async |arguments: &str| {
            let answer = world.ask(&format!("{{ compare(concept: \"literacy\"{arguments}) {{ {rows} }} }}")).await;
            let rows = answer["compare"]["rows"].as_array().unwrap().clone();
            rows.iter().map(|row| row["region"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(", within: \"浙江\"").await, "杭州市 浙江省 湖州市");
        assert_eq!(names(", regions: [\"湖州\", \"320404\"]").await, "钟楼区 湖州市");
        assert_eq!(names(", regions: [\"湖州\", \"320404\"], within: \"江苏\"").await, "钟楼区");
        assert_eq!(names(", regions: [\"湖州\"], within: \"江苏\"").await, "");
        assert_eq!(names(", year: 2024").await, "湖州市");
        assert_eq!(names(", role: ACTUAL").await, "");
        assert_eq!(world.fails("{ compare(concept: \"x\") { year } }").await.0, "UNKNOWN_CONCEPT");
        assert_eq!(
            world.fails("{ compare(concept: \"literacy\", within: \"亚特兰蒂斯\") { year } }").await.0,
            "UNKNOWN_REGION"
        );
    }
}

#[tokio::test]
async fn a_cascade_shows_who_states_a_target_and_who_does_not() {
    for world in worlds("cascade").await {
        let plain = Figure::default;
        state(
            &world,
            &[
                ("330000", 40.0, 2025, plain()),
                ("330500", 42.0, 2025, plain()),
                ("330100", 3.0, 2025, change()),
                ("320404", 39.0, 2025, plain()),
            ],
        )
        .await;
        let cascade = async |root: &str| {
            let query = format!(
                "{{ concept(slug: \"literacy\") {{ cascade(root: \"{root}\", year: 2025) {{ region {{ name }} depth standing indicator {{ value }} against {{ value }} }} }} }}"
            );
            let answer = world.ask(&query).await;
            let nodes: Vec<Value> = answer["concept"]["cascade"].as_array().unwrap().clone();
            let node = |node: &Value| {
                let text = |value: &Value| value.as_f64().map_or("-".to_owned(), |value| value.to_string());
                let (name, standing) = (node["region"]["name"].as_str().unwrap(), node["standing"].as_str().unwrap());
                format!(
                    "{} {name} {} {} {standing}",
                    node["depth"],
                    text(&node["indicator"]["value"]),
                    text(&node["against"]["value"])
                )
            };
            nodes.iter().map(node).collect::<Vec<_>>()
        };
        assert_eq!(
            cascade("中国").await,
            [
                "0 中华人民共和国 - - MISSING",
                "1 江苏省 - - MISSING",
                "2 常州市 - - MISSING",
                "3 钟楼区 39 - FIRST",
                "1 浙江省 40 - FIRST",
                "2 杭州市 3 40 NOT_COMPARABLE",
                "2 湖州市 42 40 STRICTER",
            ]
        );
        assert_eq!(cascade("湖州").await, ["0 湖州市 42 40 STRICTER"], "what stands above the root counts");
        assert_eq!(cascade("常州").await, ["0 常州市 - - MISSING", "1 钟楼区 39 - FIRST"]);
    }
}
