//! What there is of a source.

use entity::{indicator, page, plan, value::PageState};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};

/// What there is of a source.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stock {
    /// Plans that are not withdrawn.
    pub(crate) plans: u64,
    /// Those that say who issued them.
    pub(crate) issuers: u64,
    /// Those with the day on which they were published.
    pub(crate) dates: u64,
    /// Figures that stand in them.
    pub(crate) indicators: u64,
    /// Pages that something keeps from being read.
    pub(crate) blocked: u64,
    /// Pages that are not there any more and whose plans are not withdrawn yet.
    pub(crate) missing: u64,
    /// Pages that it shares with another source, which has not fetched them yet.
    pub(crate) pending: u64,
}

/// Counts what there is of a source.
pub(crate) async fn count(db: &impl ConnectionTrait, source_id: i32) -> Result<Stock, DbErr> {
    // Pages that another source had before count for both.
    let shared = || {
        page::Entity::find()
            .select_only()
            .column(page::Column::SameAs)
            .filter(page::Column::SourceId.eq(source_id))
            .filter(page::Column::SameAs.is_not_null())
            .into_query()
    };
    let its = plan::Column::SourceId.eq(source_id).or(plan::Column::PageId.in_subquery(shared()));
    let pending = page::Column::State.eq(PageState::Due).and(page::Column::Id.in_subquery(shared()));
    let plans = plan::Entity::find().filter(its.and(plan::Column::WithdrawnAt.is_null()));
    let ids = plans.clone().select_only().column(plan::Column::Id).into_query();
    let indicators = indicator::Entity::find()
        .filter(indicator::Column::PlanId.in_subquery(ids))
        .filter(indicator::Column::GoneAt.is_null());
    let blocked = page::Column::SourceId.eq(source_id).and(page::Column::State.eq(PageState::Blocked));
    let published = plans.clone().select_only().column(plan::Column::PageId).into_query();
    let missing = page::Column::SourceId
        .eq(source_id)
        .and(page::Column::State.eq(PageState::NotFound))
        .and(page::Column::Id.in_subquery(published));
    // First of all: what another worker stores meanwhile is pending or counted, never neither.
    let pending = page::Entity::find().filter(pending).count(db).await?;
    let counts: Option<(i64, i64, i64)> = plans
        .select_only()
        .column_as(plan::Column::Id.count(), "plans")
        .column_as(plan::Column::Issuer.count(), "issuers")
        .column_as(plan::Column::PublishedOn.count(), "dates")
        .into_tuple()
        .one(db)
        .await?;
    let (plans, issuers, dates) = counts.unwrap_or_default();
    Ok(Stock {
        plans: plans.unsigned_abs(),
        issuers: issuers.unsigned_abs(),
        dates: dates.unsigned_abs(),
        indicators: indicators.count(db).await?,
        blocked: page::Entity::find().filter(blocked).count(db).await?,
        missing: page::Entity::find().filter(missing).count(db).await?,
        pending,
    })
}
