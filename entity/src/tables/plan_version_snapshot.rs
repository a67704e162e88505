//! The bodies that versions were read from, where they were several: a page and its files.

use sea_orm::entity::prelude::*;

/// One of several bodies that a version was read from. A version that was read from one body has none of these.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_version_snapshot")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_version_id: i64,
    /// The page is 0, then its files as they follow one another in the text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The body.
    pub snapshot_id: i64,
    /// The first code point of the version's text that is from this body; none where no text is, as of a notice.
    pub span_start: Option<i32>,
    #[sea_orm(belongs_to, from = "plan_version_id", to = "id")]
    /// Loaded on request.
    pub plan_version: HasOne<super::plan_version::Entity>,
    #[sea_orm(belongs_to, from = "snapshot_id", to = "id")]
    /// Loaded on request.
    pub snapshot: HasOne<super::snapshot::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
