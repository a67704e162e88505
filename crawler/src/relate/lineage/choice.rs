//! Which of several plans is the parent of one, and which its forerunner.

use std::collections::HashSet;

use entity::{
    region,
    value::{PlanKind, RelationKind},
};
use extract::text::half_width;
use sea_orm::{FromQueryResult, prelude::Date};

use crate::relate::upkeep::{Holding, Side};

/// What is asked of a plan here.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Place {
    pub(super) id: i64,
    pub(super) region_id: i32,
    pub(super) kind: PlanKind,
    pub(super) title: String,
    pub(super) start_year: i32,
    pub(super) end_year: i32,
    pub(super) published_on: Option<Date>,
}

/// The plan of the nearest region above that has one for an overlapping period: best of the same kind, and of the same
/// years.
pub(super) fn parent(child: &Place, others: &[Place]) -> Option<Holding> {
    let of = |id| others.iter().filter(move |other: &&Place| other.region_id == id && child.shares_years(other) > 0);
    let above = region::ids_above(child.region_id).find(|id| of(*id).next().is_some())?;
    let best = of(above).max_by_key(|other| {
        let apart = child.years(other) - child.shares_years(other);
        (other.kind == child.kind, child.field() == other.field(), -apart, other.published_on, -other.id)
    })?;
    let score = f64::from(child.shares_years(best)) / f64::from(child.years(best));
    let evidence = format!("{}; {}", best.described(), child.described());
    Some(child.leads_to(best, RelationKind::ParentPlan, score, evidence))
}

/// The plan of the same region, kind and field for the years right before.
pub(super) fn forerunner(child: &Place, others: &[Place]) -> Option<Holding> {
    let is_before = |other: &&Place| {
        other.region_id == child.region_id
            && other.kind == child.kind
            && other.end_year + 1 == child.start_year
            && other.field() == child.field()
    };
    let alike = |other: &Place| alike(&child.title, &other.title);
    let best = others.iter().filter(is_before).max_by(|one, other| {
        alike(one).total_cmp(&alike(other)).then((one.published_on, -one.id).cmp(&(other.published_on, -other.id)))
    })?;
    let evidence = format!("{}; {}", best.described(), child.described());
    // Titles that differ do not make it doubtful that one plan follows the other.
    Some(child.leads_to(best, RelationKind::Succeeds, f64::midpoint(1.0, alike(best)), evidence))
}

/// Fields of work that have plans of their own beside the general one.
const FIELDS: [&str; 16] = [
    "中医",
    "疾控",
    "疾病预防",
    "老龄",
    "妇幼",
    "医政",
    "职业健康",
    "基层",
    "党建",
    "法治",
    "普法",
    "信息化",
    "爱国卫生",
    "监督",
    "人才",
    "托育",
];

impl Place {
    fn leads_to(&self, other: &Self, kind: RelationKind, score: f64, evidence: String) -> Holding {
        let side = |place: &Self| Side { region: place.region_id, plan: Some(place.id), section: None };
        let (from, to) = (side(self), side(other));
        Holding { kind, from, to, programme: None, citation: None, role: None, score, evidence }
    }

    /// How many years two plans are both for.
    fn shares_years(&self, other: &Self) -> i32 {
        (self.end_year.min(other.end_year) - self.start_year.max(other.start_year) + 1).max(0)
    }

    /// How many years one of two plans is for, from the first to the last.
    fn years(&self, other: &Self) -> i32 {
        self.end_year.max(other.end_year) - self.start_year.min(other.start_year) + 1
    }

    /// The fields that its title names.
    fn field(&self) -> HashSet<&'static str> {
        FIELDS.iter().copied().filter(|field| self.title.contains(field)).collect()
    }

    /// Title and years.
    fn described(&self) -> String {
        let Self { title, start_year, end_year, .. } = self;
        if start_year == end_year {
            format!("{title} ({start_year})")
        } else {
            format!("{title} ({start_year}–{end_year})")
        }
    }
}

/// What two titles have in common beside numbers, in pairs of characters (Dice, 1945), from 0 to 1.
fn alike(one: &str, other: &str) -> f64 {
    let pairs = |title: &str| -> HashSet<[char; 2]> {
        let is_number = |c: &char| "一二三四五六七八九十".contains(*c) || c.is_ascii_digit();
        let letters: Vec<char> =
            title.chars().map(half_width).filter(|c| c.is_alphanumeric() && !is_number(c)).collect();
        letters.windows(2).map(|pair| [pair[0], pair[1]]).collect()
    };
    let (one, other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    if all == 0 { 1.0 } else { 2.0 * one.intersection(&other).count() as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: i64, region_id: i32, title: &str, (start_year, end_year): (i32, i32)) -> Place {
        let kind = if start_year == end_year { PlanKind::AnnualPlan } else { PlanKind::FiveYearPlan };
        Place { id, region_id, kind, title: title.to_owned(), start_year, end_year, published_on: None }
    }

    fn to(holding: Option<Holding>) -> Option<i64> {
        holding.and_then(|holding| holding.to.plan)
    }

    #[test]
    fn a_parent_is_the_nearest_above_and_best_of_the_same_kind_and_years() {
        let child = place(1, 3_305_210, "德清县要点", (2031, 2031));
        let city = place(2, 3_305_000, "湖州市要点", (2030, 2030));
        let long = place(3, 3_300_000, "浙江省规划", (2031, 2035));
        let province = place(4, 3_300_000, "浙江省要点", (2031, 2031));
        let country = place(5, 0, "全国要点", (2031, 2031));
        let other = place(6, 3_200_000, "江苏省要点", (2031, 2031));
        let all = [city.clone(), long.clone(), province, country.clone(), other.clone()];
        assert_eq!(to(parent(&child, &all)), Some(4), "the city's is for another year");
        let found = parent(&child, &[long, country.clone()]).unwrap();
        assert_eq!((found.to.plan, found.score), (Some(3), 0.2));
        assert_eq!(to(parent(&child, &[country, other.clone()])), Some(5));
        assert_eq!(to(parent(&child, &[city, other])), None);
    }

    #[test]
    fn a_forerunner_is_of_the_same_kind_and_field_for_the_years_before() {
        let child = place(1, 3_305_000, "2031年湖州市卫生健康工作要点", (2031, 2031));
        let same = place(2, 3_305_000, "2030年湖州市卫生健康工作要点", (2030, 2030));
        let field = place(3, 3_305_000, "2030年湖州市中医药工作要点", (2030, 2030));
        let older = place(4, 3_305_000, "2029年湖州市卫生健康工作要点", (2029, 2029));
        let long = place(5, 3_305_000, "湖州市卫生健康规划", (2026, 2030));
        let all = [field, same, older, long.clone()];
        let found = forerunner(&child, &all).unwrap();
        assert_eq!((found.to.plan, found.score), (Some(2), 1.0));
        assert_eq!(to(forerunner(&place(6, 3_305_000, "湖州市规划", (2031, 2035)), &all)), Some(5));
        assert_eq!(to(forerunner(&child, &[long])), None);
    }
}
