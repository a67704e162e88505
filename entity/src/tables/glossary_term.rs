//! Terms that plans explain.

use sea_orm::entity::prelude::*;

/// A term of the current version of a plan.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "glossary_term")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// The plan's version; the current terms are those whose version is the plan's.
    pub version: i32,
    /// The section it stands in.
    pub section_id: i64,
    /// The shared concept that it names.
    pub concept_id: Option<i32>,
    /// Reading order, from 0.
    pub position: i32,
    /// The term.
    pub term: String,
    /// Its explanation.
    pub definition: String,
    /// The formula in it.
    pub formula: Option<String>,
    /// First code point in the version's text.
    pub span_start: i32,
    /// One past the last code point.
    pub span_end: i32,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    /// Loaded on request.
    pub plan: HasOne<super::plan::Entity>,
    #[sea_orm(belongs_to, from = "section_id", to = "id")]
    /// Loaded on request.
    pub section: HasOne<super::section::Entity>,
    #[sea_orm(belongs_to, from = "concept_id", to = "id")]
    /// Loaded on request.
    pub concept: HasOne<super::concept::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
