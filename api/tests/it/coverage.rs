//! Which sources stand behind an answer.

use async_graphql::{Request, value};
use entity::{source, value::Health};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};

use crate::support::{Figure, PlanSpec, World, worlds};

async fn covered(world: &World, query: &str) -> Value {
    let mut request = Request::new(query);
    request.extensions.insert("coverage".to_owned(), value!(true));
    let answer = world.api.execute(request).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    serde_json::to_value(&answer).unwrap()["extensions"]["coverage"].clone()
}

fn slugs(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|source| source["slug"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_answer_says_where_it_is_from() {
    for world in worlds("coverage").await {
        world.run_without_failures("huzhou").await;
        let concept = world.concept("some-rate", "某率", "某比率").await;
        let plan = world.plan(PlanSpec::default()).await;
        let section = world.section(plan, entity::value::SectionKind::Task, "任务", None).await;
        world.figure(plan, section, Figure { concept: Some(concept), ..Figure::default() }).await;
        let broken = world.source("hangzhou").await;
        let row = source::Entity::find_by_id(broken).one(&world.db).await.unwrap().unwrap();
        let row = source::ActiveModel {
            health: Set(Health::Broken),
            problem: Set(Some("the list is empty".to_owned())),
            ..row.into_active_model()
        };
        row.update(&world.db).await.unwrap();
        for query in [
            "{ plans { nodes { title } } }",
            "{ plans { totalCount } }",
            "{ indicators { nodes { name } } }",
            "{ indicators { totalCount } }",
            "{ indicatorStats(groupBy: [UNIT]) { count } }",
            "{ compare(concept: \"some-rate\") { rows { rank } excluded { reason } } }",
            "{ region(code: \"330500\") { plans { nodes { sections { nodes { heading } } } } } }",
        ] {
            let coverage = covered(&world, query).await;
            assert_eq!(slugs(&coverage["sources"]), ["huzhou"], "{query}: {coverage}");
        }
        let coverage = covered(&world, "{ plans(filter: {regions: [\"杭州\"]}) { totalCount } }").await;
        assert_eq!(slugs(&coverage["sources"]), Vec::<&str>::new(), "{coverage}");
        assert_eq!(slugs(&coverage["impaired"]), ["huzhou", "hangzhou"], "what never ran or broke may be missing");
        assert_eq!(
            coverage["impaired"][1],
            json!({ "slug": "hangzhou", "name": "湖州市卫生健康委员会", "health": "BROKEN", "problem": "the list is empty", "lastReadAt": null })
        );
        let plain = serde_json::to_value(world.api.execute(Request::new("{ plans { totalCount } }")).await).unwrap();
        assert_eq!(plain.get("extensions"), None, "only those who ask are told");
    }
}
