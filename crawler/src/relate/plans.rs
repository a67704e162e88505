//! Plans that may be alike.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

use entity::{plan, plan_band, plan_version, source};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::LockType,
};

use super::{Likeness, Shingles};
use crate::db;

/// The most plans that one is compared with. Those that have the most bands in common come first.
const MOST: usize = 32;

/// What is known of plans within a transaction.
pub(super) struct Plans<'a> {
    db: &'a DatabaseTransaction,
    rows: HashMap<i64, plan::Model>,
    likely: HashMap<i64, Vec<i64>>,
    texts: HashMap<i64, Shingles>,
    sources: HashMap<i32, source::Model>,
}

impl<'a> Plans<'a> {
    pub(super) fn new(db: &'a DatabaseTransaction) -> Self {
        let (rows, likely, texts, sources) = Default::default();
        Self { db, rows, likely, texts, sources }
    }

    pub(super) const fn db(&self) -> &'a DatabaseTransaction {
        self.db
    }

    /// A plan that was loaded and is still there.
    pub(super) fn row(&self, id: i64) -> Option<&plan::Model> {
        self.rows.get(&id)
    }

    /// The same, where it is not withdrawn.
    pub(super) fn published(&self, id: i64) -> Option<&plan::Model> {
        self.row(id).filter(|row| row.withdrawn_at.is_none())
    }

    /// The plans that are likely to be like a plan, those that have most in common first.
    pub(super) fn likely(&self, id: i64) -> &[i64] {
        self.likely.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Where a plan was found.
    pub(super) fn source(&self, plan: &plan::Model) -> Option<&source::Model> {
        self.sources.get(&plan.source_id)
    }

    /// Takes over a row that was changed.
    pub(super) fn put(&mut self, row: plan::Model) {
        self.rows.insert(row.id, row);
    }

    /// Forgets plans that are no more.
    pub(super) fn forget(&mut self, ids: &[i64]) {
        self.rows.retain(|id, _| !ids.contains(id));
    }

    /// Loads plans with their sources. They cannot be deleted before the end of the transaction.
    pub(super) async fn load(&mut self, ids: &[i64]) -> Result<(), DbErr> {
        let unknown: Vec<i64> = ids.iter().copied().filter(|id| !self.rows.contains_key(id)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let these = plan::Column::Id.is_in(unknown);
        let rows = plan::Entity::find().filter(these).lock(LockType::KeyShare).all(self.db).await?;
        let sources = rows.iter().map(|row| row.source_id).filter(|id| !self.sources.contains_key(id));
        let sources = source::Entity::find().filter(source::Column::Id.is_in(sources)).all(self.db).await?;
        self.sources.extend(sources.into_iter().map(|row| (row.id, row)));
        self.rows.extend(rows.into_iter().map(|row| (row.id, row)));
        Ok(())
    }

    /// Looks up which plans are likely to be like these, and loads them.
    pub(super) async fn look_up(&mut self, ids: &[i64]) -> Result<(), DbErr> {
        let unknown: Vec<i64> = ids.iter().copied().filter(|id| !self.likely.contains_key(id)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let own = bands(self.db, plan_band::Column::PlanId, &unknown).await?;
        let hashes: BTreeSet<i64> = own.iter().map(|(_, hash)| *hash).collect();
        let mut holders: HashMap<i64, Vec<i64>> = HashMap::new();
        for (plan, hash) in bands(self.db, plan_band::Column::Hash, &hashes.into_iter().collect::<Vec<_>>()).await? {
            holders.entry(hash).or_default().push(plan);
        }
        let mut shared: HashMap<i64, HashMap<i64, usize>> = unknown.iter().map(|id| (*id, HashMap::new())).collect();
        for (plan, hash) in own {
            let counts = shared.entry(plan).or_default();
            for other in holders.get(&hash).into_iter().flatten().filter(|other| **other != plan) {
                *counts.entry(*other).or_default() += 1;
            }
        }
        self.likely.extend(shared.into_iter().map(|(plan, counts)| {
            let mut counts: Vec<(i64, usize)> = counts.into_iter().collect();
            counts.sort_unstable_by_key(|(other, count)| (Reverse(*count), *other));
            (plan, counts.into_iter().take(MOST).map(|(other, _)| other).collect())
        }));
        let found: Vec<i64> = ids.iter().chain(ids.iter().flat_map(|id| self.likely(*id))).copied().collect();
        self.load(&found).await
    }

    /// What the texts of two plans have in common.
    pub(super) async fn likeness(&mut self, one: i64, other: i64) -> Result<Likeness, DbErr> {
        for id in [one, other] {
            if !self.texts.contains_key(&id) {
                let text = self.text(id).await?;
                self.texts.insert(id, Shingles::of(&text));
            }
        }
        let [one, other] = [one, other].map(|id| self.texts.get(&id));
        Ok(one.zip(other).map_or_else(Likeness::default, |(one, other)| one.likeness(other)))
    }

    /// The text of a plan; empty where there is none.
    async fn text(&self, id: i64) -> Result<String, DbErr> {
        let Some(row) = self.row(id) else { return Ok(String::new()) };
        let current = plan_version::Column::PlanId.eq(id).and(plan_version::Column::Version.eq(row.version));
        let text = plan_version::Entity::find().select_only().column(plan_version::Column::Text).filter(current);
        Ok(text.into_tuple().one(self.db).await?.unwrap_or_default())
    }
}

/// The plans and hashes of the bands that have one of these values in a column.
async fn bands(db: &impl ConnectionTrait, of: plan_band::Column, values: &[i64]) -> Result<Vec<(i64, i64)>, DbErr> {
    let mut bands = Vec::new();
    for values in values.chunks(db::rows_per_insert(1)) {
        let rows =
            plan_band::Entity::find().select_only().columns([plan_band::Column::PlanId, plan_band::Column::Hash]);
        let rows: Vec<(i64, i64)> = rows.filter(of.is_in(values.iter().copied())).into_tuple().all(db).await?;
        bands.extend(rows);
    }
    Ok(bands)
}
