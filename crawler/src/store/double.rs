//! Plans that stand at two addresses of one page are one plan; the other is no plan, and never was one.

use chrono::{DateTime, Utc};
use entity::{indicator, plan, plan_signature, relation, search};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr,
};

use super::changes;

/// Gives up the plans of a page that turned out to be another address of the keeper. Those that the keeper holds too are
/// removed; the others are withdrawn.
pub(crate) async fn give_up(
    db: &impl ConnectionTrait,
    page_id: i64,
    keeper: i64,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let on = async |page: i64| plan::Entity::find().filter(plan::Column::PageId.eq(page)).all(db).await;
    let place = |row: &plan::Model| (row.region_id, row.part, row.start_year, row.end_year);
    let kept: Vec<_> = on(keeper).await?.iter().map(place).collect();
    let doubles: Vec<i64> =
        on(page_id).await?.iter().filter(|row| kept.contains(&place(row))).map(|row| row.id).collect();
    remove(db, &doubles).await?;
    changes::withdraw(db, page_id, at).await.map(|_| ())
}

/// Removes plans with all that was read of them and all that was noted of them. Their pages and bodies stay.
pub(crate) async fn remove(db: &impl ConnectionTrait, ids: &[i64]) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let these = || ids.iter().copied();
    // What was related to them is to be related anew.
    let related = relation::Entity::find()
        .select_only()
        .column(relation::Column::FromPlanId)
        .filter(relation::Column::ToPlanId.is_in(these()))
        .filter(relation::Column::FromPlanId.is_not_null())
        .into_query();
    plan_signature::Entity::update_many()
        .col_expr(plan_signature::Column::Related, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(plan_signature::Column::PlanId.in_subquery(related))
        .exec(db)
        .await?;
    search::remove(db, ids).await?;
    // Figures hold on to their sections; all else goes with the plan.
    indicator::Entity::delete_many().filter(indicator::Column::PlanId.is_in(these())).exec(db).await?;
    plan::Entity::delete_many().filter(plan::Column::Id.is_in(these())).exec(db).await.map(|_| ())
}
