//! What publishers changed, one row a change.

use chrono::{DateTime, Utc};
use entity::{change, past, plan, value::ChangeKind};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::Expr,
};

use crate::db;

/// A change to a figure: the figure, and its number before and after.
pub(super) struct FigureChange {
    pub(super) kind: ChangeKind,
    pub(super) indicator_id: i64,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
}

/// What happened to a plan.
pub(super) fn plan(row: &plan::Model, kind: ChangeKind, at: DateTime<Utc>) -> change::ActiveModel {
    change::ActiveModel {
        id: NotSet,
        kind: Set(kind),
        at: Set(at),
        plan_id: Set(row.id),
        region_id: Set(row.region_id),
        indicator_id: Set(None),
        before: Set(None),
        after: Set(None),
    }
}

/// What happened to figures of a plan with its present version.
pub(super) fn figures(row: &plan::Model, changes: Vec<FigureChange>) -> impl Iterator<Item = change::ActiveModel> {
    changes.into_iter().map(|figure| change::ActiveModel {
        indicator_id: Set(Some(figure.indicator_id)),
        before: Set(figure.before),
        after: Set(figure.after),
        ..plan(row, figure.kind, row.since)
    })
}

/// Notes what happened.
pub(super) async fn store(db: &impl ConnectionTrait, changes: Vec<change::ActiveModel>) -> Result<(), DbErr> {
    for rows in db::inserts(changes, 8) {
        change::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Marks the plans of a page withdrawn, and answers with how many were not. They are kept with all that was read.
pub(crate) async fn withdraw(db: &impl ConnectionTrait, page_id: i64, at: DateTime<Utc>) -> Result<usize, DbErr> {
    let published = Condition::all().add(plan::Column::PageId.eq(page_id)).add(plan::Column::WithdrawnAt.is_null());
    mark(db, published, Some(at), ChangeKind::PlanWithdrawn, at).await
}

/// Marks some plans withdrawn that their page, which is there, holds no more; answers with how many were not.
pub(super) async fn withdraw_plans(
    db: &impl ConnectionTrait,
    plans: &[i64],
    at: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let these =
        Condition::all().add(plan::Column::Id.is_in(plans.iter().copied())).add(plan::Column::WithdrawnAt.is_null());
    mark(db, these, Some(at), ChangeKind::PlanWithdrawn, at).await
}

/// Marks a plan as published again.
pub(super) async fn restore(db: &impl ConnectionTrait, row: &plan::Model, at: DateTime<Utc>) -> Result<(), DbErr> {
    mark(db, Condition::all().add(plan::Column::Id.eq(row.id)), None, ChangeKind::PlanNew, at).await.map(|_| ())
}

async fn mark(
    db: &impl ConnectionTrait,
    plans: Condition,
    withdrawn_at: Option<DateTime<Utc>>,
    kind: ChangeKind,
    at: DateTime<Utc>,
) -> Result<usize, DbErr> {
    let rows = plan::Entity::find().filter(plans).all(db).await?;
    for row in &rows {
        let this = Condition::all().add(plan::Column::Id.eq(row.id));
        db.execute(&past::archive::<plan::Entity>(this.clone(), Expr::value(at))).await?;
        plan::Entity::update_many()
            .col_expr(plan::Column::WithdrawnAt, Expr::value(withdrawn_at))
            .col_expr(plan::Column::Since, Expr::value(at))
            .filter(this)
            .exec(db)
            .await?;
    }
    store(db, rows.iter().map(|row| plan(row, kind, at)).collect()).await?;
    Ok(rows.len())
}
