//! Bodies as they came, kept by content.

use sea_orm::entity::prelude::*;

/// A body that a page answered with. The bytes, zstd-compressed, are in the snapshot store under the hash.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "snapshot")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The page.
    pub page_id: i64,
    /// The address that answered, after redirects.
    pub url: String,
    /// When it came.
    pub fetched_at: DateTimeUtc,
    /// SHA-256 of the body as received, content encodings taken off; lower-case hex.
    pub sha256: String,
    /// Content-Type as sent.
    pub media_type: Option<String>,
    /// Response headers, a JSON object of name to value.
    pub headers: String,
    /// Bytes of the body, uncompressed.
    pub size: i64,
    #[sea_orm(belongs_to, from = "page_id", to = "id")]
    /// Loaded on request.
    pub page: HasOne<super::page::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
