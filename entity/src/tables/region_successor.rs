//! What took a division's place.

use sea_orm::entity::prelude::*;

/// A code that took over from a division, in whole or in part.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "region_successor")]
pub struct Model {
    /// The former division.
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: i32,
    /// The code that took over.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// When, where known.
    pub year: Option<i32>,
    #[sea_orm(belongs_to, from = "region_id", to = "id")]
    /// Loaded on request.
    pub region: HasOne<super::region::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
