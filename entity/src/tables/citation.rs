//! Documents that plans cite.

use sea_orm::entity::prelude::*;

/// A document that some plan names, or named. It is never deleted, so that its id stays.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "citation")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The same for all spellings of its title.
    #[sea_orm(unique)]
    pub key: String,
    /// The title as it was first read, without what a notice wraps around it.
    pub title: String,
}

impl ActiveModelBehavior for ActiveModel {}
