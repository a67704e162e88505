//! A name for each request, which the client can give and is told, and which stands at every line that is logged about it:
//! also at those about slow statements.

use std::{collections::hash_map::RandomState, hash::BuildHasher as _, time::Instant};

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;

/// The header that has it, in requests and answers.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The longest that is taken from a client.
const LONGEST: usize = 64;

/// Names a request and logs how it was answered.
pub(crate) async fn named(mut request: Request, next: Next) -> Response {
    let given = request.headers().get(&HEADER).filter(|id| is_plain(id)).cloned();
    let id = given.or_else(|| HeaderValue::from_str(&new()).ok()).unwrap_or(HeaderValue::from_static("-"));
    request.headers_mut().insert(HEADER, id.clone());
    let span = tracing::info_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        method = %request.method(),
        path = request.uri().path(),
        otel.status_code = tracing::field::Empty
    );
    async move {
        let began = Instant::now();
        let mut response = next.run(request).await;
        response.headers_mut().insert(HEADER, id);
        let (status, took) = (response.status(), began.elapsed());
        if status.is_server_error() {
            tracing::Span::current().record("otel.status_code", "ERROR");
            tracing::warn!(status = status.as_u16(), ?took, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), ?took, "answered");
        }
        response
    }
    .instrument(span)
    .await
}

/// Whether a name can stand in a log as it is.
fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(plain)
}

/// A name that no other request has.
fn new() -> String {
    format!("{:016x}", RandomState::new().hash_one(Instant::now()))
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    /// The name in the answer to a request of this name.
    async fn told(id: Option<&str>) -> String {
        let router = Router::new().route("/", get(|| async {})).layer(middleware::from_fn(named));
        let request = id.into_iter().fold(Request::builder().uri("/"), |request, id| request.header(HEADER, id));
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        response.headers()[HEADER].to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_plain_name_is_kept_and_any_other_is_made_anew() {
        assert_eq!(told(Some("trace-1.a:b_c")).await, "trace-1.a:b_c");
        assert_ne!(told(None).await, told(None).await);
        for id in ["", "a b", "a\"b", &"x".repeat(LONGEST + 1)] {
            assert_eq!(told(Some(id)).await.len(), 16, "{id}");
        }
    }
}
