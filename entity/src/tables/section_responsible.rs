//! 责任单位 of sections.

use sea_orm::entity::prelude::*;

/// A unit that answers for a section.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "section_responsible")]
pub struct Model {
    /// The section.
    #[sea_orm(primary_key, auto_increment = false)]
    pub section_id: i64,
    /// Order as printed, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The unit.
    pub unit: String,
    #[sea_orm(belongs_to, from = "section_id", to = "id")]
    /// Loaded on request.
    pub section: HasOne<super::section::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
