//! Named initiatives.

use sea_orm::entity::prelude::*;

/// An initiative that some plan names, or named. It is never deleted, so that its id stays.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// The same for all spellings of its name.
    #[sea_orm(unique)]
    pub key: String,
}

impl ActiveModelBehavior for ActiveModel {}
