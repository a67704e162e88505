//! Runs that wait for a worker. Any process takes them, each once; one whose worker died is taken again and goes on where
//! it stopped. A run without a source is a request for all of them: a run a source is queued in its place, and it ends
//! with the last of these.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::{crawl_run, value::RunStatus};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, LockBehavior, LockType},
};

use crate::db;

/// A run as it is first written.
pub(super) fn new(source_id: i32, status: RunStatus, now: DateTime<Utc>) -> crawl_run::ActiveModel {
    crawl_run::ActiveModel {
        id: NotSet,
        source_id: Set(Some(source_id)),
        status: Set(status),
        queued_at: Set(now),
        started_at: Set(None),
        finished_at: Set(None),
        fetched: Set(0),
        unchanged: Set(0),
        stored: Set(0),
        failed: Set(0),
        scheduled: Set(false),
        parent_id: Set(None),
        lease_until: Set(None),
        stage: Set(None),
        url: Set(None),
        reported_at: Set(None),
    }
}

/// A run that this process has to itself.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) run: crawl_run::Model,
    /// Whether somebody was at it before.
    pub(super) resumed: bool,
}

/// Queues a run that the schedule asks for, unless one of the source waits or is at work already.
pub(crate) async fn enqueue(db: &impl ConnectionTrait, source_id: i32) -> Result<(), DbErr> {
    use crawl_run::Column;
    let now = db::now();
    let at_work = Column::Status.eq(RunStatus::Running).and(Column::LeaseUntil.gte(now));
    let open = crawl_run::Entity::find()
        .filter(Column::SourceId.eq(source_id))
        .filter(Condition::any().add(Column::Status.eq(RunStatus::Queued)).add(at_work));
    if open.count(db).await? == 0 {
        let run = crawl_run::ActiveModel { scheduled: Set(true), ..new(source_id, RunStatus::Queued, now) };
        run.insert(db).await?;
    }
    Ok(())
}

/// The runs of these sources that wait.
fn waiting(sources: &[i32]) -> Select<crawl_run::Entity> {
    use crawl_run::Column;
    let dead = Column::Status.eq(RunStatus::Running).and(Column::LeaseUntil.lt(db::now()));
    let own = Column::SourceId.is_in(sources.iter().copied());
    crawl_run::Entity::find()
        .filter(Condition::any().add(Column::Status.eq(RunStatus::Queued)).add(dead))
        .filter(Condition::any().add(Column::SourceId.is_null()).add(own))
}

/// Whether no run of these sources waits.
pub(crate) async fn is_empty(db: &impl ConnectionTrait, sources: &[i32]) -> Result<bool, DbErr> {
    Ok(waiting(sources).count(db).await? == 0)
}

/// Takes the first run of one of these sources that waits, for this process alone.
pub(crate) async fn take(db: &DatabaseConnection, sources: &[i32], lease: Duration) -> Result<Option<Taken>, DbErr> {
    loop {
        let txn = db::begin(db).await?;
        let now = db::now();
        let run = waiting(sources)
            .order_by_asc(crawl_run::Column::Id)
            // SQLite knows no such lock and needs none: the transaction is its only writer.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(&txn)
            .await?;
        let Some(run) = run else {
            txn.rollback().await?;
            return Ok(None);
        };
        let (is_request, began) = (run.source_id.is_none(), run.started_at);
        if is_request {
            expand(&txn, &run, sources, now).await?;
        }
        let mut taken = run.into_active_model();
        taken.status = Set(RunStatus::Running);
        taken.started_at = Set(Some(began.unwrap_or(now)));
        // Nobody has to keep a request alive.
        taken.lease_until = Set((!is_request).then_some(now + lease));
        let taken = taken.update(&txn).await?;
        txn.commit().await?;
        if is_request {
            close(db, taken.id).await?;
        } else {
            return Ok(Some(Taken { run: taken, resumed: began.is_some() }));
        }
    }
}

/// Queues the runs of a request, unless whoever made it has done so.
async fn expand(
    db: &impl ConnectionTrait,
    request: &crawl_run::Model,
    sources: &[i32],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if crawl_run::Entity::find().filter(crawl_run::Column::ParentId.eq(request.id)).count(db).await? > 0 {
        return Ok(());
    }
    for source in sources {
        let run = new(*source, RunStatus::Queued, now);
        crawl_run::ActiveModel { parent_id: Set(Some(request.id)), ..run }.insert(db).await?;
    }
    Ok(())
}

/// Keeps a run alive. Ends only with an error: the database's, or that it has not answered for as long as the run stays with
/// a worker.
pub(super) async fn keep(db: &impl ConnectionTrait, run: i64, lease: Duration) -> Result<(), DbErr> {
    loop {
        tokio::time::sleep(lease / 3).await;
        let renewal = crawl_run::Entity::update_many()
            .col_expr(crawl_run::Column::LeaseUntil, Expr::value(db::now() + lease))
            .filter(crawl_run::Column::Id.eq(run))
            .exec(db);
        db::within(db.get_database_backend(), lease * 2 / 3, renewal).await?;
    }
}

/// Ends a request whose runs have all ended, with their sums.
pub(super) async fn close(db: &impl ConnectionTrait, request: i64) -> Result<(), DbErr> {
    let runs = crawl_run::Entity::find().filter(crawl_run::Column::ParentId.eq(request)).all(db).await?;
    if runs.iter().any(|run| matches!(run.status, RunStatus::Queued | RunStatus::Running)) {
        return Ok(());
    }
    let all = |status| runs.iter().all(|run| run.status == status);
    let status = if all(RunStatus::Succeeded) {
        RunStatus::Succeeded
    } else if all(RunStatus::Failed) {
        RunStatus::Failed
    } else if all(RunStatus::Cancelled) {
        RunStatus::Cancelled
    } else {
        RunStatus::PartlyFailed
    };
    let sum = |count: fn(&crawl_run::Model) -> i32| Set(runs.iter().map(count).sum());
    let ended = crawl_run::ActiveModel {
        id: Set(request),
        status: Set(status),
        finished_at: Set(Some(db::now())),
        fetched: sum(|run| run.fetched),
        unchanged: sum(|run| run.unchanged),
        stored: sum(|run| run.stored),
        failed: sum(|run| run.failed),
        ..Default::default()
    };
    ended.update(db).await.map(|_| ())
}
