//! Reads plans: text in, structure and figures out. Pure: no I/O, no async, no database.
//!
//! # Layout
//!
//! One step of the way of the data a module, in the order in which a document passes through them:
//!
//! - [`article`]: what stands on a page: title, metadata, blocks in order. [`html`] and [`plain`] make one; `metadata`
//!   knows the labels and dates of both, `furniture` what stands around a text.
//! - [`grid`]: the cells of any document into its tables.
//! - [`triage`]: whether an article holds a plan at all.
//! - [`files`]: which of a page's files may hold its plan, and a page and its files as one article.
//! - `split`: one article into the parts that are plans, where a page holds many regions; `title`: what a title tells.
//! - `structure`: the text of a plan into its tree of sections.
//! - `glossary`: the explanations of terms behind a plan.
//! - `measure`: sections into figures, each with its sentence; [`explain`]: why each number was read as it was.
//! - [`citation`], [`programme`] and `place`: the documents, the initiatives and the other regions that a plan names;
//!   `mention`: where it does.
//! - [`concept`] and [`region`]: names into the shared catalogue and the administrative divisions.
//! - [`plan`]: what comes out.
//! - [`text`]: widths, offsets and sentences, which all of them need.
//!
//! [`Reader`] runs all of it.

pub mod article;
pub mod citation;
pub mod concept;
pub mod files;
mod furniture;
mod glossary;
pub mod grid;
pub mod html;
mod measure;
mod mention;
mod metadata;
mod place;
pub mod plain;
pub mod plan;
pub mod programme;
mod reader;
pub mod region;
mod split;
mod spoken;
mod structure;
pub mod text;
mod title;
pub mod triage;

pub use article::Article;
pub use measure::explain;
pub use plan::{Indicator, Mention, MentionKind, Plan, Section, Term};
pub use reader::{Context, Reader};

/// Which rules read a plan. It goes up with every change that could read a text differently, and is kept with all
/// that was read, so that a change of the rules is never taken for a change by the publisher.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+8");
