//! The tables, a module each.

pub mod change;
pub mod concept;
pub mod concept_alias;
pub mod crawl_run;
pub mod failure;
pub mod glossary_term;
pub mod harvest;
pub mod hold;
pub mod host;
pub mod indicator;
pub mod listing;
pub mod notification;
pub mod page;
pub mod page_file;
pub mod plan;
pub mod plan_version;
pub mod plan_version_snapshot;
pub mod region;
pub mod region_alias;
pub mod region_successor;
pub mod robots;
pub mod search_entry;
pub mod section;
pub mod section_responsible;
pub mod snapshot;
pub mod source;
