//! How sure the rules are of a figure.

use entity::value::Role;

use super::{
    quantity::Quantity,
    rules::{Reading, Rule},
    unit::Kind,
};

/// For a figure of a table: whether the table itself tells all of it, its unit and its year too.
pub(super) const fn in_table(told: bool) -> f64 {
    if told { 0.95 } else { 0.85 }
}

/// A number from 0 to 1: what share of figures read in this way are right in all their parts.
///
/// Against the 165 figures that a reader wrote down from three plans, `tests/figures.rs`:
///
/// | confidence | figures | right in all parts |
/// | --- | --- | --- |
/// | 0.9 and more | 147 | 146 |
/// | 0.8 to 0.9 | 11 | 10 |
/// | below 0.8 | 7 | 7 |
///
/// The construction sets it, since some leave less open than others; then every sign of a doubtful reading takes off a
/// part of what is left: a name too short to tell anything or as long as a clause, a numeral that may be a word, an
/// actual without a year.
pub(super) fn of(reading: &Reading, quantity: &Quantity, role: Role, year: Option<i32>) -> f64 {
    let base = match reading.rule {
        Rule::Predicate => 0.97,
        Rule::Apposed => 0.96,
        Rule::Counting | Rule::ShareOf => 0.94,
        Rule::Coordinated => 0.93,
        Rule::Ranked => 0.85,
        Rule::Served => 0.8,
        Rule::Elided => 0.75,
    };
    let length = reading.name.chars().count();
    let doubts = [
        (length < 3, 0.75),
        (length > 32, 0.85),
        (reading.name.contains([',', ';', ':']), 0.6),
        (quantity.chinese && quantity.kind == Kind::Count, 0.9),
        (quantity.kind == Kind::Bare && quantity.unit.is_none() && quantity.value >= 1e4, 0.85),
        (role == Role::Actual && year.is_none(), 0.9),
        (reading.from, 0.9),
    ];
    doubts.iter().filter(|(doubtful, _)| *doubtful).fold(base, |sure, (_, factor)| sure * factor)
}
