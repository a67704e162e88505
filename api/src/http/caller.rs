//! Who asks, by the header `Authorization`.

use async_graphql::Request;
use axum::{
    extract::FromRequestParts,
    http::{
        HeaderValue, StatusCode,
        header::{AUTHORIZATION, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::Response,
};

use super::{accept::Media, failed};
use crate::{Api, Error, token::Holder};

/// Somebody with a token, or anybody.
#[derive(Clone, Debug, Default)]
pub(super) struct Caller(pub(super) Option<Holder>);

impl Caller {
    /// The request of this caller.
    pub(super) fn asking(self, request: Request) -> Request {
        match self.0 {
            Some(holder) => request.data(holder),
            None => request,
        }
    }

    /// Who comes with this header.
    pub(super) async fn with(api: &Api, authorization: &str) -> Result<Self, Error> {
        Holder::of(api.db(), authorization).await.map(Self)
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Response> {
        let Some(header) = parts.headers.get(AUTHORIZATION) else { return Ok(Self::default()) };
        // What is no text is no token that was ever made.
        let caller = Self::with(api, header.to_str().unwrap_or("Bearer")).await;
        caller.map_err(|error| {
            let media = Media::wanted(&parts.headers).unwrap_or(Media::Json);
            let status =
                if let Error::BadToken = error { StatusCode::UNAUTHORIZED } else { StatusCode::SERVICE_UNAVAILABLE };
            let mut response = failed(media, status, error);
            if status == StatusCode::UNAUTHORIZED {
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            }
            response
        })
    }
}
