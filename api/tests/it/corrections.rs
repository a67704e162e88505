//! What analysts change, with their tokens.

use api::token;
use axum::{
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use entity::{crawl_run, source, value::SectionKind};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::{Figure, PlanSpec, World, moment, worlds};

/// What a client with this header has for an answer.
async fn send(world: &World, authorization: Option<&str>, method: &str, uri: &str, body: String) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(uri).header(header::CONTENT_TYPE, "application/json");
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    api::router(world.api.clone()).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

async fn json_of(response: Response<Body>) -> Value {
    serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap()
}

async fn ask(world: &World, authorization: Option<&str>, query: &str, variables: Value) -> (StatusCode, Value) {
    let body = json!({"query": query, "variables": variables}).to_string();
    let response = send(world, authorization, "POST", "/graphql", body).await;
    (response.status(), json_of(response).await)
}

/// Somebody with a token.
struct Analyst<'a> {
    world: &'a World,
    authorization: String,
}

impl<'a> Analyst<'a> {
    async fn new(world: &'a World, name: &str) -> Self {
        let secret = token::create(&world.db, name).await.unwrap();
        Self { world, authorization: format!("Bearer {secret}") }
    }

    async fn answer(&self, query: &str, variables: Value) -> Value {
        ask(self.world, Some(&self.authorization), query, variables).await.1
    }

    async fn does(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, variables).await;
        assert!(answer["errors"].is_null(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    async fn corrects(&self, figure: &Value, mut input: Value) -> Value {
        input["indicator"] = figure.clone();
        let reason = input["reason"].take();
        input["reason"] = if reason.is_null() { json!("misread") } else { reason };
        self.does(CORRECT, json!({"input": input})).await["correctIndicator"].take()
    }

    /// The code and the message of what comes of a wrong correction.
    async fn is_refused(&self, figure: &Value, mut input: Value) -> (String, String) {
        input["indicator"] = figure.clone();
        if input["reason"].is_null() {
            input["reason"] = json!("misread");
        }
        let answer = self.answer(CORRECT, json!({"input": input})).await;
        let error = &answer["errors"][0];
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{input}: {answer}")).to_owned();
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }

    async fn reverts(&self, figure: &Value) -> Value {
        let query = format!("mutation($id: ID!) {{ revertCorrection(indicator: $id) {{ {SHOWN} }} }}");
        self.does(&query, json!({"id": figure})).await["revertCorrection"].take()
    }
}

const SHOWN: &str = "id name value valueMax unit comparator measure role year scope confidence corrected goneAt
    concept { slug } correction { reason by at reject endedAt original { name value unit comparator year confidence } }";

const CORRECT: &str = "mutation($input: CorrectIndicatorInput!) { correctIndicator(input: $input) {
    id name value valueMax unit comparator measure role year scope confidence corrected goneAt concept { slug }
    correction { reason by at reject endedAt original { name value unit comparator year confidence } } } }";

/// Two figures of one plan, by their ids: 50 % and 60 %.
async fn figures(world: &World) -> [Value; 2] {
    let concept = world.concept("signing", "签约率", "家医签约").await;
    let plan = world.plan(PlanSpec::default()).await;
    let section = world.section(plan, SectionKind::Task, "任务", None).await;
    for value in [50.0, 60.0] {
        world.figure(plan, section, Figure { value, concept: Some(concept), ..Figure::default() }).await;
    }
    world.index(plan).await;
    let all = world.ask("{ indicators { nodes { id } } }").await;
    [0, 1].map(|at| all["indicators"]["nodes"][at]["id"].clone())
}

async fn shown(world: &World, figure: &Value) -> Value {
    let query = format!("{{ nodes(ids: [{figure}]) {{ ... on Indicator {{ {SHOWN} }} }} }}");
    world.ask(&query).await["nodes"][0].take()
}

#[tokio::test]
async fn only_a_good_token_changes_anything() {
    for world in worlds("tokens").await {
        let [figure, _] = figures(&world).await;
        let input = json!({"input": {"indicator": figure, "value": 5, "reason": "x"}});
        let (status, answer) = ask(&world, None, CORRECT, input.clone()).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (StatusCode::OK, &json!("UNAUTHENTICATED")));
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("plangraph token create"));

        let secret = token::create(&world.db, "王医生").await.unwrap();
        assert!(secret.starts_with("pg_") && secret.len() == 46, "{secret}");
        let good = format!("bearer {secret}");
        let (status, answer) = ask(&world, Some(&good), CORRECT, input.clone()).await;
        assert_eq!(
            (status, &answer["data"]["correctIndicator"]["correction"]["by"]),
            (StatusCode::OK, &json!("王医生"))
        );

        // A GET changes nothing, and neither does what is wrong: also a query is refused with it.
        let uri = "/graphql?query=mutation%20A%7BstartCrawl%7Bid%7D%7D%20query%20B%7Bsources%7BtotalCount%7D%7D";
        let refused = send(&world, Some(&good), "GET", &format!("{uri}&operationName=A"), String::new()).await;
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(refused.headers()[header::ALLOW], "POST");
        assert_eq!(json_of(refused).await["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");
        let read = send(&world, Some(&good), "GET", &format!("{uri}&operationName=B"), String::new()).await;
        assert_eq!((read.status(), json_of(read).await["errors"].is_null()), (StatusCode::OK, true));
        assert_eq!(crawl_run::Entity::find().count(&world.db).await.unwrap(), 0);
        assert_eq!(ask(&world, Some("Basic eDp5"), "{ sources { totalCount } }", json!({})).await.0, StatusCode::OK);

        token::revoke(&world.db, "王医生").await.unwrap();
        for wrong in [&*good, "Bearer", "Bearer pg_x", "Bearer \u{ff}"] {
            let body = json!({"query": "{ sources { totalCount } }"}).to_string();
            let refused = send(&world, Some(wrong), "POST", "/graphql", body).await;
            assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{wrong}");
            assert!(refused.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer"));
            assert_eq!(json_of(refused).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        }
        let rows = token::list(&world.db).await.unwrap();
        assert!(rows[0].last_used_at.is_some() && rows[0].revoked_at.is_some() && !rows[0].hash.contains(&secret[3..]));
        assert!(matches!(token::create(&world.db, "王医生").await, Err(token::TokenError::Taken(_))));
        assert!(matches!(token::create(&world.db, "a b").await, Err(token::TokenError::BadName(_))));
        assert!(matches!(token::revoke(&world.db, "nobody").await, Err(token::TokenError::Unknown(_))));
    }
}

#[tokio::test]
async fn a_correction_is_shown_with_its_reason_and_taken_back_without_a_trace() {
    for world in worlds("corrections").await {
        let [figure, other] = figures(&world).await;
        let analyst = Analyst::new(&world, "li").await;
        let before = shown(&world, &figure).await;
        let input = json!({
            "name": " 重点人群签约率 ", "value": 72.5, "unit": "‰", "year": null, "scope": "农村", "concept": "life-expectancy",
            "comparator": "LE", "reason": "  the scan says 72.5 ",
        });
        let corrected = analyst.corrects(&figure, input).await;
        assert_eq!(corrected, shown(&world, &figure).await);
        let mut correction = corrected["correction"].clone();
        let at = correction["at"].take();
        let original = json!({"name": "家庭医生签约率", "value": 50.0, "unit": "%", "comparator": "GE", "year": 2025, "confidence": 0.9});
        let expected = json!({"reason": "the scan says 72.5", "by": "li", "at": null, "reject": false, "endedAt": null, "original": original});
        assert_eq!(correction, expected);
        for (field, value) in [
            ("name", json!("重点人群签约率")),
            ("value", json!(72.5)),
            ("unit", json!("‰")),
            ("comparator", json!("LE")),
            ("year", json!(null)),
            ("scope", json!("农村")),
            ("confidence", json!(1.0)),
            ("corrected", json!(true)),
            ("measure", json!("LEVEL")),
        ] {
            assert_eq!(corrected[field], value, "{field}");
        }
        let found = world.ask("{ indicators(filter: {corrected: true, value: {ge: 72}}) { totalCount } }").await;
        assert_eq!(found["indicators"]["totalCount"], 1);

        // Another takes its place as a whole; what was shown before can still be asked for.
        let second = analyst.corrects(&figure, json!({"value": 55, "valueMax": 65.5, "comparator": "RANGE"})).await;
        assert_eq!((&second["unit"], &second["valueMax"], &second["year"]), (&json!("%"), &json!(65.5), &json!(2025)));
        let then = format!("{{ indicators(asOf: {at}, orderBy: [{{field: VALUE}}]) {{ nodes {{ {SHOWN} }} }} }}");
        let then = world.ask(&then).await["indicators"]["nodes"][1].take();
        assert_eq!((&then["value"], &then["correction"]["reason"]), (&json!(72.5), &json!("the scan says 72.5")));
        assert_eq!(then["correction"]["endedAt"], second["correction"]["at"]);
        let long_ago = world.ask("{ indicators(asOf: \"2025-06-02T00:00:00Z\") { nodes { value corrected } } }").await;
        assert_eq!(long_ago["indicators"]["nodes"][0], json!({"value": 50.0, "corrected": false}));

        assert_eq!(analyst.reverts(&figure).await, before);
        assert_eq!(shown(&world, &figure).await, before);
        let history = world.ask("{ corrections { totalCount nodes { reason endedAt indicator { id } } } }").await;
        let history = &history["corrections"];
        assert_eq!((&history["totalCount"], &history["nodes"][1]["indicator"]["id"]), (&json!(2), &figure));
        assert!(history["nodes"].as_array().unwrap().iter().all(|one| one["endedAt"].is_string()), "{history}");
        assert_eq!(shown(&world, &other).await["value"], 60.0);

        // The mutations of a request see one another.
        let query = "mutation($a: CorrectIndicatorInput!, $b: CorrectIndicatorInput!, $id: ID!) {
                a: correctIndicator(input: $a) { correction { reason } } b: correctIndicator(input: $b) { correction { reason } }
                c: revertCorrection(indicator: $id) { corrected correction { reason } } }";
        let input = |reason: &str| json!({"indicator": figure, "unit": null, "reason": reason});
        let answer = analyst.does(query, json!({"a": input("a"), "b": input("b"), "id": figure})).await;
        let reason = |reason: &str| json!({"correction": {"reason": reason}});
        assert_eq!(answer, json!({"a": reason("a"), "b": reason("b"), "c": {"corrected": false, "correction": null}}));
    }
}

#[tokio::test]
async fn a_rejected_figure_is_in_no_answer_until_it_is_taken_back() {
    for world in worlds("rejections").await {
        let [figure, _] = figures(&world).await;
        let analyst = Analyst::new(&world, "li").await;
        let everywhere = format!(
            "{{ search(query: \"签约\", kinds: [INDICATOR]) {{ totalCount nodes {{ item {{ ... on Indicator {{ id }} }} }} }}
                indicators {{ totalCount nodes {{ id }} }} node(id: {figure}) {{ id }} plans {{ nodes {{ indicators {{ totalCount }}
                outline {{ indicators {{ id }} }} }} }} indicatorStats(groupBy: []) {{ count }}
                concept(slug: \"signing\") {{ regionCount indicators {{ totalCount }} }} compare(concept: \"signing\") {{ rows {{ indicator {{ id }} }} excluded {{ reason }} }} }}"
        );
        let before = world.ask(&everywhere).await;
        let rejected = analyst.corrects(&figure, json!({"reject": true, "reason": "a page number"})).await;
        assert_eq!((&rejected["corrected"], &rejected["correction"]["reject"]), (&json!(true), &json!(true)));
        assert!(rejected["goneAt"].is_string());
        let after = world.ask(&everywhere).await;
        let text = after.to_string();
        assert_eq!((&before["search"]["totalCount"], &after["search"]["totalCount"]), (&json!(2), &json!(1)));
        assert!(!text.contains(figure.as_str().unwrap()), "{text}");
        assert_eq!((&after["indicators"]["totalCount"], &after["indicatorStats"][0]["count"]), (&json!(1), &json!(1)));
        let then = world.ask("{ indicators(asOf: \"2025-06-02T00:00:00Z\") { totalCount } }").await;
        assert_eq!(then["indicators"]["totalCount"], 2);
        let now = world.ask(&format!("{{ indicators(asOf: {}) {{ totalCount }} }}", rejected["goneAt"])).await;
        assert_eq!(now["indicators"]["totalCount"], 1);
        // A correction in its place brings it back too.
        assert_eq!(analyst.corrects(&figure, json!({"value": 51})).await["goneAt"], Value::Null);
        analyst.corrects(&figure, json!({"reject": true})).await;
        assert_eq!(analyst.reverts(&figure).await["goneAt"], Value::Null);
        assert_eq!(world.ask(&everywhere).await, before);
    }
}

#[tokio::test]
async fn wrong_corrections_say_what_is_wrong_and_change_nothing() {
    for world in worlds("bad_corrections").await {
        let [figure, _] = figures(&world).await;
        let analyst = Analyst::new(&world, "li").await;
        let before = shown(&world, &figure).await;
        for (input, code, word) in [
            (json!({}), "BAD_INPUT", "nothing is corrected"),
            (json!({"reject": false}), "BAD_INPUT", "nothing is corrected"),
            (json!({"reject": true, "value": 1}), "BAD_INPUT", "corrected or rejected"),
            (json!({"value": 1, "reason": " \n"}), "BAD_INPUT", "`reason` is empty"),
            (json!({"value": 1, "reason": "x".repeat(1_001)}), "BAD_INPUT", "1001 characters"),
            (json!({"name": ""}), "BAD_INPUT", "`name` is empty"),
            (json!({"unit": "x".repeat(21)}), "BAD_INPUT", "`unit` has 21"),
            (json!({"year": 20250}), "BAD_INPUT", "`year: 20250`"),
            (json!({"comparator": "RANGE"}), "BAD_INPUT", "needs `valueMax`"),
            (json!({"valueMax": 60}), "BAD_INPUT", "only a RANGE"),
            (json!({"valueMax": 40, "comparator": "RANGE"}), "BAD_INPUT", "`valueMax: 40` is less than `value: 50`"),
            (json!({"concept": "happiness"}), "UNKNOWN_CONCEPT", "happiness"),
        ] {
            let (given, message) = analyst.is_refused(&figure, input.clone()).await;
            assert!(given == code && message.contains(word), "{input}: {given} {message}");
        }
        let (code, _) = analyst.is_refused(&json!("SW5kaWNhdG9yOjk5OTk"), json!({"value": 1})).await;
        assert_eq!(code, "BAD_INPUT");
        let (code, _) = analyst.is_refused(&json!("UGxhbjox"), json!({"value": 1})).await;
        assert_eq!(code, "BAD_ID");
        let query = format!("mutation {{ revertCorrection(indicator: {figure}) {{ id }} }}");
        let answer = analyst.answer(&query, json!({})).await;
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("not corrected"), "{answer}");
        assert_eq!(shown(&world, &figure).await, before);
    }
}

#[tokio::test]
async fn of_many_at_once_each_takes_the_place_of_the_one_before() {
    for world in worlds("corrections_at_once").await {
        let [figure, _] = figures(&world).await;
        let analyst = Analyst::new(&world, "li").await;
        let all = (1..=8).map(|value| analyst.corrects(&figure, json!({"value": value})));
        let answers = futures::future::join_all(all).await;
        assert!(answers.iter().all(|answer| answer["correction"]["original"]["value"] == 50.0), "{answers:?}");
        let history = world.ask("{ corrections { nodes { endedAt } } }").await;
        let open = history["corrections"]["nodes"].as_array().unwrap().iter().filter(|one| one["endedAt"].is_null());
        assert_eq!((history["corrections"]["nodes"].as_array().unwrap().len(), open.count()), (8, 1));
        assert_eq!(analyst.reverts(&figure).await["value"], 50.0);
    }
}

#[tokio::test]
async fn crawls_are_queued_once() {
    for world in worlds("start_crawl").await {
        world.source("hangzhou").await;
        world.source("zhonglou").await;
        let analyst = Analyst::new(&world, "li").await;
        let start = async |sources: Value| {
            let query = "mutation($s: [String!]) { startCrawl(sources: $s) { id status source { slug } } }";
            analyst.answer(query, json!({"s": sources})).await
        };
        let runs = async || crawl_run::Entity::find().all(&world.db).await.unwrap();
        let answers = futures::future::join_all((0..4).map(|_| start(json!(["huzhou"])))).await;
        let first = &answers[0]["data"]["startCrawl"];
        assert_eq!((&first["status"], &first["source"]["slug"]), (&json!("QUEUED"), &json!("huzhou")));
        assert!(answers.iter().all(|answer| answer["data"]["startCrawl"] == *first), "{answers:?}");
        assert_eq!(runs().await.len(), 1);

        // Several: what waits becomes a part.
        let request = start(json!(["huzhou", "hangzhou", "hangzhou"])).await;
        assert_eq!(request["data"]["startCrawl"]["source"], Value::Null, "{request}");
        let all = runs().await;
        let of = all.iter().find(|run| run.source_id.is_none()).unwrap().id;
        assert_eq!(all.iter().filter(|run| run.parent_id == Some(of)).count(), 2);
        assert_eq!(start(json!(["hangzhou", "huzhou"])).await, request, "all of it waits");
        assert_eq!(runs().await.len(), 3);

        // All: a request whose runs are made by whoever takes it.
        let everything = start(json!(null)).await;
        assert_ne!(everything, request);
        assert_eq!(start(json!(null)).await, everything);
        assert_eq!(runs().await.len(), 4);

        // What the schedule asked for becomes a run that looks at everything.
        let zhonglou = source::Entity::find().filter(source::Column::Slug.eq("zhonglou")).one(&world.db).await.unwrap();
        let mut row = zhonglou.unwrap().into_active_model();
        let single = start(json!(["zhonglou"])).await;
        let run = runs().await.into_iter().find(|run| run.source_id == Some(*row.id.as_ref())).unwrap();
        crawl_run::ActiveModel { scheduled: Set(true), ..run.into_active_model() }.update(&world.db).await.unwrap();
        assert_eq!(start(json!(["zhonglou"])).await, single);
        assert!(runs().await.iter().all(|run| !run.scheduled));

        row.retired_at = Set(Some(moment("2025-06-01T18:00:00Z")));
        row.update(&world.db).await.unwrap();
        for (sources, code) in [
            (json!(["nowhere", "huzhou"]), "UNKNOWN_SOURCE"),
            (json!([]), "BAD_INPUT"),
            (json!(["zhonglou"]), "BAD_INPUT"),
            (json!((0..101).map(|n| n.to_string()).collect::<Vec<_>>()), "BAD_INPUT"),
        ] {
            assert_eq!(start(sources).await["errors"][0]["extensions"]["code"], code);
        }
        assert_eq!(runs().await.len(), 5);
    }
}
