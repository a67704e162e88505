//! Sections of plans. Those of former versions stay, so that a figure that is gone can still be shown in its place.

use sea_orm::entity::prelude::*;

use crate::value::SectionKind;

/// A section of one version of a plan; the current ones are those whose version is the plan's.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "section")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// The plan's version.
    pub version: i32,
    /// Reading order within the version, from 0.
    pub position: i32,
    /// The section it stands in.
    pub parent_id: Option<i64>,
    /// Kind.
    pub kind: SectionKind,
    /// Number as printed.
    pub number: Option<String>,
    /// Heading, without its number.
    pub heading: Option<String>,
    /// Headings from the top down to this one, a JSON array of strings.
    pub path: Json,
    /// 1 for a top-level section.
    pub depth: i32,
    /// Its own text, children left out.
    pub text: String,
    /// First code point in the version's text.
    pub span_start: i32,
    /// One past the last code point.
    pub span_end: i32,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    /// Loaded on request.
    pub plan: HasOne<super::plan::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
