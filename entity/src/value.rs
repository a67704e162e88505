//! Value types that the extractor writes, the database keeps and the API shows.

mod region_code;
pub mod unit;
mod vocabulary;

pub use region_code::{BadRegionCode, RegionCode};
pub use vocabulary::{
    ChangeKind, Comparator, Direction, Health, Measure, Obligation, PageKind, PageState, PlanKind, RegionLevel,
    RegionRole, RelationKind, Role, RunStage, RunStatus, SearchKind, SectionKind,
};

use serde::{Deserialize, Serialize};

/// The years a plan is for, both ends included: 2025–2025 for an annual plan, 2021–2025 for the 14th five-year plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First year.
    pub start_year: i32,
    /// Last year, not before the first.
    pub end_year: i32,
}

impl Period {
    /// The period of one year.
    #[must_use]
    pub const fn year(year: i32) -> Self {
        Self { start_year: year, end_year: year }
    }
}

/// A stretch of a plan's text, in Unicode code points; the end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}
