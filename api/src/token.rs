//! Tokens: who may change what is stored.
//!
//! A token is shown once, when it is made; the database has its SHA-256. It is 256 random bits, which nobody guesses, so a
//! fast hash will do; and as it is the hash that is looked up, the time that takes says nothing of the token.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use entity::{token, writing::now};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, DatabaseConnection, DbErr, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, SqlErr,
    sea_query::Expr,
};
use sha2::{Digest as _, Sha256};

use crate::Error;

/// What every token begins with, so that one that got lost is known for what it is.
const PREFIX: &str = "pg_";
/// The longest name.
const MAX_NAME: usize = 64;
/// How often the use of a token is noted at most.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// A token that cannot be made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A name that says nothing, or too much.
    #[error("“{0}” is no name for a token: it has 1 to {MAX_NAME} letters, digits and the signs - _ . @")]
    BadName(String),
    /// Names are given once.
    #[error(
        "a token is or was called “{0}”, and corrections may bear that name; choose another, such as the year or the machine behind it"
    )]
    Taken(String),
    /// No token has this name.
    #[error("no token is called “{0}”; `plangraph token list` names them")]
    Unknown(String),
    /// The system gave no random bits.
    #[error("the system has no random numbers: {0}")]
    Random(getrandom::Error),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Makes a token and answers with it. It cannot be shown again.
///
/// # Errors
/// A name that cannot be given, or a database that refuses.
pub async fn create(db: &DatabaseConnection, name: &str) -> Result<String, TokenError> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.@".contains(c);
    if name.is_empty() || name.chars().count() > MAX_NAME || !name.chars().all(is_plain) {
        return Err(TokenError::BadName(name.to_owned()));
    }
    let mut bits = [0_u8; 32];
    getrandom::fill(&mut bits).map_err(TokenError::Random)?;
    let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bits));
    let row = token::ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        hash: Set(hash(&secret)),
        created_at: Set(now()),
        last_used_at: Set(None),
        revoked_at: Set(None),
    };
    match row.insert(db).await {
        Ok(_) => Ok(secret),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(TokenError::Taken(name.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// All tokens, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &DatabaseConnection) -> Result<Vec<token::Model>, DbErr> {
    token::Entity::find().order_by_asc(token::Column::Id).all(db).await
}

/// Revokes a token: from then on it is refused. One that is revoked already stays so.
///
/// # Errors
/// A name that no token has, or a database that refuses.
pub async fn revoke(db: &DatabaseConnection, name: &str) -> Result<(), TokenError> {
    let found = token::Entity::find().filter(token::Column::Name.eq(name)).one(db).await?;
    let row = found.ok_or_else(|| TokenError::Unknown(name.to_owned()))?;
    if row.revoked_at.is_none() {
        token::ActiveModel { revoked_at: Set(Some(now())), ..row.into_active_model() }.update(db).await?;
    }
    Ok(())
}

/// Somebody with a token.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    /// Of its row.
    pub(crate) id: i32,
    /// Name of the token.
    pub(crate) name: String,
}

impl Holder {
    /// Who comes with this header `Authorization`. Nobody, where it has another scheme than Bearer: that is for whatever
    /// stands before the API.
    pub(crate) async fn of(db: &DatabaseConnection, authorization: &str) -> Result<Option<Self>, Error> {
        let authorization = authorization.trim();
        let (scheme, secret) = authorization.split_once(' ').unwrap_or((authorization, ""));
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return Ok(None);
        }
        let known = good().add(token::Column::Hash.eq(hash(secret.trim())));
        let row = token::Entity::find().filter(known).one(db).await?.ok_or(Error::BadToken)?;
        let seldom =
            Condition::any().add(token::Column::LastUsedAt.is_null()).add(token::Column::LastUsedAt.lt(now() - NOTED));
        token::Entity::update_many()
            .col_expr(token::Column::LastUsedAt, Expr::value(now()))
            .filter(token::Column::Id.eq(row.id))
            .filter(seldom)
            .exec(db)
            .await?;
        Ok(Some(Self { id: row.id, name: row.name }))
    }

    /// Makes sure that the token is still good: a conversation over a WebSocket may be longer than its life.
    pub(crate) async fn check(&self, db: &DatabaseConnection) -> Result<(), Error> {
        let still = token::Entity::find().filter(good().add(token::Column::Id.eq(self.id))).one(db).await?;
        still.map(|_| ()).ok_or(Error::BadToken)
    }
}

/// Tokens that are not revoked.
fn good() -> Condition {
    Condition::all().add(token::Column::RevokedAt.is_null())
}

fn hash(secret: &str) -> String {
    format!("{:x}", Sha256::digest(secret.as_bytes()))
}
