//! Where plans name initiatives, documents and other regions.

use sea_orm::entity::prelude::*;

use crate::value::RegionRole;

/// A place in a version of a plan that names an initiative, a document or another region: one of the three ids is there.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mention")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// The plan's version; the current mentions are those whose version is the plan's.
    pub version: i32,
    /// The innermost section that it stands in.
    pub section_id: i64,
    /// The initiative.
    pub programme_id: Option<i32>,
    /// The document.
    pub citation_id: Option<i32>,
    /// The region; of several that are named together each has a row.
    pub region_id: Option<i32>,
    /// As what the region is named.
    pub role: Option<RegionRole>,
    /// Reading order, from 0.
    pub position: i32,
    /// The name as printed.
    pub name: String,
    /// Whether quotation marks set the name of an initiative off.
    pub quoted: bool,
    /// The sentence it stands in.
    pub sentence: String,
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
    #[sea_orm(belongs_to, from = "programme_id", to = "id")]
    /// Loaded on request.
    pub programme: HasOne<super::programme::Entity>,
    #[sea_orm(belongs_to, from = "citation_id", to = "id")]
    /// Loaded on request.
    pub citation: HasOne<super::citation::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
