//! When a host may be asked again. The next free moment of each host is in the database, so that all processes that
//! use it together keep the pace. The pace follows the host: a slow one is asked less often, and so is one that says
//! that it is asked too often.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::host;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use url::Url;

use super::FetchError;
use crate::{Error, db};

/// The slowest pace; slower would mean never.
pub(super) const SLOWEST: Duration = Duration::from_secs(60);
/// The longest rest that a host is given. What asks for more is a mistake, and is asked about it every day.
const LONGEST_REST: Duration = Duration::from_secs(24 * 60 * 60);

/// A moment at which a host may be asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    start: DateTime<Utc>,
    /// What the source and robots.txt ask for.
    least: Duration,
    /// What the host's answers have asked for.
    learnt: Duration,
}

/// Takes the next free moment of a URL's host and waits for it.
///
/// # Errors
/// [`FetchError::Resting`] where the host wants to be left alone for longer than `patience`.
pub(super) async fn turn(
    db: &DatabaseConnection,
    url: &Url,
    least: Duration,
    patience: Duration,
) -> Result<Turn, Error> {
    if least.is_zero() && is_unpaced(db, url).await? {
        return Ok(Turn { start: db::now(), least, learnt: Duration::ZERO });
    }
    let turn = reserve(db, url, least, patience).await?;
    if let Ok(wait) = (turn.start - db::now()).to_std() {
        tokio::time::sleep(wait).await;
    }
    Ok(turn)
}

/// Whether nobody asks for a pace of a URL's host: neither the host itself nor a source that shares it. Then there are
/// no turns to take, and nothing to write.
async fn is_unpaced(db: &DatabaseConnection, url: &Url) -> Result<bool, DbErr> {
    let host = host::Entity::find_by_id(name(url)).one(db).await?;
    let now = db::now();
    let is_free = |host: host::Model| {
        host.delay_ms == 0 && host.next_at <= now && host.rest_until.is_none_or(|until| until <= now)
    };
    // A host without a row has what is refused written nowhere.
    Ok(host.is_some_and(is_free))
}

/// Takes the next free moment of a URL's host.
async fn reserve(db: &DatabaseConnection, url: &Url, least: Duration, patience: Duration) -> Result<Turn, Error> {
    let name = name(url);
    let txn = db::begin(db).await?;
    let new =
        host::ActiveModel { name: Set(name.clone()), next_at: Set(db::now()), delay_ms: Set(0), rest_until: NotSet };
    let ignore = OnConflict::column(host::Column::Name).do_nothing().to_owned();
    host::Entity::insert(new).on_conflict(ignore).exec_without_returning(&txn).await?;
    let host = host::Entity::find_by_id(&name).lock_exclusive().one(&txn).await?;
    // Only now: others may have held the row for long.
    let now = db::now();
    let rest = host.as_ref().and_then(|host| host.rest_until);
    if let Some(until) = rest.filter(|until| (*until - now).to_std().is_ok_and(|rest| rest > patience)) {
        txn.rollback().await?;
        return Err(FetchError::Resting { url: url.clone(), until }.into());
    }
    let free = host.as_ref().map_or(now, |host| host.next_at);
    let start = now.max(free).max(rest.unwrap_or(now));
    let learnt = Duration::from_millis(host.map_or(0, |host| host.delay_ms.unsigned_abs().into()));
    let delay = TimeDelta::milliseconds(millis(least.max(learnt)).into());
    host::Entity::update_many()
        .col_expr(host::Column::NextAt, Expr::value(start + delay))
        .filter(host::Column::Name.eq(&name))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    Ok(Turn { start, least, learnt })
}

/// Takes in how long a host took to answer: the pace goes half of the way to it, but a source that asks for no pace
/// gets none for that.
pub(super) async fn answered(db: &DatabaseConnection, url: &Url, turn: Turn, took: Duration) -> Result<(), DbErr> {
    let goal = if turn.least.is_zero() { Duration::ZERO } else { took.min(SLOWEST) };
    let learnt = (turn.learnt + goal) / 2;
    // Most hosts are quicker than the pace that their source asks for; nothing need be written for those.
    if learnt.max(turn.least) == turn.learnt.max(turn.least) {
        return Ok(());
    }
    let paced = host::Entity::update_many().col_expr(host::Column::DelayMs, Expr::value(millis(learnt)));
    paced.filter(host::Column::Name.eq(name(url))).exec(db).await.map(|_| ())
}

/// Takes in that a host is asked too often: the pace is halved, and the host left alone for as long as it says.
pub(super) async fn refused(
    db: &DatabaseConnection,
    url: &Url,
    turn: Turn,
    rest: Option<Duration>,
    least: Duration,
) -> Result<(), DbErr> {
    let slower = (turn.learnt.max(turn.least) * 2).clamp(least.min(SLOWEST), SLOWEST);
    let mut update = host::Entity::update_many().col_expr(host::Column::DelayMs, Expr::value(millis(slower)));
    if let Some(rest) = rest {
        let until = db::now() + TimeDelta::milliseconds(millis(rest.min(LONGEST_REST)).into());
        update = update.col_expr(host::Column::RestUntil, Expr::value(Some(until)));
    }
    update.filter(host::Column::Name.eq(name(url))).exec(db).await.map(|_| ())
}

fn millis(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}

/// A host with its port, where that is not the scheme's own.
pub(super) fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn two_workers_keep_one_pace_a_host() {
        let test = support::sqlite().await;
        let (first, second) = (test.connection, migration::open(&test.url).await.unwrap());
        let delay = Duration::from_millis(60);
        let (here, there) = (Url::parse("http://a.example/x").unwrap(), Url::parse("http://b.example/").unwrap());
        let ask = async |db: &DatabaseConnection| {
            let mut at = Vec::new();
            for _ in 0..3 {
                at.push(reserve(db, &here, delay, PATIENCE).await.unwrap().start);
            }
            at
        };
        let (a, b) = tokio::join!(ask(&first), ask(&second));
        let mut at = [a, b].concat();
        at.sort();
        for pair in at.windows(2) {
            assert!((pair[1] - pair[0]).to_std().unwrap() >= delay, "{at:?}");
        }
        let other = reserve(&first, &there, delay, PATIENCE).await.unwrap();
        assert!(other.start < at[5], "another host has its own pace");
        turn(&first, &here, delay, PATIENCE).await.unwrap();
        assert!(db::now() >= at[5] + delay, "it waits for its turn");
    }

    #[tokio::test]
    async fn the_pace_follows_the_host() {
        for test in support::databases("crawler_pace").await {
            let (db, url) = (test.connection, Url::parse("http://a.example/x").unwrap());
            let least = Duration::from_millis(10);
            let reserve = async || reserve(&db, &url, least, PATIENCE).await;
            let first = reserve().await.unwrap();
            assert_eq!(first.learnt, Duration::ZERO);
            answered(&db, &url, first, Duration::from_millis(4)).await.unwrap();
            let second = reserve().await.unwrap();
            assert_eq!(second.learnt, Duration::ZERO, "it is quick enough");
            answered(&db, &url, second, Duration::from_millis(800)).await.unwrap();
            let third = reserve().await.unwrap();
            assert_eq!(third.learnt, Duration::from_millis(400));
            refused(&db, &url, third, None, least).await.unwrap();
            let fourth = reserve().await.unwrap();
            assert_eq!(fourth.learnt, Duration::from_millis(800));
            answered(&db, &url, fourth, Duration::ZERO).await.unwrap();
            let fifth = reserve().await.unwrap();
            assert_eq!(fifth.learnt, Duration::from_millis(400), "it recovers");

            refused(&db, &url, fifth, Some(Duration::from_secs(30)), least).await.unwrap();
            let after = reserve().await.unwrap().start;
            assert!(after > db::now() + TimeDelta::seconds(29), "a short rest is waited for");
            refused(&db, &url, fifth, Some(Duration::from_secs(3_600)), least).await.unwrap();
            let error = reserve().await.unwrap_err();
            assert!(matches!(&error, Error::Fetch(FetchError::Resting { .. })), "{error}");
        }
    }
}
