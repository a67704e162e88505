//! Administrative divisions, each under one name for the years in which it had it.

use sea_orm::entity::prelude::*;

use crate::value::{RegionCode, RegionLevel};

/// A division. Its id is [`id`] of its code: ordering by id is ordering by code, and all that lies below a region is a
/// range of ids ([`ids_within`]), so that "this region and all below it" needs no join.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
pub struct Model {
    /// Code times ten, plus a serial that tells former holders of one code apart; 0 is the one in use.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// GB/T 2260 code, six digits.
    pub code: String,
    /// Full official name.
    pub name: String,
    /// Name without the word for its rank.
    pub short_name: String,
    /// Rank.
    pub level: RegionLevel,
    /// The division above it; none for the country.
    pub parent_id: Option<i32>,
    /// First year under this code and name, where known.
    pub since: Option<i32>,
    /// Year in which code or name went out of use; none while in use.
    pub until: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}

/// The id of the `serial`th former holder of a code, or, with serial 0, of the division that has it now.
#[must_use]
pub const fn id(code: RegionCode, serial: u8) -> i32 {
    // Codes are below 1,000,000.
    code.number() as i32 * 10 + serial as i32
}

/// The ids of a region and of all that lies below it, former ones too.
#[must_use]
pub const fn ids_within(code: RegionCode) -> std::ops::RangeInclusive<i32> {
    let codes = code.within();
    *codes.start() as i32 * 10..=*codes.end() as i32 * 10 + 9
}

/// The ids of the regions above one, by what its id says, nearest first and the country last.
pub fn ids_above(of: i32) -> impl Iterator<Item = i32> {
    let code = u32::try_from(of / 10).ok().and_then(RegionCode::from_number);
    code.into_iter().flat_map(RegionCode::above).map(|code| id(code, 0))
}

impl Model {
    /// The code as a value.
    #[must_use]
    pub fn region_code(&self) -> RegionCode {
        // A row's code went in as a RegionCode; the country stands in for a row that somebody spoilt by hand.
        self.code.parse().unwrap_or(RegionCode::COUNTRY)
    }
}
