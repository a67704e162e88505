//! Which pages there are, which are due, and which worker has them. All of it is in the table `page`, so that a crawl
//! that dies goes on where it stopped: its leases run out, and others take its pages.

mod alias;
mod revisit;

use std::{collections::hash_map::RandomState, hash::BuildHasher as _, time::Duration};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    page,
    value::{PageKind, PageState},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, ExprTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, LockBehavior, LockType, OnConflict},
};
use url::Url;

pub(crate) use alias::{alias, inherit, settle};
pub(crate) use revisit::has_vanished;

use crate::{
    db::{self, Alone},
    fetch::Validators,
};

/// How long a worker keeps a page without a sign of life, unless said.
pub(crate) const LEASE: Duration = Duration::from_secs(60);
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
    db: &DatabaseTransaction,
    source_id: i32,
    pages: &[NewPage<'_>],
    due: DateTime<Utc>,
) -> Result<(), DbErr> {
    let update = OnConflict::columns([page::Column::SourceId, page::Column::Url])
        // A declaration names an address only; what a list said of it stays.
        .value(page::Column::Title, Expr::cust("coalesce(excluded.title, page.title)"))
        .value(page::Column::ListedOn, Expr::cust("coalesce(excluded.listed_on, page.listed_on)"))
        .to_owned();
    db::alone(db, Alone::AddPages).await?;
    for chunk in pages.chunks(db::rows_per_insert(9)) {
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
            read_with: NotSet,
            missing_since: NotSet,
            same_as: NotSet,
            revisit_hours: Set(0),
        });
        page::Entity::insert_many(rows).on_conflict(update.clone()).exec_without_returning(db).await?;
    }
    let articles: Vec<_> = pages.iter().filter(|page| page.kind == PageKind::Article).map(|page| page.url).collect();
    alias::unite(db, source_id, &articles).await
}

/// Makes the articles of a source due that have been read and would rest.
pub(crate) async fn recall(db: &impl ConnectionTrait, source_id: i32, due: DateTime<Utc>) -> Result<(), DbErr> {
    page::Entity::update_many()
        .col_expr(page::Column::DueAt, Expr::value(due))
        .filter(page::Column::SourceId.eq(source_id))
        .filter(page::Column::Kind.eq(PageKind::Article))
        .filter(page::Column::State.is_in([PageState::Fresh, PageState::NoPlan, PageState::Held]))
        .filter(page::Column::DueAt.gt(due))
        .exec(db)
        .await
        .map(|_| ())
}

/// How many of these articles of a source are known.
pub(crate) async fn known(db: &impl ConnectionTrait, source_id: i32, urls: &[&Url]) -> Result<usize, DbErr> {
    let mut known = 0;
    for chunk in urls.chunks(db::rows_per_insert(2)) {
        let named = page::Column::Url.is_in(chunk.iter().map(|url| url.as_str()));
        let rows = page::Entity::find().filter(page::Column::SourceId.eq(source_id)).filter(named).count(db).await?;
        known += usize::try_from(rows).unwrap_or(usize::MAX);
    }
    Ok(known)
}

/// Puts off those lists of a source that its declaration no longer names, and recalls those that it names again.
pub(crate) async fn keep_lists(
    db: &impl ConnectionTrait,
    source_id: i32,
    declared: &[Url],
    due: DateTime<Utc>,
) -> Result<(), DbErr> {
    let put_off = due + TimeDelta::days(36_500);
    let of_source = || {
        page::Entity::update_many()
            .filter(page::Column::SourceId.eq(source_id))
            .filter(page::Column::Kind.eq(PageKind::List))
    };
    let urls = || declared.iter().map(Url::as_str);
    of_source()
        .col_expr(page::Column::DueAt, Expr::value(put_off))
        .filter(page::Column::Url.is_not_in(urls()))
        .exec(db)
        .await?;
    of_source()
        .col_expr(page::Column::DueAt, Expr::value(due))
        .filter(page::Column::Url.is_in(urls()))
        .filter(page::Column::DueAt.gt(due + TimeDelta::days(365)))
        .exec(db)
        .await?;
    Ok(())
}

/// Pages of a source that are done before any of the next batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Batch {
    /// Lists, which lead to articles.
    Lists,
    /// Articles that were fetched before. Where one has moved to an address that a list names by now, its plan goes there
    /// with it, and is not found there as a new one.
    Known,
    /// Articles that never were.
    New,
}

/// The pages of a batch that were due at a time.
fn wanted(source_id: i32, batch: Batch, due: DateTime<Utc>) -> Select<page::Entity> {
    let pages = page::Entity::find()
        .filter(page::Column::SourceId.eq(source_id))
        .filter(page::Column::DueAt.lte(due))
        .filter(page::Column::SameAs.is_null());
    match batch {
        Batch::Lists => pages.filter(page::Column::Kind.eq(PageKind::List)),
        Batch::Known => {
            pages.filter(page::Column::Kind.eq(PageKind::Article)).filter(page::Column::FetchedAt.is_not_null())
        }
        Batch::New => pages.filter(page::Column::Kind.eq(PageKind::Article)).filter(page::Column::FetchedAt.is_null()),
    }
}

/// How many pages of a source were due at a time.
pub(crate) async fn due(
    db: &impl ConnectionTrait,
    source_id: i32,
    batch: Batch,
    due: DateTime<Utc>,
) -> Result<u64, DbErr> {
    wanted(source_id, batch, due).count(db).await
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
    /// How long the worker keeps it without a sign of life.
    lease: Duration,
}

impl Claim {
    fn new(page: page::Model, owner: &str, due: DateTime<Utc>, lease: Duration) -> Self {
        Self { page, owner: owner.to_owned(), due, lease }
    }

    fn is_mine(&self) -> Expr {
        page::Column::Id.eq(self.page.id).and(page::Column::LeaseOwner.eq(self.owner.as_str()))
    }
}

/// Takes the next pages of a source that were due at a time, for `owner` alone, `most` of them; none where all are done
/// or taken. Those that are taken are still due until they are done.
pub(crate) async fn claim(
    db: &DatabaseConnection,
    source_id: i32,
    batch: Batch,
    due: DateTime<Utc>,
    owner: &str,
    lease: Duration,
    most: u64,
) -> Result<Vec<Claim>, DbErr> {
    let wanted = wanted(source_id, batch, due).order_by_asc(page::Column::DueAt);
    let pages = take(db, wanted, owner, lease, most).await?;
    Ok(pages.into_iter().map(|page| Claim::new(page, owner, due, lease)).collect())
}

/// Articles whose last body other rules have read, or none.
fn unread() -> Select<page::Entity> {
    let other = Condition::any().add(page::Column::ReadWith.is_null()).add(page::Column::ReadWith.ne(extract::VERSION));
    page::Entity::find()
        .filter(page::Column::Kind.eq(PageKind::Article))
        .filter(page::Column::SnapshotId.is_not_null())
        .filter(page::Column::SameAs.is_null())
        .filter(other)
}

/// How many articles are to be read again.
pub(crate) async fn count_unread(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    unread().count(db).await
}

/// Takes the next article behind a row that is to be read again, for `owner` alone; none where all of them are read or
/// taken.
pub(crate) async fn claim_unread(
    db: &DatabaseConnection,
    behind: i64,
    owner: &str,
    lease: Duration,
) -> Result<Option<Claim>, DbErr> {
    let page = take(db, unread().filter(page::Column::Id.gt(behind)), owner, lease, 1).await?.pop();
    Ok(page.map(|page| {
        let due = page.due_at;
        Claim::new(page, owner, due, lease)
    }))
}

/// Takes a page that is held back, for `owner` alone; none where it is not any more, or is another worker's.
pub(crate) async fn claim_held(
    db: &DatabaseConnection,
    page_id: i64,
    owner: &str,
    lease: Duration,
) -> Result<Option<Claim>, DbErr> {
    let held = page::Entity::find_by_id(page_id).filter(page::Column::State.eq(PageState::Held));
    let page = take(db, held, owner, lease, 1).await?.pop();
    Ok(page.map(|page| {
        let due = page.due_at;
        Claim::new(page, owner, due, lease)
    }))
}

/// The pages of a source that are held back.
pub(crate) fn held(source_id: i32) -> Select<page::Entity> {
    page::Entity::find()
        .filter(page::Column::SourceId.eq(source_id))
        .filter(page::Column::State.eq(PageState::Held))
        .filter(page::Column::SameAs.is_null())
}

/// A name for whoever takes pages, that nobody else has: processes in containers have the same numbers.
pub(crate) fn new_owner(work: &str) -> String {
    format!("{work}-{:016x}", RandomState::new().hash_one(std::process::id()))
}

/// Takes the first of some pages that are nobody's.
async fn take(
    db: &DatabaseConnection,
    wanted: Select<page::Entity>,
    owner: &str,
    lease: Duration,
    most: u64,
) -> Result<Vec<page::Model>, DbErr> {
    let txn = db::begin(db).await?;
    let now = db::now();
    let free = Condition::any().add(page::Column::LeaseUntil.is_null()).add(page::Column::LeaseUntil.lt(now));
    let mut pages = wanted
        .filter(free)
        .order_by_asc(page::Column::Id)
        .limit(most)
        // SQLite knows no such lock and needs none: the transaction is its only writer.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&txn)
        .await?;
    if pages.is_empty() {
        txn.rollback().await?;
        return Ok(pages);
    }
    page::Entity::update_many()
        .col_expr(page::Column::LeaseOwner, Expr::value(owner))
        .col_expr(page::Column::LeaseUntil, Expr::value(now + lease))
        .filter(page::Column::Id.is_in(pages.iter().map(|page| page.id)))
        .exec(&txn)
        .await?;
    txn.commit().await?;
    for page in &mut pages {
        page.lease_owner = Some(owner.to_owned());
        page.lease_until = Some(now + lease);
    }
    Ok(pages)
}

/// Keeps a claim alive. Ends only when the page is not the worker's any more, as far as can be told.
pub(crate) async fn keep(db: &impl ConnectionTrait, claim: &Claim) -> Result<(), DbErr> {
    loop {
        tokio::time::sleep(claim.lease / 3).await;
        let renewal = page::Entity::update_many()
            .col_expr(page::Column::LeaseUntil, Expr::value(db::now() + claim.lease))
            .filter(claim.is_mine())
            .exec(db);
        let renewed = db::within(db.get_database_backend(), claim.lease * 2 / 3, renewal).await?;
        if renewed.rows_affected == 0 {
            return Ok(());
        }
    }
}

/// Keeps all pages of a source alive that an owner has. Ends only with an error: the database's, or that it has not
/// answered for as long as a page stays with a worker.
pub(crate) async fn keep_all(
    db: &impl ConnectionTrait,
    source_id: i32,
    owner: &str,
    lease: Duration,
) -> Result<(), DbErr> {
    let own = page::Entity::find()
        .select_only()
        .column(page::Column::Id)
        .filter(page::Column::SourceId.eq(source_id))
        .filter(page::Column::LeaseOwner.eq(owner))
        // Those that are locked are being given back, several at once and in another order.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    loop {
        tokio::time::sleep(lease / 3).await;
        let renewal = page::Entity::update_many()
            .col_expr(page::Column::LeaseUntil, Expr::value(db::now() + lease))
            .filter(page::Column::Id.in_subquery(own.clone()))
            .exec(db);
        db::within(db.get_database_backend(), lease * 2 / 3, renewal).await?;
    }
}

/// Whether some worker has a page of a source now.
pub(crate) async fn is_at_work(db: &impl ConnectionTrait, source_id: i32) -> Result<bool, DbErr> {
    let leased = page::Column::SourceId.eq(source_id).and(page::Column::LeaseUntil.gte(db::now()));
    Ok(page::Entity::find().filter(leased).count(db).await? > 0)
}

/// How a page ended.
#[derive(Clone, Debug)]
pub(crate) enum Done<'a> {
    /// It was read; what it holds is in the same transaction.
    Read {
        state: PageState,
        snapshot_id: Option<i64>,
        validators: &'a Validators,
        /// Whether it says something else than before.
        changed: bool,
    },
    /// It is as it was.
    Unchanged,
    /// Its last body was read once more. It stays with the worker.
    ReadAgain { state: PageState },
    /// It was read, and less than is published can be read in it: that stays, and the page's own body with it.
    Held { validators: &'a Validators, reason: &'a str },
    /// What was held back of it is published after all.
    Released { state: PageState, snapshot_id: i64 },
    /// It was not tried, for its host cannot be asked now.
    Postponed,
    /// It could not be fetched or read; the body is kept where there is one.
    Failed { state: PageState, snapshot_id: Option<i64>, reason: &'a str },
}

/// Keeps pages for as long as a transaction takes, however long the leases have been over: nobody else takes them
/// meanwhile. Answers whether all were still the worker's. Waits for whoever had one before and may still be about to
/// commit.
pub(crate) async fn hold_on_to(txn: &DatabaseTransaction, claims: &[&Claim]) -> Result<bool, DbErr> {
    let mine = claims.iter().fold(Condition::any(), |any, claim| any.add(claim.is_mine()));
    let rows = page::Entity::find().select_only().column(page::Column::Id).filter(mine).lock_exclusive();
    // In an order, so that no two wait for each other.
    let held: Vec<i64> = rows.order_by_asc(page::Column::Id).into_tuple().all(txn).await?;
    Ok(held.len() == claims.len())
}

/// Gives a page back. Answers whether it was still the worker's: where it was not, somebody else has done it, and what
/// the transaction holds must not be kept.
pub(crate) async fn finish(db: &impl ConnectionTrait, claim: &Claim, done: Done<'_>) -> Result<bool, DbErr> {
    let now = db::now();
    let nothing = Option::<DateTime<Utc>>::None;
    let mut update = page::Entity::update_many();
    update = if let Done::ReadAgain { .. } = done {
        update.col_expr(page::Column::LeaseUntil, Expr::value(now + claim.lease))
    } else {
        update
            .col_expr(page::Column::LeaseOwner, Expr::value(Option::<String>::None))
            .col_expr(page::Column::LeaseUntil, Expr::value(nothing))
            .col_expr(page::Column::DueAt, Expr::value(revisit::next(claim, &done, now)))
    };
    match &done {
        Done::Read { .. } | Done::Unchanged | Done::Held { .. } => {
            update = update
                .col_expr(page::Column::FetchedAt, Expr::value(now))
                .col_expr(page::Column::Attempts, Expr::value(0))
                .col_expr(page::Column::MissingSince, Expr::value(nothing))
                .col_expr(page::Column::RevisitHours, Expr::value(revisit::hours(&claim.page, &done)));
        }
        Done::ReadAgain { .. } | Done::Released { .. } | Done::Postponed => {}
        Done::Failed { state, reason, .. } => {
            update = update
                .col_expr(page::Column::Attempts, Expr::col(page::Column::Attempts).add(1))
                .col_expr(page::Column::LastError, Expr::value(*reason));
            if *state == PageState::NotFound {
                let since = claim.page.missing_since.unwrap_or(now);
                update = update.col_expr(page::Column::MissingSince, Expr::value(since));
            }
        }
    }
    if let Done::Read { validators, .. } | Done::Held { validators, .. } = done {
        update = update
            .col_expr(page::Column::Etag, Expr::value(validators.etag.clone()))
            .col_expr(page::Column::LastModified, Expr::value(validators.last_modified.clone()));
    }
    match done {
        // It says the same as when it was held back, and for the same reason.
        Done::Unchanged | Done::Read { state: PageState::Held, .. } if claim.page.state == PageState::Held => {}
        Done::Read { .. } | Done::Unchanged | Done::Released { .. } => {
            update = update.col_expr(page::Column::LastError, Expr::value(Option::<String>::None));
        }
        Done::Held { reason, .. } => {
            update = update
                .col_expr(page::Column::State, Expr::value(PageState::Held.as_str()))
                .col_expr(page::Column::LastError, Expr::value(reason));
        }
        Done::ReadAgain { .. } | Done::Postponed | Done::Failed { .. } => {}
    }
    if let Done::Read { state, snapshot_id, .. } | Done::Failed { state, snapshot_id, .. } = done {
        update = update.col_expr(page::Column::State, Expr::value(state.as_str()));
        if snapshot_id.is_some() {
            let is_read = matches!(done, Done::Read { .. });
            update = update
                .col_expr(page::Column::SnapshotId, Expr::value(snapshot_id))
                .col_expr(page::Column::ReadWith, Expr::value(is_read.then_some(extract::VERSION)));
        }
    }
    if let Done::Released { state, snapshot_id } = done {
        update = update
            .col_expr(page::Column::State, Expr::value(state.as_str()))
            .col_expr(page::Column::SnapshotId, Expr::value(snapshot_id))
            .col_expr(page::Column::ReadWith, Expr::value(extract::VERSION));
    }
    // What could not be read again keeps its rules, and what cannot be fetched keeps its state.
    if let Done::ReadAgain { state } = done
        && state != PageState::Failed
    {
        update = update.col_expr(page::Column::ReadWith, Expr::value(extract::VERSION));
        if is_read(&claim.page) && claim.page.state != PageState::Held {
            update = update.col_expr(page::Column::State, Expr::value(state.as_str()));
        }
    }
    Ok(update.filter(claim.is_mine()).exec(db).await?.rows_affected == 1)
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

/// Whether the last body of a page was read, with or without a plan in it, published or held back.
pub(crate) const fn is_read(page: &page::Model) -> bool {
    matches!(page.state, PageState::Fresh | PageState::NoPlan | PageState::Held)
}

#[cfg(test)]
mod tests;
