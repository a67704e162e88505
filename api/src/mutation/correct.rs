//! Corrections into rows, in one transaction each. What was shown until then goes to the past, as with the crawler.

use async_graphql::ID;
use chrono::TimeDelta;
use entity::{
    correction::{self, Reading},
    indicator, past, plan, search,
    writing::{begin, now},
};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbErr,
    EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
    prelude::DateTimeUtc,
    sea_query::Expr,
};

use super::input::{Wish, check};
use crate::{Error, id::GlobalId};

/// A figure that nobody else changes meanwhile.
struct Held {
    txn: DatabaseTransaction,
    plan: plan::Model,
    /// As it is shown, until something is laid over it.
    row: indicator::Model,
    /// The correction in force.
    correction: Option<correction::Model>,
    now: DateTimeUtc,
}

/// Corrects a figure.
pub(super) async fn correct(db: &DatabaseConnection, mut wish: Wish, author: &str) -> Result<indicator::Model, Error> {
    let mut held = Held::hold(db, wish.indicator).await?;
    held.take_back().await?;
    if held.row.gone_at.is_some() {
        return Err(Error::BadInput("the figure does not stand in its plan any more".to_owned()));
    }
    wish.complete(&held.row);
    let correction = correction::ActiveModel {
        id: NotSet,
        indicator_id: Set(held.row.id),
        given: Set(wish.given),
        rejects: Set(wish.rejects),
        reading: Set(Reading::of(&held.row)),
        reason: Set(wish.reason),
        author: Set(author.to_owned()),
        at: Set(held.now),
        ended_at: Set(None),
    };
    correction.insert(&held.txn).await?.lay_over(&mut held.row);
    check(&held.row)?;
    held.write().await
}

/// Takes the correction of a figure back.
pub(super) async fn revert(db: &DatabaseConnection, id: &ID) -> Result<indicator::Model, Error> {
    let mut held = Held::hold(db, GlobalId::row_of("Indicator", id)?).await?;
    if !held.take_back().await? {
        return Err(Error::BadInput("the figure is not corrected, so there is nothing to take back".to_owned()));
    }
    held.write().await
}

impl Held {
    async fn hold(db: &DatabaseConnection, id: i64) -> Result<Self, Error> {
        let unknown = || Error::BadInput("there is no figure with this id".to_owned());
        let txn = begin(db).await?;
        let find = || indicator::Entity::find_by_id(id).one(&txn);
        let plan_id = find().await?.ok_or_else(unknown)?.plan_id;
        // A new version of a plan, and each of its corrections, begins with the plan's row: they come one after another.
        let plan = plan::Entity::find_by_id(plan_id).lock_exclusive().one(&txn).await?.ok_or_else(unknown)?;
        let row = find().await?.ok_or_else(unknown)?;
        let in_force = correction::Column::IndicatorId.eq(id);
        let correction =
            correction::Entity::find().filter(in_force).filter(correction::Column::EndedAt.is_null()).one(&txn).await?;
        // The clock of the machine that wrote it last may be ahead.
        let now = now().max(row.since + TimeDelta::microseconds(1));
        Ok(Self { txn, plan, row, correction, now })
    }

    /// Ends the correction in force; answers whether there is one. The row is then what was read.
    async fn take_back(&mut self) -> Result<bool, DbErr> {
        let Some(correction) = self.correction.take() else { return Ok(false) };
        correction.reading.clone().restore(&mut self.row);
        let ended = correction::ActiveModel { ended_at: Set(Some(self.now)), ..correction.into_active_model() };
        ended.update(&self.txn).await?;
        Ok(true)
    }

    /// Writes the figure as it is now.
    async fn write(mut self) -> Result<indicator::Model, Error> {
        let this = Condition::all().add(indicator::Column::Id.eq(self.row.id));
        self.txn.execute(&past::archive::<indicator::Entity>(this, Expr::value(self.now))).await?;
        self.row.since = self.now;
        let row = self.row.into_active_model().reset_all().update(&self.txn).await?;
        search::index(&self.txn, &[&self.plan]).await?;
        self.txn.commit().await?;
        Ok(row)
    }
}
