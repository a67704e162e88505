//! What came of a crawl.

use entity::value::{Health, RunStatus};

/// What came of a crawl.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Of each source, in the order asked for.
    pub sources: Vec<SourceSummary>,
}

/// What came of the crawl of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSummary {
    /// The source.
    pub slug: String,
    /// Row id of the run.
    pub run_id: i64,
    /// How it ended.
    pub status: RunStatus,
    /// How the source does.
    pub health: Health,
    /// Why the health is not OK.
    pub problem: Option<String>,
    /// Pages whose body came.
    pub fetched: u32,
    /// Pages that had not changed.
    pub unchanged: u32,
    /// Plans written or changed.
    pub stored: u32,
    /// Figures left out because the text at their place does not read as their value: a fault of the rules.
    pub dropped: u32,
    /// Pages that could not be read.
    pub failed: u32,
    /// Pages that are held back, because less can be read in them now than is published.
    pub held: u32,
    /// Current plans of the source.
    pub plans: u64,
    /// Current figures of the source.
    pub indicators: u64,
}

/// How a crawl went as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every page was read, and every source gave what it should.
    Complete,
    /// Something went wrong, something went right.
    Partial,
    /// No source gave anything.
    Nothing,
}

impl Summary {
    /// How it went as a whole.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let well = |s: &SourceSummary| s.status == RunStatus::Succeeded && s.health == Health::Ok;
        if self.sources.iter().all(well) {
            Outcome::Complete
        } else if self.sources.iter().all(|s| s.status == RunStatus::Failed) {
            Outcome::Nothing
        } else {
            Outcome::Partial
        }
    }
}
