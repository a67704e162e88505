//! Answers as the sources stood at a time.

use entity::{indicator, past, plan, plan_version, section, value::SectionKind};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    sea_query::Expr,
};
use serde_json::{Value, json};

use crate::{
    export::{bytes, rows},
    support::{Figure, PlanSpec, World, moment, pick, worlds},
};

const EDITED: &str = "2025-08-01T00:00:00Z";
const WITHDRAWN: &str = "2025-09-01T00:00:00Z";

/// A plan that was edited on 1 August: of its figures 50 stays, 10 becomes 12; and one that was withdrawn on 1 September.
async fn history(world: &World) {
    let spec = PlanSpec { title: "旧标题", ..PlanSpec::default() };
    let edited = world.plan(spec).await;
    let old = world.section(edited, SectionKind::Task, "旧任务", None).await;
    let stays = world.figure(edited, old, Figure { value: 50.0, ..Figure::default() }).await;
    let goes = world.figure(edited, old, Figure { value: 10.0, ..Figure::default() }).await;

    let until = moment(EDITED);
    let (plans, figures) =
        (Condition::all().add(plan::Column::Id.eq(edited)), Condition::all().add(indicator::Column::PlanId.eq(edited)));
    world.db.execute(&past::archive::<plan::Entity>(plans, Expr::value(until))).await.unwrap();
    world.db.execute(&past::archive::<indicator::Entity>(figures, Expr::value(until))).await.unwrap();
    let mut row = plan::Entity::find_by_id(edited).one(&world.db).await.unwrap().unwrap().into_active_model();
    (row.title, row.version, row.since) = (Set("新标题".to_owned()), Set(2), Set(until));
    row.update(&world.db).await.unwrap();
    let last =
        plan_version::Entity::find().filter(plan_version::Column::PlanId.eq(edited)).one(&world.db).await.unwrap();
    let version = plan_version::ActiveModel {
        id: NotSet,
        version: Set(2),
        seen_at: Set(until),
        text: Set("新的全文".to_owned()),
        ..last.unwrap().into_active_model().reset_all()
    };
    version.insert(&world.db).await.unwrap();
    let new = world.section(edited, SectionKind::Task, "新任务", None).await;
    let mut row = section::Entity::find_by_id(new).one(&world.db).await.unwrap().unwrap().into_active_model();
    row.version = Set(2);
    row.update(&world.db).await.unwrap();
    let comes = world.figure(edited, new, Figure { value: 12.0, ..Figure::default() }).await;
    for (id, gone, replaces) in [(stays, false, None), (goes, true, None), (comes, false, Some(goes))] {
        let mut row = indicator::Entity::find_by_id(id).one(&world.db).await.unwrap().unwrap().into_active_model();
        (row.since, row.section_id, row.replaces_id) = (Set(until), Set(new), Set(replaces));
        row.gone_at = Set(gone.then_some(until));
        if id == comes {
            row.first_seen_at = Set(until);
        }
        row.update(&world.db).await.unwrap();
    }

    let spec = PlanSpec { title: "撤下的计划", ..PlanSpec::default() };
    let withdrawn = world.plan(spec).await;
    let section = world.section(withdrawn, SectionKind::Task, "任务", None).await;
    world.figure(withdrawn, section, Figure { value: 70.0, ..Figure::default() }).await;
    let plans = Condition::all().add(plan::Column::Id.eq(withdrawn));
    world.db.execute(&past::archive::<plan::Entity>(plans, Expr::value(moment(WITHDRAWN)))).await.unwrap();
    let mut row = plan::Entity::find_by_id(withdrawn).one(&world.db).await.unwrap().unwrap().into_active_model();
    (row.withdrawn_at, row.since) = (Set(Some(moment(WITHDRAWN))), Set(moment(WITHDRAWN)));
    row.update(&world.db).await.unwrap();
}

const PLAN: &str = "title version text withdrawnAt versions { version } provenance { sha256 } outline { heading }
    sections { totalCount nodes { heading plan { title } indicators { value } } }
    indicators(orderBy: [{field: VALUE}]) { totalCount nodes { value goneAt section { heading } plan { title version } } }";

fn at(moment: &str) -> String {
    format!("asOf: \"{moment}\"")
}

async fn plans(world: &World, moment: &str) -> Value {
    world
        .ask(&format!("{{ plans({}, orderBy: [{{field: TITLE}}]) {{ totalCount nodes {{ {PLAN} }} }} }}", at(moment)))
        .await["plans"]
        .take()
}

#[tokio::test]
async fn plans_are_shown_as_they_were() {
    for world in worlds("as_of_plans").await {
        history(&world).await;
        assert_eq!(plans(&world, "2025-05-01T00:00:00Z").await["totalCount"], 0, "nothing was known");

        let before = plans(&world, "2025-07-31T23:59:59Z").await;
        assert_eq!(pick(&before, "title"), ["撤下的计划", "旧标题"]);
        assert_eq!(
            before["nodes"][1],
            json!({
                "title": "旧标题", "version": 1, "text": "旧标题的全文", "withdrawnAt": null,
                "versions": [{ "version": 1 }], "provenance": { "sha256": "ab".repeat(32) },
                "outline": [{ "heading": "旧任务" }],
                "sections": { "totalCount": 1, "nodes": [{ "heading": "旧任务", "plan": { "title": "旧标题" },
                    "indicators": [{ "value": 50.0 }, { "value": 10.0 }] }] },
                "indicators": { "totalCount": 2, "nodes": [
                    { "value": 10.0, "goneAt": null, "section": { "heading": "旧任务" }, "plan": { "title": "旧标题", "version": 1 } },
                    { "value": 50.0, "goneAt": null, "section": { "heading": "旧任务" }, "plan": { "title": "旧标题", "version": 1 } }] },
            })
        );
        let after = plans(&world, EDITED).await;
        assert_eq!(pick(&after, "title"), ["撤下的计划", "新标题"]);
        assert_eq!(after["nodes"][1]["text"], "新的全文");
        assert_eq!(
            after["nodes"][1]["sections"]["nodes"][0]["indicators"],
            json!([{ "value": 50.0 }, { "value": 12.0 }])
        );
        assert_eq!(
            pick(&plans(&world, "2030-01-01T00:00:00+08:00").await, "title"),
            ["新标题"],
            "the other was withdrawn"
        );

        let now = world.ask("{ all: plans { nodes { title } } gone: plans(filter: {withdrawn: true}) { nodes { title withdrawnAt } } }").await;
        assert_eq!(pick(&now["all"], "title"), ["新标题", "撤下的计划"], "what was withdrawn is kept");
        assert_eq!(now["gone"]["nodes"], json!([{ "title": "撤下的计划", "withdrawnAt": WITHDRAWN }]));
    }
}

#[tokio::test]
async fn exports_speak_of_a_moment_too() {
    for world in worlds("as_of_exports").await {
        history(&world).await;
        for (moment, titles, headings, values) in [
            ("2025-05-01T00:00:00Z", &[][..], &[][..], &[][..]),
            ("2025-07-01T00:00:00Z", &["旧标题", "撤下的计划"], &["旧任务", "任务"], &[50.0, 10.0, 70.0]),
            ("2025-08-15T00:00:00Z", &["新标题", "撤下的计划"], &["任务", "新任务"], &[50.0, 12.0, 70.0]),
            ("2025-09-01T00:00:00Z", &["新标题"], &["新任务"], &[50.0, 12.0]),
        ] {
            let column = async |dataset, column: &str| -> Vec<Value> {
                let rows = rows(&world, dataset, &[("asOf", moment)]).await;
                rows.iter().map(|row| row[column].clone()).collect()
            };
            let mut of_sections = column("sections", "heading").await;
            of_sections.sort_by_key(|heading| headings.iter().position(|known| heading == known));
            assert_eq!(column("plans", "title").await, titles, "{moment}");
            assert_eq!(of_sections, headings, "{moment}");
            let of_figures = column("indicators", "value").await;
            assert_eq!(of_figures.iter().filter_map(Value::as_f64).collect::<Vec<_>>(), values, "{moment}");
        }
        let plan_titles = rows(&world, "indicators", &[("asOf", "2025-07-01T00:00:00Z"), ("value.le", "60")]).await;
        assert_eq!(plan_titles.iter().map(|row| &row["plan_title"]).collect::<Vec<_>>(), ["旧标题", "旧标题"]);

        for (dataset, parameters, told) in [
            ("relations.csv", &[("asOf", EDITED)][..], "relations are kept as they are now"),
            ("plans.csv", &[("asOf", EDITED), ("asOf", WITHDRAWN)], "`asOf` is given twice"),
            ("plans.csv", &[("asOf", "yesterday")], "`asOf`: "),
        ] {
            let error = bytes(&world, dataset, parameters).await.unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
    }
}

#[tokio::test]
async fn figures_are_shown_as_they_were() {
    for world in worlds("as_of_figures").await {
        history(&world).await;
        let values = async |moment: &str, more: &str| {
            let fields = "totalCount nodes { id value } pageInfo { hasNextPage endCursor }";
            let query = format!("{{ indicators({}{more}) {{ {fields} }} }}", at(moment));
            world.ask(&query).await["indicators"].take()
        };
        let order = ", orderBy: [{field: VALUE, direction: DESC}]";
        for (moment, expected) in [
            ("2025-05-01T00:00:00Z", &[][..]),
            ("2025-07-01T00:00:00Z", &[70.0, 50.0, 10.0]),
            ("2025-08-15T00:00:00Z", &[70.0, 50.0, 12.0]),
            ("2025-09-01T00:00:00Z", &[50.0, 12.0]),
        ] {
            let found = values(moment, order).await;
            assert_eq!(pick(&found, "value"), expected, "{moment}");
            assert_eq!(found["totalCount"], expected.len(), "{moment}");
        }
        let filtered =
            values("2025-07-01T00:00:00Z", ", filter: {regions: [\"湖州\"], value: {le: 60}, not: {value: {ge: 50}}}")
                .await;
        assert_eq!(pick(&filtered, "value"), [10.0]);

        let mut paged = Vec::new();
        let mut after = String::new();
        loop {
            let page = values("2025-07-01T00:00:00Z", &format!("{order}, first: 1{after}")).await;
            paged.push(page["nodes"][0]["value"].as_f64().unwrap());
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = format!(", after: {}", page["pageInfo"]["endCursor"]);
        }
        assert_eq!(paged, [70.0, 50.0, 10.0]);
    }
}

#[tokio::test]
async fn two_moments_in_one_query_do_not_mix() {
    for world in worlds("as_of_twice").await {
        history(&world).await;
        let fields = "nodes { title text plan: indicators { nodes { value plan { title } } } }";
        let query = format!(
            "{{ old: plans(asOf: \"2025-07-01T00:00:00Z\", first: 1) {{ {fields} }}
               new: plans(asOf: \"2025-08-15T00:00:00Z\", first: 1) {{ {fields} }} now: plans(first: 1) {{ {fields} }} }}"
        );
        let answer = world.ask(&query).await;
        assert_eq!(answer["old"]["nodes"][0]["title"], "旧标题");
        assert_eq!(answer["old"]["nodes"][0]["plan"]["nodes"][0]["plan"]["title"], "旧标题");
        assert_eq!(answer["new"], answer["now"]);
        let id = world.ask("{ plans(first: 1) { nodes { id } } }").await["plans"]["nodes"][0]["id"].clone();
        let one = world.ask(&format!("{{ plan(id: {id}, asOf: \"2025-07-01T00:00:00Z\") {{ title text }} }}")).await;
        assert_eq!(one["plan"], json!({ "title": "旧标题", "text": "旧标题的全文" }));
        assert!(
            world.ask(&format!("{{ plan(id: {id}, asOf: \"2020-07-01T00:00:00Z\") {{ title }} }}")).await["plan"]
                .is_null()
        );
    }
}

#[tokio::test]
async fn a_figure_points_at_the_one_it_replaces() {
    for world in worlds("replaces").await {
        history(&world).await;
        let query = "{ indicators(orderBy: [{field: VALUE}]) { nodes { value replaces { value goneAt replacedBy { value } } replacedBy { value } } } }";
        let answer = world.ask(query).await;
        assert_eq!(
            answer["indicators"]["nodes"][0],
            json!({ "value": 12.0, "replacedBy": null,
                "replaces": { "value": 10.0, "goneAt": EDITED, "replacedBy": { "value": 12.0 } } })
        );
    }
}
