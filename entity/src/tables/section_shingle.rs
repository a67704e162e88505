//! What tells quickly which sections may be alike.

use sea_orm::entity::prelude::*;

/// One of the runs of characters by which a section is found, by its hash. What many sections hold is not kept of all.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "section_shingle")]
pub struct Model {
    /// The section.
    #[sea_orm(primary_key, auto_increment = false)]
    pub section_id: i64,
    /// The hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: i64,
    /// Whose plan the section is of.
    pub region_id: i32,
}

impl ActiveModelBehavior for ActiveModel {}
