//! Plans that belong together by whose they are and when they are for: a plan and that of a region above, a plan and the
//! one before it.

mod choice;

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    plan, region, relation,
    value::{RegionCode, RelationKind},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::Expr,
};

use super::upkeep;
use crate::db;
use choice::{Place, forerunner, parent};

const COLUMNS: [plan::Column; 7] = [
    plan::Column::Id,
    plan::Column::RegionId,
    plan::Column::Kind,
    plan::Column::Title,
    plan::Column::StartYear,
    plan::Column::EndYear,
    plan::Column::PublishedOn,
];

/// Plans that meet one of some conditions, those that are published and no copies of others.
async fn places(db: &impl ConnectionTrait, conditions: Vec<Condition>) -> Result<BTreeMap<i64, Place>, DbErr> {
    let mut found = BTreeMap::new();
    for conditions in conditions.chunks(64) {
        let any = conditions.iter().fold(Condition::any(), |any, one| any.add(one.clone()));
        let rows: Vec<Place> = plan::Entity::find()
            .select_only()
            .columns(COLUMNS)
            .filter(any)
            .filter(plan::Column::WithdrawnAt.is_null())
            .filter(is_no_copy())
            .into_model()
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}

/// That a plan is no copy of another: what a copy would relate to, its original relates to.
pub(super) fn is_no_copy() -> Expr {
    let originals = relation::Entity::find()
        .select_only()
        .column(relation::Column::Id)
        .filter(upkeep::is_of([RelationKind::ReprintOf]))
        .filter(relation::Column::FromPlanId.into_expr().eq(plan::Column::Id.into_expr()));
    Expr::exists(originals.into_query()).not()
}

fn overlapping(first: i32, last: i32) -> Condition {
    Condition::all().add(plan::Column::StartYear.lte(last)).add(plan::Column::EndYear.gte(first))
}

/// Tells anew what the parents and forerunners of some plans are, and whose parents and forerunners they are.
pub(super) async fn settle(db: &impl ConnectionTrait, ids: &[i64]) -> Result<(), DbErr> {
    let rows: Vec<Place> = plan::Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(plan::Column::Id.is_in(ids.iter().copied()))
        .into_model()
        .all(db)
        .await?;
    // A plan that has come, gone or changed may be or have been the parent of all below it, and the forerunner of the next.
    let mut touched = BTreeSet::new();
    let (mut below, mut next) = (BTreeSet::new(), BTreeSet::new());
    for row in &rows {
        below.insert((row.region_id, row.start_year, row.end_year));
        next.insert((row.region_id, row.end_year + 1));
        touched.insert(row.id);
    }
    let below = below.into_iter().map(|(region, first, last)| overlapping(first, last).add(within(region)));
    let next = next.into_iter().map(|(region, year)| {
        Condition::all().add(plan::Column::RegionId.eq(region)).add(plan::Column::StartYear.eq(year))
    });
    // What it was before may have been others' parent or forerunner.
    let led_here = leading_to(db, ids).await?;
    let before = (!led_here.is_empty()).then(|| Condition::all().add(plan::Column::Id.is_in(led_here.iter().copied())));
    let children = places(db, below.chain(next).chain(before).collect()).await?;

    let mut above = BTreeSet::new();
    for child in children.values() {
        above.extend(region::ids_above(child.region_id).map(|id| (id, child.start_year, child.end_year)));
        above.insert((child.region_id, child.start_year - 1, child.start_year - 1));
    }
    let above =
        above.into_iter().map(|(region, first, last)| overlapping(first, last).add(plan::Column::RegionId.eq(region)));
    let others: Vec<Place> = places(db, above.collect()).await?.into_values().collect();

    touched.extend(children.keys());
    touched.extend(led_here);
    let mut holding = Vec::new();
    for child in children.values() {
        holding.extend(parent(child, &others));
        holding.extend(forerunner(child, &others));
    }
    let known = known(db, &touched).await?;
    upkeep::keep(db, known, holding).await
}

fn within(region_id: i32) -> Expr {
    let code = u32::try_from(region_id / 10).ok().and_then(RegionCode::from_number);
    let ids = code.map_or(region_id..=region_id, region::ids_within);
    plan::Column::RegionId.between(*ids.start(), *ids.end())
}

const KINDS: [RelationKind; 2] = [RelationKind::ParentPlan, RelationKind::Succeeds];

/// The plans whose parents or forerunners these are.
async fn leading_to(db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<i64>, DbErr> {
    let from: Vec<Option<i64>> = relation::Entity::find()
        .select_only()
        .column(relation::Column::FromPlanId)
        .filter(upkeep::is_of(KINDS))
        .filter(relation::Column::ToPlanId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(from.into_iter().flatten().collect())
}

async fn known(db: &impl ConnectionTrait, ids: &BTreeSet<i64>) -> Result<Vec<relation::Model>, DbErr> {
    let ids: Vec<i64> = ids.iter().copied().collect();
    let mut known = Vec::new();
    for ids in ids.chunks(db::rows_per_insert(1)) {
        let rows = relation::Entity::find().filter(upkeep::is_of(KINDS));
        known.extend(rows.filter(relation::Column::FromPlanId.is_in(ids.iter().copied())).all(db).await?);
    }
    Ok(known)
}
