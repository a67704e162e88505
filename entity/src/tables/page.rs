//! The frontier: every address that was ever found, and what is next for it.

use sea_orm::entity::prelude::*;

use crate::value::{PageKind, PageState};

/// An address.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "page")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The source that led there. An address is known once a source.
    pub source_id: i32,
    /// The address, normalised.
    pub url: String,
    /// List or article.
    pub kind: PageKind,
    /// What the list calls it.
    pub title: Option<String>,
    /// The date in the list.
    pub listed_on: Option<Date>,
    /// Where it stands.
    pub state: PageState,
    /// The worker that has it.
    pub lease_owner: Option<String>,
    /// When that worker loses it.
    pub lease_until: Option<DateTimeUtc>,
    /// Not to be fetched before.
    pub due_at: DateTimeUtc,
    /// Validator of the last body.
    pub etag: Option<String>,
    /// Validator of the last body.
    pub last_modified: Option<String>,
    /// The last body kept.
    pub snapshot_id: Option<i64>,
    /// When it last answered.
    pub fetched_at: Option<DateTimeUtc>,
    /// Failures since it last answered.
    pub attempts: i32,
    /// Why the last fetch failed.
    pub last_error: Option<String>,
    /// Which rules read the last body; none where it was not read.
    pub read_with: Option<String>,
    /// When the site first said that there is no such page, where that is all it said since.
    pub missing_since: Option<DateTimeUtc>,
    /// The page that this address stands for: where it has moved to, or the same address of another source.
    pub same_as: Option<i64>,
    /// Hours between two looks at it, as often as it changes.
    pub revisit_hours: i32,
    #[sea_orm(belongs_to, from = "source_id", to = "id")]
    /// Loaded on request.
    pub source: HasOne<super::source::Entity>,
    #[sea_orm(has_one)]
    /// Loaded on request.
    pub hold: HasOne<super::hold::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
