//! Which pages there are, which are due, and which worker has them. All of it is in the table `page`, so that a crawl
//! that dies goes on where it stopped: its leases run out, and others take its pages.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    page,
    value::{PageKind, PageState},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType, OnConflict},
};
use url::Url;

use crate::{db, fetch::Validators};

/// How long a worker has for a page, all tries and waits included.
const LEASE: Duration = Duration::from_secs(15 * 60);

/// A page to add.
#[derive(Clone, Debug)]
pub(crate) struct NewPage<'a> {
    pub(crate) url: &'a Url,
    pub(crate) kind: PageKind,
    pub(crate) title: Option<&'a str>,
    pub(crate) listed_on: Option<NaiveDate>,
}

/// Adds the pages that are not known yet, due at a time. What a list says of a known page is brought up to date.
pub(crate) async fn add(
    db: &impl ConnectionTrait,
    source_id: i32,
    pages: &[NewPage<'_>],
    due: DateTime<Utc>,
) -> Result<(), DbErr> {
    let update = OnConflict::columns([page::Column::SourceId, page::Column::Url])
        // A declaration names an address only; what a list said of it stays.
        .value(page::Column::Title, Expr::cust("coalesce(excluded.title, page.title)"))
        .value(page::Column::ListedOn, Expr::cust("coalesce(excluded.listed_on, page.listed_on)"))
        .to_owned();
    for chunk in pages.chunks(db::rows_per_insert(8)) {
        let rows = chunk.iter().map(|new| page::ActiveModel {
            id: NotSet,
            source_id: Set(source_id),
            url: Set(new.url.to_string()),
            kind: Set(new.kind),
            title: Set(new.title.map(ToOwned::to_owned)),
            listed_on: Set(new.listed_on),
            state: Set(PageState::Due),
            due_at: Set(due),
            attempts: Set(0),
            lease_owner: NotSet,
            lease_until: NotSet,
            etag: NotSet,
            last_modified: NotSet,
            snapshot_id: NotSet,
            fetched_at: NotSet,
            last_error: NotSet,
        });
        page::Entity::insert_many(rows).on_conflict(update.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// How many pages of a source were due at a time.
pub(crate) async fn due(
    db: &impl ConnectionTrait,
    source_id: i32,
    kind: PageKind,
    due: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let due = page::Column::DueAt.lte(due).and(page::Column::Kind.eq(kind));
    page::Entity::find().filter(page::Column::SourceId.eq(source_id)).filter(due).count(db).await
}

/// A page that a worker has to itself.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// The page as it was when it was taken.
    pub(crate) page: page::Model,
    /// The worker.
    owner: String,
    /// When it was due at the latest.
    due: DateTime<Utc>,
}

/// Takes a page of a source that was due at a time, for `owner` alone; none where all are done or taken.
pub(crate) async fn claim(
    db: &DatabaseConnection,
    source_id: i32,
    kind: PageKind,
    due: DateTime<Utc>,
    owner: &str,
) -> Result<Option<Claim>, DbErr> {
    let txn = db::begin(db).await?;
    let now = db::now();
    let free = Condition::any().add(page::Column::LeaseUntil.is_null()).add(page::Column::LeaseUntil.lt(now));
    let page = page::Entity::find()
        .filter(page::Column::SourceId.eq(source_id))
        .filter(page::Column::Kind.eq(kind))
        .filter(page::Column::DueAt.lte(due))
        .filter(free)
        .order_by_asc(page::Column::DueAt)
        .order_by_asc(page::Column::Id)
        // SQLite knows no such lock and needs none: the transaction is its only writer.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&txn)
        .await?;
    if let Some(page) = &page {
        page::Entity::update_many()
            .col_expr(page::Column::LeaseOwner, Expr::value(owner))
            .col_expr(page::Column::LeaseUntil, Expr::value(now + TimeDelta::from_std(LEASE).unwrap_or_default()))
            .filter(page::Column::Id.eq(page.id))
            .exec(&txn)
            .await?;
    }
    txn.commit().await?;
    Ok(page.map(|page| Claim { page, owner: owner.to_owned(), due }))
}

/// How a page ended.
#[derive(Clone, Debug)]
pub(crate) enum Done<'a> {
    /// It was read; what it holds is in the same transaction.
    Read { state: PageState, snapshot_id: Option<i64>, validators: &'a Validators },
    /// It is as it was.
    Unchanged,
    /// It could not be fetched or read.
    Failed { state: PageState, reason: &'a str },
}

/// Gives a page back. Answers whether it was still the worker's: where it was not, somebody else has done it, and what
/// the transaction holds must not be kept.
pub(crate) async fn finish(db: &impl ConnectionTrait, claim: &Claim, done: Done<'_>) -> Result<bool, DbErr> {
    let now = db::now();
    let mut update = page::Entity::update_many()
        .col_expr(page::Column::LeaseOwner, Expr::value(Option::<String>::None))
        .col_expr(page::Column::LeaseUntil, Expr::value(Option::<DateTime<Utc>>::None))
        // Due for the next run, never for this one again, even where the clock was set back.
        .col_expr(page::Column::DueAt, Expr::value(std::cmp::max(now, claim.due + TimeDelta::microseconds(1))));
    update = match &done {
        Done::Read { .. } | Done::Unchanged => update
            .col_expr(page::Column::FetchedAt, Expr::value(now))
            .col_expr(page::Column::Attempts, Expr::value(0))
            .col_expr(page::Column::LastError, Expr::value(Option::<String>::None)),
        Done::Failed { state, reason } => update
            .col_expr(page::Column::State, Expr::value(state.as_str()))
            .col_expr(page::Column::Attempts, Expr::col(page::Column::Attempts).add(1))
            .col_expr(page::Column::LastError, Expr::value(*reason)),
    };
    if let Done::Read { state, snapshot_id, validators } = done {
        update = update
            .col_expr(page::Column::State, Expr::value(state.as_str()))
            .col_expr(page::Column::Etag, Expr::value(validators.etag.clone()))
            .col_expr(page::Column::LastModified, Expr::value(validators.last_modified.clone()));
        if snapshot_id.is_some() {
            update = update.col_expr(page::Column::SnapshotId, Expr::value(snapshot_id));
        }
    }
    let mine = page::Column::Id.eq(claim.page.id).and(page::Column::LeaseOwner.eq(claim.owner.as_str()));
    Ok(update.filter(mine).exec(db).await?.rows_affected == 1)
}

/// Gives back whatever an owner still has, for others to take at once.
pub(crate) async fn release(db: &impl ConnectionTrait, owner: &str) -> Result<(), DbErr> {
    page::Entity::update_many()
        .col_expr(page::Column::LeaseOwner, Expr::value(Option::<String>::None))
        .col_expr(page::Column::LeaseUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .filter(page::Column::LeaseOwner.eq(owner))
        .exec(db)
        .await?;
    Ok(())
}

/// What a page's last body can be asked for with; nothing where that body was not read to the end.
pub(crate) fn validators(page: &page::Model) -> Validators {
    if is_read(page) {
        Validators { etag: page.etag.clone(), last_modified: page.last_modified.clone() }
    } else {
        Validators::default()
    }
}

/// Whether the last body of a page was read, with or without a plan in it.
pub(crate) const fn is_read(page: &page::Model) -> bool {
    matches!(page.state, PageState::Fresh | PageState::NoPlan)
}
