//! What browsers are told, so that no page does harm with what is served here.

use std::any::Any;

use axum::{
    http::{
        HeaderName, HeaderValue, Method, StatusCode,
        header::{REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS},
    },
    response::Response,
};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use super::{accept::Media, failed};
use crate::{Error, settings::Origin};

/// How long a browser remembers what it may ask, in seconds.
const REMEMBERED: u64 = 3_600;

/// Lets pages of these web sites ask. Nothing here is known by a cookie, so that a page learns no more than anybody.
pub(super) fn cors(origins: &[Origin]) -> CorsLayer {
    let sites = origins.iter().filter_map(|origin| match origin {
        Origin::Any => None,
        Origin::Site(site) => Some(site.clone()),
    });
    let allowed = if origins.contains(&Origin::Any) { AllowOrigin::any() } else { AllowOrigin::list(sites) };
    CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([RETRY_AFTER])
        .max_age(std::time::Duration::from_secs(REMEMBERED))
}

/// What holds for every answer: it is what it says it is, and where it leads to learns nothing of where one comes from.
pub(super) async fn harden(mut response: Response) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 2] = [
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    response.headers_mut().extend(HEADERS);
    response
}

/// Answers a request that the program broke down over. What happened is in the log only.
pub(super) fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let said = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    let cause = format!("a request broke the program: {}", said.unwrap_or("no reason"));
    failed(Media::Json, StatusCode::INTERNAL_SERVER_ERROR, Error::Internal(cause))
}
