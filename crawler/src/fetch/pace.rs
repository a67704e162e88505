//! When a host may be asked again. The next free moment of each host is in the database, so that all processes that
//! use it together keep the pace.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::host;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use url::Url;

use crate::db;

/// Takes the next free moment of a URL's host and waits for it.
pub(super) async fn turn(db: &DatabaseConnection, url: &Url, delay: Duration) -> Result<(), DbErr> {
    let start = reserve(db, url, delay).await?;
    if let Ok(wait) = (start - db::now()).to_std() {
        tokio::time::sleep(wait).await;
    }
    Ok(())
}

/// Takes the next free moment of a URL's host.
async fn reserve(db: &DatabaseConnection, url: &Url, delay: Duration) -> Result<DateTime<Utc>, DbErr> {
    let name = name(url);
    let delay_ms = i32::try_from(delay.as_millis()).unwrap_or(i32::MAX);
    let txn = db::begin(db).await?;
    let new = host::ActiveModel { name: Set(name.clone()), next_at: Set(db::now()), delay_ms: Set(delay_ms) };
    let ignore = OnConflict::column(host::Column::Name).do_nothing().to_owned();
    host::Entity::insert(new).on_conflict(ignore).exec_without_returning(&txn).await?;
    let host = host::Entity::find_by_id(&name).lock_exclusive().one(&txn).await?;
    // Only now: others may have held the row for long.
    let now = db::now();
    let start = host.map_or(now, |host| host.next_at.max(now));
    host::Entity::update_many()
        .col_expr(host::Column::NextAt, Expr::value(start + TimeDelta::milliseconds(delay_ms.into())))
        .col_expr(host::Column::DelayMs, Expr::value(delay_ms))
        .filter(host::Column::Name.eq(&name))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(start)
}

/// A host with its port, where that is not the scheme's own.
pub(super) fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_workers_keep_one_pace_a_host() {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("sqlite://{}?mode=rwc", folder.path().join("pace.db").display());
        let first = sea_orm::Database::connect(&address).await.unwrap();
        migration::up(&first).await.unwrap();
        let second = sea_orm::Database::connect(&address).await.unwrap();
        let delay = Duration::from_millis(60);
        let (here, there) = (Url::parse("http://a.example/x").unwrap(), Url::parse("http://b.example/").unwrap());
        let ask = async |db: &DatabaseConnection| {
            let mut at = Vec::new();
            for _ in 0..3 {
                at.push(reserve(db, &here, delay).await.unwrap());
            }
            at
        };
        let (a, b) = tokio::join!(ask(&first), ask(&second));
        let mut at = [a, b].concat();
        at.sort();
        for pair in at.windows(2) {
            assert!((pair[1] - pair[0]).to_std().unwrap() >= delay, "{at:?}");
        }
        assert!(reserve(&first, &there, delay).await.unwrap() < at[5], "another host has its own pace");
        turn(&first, &here, delay).await.unwrap();
        assert!(db::now() >= at[5] + delay, "it waits for its turn");
    }
}
