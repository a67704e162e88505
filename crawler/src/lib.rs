//! From a source to rows: finds what health authorities publish, fetches it politely, keeps it, has it read by the crate
//! `extract`, and stores what was read.
//!
//! # Layout
//!
//! One step of the way of the data a module, in the order of the way:
//!
//! - [`source`]: declarations of sources, a TOML file each.
//! - `frontier`: which pages there are, which are due, and which worker has them.
//! - [`fetch`]: HTTP with manners: robots.txt, a pace per host, conditional requests, limits.
//! - [`snapshot`]: bodies as they came, kept by their SHA-256.
//! - [`decode`]: bytes into text, whatever the page says of its charset.
//! - [`document`]: files of any kind into articles, those that programs write in a process of its own.
//! - [`discover`]: list pages into links to articles, an adapter a publishing system.
//! - `article`: a body into an article, its pages joined.
//! - `attachment`: files beside a page that may hold its plan.
//! - [`impostor`]: answers that stand where a page should: challenges, block pages, pages that say there is none.
//! - `reading`: a body into plans.
//! - `gazetteer`: what the database knows of regions and concepts, for the extractor.
//! - `store`: what was read into rows, a page a transaction.
//! - [`reextract`]: what is kept, read again by new rules.
//! - [`mod@relate`]: stored plans into relations: which are copies of which.
//! - [`run`]: one crawl of some sources, with its summary.
//! - [`health`]: how each source does, and what is held back of it.
//! - [`webhook`]: word of changes in health to the operator.
//! - [`candidates`]: names that recur in several regions and that the catalogue of concepts lacks.
//! - [`doctor`]: what a site would give, without storing it.
//! - [`schedule`]: when to crawl.
//! - [`backup`]: a copy of what is stored, and the way back. [`retention`]: old bodies, dropped.
//! - [`tls`]: what encrypts connections.
//! - [`metrics`]: what was crawled and what waits, in numbers.
//! - [`progress`]: what somebody who waits for a crawl sees.
//!
//! The program calls [`crawl`] for a crawl now and [`schedule::serve`] for crawls at their times.

mod article;
mod attachment;
pub mod backup;
pub mod candidates;
mod db;
pub mod decode;
pub mod discover;
pub mod doctor;
pub mod document;
mod error;
pub mod fetch;
mod frontier;
mod gazetteer;
pub mod health;
pub mod impostor;
pub mod metrics;
pub mod progress;
mod reading;
pub mod reextract;
pub mod relate;
pub mod retention;
pub mod run;
pub mod schedule;
pub mod snapshot;
pub mod source;
mod stop;
mod store;
pub mod tls;
pub mod webhook;

pub use error::Error;
pub use run::{Options, Outcome, SourceSummary, Summary, crawl};
pub use snapshot::Snapshots;
pub use source::{Source, Sources};
pub use stop::Stop;
