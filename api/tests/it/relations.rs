//! Relations: from either side, paged, filtered and batched.

use entity::{
    programme, relation,
    value::{RegionRole, RelationKind, SectionKind},
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
};
use serde_json::{Value, json};

use crate::support::{PlanSpec, World, pick, worlds};

/// Three plans of 湖州, 杭州 and 常州, and how they relate; the ids of the plans.
async fn related(world: &World) -> [i64; 3] {
    let mut plans = [0; 3];
    for (plan, region) in plans.iter_mut().zip(["330500", "330100", "320400"]) {
        *plan = world.plan(PlanSpec { region, title: region, ..PlanSpec::default() }).await;
    }
    let [huzhou, hangzhou, changzhou] = plans;
    world.relation(RelationKind::ReprintOf, hangzhou, huzhou, 0.97).await;
    world.relation(RelationKind::ReprintOf, changzhou, huzhou, 0.91).await;
    world.relation(RelationKind::SharesCitation, huzhou, changzhou, 0.5).await;
    world.relation(RelationKind::MentionsRegion, hangzhou, hangzhou, 1.0).await;
    plans
}

#[tokio::test]
async fn a_relation_shows_both_sides() {
    for world in worlds("relation_fields").await {
        related(&world).await;
        let query = "{ relations(first: 1) { totalCount pageInfo { hasNextPage } nodes { __typename id kind score evidence
            fromRegion { name } toRegion { name } fromPlan { title } toPlan { title } fromSection { id } toSection { id } } } }";
        let answer = world.ask(query).await;
        let mut node = answer["relations"]["nodes"][0].clone();
        let id = node["id"].take();
        assert_eq!(
            node,
            json!({ "__typename": "Relation", "id": null, "kind": "REPRINT_OF", "score": 0.97, "evidence": "同一段话",
                "fromRegion": { "name": "杭州市" }, "toRegion": { "name": "湖州市" },
                "fromPlan": { "title": "330100" }, "toPlan": { "title": "330500" },
                "fromSection": null, "toSection": null })
        );
        assert_eq!(answer["relations"]["totalCount"], 4);
        let found = world.ask(&format!("{{ node(id: {id}) {{ ... on Relation {{ kind }} }} }}")).await;
        assert_eq!(found["node"]["kind"], "REPRINT_OF");
    }
}

#[tokio::test]
async fn each_filter_leaves_what_it_says() {
    for world in worlds("relation_filters").await {
        related(&world).await;
        for (filter, expected) in [
            ("", vec![0.97, 0.91, 0.5, 1.0]),
            ("kinds: [REPRINT_OF]", vec![0.97, 0.91]),
            ("kinds: []", vec![]),
            ("from: \"湖州\"", vec![0.5]),
            ("to: \"330500\"", vec![0.97, 0.91, 0.5]),
            ("from: \"320400\"", vec![0.91, 0.5]),
            ("from: \"320400\", to: \"湖州市\"", vec![0.91, 0.5]),
            ("from: \"330100\", to: \"320400\"", vec![]),
            ("roles: [MODEL]", vec![]),
            ("within: \"江苏\"", vec![0.91, 0.5]),
            ("within: \"浙江\", minScore: 0.95", vec![0.97, 1.0]),
        ] {
            let answer = world.ask(&format!("{{ relations(filter: {{ {filter} }}) {{ nodes {{ score }} }} }}")).await;
            assert_eq!(pick(&answer["relations"], "score"), expected, "{filter}");
        }
        let (code, _) = world.fails("{ relations(filter: { from: \"无名县\" }) { totalCount } }").await;
        assert_eq!(code, "UNKNOWN_REGION");
    }
}

#[tokio::test]
async fn sections_show_what_they_are_like_and_regions_as_what_they_are_named() {
    for world in worlds("relation_sections").await {
        let [huzhou, hangzhou, changzhou] = related(&world).await;
        let mut sections = [0; 3];
        for (section, plan) in sections.iter_mut().zip([huzhou, hangzhou, changzhou]) {
            *section = world.section(plan, SectionKind::Task, "义诊", None).await;
        }
        let programme = programme::ActiveModel { id: NotSet, key: Set("义诊".to_owned()) };
        let programme = programme.insert(&world.db).await.unwrap().id;
        for (relation, from, to, score) in [(1, 0, 1, 0.25), (2, 2, 0, 0.75)] {
            let row = relation::ActiveModel {
                id: Set(relation),
                kind: Set(RelationKind::SimilarSection),
                from_section_id: Set(Some(sections[from])),
                to_section_id: Set(Some(sections[to])),
                role: Set(Some(RegionRole::Model)),
                programme_id: Set(Some(programme.into())),
                score: Set(score),
                ..Default::default()
            };
            row.update(&world.db).await.unwrap();
        }
        let answer = world
            .ask(
                "{ plans(first: 1) { nodes { sections { nodes { relations(kind: SIMILAR_SECTION) { totalCount nodes { score
                    role programme { id } fromSection { heading } toSection { heading } } } } } } }
                  named: relations(filter: { roles: [MODEL, HELPER] }) { totalCount } }",
            )
            .await;
        let relations = &answer["plans"]["nodes"][0]["sections"]["nodes"][0]["relations"];
        assert_eq!((pick(relations, "score"), &relations["totalCount"]), (vec![&json!(0.75), &json!(0.25)], &json!(2)));
        assert_eq!(relations["nodes"][0]["role"], "MODEL");
        assert!(relations["nodes"][0]["programme"]["id"].is_string());
        assert_eq!(relations["nodes"][0]["toSection"]["heading"], "义诊");
        assert_eq!(answer["named"]["totalCount"], 2);
    }
}

fn scores(node: &Value) -> Vec<&Value> {
    pick(&node["relations"], "score")
}

#[tokio::test]
async fn plans_and_regions_show_their_relations_from_either_side() {
    for world in worlds("relation_sides").await {
        related(&world).await;
        let fields = "relations { totalCount nodes { score } }
            reprints: relations(kind: REPRINT_OF, last: 1) { totalCount nodes { score } pageInfo { hasPreviousPage } }";
        let all = format!(
            "{{ plans {{ nodes {{ id {fields} }} }} regions(filter: {{ hasPlans: true }}) {{ nodes {{ code {fields} }} }} }}"
        );
        let answer = world.ask(&all).await;
        let plans = answer["plans"]["nodes"].as_array().unwrap();
        let expected = [vec![0.97, 0.91], vec![0.97], vec![0.91]];
        assert_eq!(plans.iter().map(scores).collect::<Vec<_>>(), expected);
        assert_eq!(
            plans[0]["reprints"],
            json!({ "totalCount": 2, "nodes": [{ "score": 0.91 }], "pageInfo": { "hasPreviousPage": true } })
        );
        let regions = answer["regions"]["nodes"].as_array().unwrap();
        let of = |code: &str| regions.iter().find(|region| region["code"] == code).unwrap();
        assert_eq!(scores(of("330500")), [0.97, 0.91, 0.5]);
        assert_eq!(scores(of("330100")), [0.97, 1.0], "what is on both sides comes once");
        assert_eq!(of("330100")["relations"]["totalCount"], 2);
        // Each alone gives what they give together.
        for plan in plans {
            let alone = world.ask(&format!("{{ plan(id: {}) {{ id {fields} }} }}", plan["id"])).await;
            assert_eq!(alone["plan"], *plan);
        }
    }
}

#[tokio::test]
async fn statements_do_not_grow_with_the_number_of_relations() {
    for world in worlds("relation_batches").await {
        let query = "{ plans(first: 100) { nodes { relations { nodes { fromPlan { title region { name } } toPlan { title source { slug } } } } } } }";
        let [original, ..] = related(&world).await;
        let few = world.statements_of(query).await;
        for _ in 0..18 {
            let copy = world.plan(PlanSpec::default()).await;
            world.relation(RelationKind::ReprintOf, copy, original, 0.9).await;
        }
        let many = world.statements_of(query).await;
        assert!(many <= few + 2, "{few} statements for three plans, {many} for twenty-one");
    }
}
