//! What lists gave.

use sea_orm::entity::prelude::*;

/// What the first page of a list gave at a reading. A list that has not changed gives what it gave last.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "listing")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The list.
    pub page_id: i64,
    /// When.
    pub at: DateTimeUtc,
    /// Its entries.
    pub entries: i32,
    /// Titles among them, each counted once.
    pub titles: i32,
    /// Entries with a date.
    pub dates: i32,
    #[sea_orm(belongs_to, from = "page_id", to = "id")]
    /// Loaded on request.
    pub page: HasOne<super::page::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
