//! Word of changes in health to an address of the operator's.
//!
//! What is to be said is queued in the transaction that changes the health, and sent by whichever process crawls: at least
//! once, the changes of a source in their order, again with growing waits where the receiver does not take it, and no
//! more when it is a week old. No crawl waits for it or fails with it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{notification, source, value::Health};
use reqwest::{Client, header, redirect};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{LockBehavior, LockType},
};
use serde::Serialize;
use tokio::sync::Notify;
use url::Url;

use crate::{db, tls};

/// How often a process looks whether there is something to send.
const POLL: Duration = Duration::from_secs(5);
/// How long the receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a process that is about to end goes on sending.
const FAREWELL: Duration = Duration::from_secs(20);
/// The longest wait before another try.
const MAX_WAIT: TimeDelta = TimeDelta::hours(6);
/// How often the wait is doubled at most.
const MAX_DOUBLINGS: u32 = 16;
/// How old word may become.
const KEPT: TimeDelta = TimeDelta::days(7);

/// Where word of changes in health is sent: as JSON, by POST. Private addresses are allowed.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The address.
    pub url: Url,
    /// The wait after the first try that failed; each further wait is twice as long.
    pub backoff: Duration,
}

impl Webhook {
    /// With waits from half a minute on.
    #[must_use]
    pub const fn new(url: Url) -> Self {
        Self { url, backoff: Duration::from_secs(30) }
    }

    /// The wait after so many tries.
    fn wait(&self, tried: i32) -> TimeDelta {
        let doublings = std::cmp::min(tried.unsigned_abs(), MAX_DOUBLINGS);
        let wait = self.backoff.saturating_mul(2_u32.saturating_pow(doublings));
        TimeDelta::from_std(wait).map_or(MAX_WAIT, |wait| std::cmp::min(wait, MAX_WAIT))
    }
}

/// What is said of a change.
#[derive(Serialize)]
struct Message<'a> {
    source: &'a str,
    name: &'a str,
    url: &'a str,
    health: Health,
    before: Health,
    problem: Option<&'a str>,
    at: DateTime<Utc>,
    /// Row id of the run that found it; none where no run did.
    run: Option<i64>,
}

/// Queues word of a source that is now as its row says, where its health was another `before`. A source that does well
/// from its first run on is no news.
pub(crate) async fn tell(
    db: &impl ConnectionTrait,
    now: &source::Model,
    before: Health,
    run: Option<i64>,
) -> Result<(), DbErr> {
    if now.health == before || (before == Health::NeverRun && now.health == Health::Ok) {
        return Ok(());
    }
    // Where nobody sends them, they are not kept for ever either.
    forget(db).await?;
    let at = db::now();
    let message = Message {
        source: &now.slug,
        name: &now.name,
        url: &now.url,
        health: now.health,
        before,
        problem: now.problem.as_deref(),
        at,
        run,
    };
    let body = serde_json::to_string(&message).map_err(|e| DbErr::Custom(format!("a message is no JSON: {e}")))?;
    let row = notification::ActiveModel {
        id: NotSet,
        source_id: Set(now.id),
        at: Set(at),
        body: Set(body),
        due_at: Set(at),
        attempts: Set(0),
    };
    notification::Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}

/// Drops what is too old; answers with how many.
async fn forget(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let old = notification::Column::At.lt(db::now() - KEPT);
    notification::Entity::delete_many().filter(old).exec(db).await.map(|done| done.rows_affected)
}

/// Does some work, and sends meanwhile what is queued, also by that work.
pub(crate) async fn beside<T>(db: &DatabaseConnection, webhook: Option<&Webhook>, work: impl Future<Output = T>) -> T {
    let Some(webhook) = webhook else { return work.await };
    let done = Notify::new();
    let work = async {
        let result = work.await;
        done.notify_one();
        result
    };
    let (result, ()) = tokio::join!(work, send(db, webhook, &done));
    result
}

/// Sends what is queued until all is done.
async fn send(db: &DatabaseConnection, webhook: &Webhook, done: &Notify) {
    tls::provide();
    let agent = concat!("plangraph/", env!("CARGO_PKG_VERSION"));
    let client =
        Client::builder().user_agent(agent).redirect(redirect::Policy::none()).no_proxy().timeout(PATIENCE).build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return tracing::error!(%error, "no word of changes in health can be sent"),
    };
    loop {
        tokio::select! {
            () = done.notified() => break,
            () = tokio::time::sleep(POLL) => {}
        }
        tell_error(deliver(db, webhook, &client).await);
    }
    if let Ok(sent) = tokio::time::timeout(FAREWELL, deliver(db, webhook, &client)).await {
        tell_error(sent);
    }
}

fn tell_error(sent: Result<(), DbErr>) {
    if let Err(error) = sent {
        tracing::error!(%error, "word of changes in health cannot be read; another try follows");
    }
}

/// Sends what is due, one after another. A receiver that does not take one is not asked to take the others now.
async fn deliver(db: &DatabaseConnection, webhook: &Webhook, client: &Client) -> Result<(), DbErr> {
    let given_up = forget(db).await?;
    if given_up > 0 {
        tracing::warn!(messages = given_up, "word of changes in health was not taken in a week and is given up");
    }
    while let Some(row) = take(db, webhook).await? {
        let request = client.post(webhook.url.clone()).header(header::CONTENT_TYPE, "application/json").body(row.body);
        let refusal = match request.send().await {
            Ok(answer) if answer.status().is_success() => {
                notification::Entity::delete_by_id(row.id).exec(db).await?;
                continue;
            }
            Ok(answer) => answer.status().to_string(),
            // Its address may hold a secret.
            Err(error) => error.without_url().to_string(),
        };
        let tries = row.attempts;
        tracing::warn!(tries, again = %row.due_at, "the webhook did not take word of a change in health: {refusal}");
        break;
    }
    Ok(())
}

/// Takes the next message, for this process alone until its next try. Of each source the oldest goes first.
async fn take(db: &DatabaseConnection, webhook: &Webhook) -> Result<Option<notification::Model>, DbErr> {
    use notification::Column;
    let txn = db::begin(db).await?;
    let now = db::now();
    let oldest = notification::Entity::find()
        .select_only()
        .column_as(Column::Id.min(), "id")
        .group_by(Column::SourceId)
        .into_query();
    let row = notification::Entity::find()
        .filter(Column::DueAt.lte(now).and(Column::Id.in_subquery(oldest)))
        .order_by_asc(Column::Id)
        // SQLite knows no such lock and needs none: the transaction is its only writer.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&txn)
        .await?;
    let Some(row) = row else {
        txn.rollback().await?;
        return Ok(None);
    };
    let tried = row.attempts;
    let mut row = row.into_active_model();
    row.attempts = Set(tried + 1);
    row.due_at = Set(now + webhook.wait(tried));
    let row = row.update(&txn).await?;
    txn.commit().await?;
    Ok(Some(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_bounds() {
        let webhook = Webhook::new(Url::parse("http://127.0.0.1/").unwrap());
        let waits: Vec<_> = [0, 1, 2, 9, 10, i32::MAX].map(|tried| webhook.wait(tried).num_seconds()).to_vec();
        assert_eq!(waits, [30, 60, 120, 15_360, 21_600, 21_600]);
    }
}
