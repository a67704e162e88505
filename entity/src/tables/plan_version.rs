//! What a plan said, version by version.

use sea_orm::entity::prelude::*;

/// A version of a plan.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_version")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The plan.
    pub plan_id: i64,
    /// From 1.
    pub version: i32,
    /// When it was read.
    pub seen_at: DateTimeUtc,
    /// The extractor changed, not the publisher's text.
    pub technical: bool,
    /// The body that its text begins in; others that it was read from are in
    /// [`plan_version_snapshot`](super::plan_version_snapshot).
    pub snapshot_id: i64,
    /// Which rules read it.
    pub extractor_version: String,
    /// SHA-256 of all that was read, to tell whether a new reading differs; lower-case hex.
    pub digest: String,
    /// The text; spans point into it.
    pub text: String,
    /// What changed against the version before, as a unified diff.
    pub diff: Option<String>,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    /// Loaded on request.
    pub plan: HasOne<super::plan::Entity>,
    #[sea_orm(belongs_to, from = "snapshot_id", to = "id")]
    /// Loaded on request.
    pub snapshot: HasOne<super::snapshot::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
