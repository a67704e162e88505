//! Other names of concepts.

use sea_orm::entity::prelude::*;

/// A Chinese name of a concept beside its own.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "concept_alias")]
pub struct Model {
    /// The concept.
    #[sea_orm(primary_key, auto_increment = false)]
    pub concept_id: i32,
    /// The name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub alias: String,
    #[sea_orm(belongs_to, from = "concept_id", to = "id")]
    /// Loaded on request.
    pub concept: HasOne<super::concept::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
