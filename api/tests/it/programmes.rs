//! Initiatives and documents that plans name.

use entity::{citation, mention, plan, programme, value::SectionKind};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    EntityTrait as _,
};
use serde_json::json;

use crate::support::{PlanSpec, World, worlds};

/// An initiative.
async fn programme(world: &World, key: &str) -> i32 {
    programme::ActiveModel { id: NotSet, key: Set(key.to_owned()) }.insert(&world.db).await.unwrap().id
}

/// A plan with one section, by their rows.
async fn plan(world: &World, region: &str, title: &str) -> (i64, i64) {
    let plan = world.plan(PlanSpec { region, title, ..PlanSpec::default() }).await;
    (plan, world.section(plan, SectionKind::Task, title, None).await)
}

/// Names an initiative or a document in a plan.
async fn name(world: &World, (plan, section): (i64, i64), what: Named<'_>) {
    let (programme_id, citation_id, name, quoted) = match what {
        Named::Programme(id, name, quoted) => (Some(id), None, name, quoted),
        Named::Document(id) => (None, Some(id), "村医办法", false),
    };
    let row = mention::ActiveModel {
        id: NotSet,
        plan_id: Set(plan),
        version: Set(1),
        section_id: Set(section),
        programme_id: Set(programme_id),
        citation_id: Set(citation_id),
        region_id: Set(None),
        role: Set(None),
        position: Set(0),
        name: Set(name.to_owned()),
        quoted: Set(quoted),
        sentence: Set(format!("办好{name}。")),
        span_start: Set(2),
        span_end: Set(4),
    };
    row.insert(&world.db).await.unwrap();
}

#[derive(Clone, Copy)]
enum Named<'a> {
    Programme(i32, &'a str, bool),
    Document(i32),
}

#[tokio::test]
async fn programmes_are_what_stands_in_two_regions_or_between_quotation_marks() {
    for world in worlds("programmes").await {
        let (huzhou, hangzhou) = (plan(&world, "330500", "甲").await, plan(&world, "330100", "乙").await);
        let shared = programme(&world, "牙科眼科服务年").await;
        let marked = programme(&world, "银发敲门").await;
        let lonely = programme(&world, "某校护牙").await;
        for (place, what) in [
            (huzhou, Named::Programme(shared, "牙科和眼科服务年", false)),
            (hangzhou, Named::Programme(shared, "牙科、眼科服务年", false)),
            (hangzhou, Named::Programme(shared, "牙科和眼科服务年", false)),
            (huzhou, Named::Programme(marked, "银发敲门行动", true)),
            (huzhou, Named::Programme(lonely, "某校护牙行动", false)),
        ] {
            name(&world, place, what).await;
        }
        let answer = world
            .ask(
                "{ programmes { totalCount nodes { name aliases regionCount regions { shortName }
                    mentions(first: 1) { totalCount nodes { sentence span { start end } plan { title } section { heading } } } } }
                  two: programmes(minRegions: 2) { nodes { name } }
                  found: programmes(search: \"“银发敲门”\") { nodes { name } }
                  named: plans(filter: { programme: \"“牙科、眼科服务年”活动\" }) { totalCount }
                  one: plans(filter: { programme: \"银发敲门\" }) { nodes { title programmes { name } } } }",
            )
            .await;
        assert_eq!(
            answer,
            json!({
                "programmes": { "totalCount": 2, "nodes": [
                    { "name": "牙科和眼科服务年", "aliases": ["牙科、眼科服务年"], "regionCount": 2,
                      "regions": [{ "shortName": "杭州" }, { "shortName": "湖州" }],
                      "mentions": { "totalCount": 3, "nodes": [{ "sentence": "办好牙科和眼科服务年。",
                          "span": { "start": 2, "end": 4 }, "plan": { "title": "甲" }, "section": { "heading": "甲" } }] } },
                    { "name": "银发敲门行动", "aliases": [], "regionCount": 1, "regions": [{ "shortName": "湖州" }],
                      "mentions": { "totalCount": 1, "nodes": [{ "sentence": "办好银发敲门行动。",
                          "span": { "start": 2, "end": 4 }, "plan": { "title": "甲" }, "section": { "heading": "甲" } }] } },
                ] },
                "two": { "nodes": [{ "name": "牙科和眼科服务年" }] },
                "found": { "nodes": [{ "name": "银发敲门行动" }] },
                "named": { "totalCount": 2 },
                "one": { "nodes": [{ "title": "甲", "programmes": [{ "name": "牙科和眼科服务年" }, { "name": "银发敲门行动" }] }] },
            })
        );
        let id = world.ask("{ programmes(first: 1) { nodes { id } } }").await["programmes"]["nodes"][0]["id"].clone();
        let again = world
            .ask(&format!(
                "{{ programme(id: {id}) {{ name }} node(id: {id}) {{ ... on Programme {{ regionCount }} }} }}"
            ))
            .await;
        assert_eq!(again, json!({ "programme": { "name": "牙科和眼科服务年" }, "node": { "regionCount": 2 } }));

        let next = plan::ActiveModel { id: Set(huzhou.0), version: Set(2), ..Default::default() };
        next.update(&world.db).await.unwrap();
        let later = world.ask("{ programmes(minRegions: 1) { totalCount } }").await;
        assert_eq!(later["programmes"]["totalCount"], 0, "what an earlier version names does not count");
    }
}

#[tokio::test]
async fn a_document_knows_the_plans_that_cite_it() {
    for world in worlds("citations").await {
        let (first, second) = (plan(&world, "330500", "甲").await, plan(&world, "330500", "乙").await);
        plan(&world, "330500", "丙").await;
        let document = citation::ActiveModel {
            id: NotSet,
            key: Set("村医办法(试行)".to_owned()),
            title: Set("村医办法（试行）".to_owned()),
        };
        let document = citation::Entity::insert(document).exec(&world.db).await.unwrap().last_insert_id;
        for place in [first, first, second] {
            name(&world, place, Named::Document(document)).await;
        }
        let answer = world
            .ask(
                "{ plans(filter: { cites: \"《医办法（\" }) { nodes { title
                    citations { title count spans { start end } plans { totalCount nodes { title } } } } } }",
            )
            .await;
        let plans = json!({ "totalCount": 2, "nodes": [{ "title": "甲" }, { "title": "乙" }] });
        let span = json!({ "start": 2, "end": 4 });
        let cited = |count: i32, spans| json!([{ "title": "村医办法（试行）", "count": count, "spans": spans, "plans": plans }]);
        assert_eq!(
            answer["plans"]["nodes"],
            json!([{ "title": "甲", "citations": cited(2, json!([span, span])) },
                   { "title": "乙", "citations": cited(1, json!([span])) }])
        );
    }
}
