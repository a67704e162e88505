//! Word of changes in health that is still to be sent.

use sea_orm::entity::prelude::*;

/// A message to the operator's webhook. Its row is gone when it has arrived.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The source whose health changed.
    pub source_id: i32,
    /// When it changed.
    pub at: DateTimeUtc,
    /// The message, in JSON.
    pub body: String,
    /// Not to be sent before.
    pub due_at: DateTimeUtc,
    /// How often it was tried.
    pub attempts: i32,
    #[sea_orm(belongs_to, from = "source_id", to = "id")]
    /// Loaded on request.
    pub source: HasOne<super::source::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
