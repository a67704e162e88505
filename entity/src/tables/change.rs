//! What publishers changed.

use sea_orm::entity::prelude::*;

use crate::value::ChangeKind;

/// A change by a publisher. What only the extractor reads otherwise is none.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What happened.
    pub kind: ChangeKind,
    /// When it was seen.
    pub at: DateTimeUtc,
    /// The plan.
    pub plan_id: i64,
    /// The plan's region, here so that filters need no join.
    pub region_id: i32,
    /// The figure, where it is one that changed: the new one, or the one that is gone.
    pub indicator_id: Option<i64>,
    /// The figure's number as it was printed before.
    pub before: Option<String>,
    /// The figure's number as it is printed now.
    pub after: Option<String>,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    /// Loaded on request.
    pub plan: HasOne<super::plan::Entity>,
    #[sea_orm(belongs_to, from = "indicator_id", to = "id")]
    /// Loaded on request.
    pub indicator: HasOne<super::indicator::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
