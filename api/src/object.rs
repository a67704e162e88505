//! The types of the graph, a file each or a few that belong together.

mod change;
mod comparison;
mod concept;
mod correction;
mod extraction;
mod indicator;
mod plan;
mod provenance;
mod region;
mod relation;
mod search;
mod section;
mod source;
mod stats;

pub(crate) use self::{
    change::Change,
    comparison::{Choice, Comparison, compare},
    concept::{Concept, in_regions as concepts_in_regions, speaking_of as concepts_speaking_of},
    correction::Correction,
    extraction::{ExtractInput, Extraction, extract},
    indicator::{Indicator, listing as indicators},
    plan::Plan,
    provenance::{PlanVersion, Provenance},
    region::Region,
    relation::Relation,
    search::{SearchConnection, search},
    section::{GlossaryTerm, Section, Span},
    source::{CrawlRun, Source},
    stats::{IndicatorGroup, IndicatorGroupKey, stats},
};
