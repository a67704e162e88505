//! Tokens of those who may change what is stored.

use sea_orm::entity::prelude::*;

/// A token. It is not kept itself, only what it can be told by.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i32,
    /// Whose it is. A name is given once, also when its token is revoked, so that it says for ever who did something.
    #[sea_orm(unique)]
    pub name: String,
    /// SHA-256 of the token, lower-case hex.
    #[sea_orm(unique)]
    pub hash: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was used last, give or take a minute.
    pub last_used_at: Option<DateTimeUtc>,
    /// When it was revoked; none while it is good.
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
