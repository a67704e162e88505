//! One concept across regions: which figure of each region is compared, and how it stands to others. Pure; what is read
//! for it is in [`figures`].

mod figures;

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::NaiveDate;
use entity::{
    concept, region,
    value::{Comparator, Direction, Measure, unit},
};
use sea_orm::FromQueryResult;

pub(crate) use figures::{Question, figures};

/// What differs by less than this is the same: values are kept as binary fractions.
const SAME: f64 = 1e-9;

/// What is compared of a figure.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub(crate) struct Figure {
    pub(crate) id: i64,
    pub(crate) region_id: i32,
    pub(crate) name: String,
    pub(crate) year: Option<i32>,
    pub(crate) value: f64,
    pub(crate) value_max: Option<f64>,
    pub(crate) unit: Option<String>,
    pub(crate) comparator: Comparator,
    pub(crate) measure: Measure,
    pub(crate) scope: Option<String>,
    pub(crate) position: i32,
    pub(crate) published_on: Option<NaiveDate>,
}

/// A figure that can be compared.
#[derive(Clone, Debug)]
pub(crate) struct Comparable {
    pub(crate) figure: Figure,
    /// In the concept's unit; of a range, the end that is surely kept.
    pub(crate) value: f64,
}

/// A figure that is not compared.
#[derive(Clone, Debug)]
pub(crate) struct Excluded {
    pub(crate) id: i64,
    pub(crate) region_id: i32,
    year: Option<i32>,
    /// Why, in words.
    pub(crate) reason: String,
}

/// The figures of one region.
#[derive(Default)]
struct OfRegion {
    comparable: Vec<Comparable>,
    others: Vec<Excluded>,
}

/// How one figure stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Against {
    Stricter,
    Equal,
    Looser,
}

/// A concept as what figures are measured by.
pub(crate) struct Yardstick<'a> {
    concept: &'a concept::Model,
    /// All names of the concept.
    names: Vec<&'a str>,
}

impl<'a> Yardstick<'a> {
    /// Of a concept and its aliases.
    pub(crate) fn new(concept: &'a concept::Model, aliases: impl IntoIterator<Item = &'a str>) -> Self {
        Self { concept, names: aliases.into_iter().chain([concept.name_zh.as_str()]).collect() }
    }

    /// What a figure is worth in the concept's unit, or why it cannot be compared.
    fn measure(&self, figure: Figure) -> Result<Comparable, Excluded> {
        let excluded = |reason| Excluded { id: figure.id, region_id: figure.region_id, year: figure.year, reason };
        let counts_new = self.concept.name_zh.starts_with("新增");
        match figure.measure {
            Measure::Level if !counts_new => {}
            Measure::New if counts_new => {}
            Measure::Level => {
                return Err(excluded("it says how many there are to be, not how many are to be added".into()));
            }
            Measure::New => {
                return Err(excluded("it says how many are to be added, not how many there are to be".into()));
            }
            Measure::Increase | Measure::Decrease => {
                return Err(excluded("it is a change by so much, not the level to reach".into()));
            }
            Measure::Rank => return Err(excluded("it is a rank, not a quantity".into())),
        }
        if let Some(scope) = &figure.scope {
            return Err(excluded(format!("it is limited to “{scope}”")));
        }
        let (unit, wanted) = (figure.unit.as_deref(), self.concept.unit.as_deref());
        let Some(factor) = unit::factor(unit, wanted) else {
            let say = |unit: Option<&str>| unit.map_or("without a unit".to_owned(), |unit| format!("in {unit}"));
            return Err(excluded(format!(
                "it is {}, which cannot be compared with figures {}",
                say(unit),
                say(wanted)
            )));
        };
        let kept = match (figure.comparator, self.concept.better) {
            (Comparator::Range, Direction::Lower) => figure.value_max.unwrap_or(figure.value),
            _ => figure.value,
        };
        Ok(Comparable { value: kept * factor, figure })
    }

    /// How far a figure's name is from the concept's own: 农村地区院前急救平均反应时间 is further than 院前急救平均反应时间.
    fn distance(&self, name: &str) -> usize {
        let covered = self.names.iter().filter(|known| name.contains(**known)).map(|known| known.chars().count()).max();
        name.chars().count() - covered.unwrap_or(0)
    }

    /// The figure of each region that is compared, its latest, and those that are not. Of several for one year it is the
    /// one published last, whose name is nearest the concept's, which stands first.
    pub(crate) fn choose(&self, figures: Vec<Figure>) -> (BTreeMap<i32, Comparable>, Vec<Excluded>) {
        let mut regions: BTreeMap<i32, OfRegion> = BTreeMap::new();
        for figure in figures {
            let of_region = regions.entry(figure.region_id).or_default();
            match self.measure(figure) {
                Ok(figure) => of_region.comparable.push(figure),
                Err(excluded) => of_region.others.push(excluded),
            }
        }
        let (mut chosen, mut excluded) = (BTreeMap::new(), Vec::new());
        for (region, OfRegion { mut comparable, others }) in regions {
            comparable.sort_by_cached_key(|it| {
                let Figure { year, published_on, name, position, id, .. } = &it.figure;
                (Reverse(*year), Reverse(*published_on), self.distance(name), *position, *id)
            });
            let mut comparable = comparable.into_iter();
            let Some(best) = comparable.next() else {
                excluded.extend(others);
                continue;
            };
            let year = best.figure.year;
            excluded.extend(others.into_iter().filter(|other| other.year == year));
            let rest = comparable.filter(|other| other.figure.year == year && !is_same(other.value, best.value));
            excluded.extend(rest.map(|other| Excluded {
                id: other.figure.id,
                region_id: region,
                year,
                reason: format!("its region has another figure for it, which is compared: “{}”", best.figure.name),
            }));
            chosen.insert(region, best);
        }
        (chosen, excluded)
    }

    /// Figures from the best to the worst, each with its rank. Where neither way is better, the largest comes first.
    pub(crate) fn ranked<'c>(&self, figures: impl IntoIterator<Item = &'c Comparable>) -> Vec<(i32, &'c Comparable)> {
        let mut figures: Vec<_> = figures.into_iter().collect();
        let ascending = self.concept.better == Direction::Lower;
        figures.sort_by(|a, b| {
            let order = a.value.total_cmp(&b.value);
            let order = if ascending { order } else { order.reverse() };
            order.then(a.figure.region_id.cmp(&b.figure.region_id))
        });
        let mut ranked: Vec<(i32, &Comparable)> = Vec::with_capacity(figures.len());
        for (figure, place) in figures.into_iter().zip(1..) {
            let rank =
                ranked.last().filter(|(_, last)| is_same(last.value, figure.value)).map_or(place, |(rank, _)| *rank);
            ranked.push((rank, figure));
        }
        ranked
    }

    /// How a value stands to another; none where neither way is better and they differ.
    pub(crate) fn against(&self, value: f64, other: f64) -> Option<Against> {
        if is_same(value, other) {
            return Some(Against::Equal);
        }
        match (self.concept.better, value > other) {
            (Direction::Neither, _) => None,
            (Direction::Higher, true) | (Direction::Lower, false) => Some(Against::Stricter),
            (Direction::Higher, false) | (Direction::Lower, true) => Some(Against::Looser),
        }
    }
}

/// The figure of the nearest region above that has one for the same year.
pub(crate) fn above<'c>(of: &Figure, chosen: &'c BTreeMap<i32, Comparable>) -> Option<&'c Comparable> {
    region::ids_above(of.region_id).filter_map(|id| chosen.get(&id)).find(|above| above.figure.year == of.year)
}

/// The difference of two values, without the noise of binary fractions.
pub(crate) fn gap(value: f64, other: f64) -> f64 {
    ((value - other) * 1e9).round() / 1e9
}

fn is_same(a: f64, b: f64) -> bool {
    (a - b).abs() < SAME
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concept(name: &str, unit: Option<&str>, better: Direction) -> concept::Model {
        let (slug, name_zh, name_en) = ("x".to_owned(), name.to_owned(), String::new());
        concept::Model { id: 1, slug, name_zh, name_en, unit: unit.map(str::to_owned), better }
    }

    fn figure(region: i32, value: f64, unit: &str) -> Figure {
        Figure {
            id: i64::from(region),
            region_id: region,
            name: "急救反应时间".to_owned(),
            year: Some(2025),
            value,
            value_max: None,
            unit: Some(unit.to_owned()),
            comparator: Comparator::Le,
            measure: Measure::Level,
            scope: None,
            position: 0,
            published_on: None,
        }
    }

    #[test]
    fn compares_in_the_concepts_unit_and_direction() {
        let concept = concept("急救反应时间", Some("分钟"), Direction::Lower);
        let yardstick = Yardstick::new(&concept, []);
        let mut range = figure(4, 8.0, "分钟");
        (range.comparator, range.value_max) = (Comparator::Range, Some(12.0));
        let figures = vec![figure(1, 0.25, "小时"), figure(2, 11.0, "分钟"), figure(3, 11.0, "分"), range];
        let (chosen, excluded) = yardstick.choose(figures);
        assert!(excluded.is_empty());
        let ranked: Vec<_> =
            yardstick.ranked(chosen.values()).iter().map(|(rank, it)| (*rank, it.value, it.figure.id)).collect();
        assert_eq!(ranked, [(1, 11.0, 2), (1, 11.0, 3), (3, 12.0, 4), (4, 15.0, 1)]);
        assert_eq!(yardstick.against(8.0, 11.0), Some(Against::Stricter));
        assert_eq!(yardstick.against(0.1 + 0.2, 0.3), Some(Against::Equal));
        assert_eq!(gap(82.6, 83.88).to_string(), "-1.28");
    }

    #[test]
    fn says_why_a_figure_is_left_out() {
        let concept = concept("急救反应时间", Some("分钟"), Direction::Lower);
        let yardstick = Yardstick::new(&concept, ["院前急救时间"]);
        let (mut change, mut rank, mut part) = (figure(1, 2.0, "分钟"), figure(2, 1.0, "分钟"), figure(3, 9.0, "分钟"));
        change.measure = Measure::Decrease;
        rank.measure = Measure::Rank;
        part.scope = Some("农村".to_owned());
        let (chosen, excluded) = yardstick.choose(vec![change, rank, part, figure(4, 9.0, "%")]);
        assert!(chosen.is_empty());
        let reasons: Vec<_> = excluded.iter().map(|excluded| excluded.reason.as_str()).collect();
        for (reason, word) in reasons.iter().zip(["change", "rank", "limited to “农村”", "it is in %"]) {
            assert!(reason.contains(word), "{reason}");
        }
        let mut new = figure(1, 3.0, "台");
        new.measure = Measure::New;
        let counted = super::tests::concept("新增除颤器", Some("台"), Direction::Higher);
        let (chosen, excluded) = Yardstick::new(&counted, []).choose(vec![new, figure(2, 9.0, "台")]);
        assert_eq!((chosen.len(), excluded[0].region_id), (1, 2));
    }

    #[test]
    fn of_several_figures_of_a_region_one_is_compared() {
        let concept = concept("急救反应时间", Some("分钟"), Direction::Lower);
        let yardstick = Yardstick::new(&concept, []);
        let (mut old, mut rural, mut early) =
            (figure(1, 14.0, "分钟"), figure(1, 12.0, "分钟"), figure(1, 13.0, "分钟"));
        (old.id, old.year) = (10, Some(2024));
        (rural.id, rural.name) = (11, "农村地区急救反应时间".to_owned());
        (early.id, early.published_on) = (12, NaiveDate::from_ymd_opt(2024, 1, 1));
        let mut late = figure(1, 11.0, "分钟");
        (late.id, late.published_on, rural.published_on) =
            (13, NaiveDate::from_ymd_opt(2025, 1, 1), NaiveDate::from_ymd_opt(2025, 1, 1));
        let (chosen, excluded) = yardstick.choose(vec![old, rural, early, late]);
        assert_eq!(chosen[&1].figure.id, 13);
        assert_eq!(excluded.iter().map(|it| it.id).collect::<Vec<_>>(), [11, 12], "of an earlier year is no question");
        assert!(excluded[0].reason.contains("急救反应时间"));
    }
}
