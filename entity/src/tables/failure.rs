//! What went wrong in a run.

use sea_orm::entity::prelude::*;

/// A page that could not be read, and why.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "failure")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The run.
    pub run_id: i64,
    /// The address.
    pub url: String,
    /// When.
    pub at: DateTimeUtc,
    /// What went wrong and what to do, in words.
    pub reason: String,
    /// How often it was tried in this run.
    pub attempts: i32,
    #[sea_orm(belongs_to, from = "run_id", to = "id")]
    /// Loaded on request.
    pub crawl_run: HasOne<super::crawl_run::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
