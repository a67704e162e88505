//! Figures.

use sea_orm::entity::prelude::*;

use crate::value::{Comparator, Measure, Obligation, PlanKind, Role};

/// A figure of a plan. It keeps its row, and so its id, as long as it stands in the plan.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// The section it stands, or last stood, in.
    pub section_id: i64,
    /// Whose figure it is; the plan's region.
    pub region_id: i32,
    /// The shared concept.
    pub concept_id: Option<i32>,
    /// The plan's kind, here so that filters need no join.
    pub plan_kind: PlanKind,
    /// Tells the figure from all others of its plan, whatever stands around it.
    pub fingerprint: String,
    /// Reading order within the plan, from 0.
    pub position: i32,
    /// The thing measured.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Upper end of a range.
    pub value_max: Option<f64>,
    /// The number as printed.
    pub value_text: String,
    /// Unit.
    pub unit: Option<String>,
    /// How it binds.
    pub comparator: Comparator,
    /// What kind of quantity.
    pub measure: Measure,
    /// Aimed at or reached.
    pub role: Role,
    /// Whether it binds, where its table says so.
    pub obligation: Option<Obligation>,
    /// The year it is for.
    pub year: Option<i32>,
    /// What it is limited to.
    pub scope: Option<String>,
    /// The sentence it stands in.
    pub sentence: String,
    /// First code point of the number in the version's text.
    pub span_start: i32,
    /// One past its last code point.
    pub span_end: i32,
    /// 0 to 1.
    pub confidence: f64,
    /// Whether an analyst corrected it.
    pub corrected: bool,
    /// When it was first read.
    pub first_seen_at: DateTimeUtc,
    /// When it was found gone from the plan; none while it stands there.
    pub gone_at: Option<DateTimeUtc>,
    /// The figure that stood in its place in the version before, with another value or under another name.
    pub replaces_id: Option<i64>,
    /// Since when it is as this row has it; what it was before is in [`past`](crate::past).
    pub since: DateTimeUtc,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    /// Loaded on request.
    pub plan: HasOne<super::plan::Entity>,
    #[sea_orm(belongs_to, from = "section_id", to = "id")]
    /// Loaded on request.
    pub section: HasOne<super::section::Entity>,
    #[sea_orm(belongs_to, from = "region_id", to = "id")]
    /// Loaded on request.
    pub region: HasOne<super::region::Entity>,
    #[sea_orm(belongs_to, from = "concept_id", to = "id")]
    /// Loaded on request.
    pub concept: HasOne<super::concept::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
