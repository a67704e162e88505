//! What can go wrong with a query, and how it is told.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Value};
use sea_orm::DbErr;

/// Why a field has no answer. Each kind has a code, given as `extensions.code` of the GraphQL error.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A cursor that this list did not give out.
    #[error(
        "“{cursor}” is no cursor of this list in this order: take one from `edges` or `pageInfo` of the same list, or leave it out to start at the first page"
    )]
    BadCursor {
        /// As it came.
        cursor: String,
    },
    /// `first` or `last` out of bounds.
    #[error(
        "`{argument}: {given}` is out of bounds: a page holds 0 to {limit} entries; ask for the next page with `after`"
    )]
    BadPageSize {
        /// `first` or `last`.
        argument: &'static str,
        /// As it came.
        given: i32,
        /// The most a page may hold.
        limit: u32,
    },
    /// Both directions at once.
    #[error(
        "`first` and `last` cannot be given together: `first` pages forwards, `last` backwards, each with at most {limit} entries"
    )]
    BothDirections {
        /// The most a page may hold.
        limit: u32,
    },
    /// An id that is none of this API's, or of another type than the argument takes.
    #[error("“{id}” is not {wanted}: ids are opaque and come from the field `id`")]
    BadId {
        /// As it came.
        id: String,
        /// What was asked for, with its article: `the id of a Plan`.
        wanted: String,
    },
    /// A region that is not in the table of divisions.
    #[error("no region is called “{name}” or has it as its code{}", suggest(.near))]
    UnknownRegion {
        /// As it came.
        name: String,
        /// Names that begin alike.
        near: Vec<String>,
    },
    /// A name that several regions of the same rank share.
    #[error("several regions are called “{name}”: give the code of one of {}", .codes.join(", "))]
    AmbiguousRegion {
        /// As it came.
        name: String,
        /// Code and name of each.
        codes: Vec<String>,
    },
    /// A concept that is not in the catalogue.
    #[error("no concept has “{name}” as its slug, name or alias: the query `concepts` lists them")]
    UnknownConcept {
        /// As it came.
        name: String,
    },
    /// A source that no declaration names.
    #[error("no source has the slug “{slug}”: the query `sources` lists them")]
    UnknownSource {
        /// As it came.
        slug: String,
    },
    /// A mutation without a token.
    #[error(
        "without a token everything can be read and nothing changed: send `Authorization: Bearer TOKEN`, over a WebSocket in the payload of `connection_init`; whoever runs the server makes one with `plangraph token create NAME`"
    )]
    NoToken,
    /// A token that is none, or none any more.
    #[error("the token is not known or was revoked; `plangraph token create NAME` makes another")]
    BadToken,
    /// A mutation by another method than POST.
    #[error("a mutation changes things, and a GET must not: send it by POST")]
    MutationByGet,
    /// A file that is none of those to take away.
    #[error(
        "there is no file “{file}”: plans, indicators, sections and relations can be taken away, as .csv, .jsonl or .parquet; dictionary.md says what is in them"
    )]
    UnknownExport {
        /// As it came.
        file: String,
    },
    /// An argument whose value cannot be worked with; says why.
    #[error("{0}")]
    BadInput(String),
    /// The database did not answer. What it said is in the log only.
    #[error("the data could not be read; the server's log says why")]
    Database(Arc<DbErr>),
    /// A fault of the program. What it was is in the log only.
    #[error("the answer could not be worked out; the server's log says why")]
    Internal(String),
}

fn suggest(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) }
}

impl Error {
    /// The code that programs can act on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadCursor { .. } => "BAD_CURSOR",
            Self::BadPageSize { .. } | Self::BothDirections { .. } => "BAD_PAGE_SIZE",
            Self::BadId { .. } => "BAD_ID",
            Self::UnknownRegion { .. } => "UNKNOWN_REGION",
            Self::AmbiguousRegion { .. } => "AMBIGUOUS_REGION",
            Self::UnknownConcept { .. } => "UNKNOWN_CONCEPT",
            Self::UnknownSource { .. } => "UNKNOWN_SOURCE",
            Self::NoToken | Self::BadToken => "UNAUTHENTICATED",
            Self::MutationByGet => "METHOD_NOT_ALLOWED",
            Self::UnknownExport { .. } => "NOT_FOUND",
            Self::BadInput(_) => "BAD_INPUT",
            Self::Database(_) | Self::Internal(_) => "INTERNAL",
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        match &error {
            Error::Database(cause) => tracing::error!(%cause, "the database did not answer a query"),
            Error::Internal(cause) => tracing::error!(cause, "a query could not be answered"),
            _ => {}
        }
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", Value::from(error.code()));
        Self { message: error.to_string(), source: None, extensions: Some(extensions) }
    }
}
