//! What is known before the first crawl: administrative divisions and shared concepts.

mod concepts;
mod regions;

pub use concepts::{ConceptRecord, concepts};
pub use regions::{RegionRecord, chained, regions, short_name};
