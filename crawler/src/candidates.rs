//! Names that recur in several regions and that the catalogue of concepts lacks: what it could take in next.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use entity::{indicator, plan, reference::concepts, value::Measure};
use extract::concept::{Catalogue, Unknown};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
};

use crate::{Error, db};

/// A name that could be a concept.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The name as most of its figures have it.
    pub name: String,
    /// Regions that have figures of it.
    pub regions: usize,
    /// Figures.
    pub figures: u64,
    /// Their units, the most frequent first; all of one family.
    pub units: Vec<String>,
    /// A sentence that one of them stands in.
    pub example: String,
    /// The slug of the known concept that is most like it, and how much, from 0 to 1.
    pub nearest: Option<(String, f64)>,
}

/// Figures of one region with the same name, unit and kind of quantity.
#[derive(Clone, Debug, FromQueryResult)]
struct Figures {
    name: String,
    unit: Option<String>,
    measure: Measure,
    region_id: i32,
    figures: i64,
    /// The first of them.
    first: i64,
}

/// What figures that are told apart by spelling alone have in common.
#[derive(Debug, Default)]
struct Group {
    regions: BTreeSet<i32>,
    figures: u64,
    names: BTreeMap<String, u64>,
    units: BTreeMap<String, u64>,
    first: i64,
}

/// The names without a concept that have figures in at least so many regions, the most widespread first.
///
/// # Errors
/// Where the database cannot be read.
pub async fn candidates(db: &DatabaseConnection, min_regions: usize) -> Result<Vec<Candidate>, Error> {
    let catalogue = Catalogue::new(concepts());
    let groups = group(unnamed(db).await?, min_regions);
    let mut sentences = sentences(db, groups.iter().map(|group| group.first)).await?;
    let candidates = groups.into_iter().map(|group| {
        let name = most_frequent(group.names).into_iter().next().unwrap_or_default();
        Candidate {
            nearest: catalogue.nearest(&name).map(|(slug, likeness)| (slug.to_owned(), likeness)),
            name,
            regions: group.regions.len(),
            figures: group.figures,
            units: most_frequent(group.units),
            example: sentences.remove(&group.first).unwrap_or_default(),
        }
    });
    Ok(candidates.collect())
}

/// The figures without a concept that stand in current plans.
async fn unnamed(db: &DatabaseConnection) -> Result<Vec<Figures>, DbErr> {
    use indicator::Column;
    let withdrawn = plan::Entity::find().select_only().column(plan::Column::Id);
    let withdrawn = withdrawn.filter(plan::Column::WithdrawnAt.is_not_null()).into_query();
    let alike = [Column::Name, Column::Unit, Column::Measure, Column::RegionId];
    indicator::Entity::find()
        .select_only()
        .columns(alike)
        .column_as(Column::Id.count(), "figures")
        .column_as(Column::Id.min(), "first")
        .filter(Column::ConceptId.is_null())
        .filter(Column::GoneAt.is_null())
        .filter(Column::PlanId.not_in_subquery(withdrawn))
        .group_by(Column::Name)
        .group_by(Column::Unit)
        .group_by(Column::Measure)
        .group_by(Column::RegionId)
        .into_model()
        .all(db)
        .await
}

/// Brings together what differs in spelling alone.
fn group(rows: Vec<Figures>, min_regions: usize) -> Vec<Group> {
    let mut groups: BTreeMap<Unknown, Group> = BTreeMap::new();
    for row in rows {
        let Some(unknown) = Unknown::of(&row.name, row.unit.as_deref(), row.measure) else { continue };
        let group = groups.entry(unknown).or_insert_with(|| Group { first: row.first, ..Group::default() });
        let figures = row.figures.unsigned_abs();
        group.regions.insert(row.region_id);
        group.figures += figures;
        group.first = group.first.min(row.first);
        *group.names.entry(row.name).or_default() += figures;
        if let Some(unit) = row.unit {
            *group.units.entry(unit).or_default() += figures;
        }
    }
    let mut groups: Vec<Group> = groups.into_values().filter(|group| group.regions.len() >= min_regions).collect();
    // A stable sort: what is equal stays in the order of the names.
    groups.sort_by_key(|group| Reverse((group.regions.len(), group.figures)));
    groups
}

/// The sentences of figures by their row ids.
async fn sentences(db: &DatabaseConnection, ids: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, String>, DbErr> {
    let ids: Vec<i64> = ids.collect();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(db::rows_per_insert(1)) {
        let rows =
            indicator::Entity::find().select_only().columns([indicator::Column::Id, indicator::Column::Sentence]);
        let rows = rows.filter(indicator::Column::Id.is_in(chunk.iter().copied()));
        found.extend(rows.into_tuple::<(i64, String)>().all(db).await?);
    }
    Ok(found)
}

/// Texts, the most frequent first.
fn most_frequent(counts: BTreeMap<String, u64>) -> Vec<String> {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts.into_iter().map(|(text, _)| text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(name: &str, unit: &str, measure: Measure, region_id: i32, first: i64) -> Figures {
        Figures { name: name.to_owned(), unit: Some(unit.to_owned()), measure, region_id, figures: 2, first }
    }

    #[test]
    fn spellings_of_one_family_come_together() {
        let rows = vec![
            figures("全市小学入园率", "%", Measure::Level, 1, 9),
            figures("小学入园率", "‰", Measure::Level, 2, 4),
            figures("小学入园率", "%", Measure::Level, 2, 7),
            figures("小学入园率", "个百分点", Measure::Increase, 3, 1),
            figures("公园", "个", Measure::New, 1, 2),
            figures("公园", "个", Measure::Level, 2, 3),
        ];
        let found = group(rows.clone(), 2);
        assert_eq!(found.len(), 1, "{found:?}");
        let rate = &found[0];
        assert_eq!((rate.regions.len(), rate.figures, rate.first), (2, 6, 4));
        assert_eq!(most_frequent(rate.names.clone()), ["小学入园率", "全市小学入园率"]);
        assert_eq!(most_frequent(rate.units.clone()), ["%", "‰"]);
        assert_eq!(group(rows, 1).len(), 3);
    }
}
