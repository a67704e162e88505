//! What is no GraphQL request, and how a client is told.

use async_graphql::{Response as Answer, ServerError};
use axum::{http::StatusCode, response::Response};

use super::{MAX_BATCH, MAX_REQUEST, Told, accept::Media, json};

/// Why a request is refused before it is looked at.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(
        "answers come as application/graphql-response+json or application/json, and the header `Accept` takes neither"
    )]
    NotAcceptable,
    #[error("a query is posted with `Content-Type: application/json`: {{\"query\": \"{{ plans {{ totalCount }} }}\"}}")]
    NotJson,
    #[error("a request has at most {MAX_REQUEST} bytes, and this one has more: ask in several requests")]
    TooLarge,
    #[error("a request holds 1 to {MAX_BATCH} queries, and this one {given}: ask in several requests")]
    Batch { given: usize },
    #[error(
        "the query is missing: {{\"query\": \"{{ plans {{ totalCount }} }}\"}} by POST, /graphql?query={{plans{{totalCount}}}} by GET"
    )]
    NoQuery,
    #[error("the request cannot be read: {0}")]
    Unreadable(String),
}

impl Refusal {
    const fn code(&self) -> &'static str {
        match self {
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::NotJson => "UNSUPPORTED_MEDIA_TYPE",
            Self::TooLarge => "REQUEST_TOO_LARGE",
            Self::Batch { .. } => "BATCH_TOO_LARGE",
            Self::NoQuery | Self::Unreadable(_) => "BAD_REQUEST",
        }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Batch { .. } | Self::NoQuery | Self::Unreadable(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// Tells the client.
    pub(super) fn answer(&self, media: Media) -> Response {
        let mut error = ServerError::new(self.to_string(), None);
        error.extensions.get_or_insert_default().set("code", self.code());
        json(media, self.status(), &Told::from(&Answer::from_errors(vec![error])))
    }
}
