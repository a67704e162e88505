//! What plangraph keeps: the value types that every room shares, the reference data that is known before the first
//! crawl, and, with the feature `orm`, one sea-orm entity a table.
//!
//! - [`mod@value`]: `RegionCode`, `Comparator`, `Measure`, `Role`, `Period`, `Span` …: plain types without a database.
//! - [`mod@reference`]: the built-in administrative divisions and the catalogue of shared concepts.
//! - [`search`]: how texts are cut for full-text search, and its index.
//! - [`past`]: what plans and figures were before; [`writing`]: how rows are written. Only with the feature `orm`.
//! - the entities (`plan`, `section`, `indicator` …): a module a table, only with the feature `orm`.
//!
//! The extractor needs the first two and no database, so it takes this crate without `orm`.

pub mod reference;
pub mod search;
pub mod value;

#[cfg(feature = "orm")]
pub mod past;
#[cfg(feature = "orm")]
mod tables;
#[cfg(feature = "orm")]
pub use tables::*;
#[cfg(feature = "orm")]
pub mod writing;
