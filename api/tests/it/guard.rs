//! What keeps a server that is open to all from harm.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use api::{Api, Settings};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use extract::Reader;
use futures::future::join_all;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use crate::support::worlds;

/// A server over an empty SQLite.
async fn server(settings: Settings) -> (Router, support::TestDatabase) {
    let database = support::sqlite().await;
    let api = Api::with(database.connection.clone(), Arc::new(Reader::builtin()), settings);
    (api::router(api), database)
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }
}

async fn send(router: &Router, request: Request<Body>) -> Reply {
    let response = router.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Reply { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
}

async fn post(router: &Router, body: &Value, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(router, request.body(Body::from(body.to_string())).unwrap()).await
}

fn query(query: &str) -> Value {
    json!({ "query": query })
}

/// A table that is never read to its end.
async fn make_endless(db: &impl sea_orm::ConnectionTrait) {
    let rows = "SELECT 1 UNION ALL SELECT n + 1 - n FROM numbers";
    for statement in [
        "ALTER TABLE source RENAME TO real_source".to_owned(),
        format!(
            "CREATE VIEW source AS WITH RECURSIVE numbers(n) AS ({rows}) SELECT real_source.* FROM numbers CROSS JOIN real_source"
        ),
    ] {
        db.execute_unprepared(&statement).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_takes_too_long_is_broken_off_in_the_database() {
    for database in support::databases("guard_time").await {
        let (db, limit) = (&database.connection, Duration::from_secs(1));
        let row = "INSERT INTO source (slug, name, url, schedule, min_plans, min_indicators, health) VALUES ('a', 'A', 'https://a.example/', '0 0 2 * * *', 1, 1, 'ok')";
        db.execute_unprepared(row).await.unwrap();
        make_endless(db).await;
        let reader = migration::open_reader(&database.url, limit).await.unwrap();
        let settings = Settings { time: limit, ..Settings::default() };
        let router = api::router(Api::with(reader.clone(), Arc::new(Reader::builtin()), settings));
        let endless = query("{ sources { totalCount } }");
        // More of them than there are connections.
        for reply in join_all((0..25).map(|_| post(&router, &endless, &[]))).await {
            assert_eq!((reply.status, reply.code().as_str()), (StatusCode::OK, "TIMED_OUT"), "{}", reply.body);
            assert!(reply.body.contains("1 s that it may"), "{}", reply.body);
        }
        let reply = post(&router, &endless, &[("accept", "application/graphql-response+json")]).await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        // The connections are free again.
        let patient = Settings { time: Duration::from_secs(120), ..Settings::default() };
        let router = api::router(Api::with(reader.clone(), Arc::new(Reader::builtin()), patient));
        let quick = post(&router, &query("{ region(code: \"330500\") { name } }"), &[]).await;
        assert_eq!(quick.json()["data"]["region"]["name"], "湖州市", "{}", quick.body);
        if db.get_database_backend() == DbBackend::Postgres {
            let running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%source%' AND pid <> pg_backend_pid() AND datname = current_database() AND query_start < now() - interval '1 second' AND query NOT LIKE '%pg_stat_activity%'";
            while {
                let row =
                    db.query_one_raw(Statement::from_string(DbBackend::Postgres, running)).await.unwrap().unwrap();
                row.try_get_by_index::<i64>(0).unwrap() > 0
            } {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        reader.close().await.unwrap();
    }
}

#[tokio::test]
async fn requests_come_at_a_rate() {
    let settings = Settings { rate: NonZeroU32::new(3), token_rate: NonZeroU32::new(5), ..Settings::default() };
    let (router, database) = server(settings).await;
    let token = api::token::create(&database.connection, "somebody").await.unwrap();
    let names = query("{ __typename }");
    for _ in 0..3 {
        assert_eq!(post(&router, &names, &[]).await.status, StatusCode::OK);
    }
    let refused = post(&router, &names, &[]).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert!(
        refused.body.contains("more than 3 requests") && refused.body.contains("with a token 5"),
        "{}",
        refused.body
    );
    let probe = Request::get("/healthz").body(Body::empty()).unwrap();
    assert_eq!(send(&router, probe).await.status, StatusCode::OK, "who watches the process is always let in");
    // A token is counted by itself, and a list of queries as so many requests.
    let bearer = format!("Bearer {token}");
    let held = [("authorization", bearer.as_str())];
    assert_eq!(post(&router, &names, &held).await.status, StatusCode::OK);
    let four = Value::Array(vec![names.clone(); 4]);
    assert_eq!(post(&router, &four, &held).await.status, StatusCode::OK);
    assert_eq!(post(&router, &names, &held).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn several_queries_come_in_a_list_but_not_many() {
    let (router, _database) = server(Settings::default()).await;
    let both = json!([query("{ region(code: \"330500\") { name } }"), query("{ nothing }")]);
    let reply = post(&router, &both, &[]).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.json()[0]["data"]["region"]["name"], "湖州市");
    assert_eq!(reply.json()[1]["errors"][0]["extensions"]["code"], "BAD_QUERY");
    for count in [0, 11] {
        let reply = post(&router, &Value::Array(vec![query("{ __typename }"); count]), &[]).await;
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::BAD_REQUEST, "BATCH_TOO_LARGE"));
        assert!(reply.body.contains("1 to 10"), "{}", reply.body);
    }
}

#[tokio::test]
async fn what_a_page_of_another_site_can_send_unasked_is_refused() {
    let (router, _database) = server(Settings::default()).await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let request = Request::post("/graphql").header("content-type", kind);
        let body = Body::from(query("{ __typename }").to_string());
        let reply = send(&router, request.body(body).unwrap()).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE")
        );
        assert!(reply.body.contains("application/json"), "{}", reply.body);
    }
    let mutation = "/graphql?query=mutation%7BstartCrawl%7Bid%7D%7D";
    let reply = send(&router, Request::get(mutation).body(Body::empty()).unwrap()).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"));
}

#[tokio::test]
async fn pages_of_other_sites_ask_where_they_may() {
    let may = |origins: &[&str]| Settings {
        origins: origins.iter().map(|origin| origin.parse().unwrap()).collect(),
        ..Settings::default()
    };
    let preflight = |origin: &str| {
        let request =
            Request::options("/graphql").header("origin", origin).header("access-control-request-method", "POST");
        request.header("access-control-request-headers", "authorization,content-type").body(Body::empty()).unwrap()
    };
    for (origins, allowed) in [
        (&[][..], None),
        (&["https://desk.example"][..], Some("https://desk.example")),
        (&["https://other.example"][..], None),
        (&["*"][..], Some("*")),
    ] {
        let (router, _database) = server(may(origins)).await;
        let reply = send(&router, preflight("https://desk.example")).await;
        assert_eq!(reply.header("access-control-allow-origin"), allowed, "{origins:?}");
        let reply = post(&router, &query("{ __typename }"), &[("origin", "https://desk.example")]).await;
        assert_eq!(reply.header("access-control-allow-origin"), allowed, "{origins:?}");
        assert_eq!(reply.header("access-control-allow-credentials"), None);
    }
}

#[tokio::test]
async fn the_page_runs_only_what_it_came_with() {
    let (router, _database) = server(Settings::default()).await;
    let page = send(&router, Request::get("/graphql").header("accept", "text/html").body(Body::empty()).unwrap()).await;
    let policy = page.header("content-security-policy").unwrap();
    for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
        let inside = page.body.split_once(&format!("<{tag}>")).unwrap().1.split_once(&format!("</{tag}>")).unwrap().0;
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let hash = STANDARD.encode(Sha256::digest(inside.as_bytes()));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{policy}");
    }
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!page.body.contains(" style=") && !page.body.contains(" onclick="));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(post(&router, &query("{ __typename }"), &[]).await.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn the_schema_is_told_only_where_it_may_be() {
    let nearly = query("{ sorces { totalCount } }");
    let (open, _database) = server(Settings::default()).await;
    assert!(post(&open, &nearly, &[]).await.body.contains("Did you mean"));
    assert_eq!(
        post(&open, &query("{ __schema { queryType { name } } }"), &[]).await.json()["data"]["__schema"]["queryType"]["name"],
        "Query"
    );
    let (closed, _database) = server(Settings { introspection: false, ..Settings::default() }).await;
    let reply = post(&closed, &nearly, &[]).await;
    assert!(reply.code() == "BAD_QUERY" && !reply.body.contains("sources"), "{}", reply.body);
    for asks in
        ["{ __schema { queryType { name } } }", "{ ...F } fragment F on Query { a: __type(name: \"Plan\") { name } }"]
    {
        let reply = post(&closed, &query(asks), &[]).await;
        assert_eq!(reply.code(), "INTROSPECTION_OFF", "{}", reply.body);
        assert!(reply.json().get("data").is_none_or(Value::is_null));
    }
    assert_eq!(post(&closed, &query("{ __typename }"), &[]).await.json()["data"]["__typename"], "Query");
    let reply = send(&closed, Request::get("/schema.graphql").body(Body::empty()).unwrap()).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::FORBIDDEN, "INTROSPECTION_OFF"));
    let page = send(&closed, Request::get("/graphql").header("accept", "text/html").body(Body::empty()).unwrap()).await;
    assert!(page.body.contains("INTROSPECTION_IS = \"off\""));
}

#[tokio::test]
async fn queries_are_known_by_their_hash() {
    let (router, _database) = server(Settings::default()).await;
    let text = "{ region(code: \"330500\") { name } }";
    let named = json!({ "persistedQuery": { "version": 1, "sha256Hash": format!("{:x}", Sha256::digest(text)) } });
    let by_hash = json!({ "extensions": named });
    let unknown = post(&router, &by_hash, &[]).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (StatusCode::OK, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(unknown.json()["errors"][0]["message"], "PersistedQueryNotFound");
    let sent = json!({ "query": text, "extensions": named });
    assert_eq!(post(&router, &sent, &[]).await.json()["data"]["region"]["name"], "湖州市");
    assert_eq!(post(&router, &by_hash, &[]).await.json()["data"]["region"]["name"], "湖州市");
    let hash = named["persistedQuery"]["sha256Hash"].as_str().unwrap();
    let extensions = format!("%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{hash}%22%7D%7D");
    let get = Request::get(format!("/graphql?extensions={extensions}")).body(Body::empty()).unwrap();
    assert_eq!(send(&router, get).await.json()["data"]["region"]["name"], "湖州市");
    // What is refused by itself is refused by its hash.
    let deep = format!("{}{}", "{ a".repeat(80), "}".repeat(80));
    let hash = format!("{:x}", Sha256::digest(&deep));
    let deep = json!({ "query": deep, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    assert_eq!(post(&router, &deep, &[]).await.code(), "QUERY_TOO_LARGE");
    let by_hash = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } });
    assert_eq!(post(&router, &by_hash, &[]).await.code(), "QUERY_TOO_LARGE");
}

#[tokio::test]
async fn nothing_is_said_of_the_database() {
    for world in worlds("guard_errors").await {
        world.db.execute_unprepared("ALTER TABLE region RENAME TO somewhere_else").await.unwrap();
        let router = api::router(world.api.clone());
        let reply = post(&router, &query("{ region(code: \"330500\") { name } }"), &[]).await;
        assert_eq!(reply.code(), "INTERNAL");
        for word in ["SELECT", "somewhere", "relation", "table", "sqlx", ".rs"] {
            assert!(!reply.body.contains(word), "{word}: {}", reply.body);
        }
    }
}
