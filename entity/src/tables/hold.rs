//! Readings that are held back.

use sea_orm::entity::prelude::*;

/// What the last body of a page holds, which would take away what is published. It counts as long as the page's state
/// says that it is held.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hold")]
pub struct Model {
    /// The page.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page_id: i64,
    /// The body; that of what is published is the page's own.
    pub snapshot_id: i64,
    /// When it was first held back.
    pub since: DateTimeUtc,
    /// Plans that can be read in it.
    pub plans: i32,
    /// Plans with a title.
    pub titles: i32,
    /// Figures in them.
    pub figures: i32,
    /// Characters of their texts.
    pub characters: i32,
    #[sea_orm(belongs_to, from = "page_id", to = "id")]
    /// Loaded on request.
    pub page: HasOne<super::page::Entity>,
    #[sea_orm(belongs_to, from = "snapshot_id", to = "id")]
    /// Loaded on request.
    pub snapshot: HasOne<super::snapshot::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
