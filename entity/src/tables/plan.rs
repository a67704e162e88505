//! Plans as they stand now; their text is with their versions.

use sea_orm::entity::prelude::*;

use crate::value::PlanKind;

/// A plan: one a page, or one a part of a page that holds many.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Where it was found.
    pub source_id: i32,
    /// The page it stands on.
    pub page_id: i64,
    /// 0, or which of several plans of the same region on that page.
    pub part: i32,
    /// Whose plan it is.
    pub region_id: i32,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: PlanKind,
    /// 发布机构, in full where it can be told.
    pub issuer: Option<String>,
    /// 文号.
    pub document_number: Option<String>,
    /// 索引号.
    pub index_number: Option<String>,
    /// 成文日期.
    pub issued_on: Option<Date>,
    /// 发布日期.
    pub published_on: Option<Date>,
    /// First year of its period.
    pub start_year: i32,
    /// Last year of its period.
    pub end_year: i32,
    /// Where the page says that it is from, be it a reprint or not.
    pub origin: Option<String>,
    /// Whether the page is not its issuer's own, or another page is known to hold the original.
    pub is_reprint: bool,
    /// Who published it first, where the page says so or the original is known.
    pub reprinted_from: Option<String>,
    /// The page's address.
    pub url: String,
    /// Number of the current version, from 1.
    pub version: i32,
    /// When it was first read.
    pub first_seen_at: DateTimeUtc,
    /// When the page was found gone.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Since when it is as this row has it; what it was before is in [`past`](crate::past).
    pub since: DateTimeUtc,
    #[sea_orm(belongs_to, from = "source_id", to = "id")]
    /// Loaded on request.
    pub source: HasOne<super::source::Entity>,
    #[sea_orm(belongs_to, from = "page_id", to = "id")]
    /// Loaded on request.
    pub page: HasOne<super::page::Entity>,
    #[sea_orm(belongs_to, from = "region_id", to = "id")]
    /// Loaded on request.
    pub region: HasOne<super::region::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
