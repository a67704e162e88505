//! All names a division is found by.

use sea_orm::entity::prelude::*;

/// A name of a division beside its full and short one.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "region_alias")]
pub struct Model {
    /// The division.
    #[sea_orm(primary_key, auto_increment = false)]
    pub region_id: i32,
    /// The name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub alias: String,
    #[sea_orm(belongs_to, from = "region_id", to = "id")]
    /// Loaded on request.
    pub region: HasOne<super::region::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
