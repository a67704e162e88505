//! One crawl of one source.

use sea_orm::entity::prelude::*;

use crate::value::{RunStage, RunStatus};

/// A run and what it counted.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "crawl_run")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The source; none for a request that names all of them.
    pub source_id: Option<i32>,
    /// How it stands.
    pub status: RunStatus,
    /// When it was asked for.
    pub queued_at: DateTimeUtc,
    /// When a worker took it.
    pub started_at: Option<DateTimeUtc>,
    /// When it ended.
    pub finished_at: Option<DateTimeUtc>,
    /// Pages whose body came.
    pub fetched: i32,
    /// Pages that had not changed.
    pub unchanged: i32,
    /// Plans written or changed.
    pub stored: i32,
    /// Pages that could not be read.
    pub failed: i32,
    /// Whether the schedule asked for it, and not a person: it leaves out articles that seldom change.
    pub scheduled: bool,
    /// The request that this run is a part of.
    pub parent_id: Option<i64>,
    /// When the worker at it loses it without a sign of life.
    pub lease_until: Option<DateTimeUtc>,
    /// What it does, or did last.
    pub stage: Option<RunStage>,
    /// The page that it is at, or was last.
    pub url: Option<String>,
    /// When its stage, its page or its counts were last written.
    pub reported_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "source_id", to = "id")]
    /// Loaded on request.
    pub source: HasOne<super::source::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
