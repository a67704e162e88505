//! What can go wrong with a query, and how it is told.

use std::{sync::Arc, time::Duration};

use async_graphql::{ErrorExtensionValues, Value};
use sea_orm::{DbErr, RuntimeErr};

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
    #[error("several regions are called “{name}”: give the code of one of {}", .candidates.join(", "))]
    AmbiguousRegion {
        /// As it came.
        name: String,
        /// Code and name of each, with the region it lies in.
        candidates: Vec<String>,
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
    /// More requests than the rate allows.
    #[error(
        "more than {rate} requests a minute came: come again in {} s, as the header Retry-After says, and ask for more at once, for filters take lists and pages hold 100 entries{}",
        seconds(*.wait),
        more(*.token_rate)
    )]
    TooManyRequests {
        /// How many a minute may come.
        rate: u32,
        /// When the next one may.
        wait: Duration,
        /// How many may come with a token, where this one came without.
        token_rate: Option<u32>,
    },
    /// A query that took too long.
    #[error(
        "the query took longer than {}it may: narrow its filter, ask for smaller pages, or leave out totalCount and what is counted over many rows; where a small query takes as long, the database is overloaded or away, which /readyz tells",
        .limit.map(|limit| format!("the {} s that ", limit.as_secs_f64())).unwrap_or_default()
    )]
    TimedOut {
        /// How long it may take, where that is known.
        limit: Option<Duration>,
    },
    /// The hash of a query that was not sent yet. Clients know it by these words.
    #[error("PersistedQueryNotFound")]
    UnknownHash,
    /// The schema is asked for where it is not told.
    #[error(
        "this server does not tell its schema: introspection is off; `plangraph schema` prints it, and whoever runs the server can turn introspection on"
    )]
    IntrospectionOff,
    /// More WebSockets than are talked over at a time.
    #[error("{limit} WebSockets are open, and there may be no more: come again later, or ask by POST")]
    TooManySockets {
        /// How many there may be.
        limit: usize,
    },
    /// More operations at a time over one WebSocket than are answered.
    #[error("{limit} operations are under way over this WebSocket, and there may be no more: end one of them first")]
    TooManyOperations {
        /// How many there may be.
        limit: usize,
    },
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

fn more(token_rate: Option<u32>) -> String {
    token_rate.map_or_else(String::new, |rate| format!("; with a token {rate} a minute are answered"))
}

/// Whole seconds, at least as long.
pub(crate) fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl Error {
    /// The code of a query that took too long.
    pub(crate) const TIMED_OUT: &str = "TIMED_OUT";

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
            Self::TooManyRequests { .. } => "RATE_LIMITED",
            Self::TimedOut { .. } => Self::TIMED_OUT,
            Self::UnknownHash => "PERSISTED_QUERY_NOT_FOUND",
            Self::IntrospectionOff => "INTROSPECTION_OFF",
            Self::TooManySockets { .. } => "TOO_MANY_SOCKETS",
            Self::TooManyOperations { .. } => "TOO_MANY_OPERATIONS",
            Self::UnknownExport { .. } => "NOT_FOUND",
            Self::BadInput(_) => "BAD_INPUT",
            Self::Database(_) | Self::Internal(_) => "INTERNAL",
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if was_broken_off(&error) { Self::TimedOut { limit: None } } else { Self::Database(Arc::new(error)) }
    }
}

/// Whether the database broke a statement off because it took too long: `query_canceled` of PostgreSQL, `SQLITE_INTERRUPT`.
fn was_broken_off(error: &DbErr) -> bool {
    let (DbErr::Query(cause) | DbErr::Exec(cause)) = error else { return false };
    let RuntimeErr::SqlxError(cause) = cause else { return false };
    let code = cause.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("57014" | "9"))
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
