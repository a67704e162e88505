//! What sources held after their runs.

use sea_orm::entity::prelude::*;

/// What was published of a source when a run ended.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "harvest")]
pub struct Model {
    /// The run.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: i64,
    /// The source.
    pub source_id: i32,
    /// When the run ended.
    pub at: DateTimeUtc,
    /// Plans that are not withdrawn.
    pub plans: i32,
    /// Figures that stand in them.
    pub figures: i32,
    /// Plans that say who issued them.
    pub issuers: i32,
    /// Plans with the day on which they were published.
    pub dates: i32,
    #[sea_orm(belongs_to, from = "run_id", to = "id")]
    /// Loaded on request.
    pub crawl_run: HasOne<super::crawl_run::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
