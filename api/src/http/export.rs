//! Whole tables as files.

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};

use super::{accept::Media, failed};
use crate::{Api, Error, export};

/// The name under which the dictionary of all columns is found.
const DICTIONARY: &str = "dictionary.md";

/// A file by its name; parameters choose the rows.
pub(super) async fn file(
    State(api): State<Api>,
    Path(name): Path<String>,
    parameters: Result<Query<Vec<(String, String)>>, axum::extract::rejection::QueryRejection>,
) -> Response {
    if name == DICTIONARY {
        return ([(CONTENT_TYPE, "text/markdown; charset=utf-8")], export::dictionary()).into_response();
    }
    let wanted: export::Export = match name.parse() {
        Ok(wanted) => wanted,
        Err(error) => return failed(Media::Json, StatusCode::NOT_FOUND, error),
    };
    let parameters = match parameters {
        Ok(Query(parameters)) => parameters,
        Err(error) => {
            let error = Error::BadInput(format!("the parameters cannot be read: {error}"));
            return failed(Media::Json, StatusCode::BAD_REQUEST, error);
        }
    };
    match api.export(wanted, &parameters).await {
        Ok(bytes) => {
            let head = [
                (CONTENT_TYPE, wanted.format.media_type().to_owned()),
                (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            ];
            (head, Body::from_stream(bytes)).into_response()
        }
        Err(error) => {
            let status = match error {
                Error::Database(_) | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            };
            failed(Media::Json, status, error)
        }
    }
}
