//! The types of the graph, a file each or a few that belong together.

mod change;
mod citation;
mod comparison;
mod concept;
mod correction;
mod extraction;
mod indicator;
mod plan;
mod programme;
mod provenance;
mod region;
mod relation;
mod search;
mod section;
mod source;
mod stats;

pub(crate) use self::{
    change::Change,
    citation::Citation,
    comparison::{Choice, Comparison, compare},
    concept::{Concept, in_regions as concepts_in_regions, speaking_of as concepts_speaking_of},
    correction::Correction,
    extraction::{ExtractInput, Extraction, extract},
    indicator::{Indicator, listing as indicators},
    plan::Plan,
    programme::{
        Programme, counted as programmes_counted, in_regions as programmes_in_regions,
        speaking_of as programmes_speaking_of,
    },
    provenance::{PlanVersion, Provenance},
    region::Region,
    relation::Relation,
    search::{SearchConnection, search},
    section::{GlossaryTerm, Section, Span},
    source::{CrawlRun, Source},
    stats::{IndicatorGroup, IndicatorGroupKey, stats},
};
