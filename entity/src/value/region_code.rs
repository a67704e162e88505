//! Codes of administrative divisions.

use std::{fmt, ops::RangeInclusive, str::FromStr};

use serde::{Deserialize, Serialize};

use super::RegionLevel;

/// A six-digit code of GB/T 2260: two digits for the province, two for the prefecture, two for the county.
///
/// `000000` stands for the country, and `660000` for the Xinjiang Production and Construction Corps, which has the rank
/// of a province but no code in the standard.
///
/// ```
/// use entity::value::{RegionCode, RegionLevel};
/// let zhonglou: RegionCode = "320404".parse()?;
/// assert_eq!(zhonglou.level(), RegionLevel::County);
/// assert!("320000".parse::<RegionCode>()?.contains(zhonglou));
/// # Ok::<(), entity::value::BadRegionCode>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(u32);

/// A text that is no code of six digits.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is not a region code: six digits are needed, as in 330500")]
pub struct BadRegionCode(String);

impl RegionCode {
    /// The country as a whole.
    pub const COUNTRY: Self = Self(0);
    /// The Xinjiang Production and Construction Corps (新疆生产建设兵团).
    pub const XPCC: Self = Self(660_000);

    /// The code with this number; none from 1,000,000 on.
    #[must_use]
    pub const fn from_number(number: u32) -> Option<Self> {
        if number < 1_000_000 { Some(Self(number)) } else { None }
    }

    /// The code as a number below 1,000,000.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The level that the digits tell.
    #[must_use]
    pub const fn level(self) -> RegionLevel {
        match (self.0 / 10_000, self.0 / 100 % 100, self.0 % 100) {
            (0, _, _) => RegionLevel::Country,
            (_, 0, 0) => RegionLevel::Province,
            (_, _, 0) => RegionLevel::Prefecture,
            _ => RegionLevel::County,
        }
    }

    /// The codes of this region and of everything below it.
    #[must_use]
    pub const fn within(self) -> RangeInclusive<u32> {
        match self.level() {
            RegionLevel::Country => 0..=999_999,
            RegionLevel::Province => self.0..=self.0 + 9_999,
            RegionLevel::Prefecture => self.0..=self.0 + 99,
            RegionLevel::County | RegionLevel::Other => self.0..=self.0,
        }
    }

    /// Whether `other` is this region or lies below it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.within().contains(&other.0)
    }

    /// The codes above this one, nearest first, the country last. A county that a province governs directly
    /// (`429004`, `500228`) still has a prefecture's code here, which then belongs to no region.
    pub fn above(self) -> impl Iterator<Item = Self> {
        [self.0 / 100 * 100, self.0 / 10_000 * 10_000, 0]
            .into_iter()
            .scan(self.0, |last, code| Some((std::mem::replace(last, code) != code).then_some(Self(code))))
            .flatten()
    }
}

impl FromStr for RegionCode {
    type Err = BadRegionCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
            text.parse().map(Self).map_err(|_| BadRegionCode(text.to_owned()))
        } else {
            Err(BadRegionCode(text.to_owned()))
        }
    }
}

impl TryFrom<String> for RegionCode {
    type Error = BadRegionCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        text.parse().unwrap()
    }

    #[test]
    fn reads_six_digits_and_nothing_else() {
        assert_eq!(code("330500").to_string(), "330500");
        assert_eq!(code("000000"), RegionCode::COUNTRY);
        for bad in ["", "3305", "33050０", "33o500", "3305001", "+33050"] {
            assert!(bad.parse::<RegionCode>().unwrap_err().to_string().contains(bad));
        }
    }

    #[test]
    fn knows_what_lies_above() {
        let above = |text| code(text).above().map(|c| c.to_string()).collect::<Vec<_>>();
        assert_eq!(above("320404"), ["320400", "320000", "000000"]);
        assert_eq!(above("320400"), ["320000", "000000"]);
        assert_eq!(above("320000"), ["000000"]);
        assert!(above("000000").is_empty());
    }

    #[test]
    fn contains_what_stands_below() {
        assert!(code("320000").contains(code("320404")));
        assert!(!code("320400").contains(code("320504")));
        assert!(!code("320404").contains(code("320400")));
        assert!(RegionCode::COUNTRY.contains(RegionCode::XPCC));
    }
}
