//! Fields show what is stored.

use entity::{indicator, plan, value::SectionKind};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};
use serde_json::json;

use crate::support::{Figure, PlanSpec, worlds};

#[tokio::test]
async fn a_plan_with_its_sections_and_figures() {
    for world in worlds("plan_fields").await {
        let plan = world.plan(PlanSpec { published_on: Some("2025-03-24"), ..PlanSpec::default() }).await;
        let chapter = world.section(plan, SectionKind::Heading, "主要任务", None).await;
        let task = world.section(plan, SectionKind::Task, "家庭医生", Some(chapter)).await;
        world.responsible(task, 1, "宣传科").await;
        world.responsible(task, 0, "基层卫生与信息科").await;
        world.figure(plan, task, Figure::default()).await;
        let answer = world
            .ask(
                "{ plans { nodes { title kind publishedOn issuedOn period { startYear endYear } text version isReprint
                    region { code shortName level ancestors { name } } source { slug region { name } }
                    provenance { sha256 fetchedAt mediaType } snapshots { sha256 } versions { version seenAt technical diff }
                    outline { heading path depth children { heading text responsible parent { heading }
                        indicators { name valueText comparator role obligation span { start end } section { kind } } } }
                    sections(kind: TASK, responsible: \"信息科\") { totalCount nodes { heading } } } } }",
            )
            .await;
        assert_eq!(
            answer["plans"]["nodes"][0],
            json!({
                "title": "卫生健康工作要点", "kind": "ANNUAL_PLAN", "publishedOn": "2025-03-24", "issuedOn": null,
                "period": { "startYear": 2025, "endYear": 2025 }, "text": "卫生健康工作要点的全文", "version": 1,
                "isReprint": false,
                "region": { "code": "330500", "shortName": "湖州", "level": "PREFECTURE",
                    "ancestors": [{ "name": "浙江省" }, { "name": "中华人民共和国" }] },
                "source": { "slug": "huzhou", "region": { "name": "湖州市" } },
                "provenance": { "sha256": "ab".repeat(32), "fetchedAt": "2025-06-01T18:00:02Z", "mediaType": "text/html" },
                "snapshots": [{ "sha256": "ab".repeat(32) }],
                "versions": [{ "version": 1, "seenAt": "2025-06-01T18:00:03Z", "technical": false, "diff": null }],
                "outline": [{ "heading": "主要任务", "path": ["主要任务"], "depth": 1, "children": [{
                    "heading": "家庭医生", "text": "家庭医生的正文", "responsible": ["基层卫生与信息科", "宣传科"],
                    "parent": { "heading": "主要任务" },
                    "indicators": [{ "name": "家庭医生签约率", "valueText": "50", "comparator": "GE", "role": "TARGET",
                        "obligation": "BINDING", "span": { "start": 0, "end": 2 }, "section": { "kind": "TASK" } }] }] }],
                "sections": { "totalCount": 1, "nodes": [{ "heading": "家庭医生" }] },
            })
        );
    }
}

#[tokio::test]
async fn a_plan_of_several_bodies_names_each_and_its_figures_the_one_they_stand_in() {
    for world in worlds("plan_bodies").await {
        let plan = world.plan(PlanSpec::default()).await;
        let task = world.section(plan, SectionKind::Task, "家庭医生", None).await;
        for place in [0, 40] {
            let row = world.figure(plan, task, Figure { value: f64::from(place), ..Figure::default() }).await;
            let figure = indicator::ActiveModel { id: Set(row), span_start: Set(place), ..Default::default() };
            figure.update(&world.db).await.unwrap();
        }
        world.file(plan, 1, "cd", Some(0)).await;
        world.file(plan, 2, "ef", Some(30)).await;
        let answer = world
            .ask(
                "{ plans { nodes { provenance { sha256 } snapshots { sha256 } versions { snapshots { sha256 } }
                    indicators(orderBy: [{field: VALUE}]) { nodes { provenance { sha256 } } } } } }",
            )
            .await;
        let body = |byte: &str| json!({ "sha256": byte.repeat(32) });
        let bodies = json!([body("ab"), body("cd"), body("ef")]);
        let plan = &answer["plans"]["nodes"][0];
        assert_eq!((&plan["snapshots"], &plan["versions"]), (&bodies, &json!([{ "snapshots": bodies }])));
        assert_eq!(plan["provenance"], body("cd"), "its text is from the file");
        let figures = json!([{ "provenance": body("cd") }, { "provenance": body("ef") }]);
        assert_eq!(plan["indicators"]["nodes"], figures);
    }
}

#[tokio::test]
async fn an_extraction_says_what_binds() {
    for world in worlds("obligation").await {
        let answer = world
            .ask(
                "{ extract(input: { html: \"<title>某市教育“十四五”规划</title><table><tr><td>指标<td>2025年<td>属性\
                    <tr><td>近视率（%）<td>50<td>约束性<tr><td>入园率（%）<td>98<td>预期性</table>\" }) {
                    plans { indicators { name obligation } } } }",
            )
            .await;
        assert_eq!(
            answer["extract"]["plans"][0]["indicators"],
            json!([{ "name": "近视率", "obligation": "BINDING" }, { "name": "入园率", "obligation": "EXPECTED" }])
        );
    }
}

#[tokio::test]
async fn fields_come_in_the_order_of_the_query() {
    for world in worlds("field_order").await {
        let plan = world.plan(PlanSpec::default()).await;
        let section = world.section(plan, SectionKind::Task, "任务", None).await;
        world.figure(plan, section, Figure::default()).await;
        let query = "{ indicators { nodes { ...whose unit year: plan { source { slug } title } value ... on Indicator { name } } } }
            fragment whose on Indicator { region { name code } }";
        let answer = serde_json::to_string(&world.execute(query).await.data).unwrap();
        assert_eq!(
            answer,
            r#"{"indicators":{"nodes":[{"region":{"name":"湖州市","code":"330500"},"unit":"%","year":{"source":{"slug":"huzhou"},"title":"卫生健康工作要点"},"value":50.0,"name":"家庭医生签约率"}]}}"#
        );
    }
}

#[tokio::test]
async fn only_what_stands() {
    for world in worlds("standing").await {
        let plan = world.plan(PlanSpec::default()).await;
        let section = world.section(plan, SectionKind::Task, "旧任务", None).await;
        world.figure(plan, section, Figure { gone: true, ..Figure::default() }).await;
        let query = "{ plans { nodes { id outline { id } sections { totalCount } indicators { totalCount } } }
            indicators { totalCount } }";
        let before = world.ask(query).await;
        let id = before["plans"]["nodes"][0]["outline"][0]["id"].clone();
        let node = format!("{{ node(id: {id}) {{ ... on Section {{ heading }} }} }}");
        assert_eq!(world.ask(&node).await["node"]["heading"], "旧任务");
        assert_eq!(before["indicators"]["totalCount"], 0);

        let mut row: plan::ActiveModel = plan::Entity::find_by_id(plan).one(&world.db).await.unwrap().unwrap().into();
        row.version = Set(2);
        row.update(&world.db).await.unwrap();
        let after = world.ask(query).await;
        assert_eq!(after["plans"]["nodes"][0]["sections"]["totalCount"], 0);
        assert_eq!(after["plans"]["nodes"][0]["outline"], json!([]));
        assert!(world.ask(&node).await["node"].is_null());
    }
}

#[tokio::test]
async fn everything_with_an_id_is_a_node() {
    for world in worlds("nodes").await {
        let plan = world.plan(PlanSpec::default()).await;
        let section = world.section(plan, SectionKind::Task, "任务", None).await;
        world.concept("test-node", "测试", "测试节点").await;
        world.figure(plan, section, Figure::default()).await;
        world.run("huzhou").await;
        let ids = world
            .ask(
                "{ plans { nodes { id sections { nodes { id } } indicators { nodes { id } } } }
                   region(name: \"湖州\") { id } concept(slug: \"test-node\") { id } source(slug: \"huzhou\") { id lastRun { id } } }",
            )
            .await;
        let plan = &ids["plans"]["nodes"][0];
        let expected = [
            ("Plan", &plan["id"]),
            ("Section", &plan["sections"]["nodes"][0]["id"]),
            ("Indicator", &plan["indicators"]["nodes"][0]["id"]),
            ("Region", &ids["region"]["id"]),
            ("Concept", &ids["concept"]["id"]),
            ("Source", &ids["source"]["id"]),
            ("CrawlRun", &ids["source"]["lastRun"]["id"]),
        ];
        let list = expected.iter().map(|(_, id)| id.to_string()).collect::<Vec<_>>().join(", ");
        // `Plan:999999` and `Unicorn:1`.
        let query = format!("{{ nodes(ids: [{list}, \"UGxhbjo5OTk5OTk\", \"VW5pY29ybjox\"]) {{ __typename id }} }}");
        let nodes = world.ask(&query).await;
        for ((name, id), node) in expected.iter().zip(nodes["nodes"].as_array().unwrap()) {
            assert_eq!((node["__typename"].as_str(), &node["id"]), (Some(*name), *id));
        }
        assert!(nodes["nodes"][7].is_null() && nodes["nodes"][8].is_null());
    }
}

#[tokio::test]
async fn runs_and_their_failures() {
    for world in worlds("runs").await {
        world.run("huzhou").await;
        world.run("huzhou").await;
        let answer = world
            .ask(
                "{ crawlRuns(source: \"huzhou\") { totalCount nodes { id status startedAt source { health schedule }
                    failures { totalCount nodes { url at reason attempts } } } } source(slug: \"huzhou\") { lastRun { id } } }",
            )
            .await;
        let newest = &answer["crawlRuns"]["nodes"][0];
        assert_eq!(answer["crawlRuns"]["totalCount"], 2);
        assert_eq!(newest["id"], answer["source"]["lastRun"]["id"]);
        assert_eq!(newest["status"], "PARTLY_FAILED");
        assert_eq!(newest["startedAt"], "2025-06-01T18:00:01.250Z");
        assert_eq!(newest["source"], json!({ "health": "NEVER_RUN", "schedule": "0 0 2 * * * Asia/Shanghai" }));
        assert_eq!(newest["failures"]["nodes"][0]["attempts"], 3);
    }
}
