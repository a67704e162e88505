//! Which new figure stands in the place of which old one.

use std::collections::HashMap;

use entity::{indicator, value::Measure};
use extract::Indicator;

/// What two figures are compared by.
#[derive(Clone, Debug)]
pub(super) struct Figure<'a> {
    name: &'a str,
    measure: Measure,
    role: &'static str,
    year: Option<i32>,
    scope: Option<&'a str>,
    unit: Option<&'a str>,
    /// The sentence with a mark in the place of each number.
    wording: String,
}

impl<'a> Figure<'a> {
    /// A figure as it was read now.
    pub(super) fn read(read: &'a Indicator, sentence: &str) -> Self {
        Self {
            name: &read.name,
            measure: read.measure,
            role: read.role.as_str(),
            year: read.year,
            scope: read.scope.as_deref(),
            unit: read.unit.as_deref(),
            wording: without_numbers(sentence),
        }
    }

    /// A figure of the version before.
    pub(super) fn kept(row: &'a indicator::Model) -> Self {
        Self {
            name: &row.name,
            measure: row.measure,
            role: row.role.as_str(),
            year: row.year,
            scope: row.scope.as_deref(),
            unit: row.unit.as_deref(),
            wording: without_numbers(&row.sentence),
        }
    }

    /// What it has in common with the figure that takes its place, the surest first. Each leaves something out that a
    /// publisher may have changed: nothing but the number, the wording, the name, the year.
    fn keys(&self) -> [String; 4] {
        let Self { name, measure, role, year, scope, unit, wording } = self;
        let measure = measure.as_str();
        [
            format!("{name}\0{measure}\0{role}\0{year:?}\0{scope:?}\0{wording}"),
            format!("{name}\0{measure}\0{role}\0{year:?}\0{scope:?}"),
            format!("{wording}\0{measure}\0{unit:?}"),
            format!("{name}\0{measure}\0{role}\0{scope:?}\0{unit:?}"),
        ]
    }
}

/// For each of the new figures the old one in whose place it stands, both by their index and in reading order. Where it
/// cannot be told which of several it is, none of them is.
pub(super) fn pairs(old: &[Figure<'_>], new: &[Figure<'_>]) -> HashMap<usize, usize> {
    let keys = |figures: &[Figure<'_>]| figures.iter().map(Figure::keys).collect::<Vec<_>>();
    let (old, new) = (keys(old), keys(new));
    let mut taken = vec![false; old.len()];
    let mut pairs = HashMap::new();
    for pass in 0..4 {
        let mut places: HashMap<&str, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for (index, keys) in old.iter().enumerate().filter(|(index, _)| !taken[*index]) {
            places.entry(&keys[pass]).or_default().0.push(index);
        }
        for (index, keys) in new.iter().enumerate().filter(|(index, _)| !pairs.contains_key(index)) {
            places.entry(&keys[pass]).or_default().1.push(index);
        }
        for (before, after) in places.into_values().filter(|(before, after)| before.len() == after.len()) {
            for (before, after) in before.into_iter().zip(after) {
                taken[before] = true;
                pairs.insert(after, before);
            }
        }
    }
    pairs
}

/// A sentence with `#` in the place of each number.
fn without_numbers(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    for c in sentence.chars().map(extract::text::half_width) {
        match c {
            '0'..='9' if text.ends_with('#') => {}
            '0'..='9' => text.push('#'),
            // The point within a number.
            '.' if text.ends_with('#') => {}
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure<'a>(name: &'a str, year: i32, sentence: &str) -> Figure<'a> {
        Figure {
            name,
            measure: Measure::Level,
            role: "target",
            year: Some(year),
            scope: None,
            unit: Some("%"),
            wording: without_numbers(sentence),
        }
    }

    #[test]
    fn a_figure_takes_the_place_of_the_one_it_resembles() {
        let old = [
            figure("覆盖率", 2025, "覆盖率达到90%。"),
            figure("达标率", 2025, "力争达标率80.5%。"),
            figure("普及率", 2025, "普及率达到70%以上。"),
            figure("签约率", 2024, "签约率60%。"),
            figure("接种率", 2025, "接种率95%。"),
        ];
        let new = [
            figure("签约率", 2025, "家庭医生签约率升到65%。"),
            figure("达标率", 2025, "达标率稳定在８２％。"),
            figure("覆盖率", 2025, "覆盖率达到92%。"),
            figure("人群普及率", 2025, "普及率达到75%以上。"),
            figure("随访率", 2025, "随访率50%。"),
        ];
        let mut pairs: Vec<_> = pairs(&old, &new).into_iter().collect();
        pairs.sort_unstable();
        assert_eq!(pairs, [(0, 3), (1, 1), (2, 0), (3, 2)], "the last of each have nothing in common");
    }

    #[test]
    fn figures_that_cannot_be_told_apart_are_left_alone() {
        let old = [figure("覆盖率", 2025, "城区覆盖率90%。"), figure("覆盖率", 2025, "乡村覆盖率80%。")];
        let new = [figure("覆盖率", 2025, "全县覆盖率85%。")];
        assert!(pairs(&old, &new).is_empty());
        let new = [figure("覆盖率", 2025, "乡村覆盖率85%。")];
        assert_eq!(pairs(&old, &new), HashMap::from([(0, 1)]), "but the wording tells");
    }
}
