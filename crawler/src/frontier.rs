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

/// How long a worker keeps a page without a sign of life, unless said.
pub(crate) const LEASE: Duration = Duration::from_secs(60);
/// How long an article that is blocked or not there is left alone at first; each time that it is so again, twice as
/// long as the last time. A little less than a day, for a nightly crawl does not begin at the same second each night.
const REST: TimeDelta = TimeDelta::hours(20);
/// How often that is doubled: up to 27 days.
const MAX_DOUBLINGS: u32 = 5;

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
    /// How long the worker keeps it without a sign of life.
    lease: Duration,
}

impl Claim {
    fn is_mine(&self) -> Expr {
        page::Column::Id.eq(self.page.id).and(page::Column::LeaseOwner.eq(self.owner.as_str()))
    }
}

/// Takes a page of a source that was due at a time, for `owner` alone; none where all are done or taken. Those that
/// are taken are still due until they are done.
pub(crate) async fn claim(
    db: &DatabaseConnection,
    source_id: i32,
    kind: PageKind,
    due: DateTime<Utc>,
    owner: &str,
    lease: Duration,
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
            .col_expr(page::Column::LeaseUntil, Expr::value(now + lease))
            .filter(page::Column::Id.eq(page.id))
            .exec(&txn)
            .await?;
    }
    txn.commit().await?;
    Ok(page.map(|page| Claim { page, owner: owner.to_owned(), due, lease }))
}

/// Keeps a claim alive. Ends only when the page is not the worker's any more.
pub(crate) async fn keep(db: &impl ConnectionTrait, claim: &Claim) -> Result<(), DbErr> {
    loop {
        tokio::time::sleep(claim.lease / 3).await;
        let renewed = page::Entity::update_many()
            .col_expr(page::Column::LeaseUntil, Expr::value(db::now() + claim.lease))
            .filter(claim.is_mine())
            .exec(db)
            .await?;
        if renewed.rows_affected == 0 {
            return Ok(());
        }
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
    Read { state: PageState, snapshot_id: Option<i64>, validators: &'a Validators },
    /// It is as it was.
    Unchanged,
    /// It was not tried, for its host cannot be asked now.
    Postponed,
    /// It could not be fetched or read; the body is kept where there is one.
    Failed { state: PageState, snapshot_id: Option<i64>, reason: &'a str },
}

/// Gives a page back. Answers whether it was still the worker's: where it was not, somebody else has done it, and what
/// the transaction holds must not be kept.
pub(crate) async fn finish(db: &impl ConnectionTrait, claim: &Claim, done: Done<'_>) -> Result<bool, DbErr> {
    let now = db::now();
    let mut update = page::Entity::update_many()
        .col_expr(page::Column::LeaseOwner, Expr::value(Option::<String>::None))
        .col_expr(page::Column::LeaseUntil, Expr::value(Option::<DateTime<Utc>>::None))
        .col_expr(page::Column::DueAt, Expr::value(next(claim, &done, now)));
    update = match &done {
        Done::Read { .. } | Done::Unchanged => update
            .col_expr(page::Column::FetchedAt, Expr::value(now))
            .col_expr(page::Column::Attempts, Expr::value(0))
            .col_expr(page::Column::LastError, Expr::value(Option::<String>::None)),
        Done::Postponed => update,
        Done::Failed { reason, .. } => update
            .col_expr(page::Column::Attempts, Expr::col(page::Column::Attempts).add(1))
            .col_expr(page::Column::LastError, Expr::value(*reason)),
    };
    if let Done::Read { validators, .. } = done {
        update = update
            .col_expr(page::Column::Etag, Expr::value(validators.etag.clone()))
            .col_expr(page::Column::LastModified, Expr::value(validators.last_modified.clone()));
    }
    if let Done::Read { state, snapshot_id, .. } | Done::Failed { state, snapshot_id, .. } = done {
        update = update.col_expr(page::Column::State, Expr::value(state.as_str()));
        if snapshot_id.is_some() {
            update = update.col_expr(page::Column::SnapshotId, Expr::value(snapshot_id));
        }
    }
    Ok(update.filter(claim.is_mine()).exec(db).await?.rows_affected == 1)
}

/// When a page is due again: for the next run, never for this one, even where the clock was set back. An article that
/// is blocked or not there waits longer. A list does not, for without it nothing is found.
fn next(claim: &Claim, done: &Done<'_>, now: DateTime<Utc>) -> DateTime<Utc> {
    let next_run = std::cmp::max(now, claim.due + TimeDelta::microseconds(1));
    match done {
        Done::Failed { state: PageState::Blocked | PageState::NotFound, .. }
            if claim.page.kind == PageKind::Article =>
        {
            let doublings = std::cmp::min(claim.page.attempts.unsigned_abs(), MAX_DOUBLINGS);
            next_run + REST * 2_i32.pow(doublings)
        }
        _ => next_run,
    }
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

#[cfg(test)]
mod tests {
    use entity::{source, value::Health};
    use sea_orm::ActiveModelTrait;

    use super::*;

    /// A database with a source and two articles of it, due now.
    async fn database(test: &support::TestDatabase) -> (DatabaseConnection, i32, DateTime<Utc>) {
        let db = test.connection.clone();
        let source = source::ActiveModel {
            id: NotSet,
            slug: Set("x".to_owned()),
            name: Set("x".to_owned()),
            region_id: Set(None),
            url: Set(String::new()),
            schedule: Set(String::new()),
            next_run_at: Set(None),
            min_plans: Set(0),
            min_indicators: Set(0),
            health: Set(Health::NeverRun),
            problem: Set(None),
        };
        let source = source.insert(&db).await.unwrap().id;
        let urls = ["http://a.example/1", "http://a.example/2"].map(|url| Url::parse(url).unwrap());
        let due = db::now();
        for _ in 0..2 {
            let new = |url| NewPage { url, kind: PageKind::Article, title: None, listed_on: None };
            add(&db, source, &urls.each_ref().map(new), due).await.unwrap();
        }
        (db, source, due)
    }

    #[tokio::test]
    async fn a_page_is_one_workers_until_it_is_done_or_the_worker_dies() {
        for test in support::databases("crawler_frontier").await {
            let (db, source, due) = database(&test).await;
            let known = ["http://a.example/1", "http://a.example/3"].map(|url| Url::parse(url).unwrap());
            assert_eq!(super::known(&db, source, &known.each_ref()).await.unwrap(), 1);
            let take = async |owner| claim(&db, source, PageKind::Article, due, owner, LEASE).await.unwrap();
            let (first, second) = (take("a").await.unwrap(), take("b").await.unwrap());
            assert_ne!(first.page.id, second.page.id);
            assert!(take("c").await.is_none());
            assert!(is_at_work(&db, source).await.unwrap());

            assert!(finish(&db, &first, Done::Unchanged).await.unwrap());
            assert!(take("c").await.is_none(), "what is done is not due again in this run");
            assert_eq!(super::due(&db, source, PageKind::Article, due).await.unwrap(), 1);

            page::Entity::update_many()
                .col_expr(page::Column::LeaseUntil, Expr::value(Some(due - TimeDelta::seconds(1))))
                .exec(&db)
                .await
                .unwrap();
            let third = take("c").await.unwrap();
            assert_eq!(third.page.id, second.page.id, "the dead worker's page");
            assert!(!finish(&db, &second, Done::Unchanged).await.unwrap(), "the dead worker comes back too late");
            assert!(
                finish(&db, &third, Done::Failed { state: PageState::NotFound, snapshot_id: None, reason: "gone" })
                    .await
                    .unwrap()
            );
            let page = page::Entity::find_by_id(third.page.id).one(&db).await.unwrap().unwrap();
            assert_eq!((page.state, page.attempts, page.last_error.as_deref()), (PageState::NotFound, 1, Some("gone")));
            assert_eq!(validators(&page), Validators::default());
            let rest = page.due_at - db::now();
            assert!(rest > TimeDelta::hours(19) && rest <= REST, "{rest}");
            let again = Claim { page, ..third };
            let gone = Done::Failed { state: PageState::NotFound, snapshot_id: None, reason: "gone" };
            assert_eq!(next(&again, &gone, due), due + TimeDelta::microseconds(1) + REST * 2);
            assert!(!is_at_work(&db, source).await.unwrap());
        }
    }
}
