//! Where plans are published.

use sea_orm::entity::prelude::*;

use crate::value::Health;

/// A source, as its declaration was when it was last crawled, and how it does.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "source")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// Name of its declaration.
    #[sea_orm(unique)]
    pub slug: String,
    /// Who publishes there.
    pub name: String,
    /// Whose authority it is; none for a site that reprints.
    pub region_id: Option<i32>,
    /// Its list, or its first article.
    pub url: String,
    /// Cron expression of six fields with its time zone: `0 0 2 * * * Asia/Shanghai`.
    pub schedule: String,
    /// When the schedule is due next.
    pub next_run_at: Option<DateTimeUtc>,
    /// Fewer current plans than this make the source DEGRADED.
    pub min_plans: i32,
    /// Fewer current figures than this make the source DEGRADED.
    pub min_indicators: i32,
    /// How the last run went.
    pub health: Health,
    /// Why the health is not OK, in words a person can act on.
    pub problem: Option<String>,
    /// Since when no declaration names it.
    pub retired_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "region_id", to = "id")]
    /// Loaded on request.
    pub region: HasOne<super::region::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
