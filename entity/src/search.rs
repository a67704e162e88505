//! Full-text search over plans, sections and figures: how a text is cut, what a query means, and the index in the
//! database. The crawler writes the index and the API reads it; both cut texts here, so that they agree, and both
//! databases are given what was cut and cut nothing themselves.
//!
//! - `text`: a text as [`Unit`]s: one Chinese character, one word of letters, or one number.
//! - `query`: a [`Query`], and what it finds in a text.
//! - `terms`: units as the terms of SQLite's FTS5 and of PostgreSQL's `tsvector`: overlapping pairs of characters.
//! - `index`: the index of a plan, only with the feature `orm`.

#[cfg(feature = "orm")]
mod index;
mod query;
#[cfg(feature = "orm")]
mod terms;
mod text;

#[cfg(feature = "orm")]
pub use index::{Document, index, latest, matching, missing, remove};
pub use query::{BadQuery, Match, Phrase, Query};
pub use text::{Unit, What, units};
