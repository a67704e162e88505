//! Quantities that several regions report on.

use sea_orm::entity::prelude::*;

use crate::value::Direction;

/// A concept of the shared catalogue.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "concept")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// Stable identifier: `life-expectancy`.
    #[sea_orm(unique)]
    pub slug: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Unit that figures are compared in; none for an index.
    pub unit: Option<String>,
    /// Which way is better.
    pub better: Direction,
}

impl ActiveModelBehavior for ActiveModel {}
