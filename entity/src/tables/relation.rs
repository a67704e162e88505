//! How plans, sections and regions relate.

use sea_orm::entity::prelude::*;

use crate::value::{RegionRole, RelationKind};

/// A relation, from one side to the other. There is one of a kind between the same two.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "relation")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Kind.
    pub kind: RelationKind,
    /// Whose plan or section it is from, or the region itself.
    pub from_region_id: i32,
    /// Whose plan or section it leads to, or the region itself.
    pub to_region_id: i32,
    /// The plan it is from.
    pub from_plan_id: Option<i64>,
    /// The plan it leads to.
    pub to_plan_id: Option<i64>,
    /// The section it is from.
    pub from_section_id: Option<i64>,
    /// The section it leads to.
    pub to_section_id: Option<i64>,
    /// The initiative that both sides name.
    pub programme_id: Option<i64>,
    /// The document that both sides cite.
    pub citation_id: Option<i32>,
    /// As what the region is named that it leads to.
    pub role: Option<RegionRole>,
    /// How strong it is, from 0 to 1.
    pub score: f64,
    /// Why, in words.
    pub evidence: String,
}

impl ActiveModelBehavior for ActiveModel {}
