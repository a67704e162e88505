//! Files beside the text of pages.

use sea_orm::entity::prelude::*;

/// A file that may hold a page's plan or an annex to it, and has been asked for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "page_file")]
pub struct Model {
    /// The page.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page_id: i64,
    /// Order on the page, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Its address.
    pub url: String,
    /// What the page calls it.
    pub name: String,
    /// Validator of the last body.
    pub etag: Option<String>,
    /// Validator of the last body.
    pub last_modified: Option<String>,
    /// The last body kept; none where none has come yet.
    pub snapshot_id: Option<i64>,
    /// Whether the page's plan, as it stands, was read from it.
    pub used: bool,
    #[sea_orm(belongs_to, from = "page_id", to = "id")]
    /// Loaded on request.
    pub page: HasOne<super::page::Entity>,
    #[sea_orm(belongs_to, from = "snapshot_id", to = "id")]
    /// Loaded on request.
    pub snapshot: HasOne<super::snapshot::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
