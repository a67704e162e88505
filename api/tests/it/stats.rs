//! Figures in groups.

use entity::{
    indicator,
    value::{Role, SectionKind},
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    EntityTrait as _, IntoActiveModel as _,
};
use serde_json::json;

use crate::support::{Figure, PlanSpec, worlds};

#[tokio::test]
async fn figures_are_grouped_by_several_keys_at_once() {
    for world in worlds("stats").await {
        let concept = world.concept("literacy", "素养水平", "素养").await;
        for (region, values) in [("330100", &[40.0, 45.0][..]), ("330500", &[42.0])] {
            let plan = world.plan(PlanSpec { region, ..PlanSpec::default() }).await;
            let section = world.section(plan, SectionKind::Task, "一", None).await;
            for value in values {
                world
                    .figure(plan, section, Figure { value: *value, concept: Some(concept), ..Figure::default() })
                    .await;
            }
            let actual = Figure { role: Role::Actual, unit: None, year: None, ..Figure::default() };
            world.figure(plan, section, actual).await;
            world.figure(plan, section, Figure { value: 99.0, gone: true, ..Figure::default() }).await;
        }
        let query = "{ indicatorStats(filter: {within: \"浙江\"}, groupBy: [REGION, ROLE, UNIT, REGION]) { region { name } role unit concept { slug } count min max avg } }";
        let group = |name: &str, role: &str, unit: Option<&str>, count: i64, of: [f64; 3]| json!({"region": {"name": name}, "role": role, "unit": unit, "concept": null, "count": count, "min": of[0], "max": of[1], "avg": of[2]});
        let expected = json!([
            group("杭州市", "ACTUAL", None, 1, [50.0; 3]),
            group("杭州市", "TARGET", Some("%"), 2, [40.0, 45.0, 42.5]),
            group("湖州市", "ACTUAL", None, 1, [50.0; 3]),
            group("湖州市", "TARGET", Some("%"), 1, [42.0; 3]),
        ]);
        assert_eq!(world.ask(query).await["indicatorStats"], expected);
        let query = "{ indicatorStats(groupBy: [CONCEPT, YEAR, MEASURE, PLAN_KIND]) { concept { slug } year measure planKind count region { name } } }";
        let groups = world.ask(query).await["indicatorStats"].clone();
        let of = |slug: Option<&str>, year: Option<i32>, count: i64| {
            let concept = slug.map(|slug| json!({ "slug": slug }));
            json!({"concept": concept, "year": year, "measure": "LEVEL", "planKind": "ANNUAL_PLAN", "count": count, "region": null})
        };
        let groups: Vec<_> = groups.as_array().unwrap().clone();
        assert_eq!(groups.len(), 2);
        assert!(
            groups.contains(&of(Some("literacy"), Some(2025), 3)) && groups.contains(&of(None, None, 2)),
            "{groups:?}"
        );
        let all = "{ indicatorStats(groupBy: []) { count max region { name } } }";
        assert_eq!(world.ask(all).await["indicatorStats"], json!([{"count": 5, "max": 50.0, "region": null}]));
        let none = "{ indicatorStats(filter: {regions: []}, groupBy: [YEAR]) { count } }";
        assert_eq!(world.ask(none).await["indicatorStats"], json!([]));
        assert!(world.statements_of(query).await <= 2, "the regions and concepts of all groups are read at once");
    }
}

#[tokio::test]
async fn more_groups_than_anybody_reads_are_refused() {
    for world in worlds("stats_many").await {
        let plan = world.plan(PlanSpec::default()).await;
        let section = world.section(plan, SectionKind::Task, "一", None).await;
        let figure = world.figure(plan, section, Figure { year: Some(0), ..Figure::default() }).await;
        let figure = indicator::Entity::find_by_id(figure).one(&world.db).await.unwrap().unwrap();
        let of_year = |year: i32| indicator::ActiveModel {
            id: NotSet,
            year: Set(Some(year)),
            fingerprint: Set(format!("of {year}")),
            ..figure.clone().into_active_model().reset_all()
        };
        let figures: Vec<_> = (1..1_001).map(of_year).collect();
        for figures in figures.chunks(500) {
            indicator::Entity::insert_many(figures.to_vec()).exec_without_returning(&world.db).await.unwrap();
        }
        let (code, message) = world.fails("{ indicatorStats(groupBy: [YEAR]) { count } }").await;
        assert!(code == "BAD_INPUT" && message.contains("1000 groups"), "{code}: {message}");
        let narrow = "{ indicatorStats(filter: {year: {le: 999}}, groupBy: [YEAR]) { year } }";
        assert_eq!(world.ask(narrow).await["indicatorStats"].as_array().unwrap().len(), 1_000);
    }
}
