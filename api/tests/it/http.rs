//! The routes.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::{World, worlds};

const NEW: &str = "application/graphql-response+json";

struct Reply {
    status: StatusCode,
    kind: String,
    location: Option<String>,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn send(
    router: &Router,
    method: Method,
    uri: &str,
    headers: &[(header::HeaderName, &str)],
    body: String,
) -> Reply {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let response = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let of =
        |name| response.headers().get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned());
    let (status, kind, location) =
        (response.status(), of(header::CONTENT_TYPE).unwrap_or_default(), of(header::LOCATION));
    let body = String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    Reply { status, kind, location, body }
}

async fn get(router: &Router, uri: &str, accept: &str) -> Reply {
    send(router, Method::GET, uri, &[(header::ACCEPT, accept)], String::new()).await
}

async fn post(router: &Router, accept: &str, kind: &str, body: &str) -> Reply {
    let headers = [(header::ACCEPT, accept), (header::CONTENT_TYPE, kind)];
    send(router, Method::POST, "/graphql", &headers, body.to_owned()).await
}

fn router(world: &World) -> Router {
    api::router(world.api.clone())
}

#[tokio::test]
async fn tables_are_files() {
    let world = worlds("http_export").await.remove(0);
    let router = api::router(world.api);
    let get = async |uri| send(&router, Method::GET, uri, &[], String::new()).await;
    let file = get("/export/plans.csv?within=nowhere").await;
    assert_eq!(file.status, StatusCode::BAD_REQUEST, "{}", file.body);
    assert_eq!(file.json()["errors"][0]["extensions"]["code"], "UNKNOWN_REGION");
    let file = get("/export/plans.csv?kinds=ANNUAL_PLAN&year.ge=2025").await;
    assert_eq!((file.status, &file.kind[..]), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert!(file.body.starts_with("\u{feff}id,title,kind,"), "{}", file.body);
    let none = get("/export/plans.xlsx").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let dictionary = get("/export/dictionary.md").await;
    assert_eq!(&dictionary.kind[..], "text/markdown; charset=utf-8");
}

#[tokio::test]
async fn pages_and_probes() {
    let world = &worlds("routes").await[0];
    let router = router(world);
    let root = get(&router, "/", "text/html").await;
    assert_eq!((root.status, root.location.as_deref()), (StatusCode::SEE_OTHER, Some("/graphql")));
    let page = get(&router, "/graphql", "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!((page.status, page.kind.as_str()), (StatusCode::OK, "text/html; charset=utf-8"));
    assert!(!page.body.contains("http://") && !page.body.contains("https://"), "the page asks other hosts");
    assert!(!page.body.contains("/*ide*/") && page.body.contains("</html>"));
    assert_eq!(get(&router, "/schema.graphql", "*/*").await.body, api::sdl());
    assert_eq!(get(&router, "/healthz", "*/*").await.status, StatusCode::OK);
    assert_eq!(get(&router, "/readyz", "*/*").await.status, StatusCode::OK);
    world.db.clone().close().await.unwrap();
    assert_eq!(get(&router, "/healthz", "*/*").await.status, StatusCode::OK);
    assert_eq!(get(&router, "/readyz", "*/*").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn queries_by_get_and_post() {
    let world = &worlds("get_and_post").await[0];
    let router = router(world);
    let expected = json!({ "data": { "region": { "name": "湖州市" } } });
    let uri =
        "/graphql?query=query(%24c%3AString)%7Bregion(code%3A%24c)%7Bname%7D%7D&variables=%7B%22c%22%3A%22330500%22%7D";
    for accept in ["*/*", "application/json", NEW, "text/html"] {
        let reply = get(&router, uri, accept).await;
        if accept == "text/html" {
            assert!(reply.status == StatusCode::OK && reply.body.contains("</html>"), "a person sees the page");
            continue;
        }
        assert_eq!((reply.status, reply.json()), (StatusCode::OK, expected.clone()));
        assert!(reply.kind.starts_with(if accept == NEW { NEW } else { "application/json" }), "{}", reply.kind);
    }
    let body = json!({
        "query": "query A { sources { totalCount } } query B($c: String) { region(code: $c) { name } }",
        "operationName": "B", "variables": { "c": "330500" },
    });
    let reply = post(&router, "*/*", "application/json; charset=utf-8", &body.to_string()).await;
    assert_eq!((reply.status, reply.json()), (StatusCode::OK, expected));
}

#[tokio::test]
async fn statuses_tell_what_went_wrong() {
    let world = &worlds("statuses").await[0];
    let router = router(world);
    let unknown = r#"{"query": "{ nothing }"}"#;
    let partly = r#"{"query": "{ sources { totalCount } node(id: \"%\") { id } }"}"#;
    let big = format!(r#"{{"query": "{}"}}"#, " ".repeat(6_000_000));
    for (accept, kind, body, status) in [
        ("*/*", "application/json", unknown, StatusCode::OK),
        (NEW, "application/json", unknown, StatusCode::BAD_REQUEST),
        (NEW, "application/json", partly, StatusCode::OK),
        ("*/*", "application/json", "{", StatusCode::BAD_REQUEST),
        ("*/*", "application/json", "[]", StatusCode::BAD_REQUEST),
        ("*/*", "application/json", "{}", StatusCode::BAD_REQUEST),
        ("*/*", "application/json", big.as_str(), StatusCode::PAYLOAD_TOO_LARGE),
        ("*/*", "text/plain", unknown, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("text/csv", "application/json", unknown, StatusCode::NOT_ACCEPTABLE),
    ] {
        let reply = post(&router, accept, kind, body).await;
        let shown: String = body.chars().take(80).collect();
        assert_eq!(reply.status, status, "{shown}: {}", reply.body);
        assert!(reply.json()["errors"][0]["extensions"]["code"].is_string(), "{}", reply.body);
    }
    assert_eq!(get(&router, "/graphql", "application/json").await.status, StatusCode::BAD_REQUEST);
}
