//! When to crawl, and who does it. The truth is in the column `source.next_run_at`, which a conditional update takes, so
//! that a time is kept once however many processes are up, and a time that passed while none was up is made up for once.
//! Whoever takes it queues a run, and any process takes that (`queue`). The scheduler is only the bell that says when to
//! look.

use std::{collections::HashMap, sync::Arc, time::Duration};

use entity::{page, plan, source};
use futures::{StreamExt, future::LocalBoxFuture, stream::FuturesUnordered};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, sea_query::Expr,
};
use tokio::{sync::Notify, time::Instant};
use tokio_cron_scheduler::{Job, JobScheduler};

use crate::{
    Error, Options, Source, Sources, db,
    gazetteer::gazetteer,
    metrics,
    run::{
        Crawl,
        queue::{self, Taken},
    },
    source::{register, retire},
    webhook,
};

/// How often to look for runs that others have queued.
const POLL: Duration = Duration::from_secs(2);
/// How long taking runs from the queue may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// The shortest and the longest rest after work that failed through no fault of its own.
const RESTS: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(60));

/// Crawls every source at its times until `options.stop` comes; at once where it is due already, was never crawled, or
/// the database holds no plan at all. Any number of processes may do so on one PostgreSQL, each `options.concurrency`
/// sources at a time. What goes wrong in a crawl is logged, and the work goes on.
///
/// # Errors
/// Where the schedule cannot be set up: a database that cannot be used.
pub async fn serve(db: &DatabaseConnection, sources: &Sources, options: &Options) -> Result<(), Error> {
    webhook::beside(db, options.webhook.as_ref(), crawl_at_times(db, sources, options)).await
}

async fn crawl_at_times(db: &DatabaseConnection, sources: &Sources, options: &Options) -> Result<(), Error> {
    let gazetteer = gazetteer(db).await?;
    let mut declared = HashMap::new();
    for source in sources {
        match register(db, source, &gazetteer).await {
            Ok(row) => _ = declared.insert(row.id, source),
            // The others can go on.
            Err(error @ Error::UnknownRegion { .. }) => tracing::error!(source = source.slug, "{error}"),
            Err(error) => return Err(error),
        }
        metrics::expect(&source.slug);
    }
    if sources.are_all() {
        retire(db, sources).await?;
    }
    if plan::Entity::find().count(db).await? == 0 {
        make_due(db, sources).await?;
    }
    let bell = Arc::new(Notify::new());
    let mut scheduler = JobScheduler::new().await?;
    for source in sources {
        let bell = Arc::clone(&bell);
        let ring = move |_, _| -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
            bell.notify_one();
            Box::pin(std::future::ready(()))
        };
        let timetable = &source.schedule;
        scheduler.add(Job::new_async_tz(timetable.fields(), timetable.zone(), ring)?).await?;
    }
    scheduler.start().await?;
    let work = Work { db, options, declared };
    let mut runs: FuturesUnordered<LocalBoxFuture<'_, Result<(), Error>>> = FuturesUnordered::new();
    let mut crawl: Option<Arc<Crawl>> = None;
    let mut rest = Rest::default();
    while !options.stop.requested() {
        let room = if rest.is_over() { options.concurrency.max(1).saturating_sub(runs.len()) } else { 0 };
        // What runs share is made anew when none is at work, for regions may have been imported since.
        let taking = work.take(room, crawl.clone().filter(|_| !runs.is_empty()));
        let taking = async { tokio::time::timeout(PATIENCE, taking).await.unwrap_or(Err(Error::Slow(PATIENCE))) };
        tokio::pin!(taking);
        // The runs go on meanwhile: one may hold the transaction that the taking waits for.
        let taken = loop {
            tokio::select! {
                taken = &mut taking => break taken,
                Some(done) = runs.next() => rest.after(done),
            }
        };
        match taken {
            Ok(Taking { crawl: shared, begun }) => {
                for (source, row, taken) in begun {
                    let Some(shared) = shared.clone() else { continue };
                    runs.push(Box::pin(async move { shared.run(source, row, taken).await }));
                }
                crawl = shared;
            }
            Err(error) => tracing::error!(%error, "no run could be taken; another try follows"),
        }
        tokio::select! {
            () = options.stop.wait() => break,
            () = bell.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            Some(done) = runs.next() => rest.after(done),
        }
    }
    // They hear of the stop too, and give back what they have.
    while let Some(done) = runs.next().await {
        rest.after(done);
    }
    scheduler.shutdown().await?;
    Ok(())
}

/// What this process works for.
struct Work<'a> {
    db: &'a DatabaseConnection,
    options: &'a Options,
    /// The sources by their rows.
    declared: HashMap<i32, &'a Source>,
}

/// What was taken from the queue.
#[derive(Default)]
struct Taking<'a> {
    /// What runs that are at work at once share.
    crawl: Option<Arc<Crawl>>,
    begun: Vec<(&'a Source, source::Model, Taken)>,
}

impl<'a> Work<'a> {
    /// Queues what is due, and takes as many runs from the queue as there is room for. `crawl` is what those at work
    /// share.
    async fn take(&self, room: usize, crawl: Option<Arc<Crawl>>) -> Result<Taking<'a>, Error> {
        for (row, source) in &self.declared {
            tick(self.db, *row, source).await?;
        }
        let ids: Vec<i32> = self.declared.keys().copied().collect();
        let mut taking = Taking { crawl, begun: Vec::new() };
        if room == 0 || queue::is_empty(self.db, &ids).await? {
            return Ok(taking);
        }
        // Before anything is taken, for it takes long.
        if taking.crawl.is_none() {
            taking.crawl = Some(Arc::new(Crawl::new(self.db, self.options).await?));
        }
        while taking.begun.len() < room {
            match self.next(&ids).await {
                Ok(Some(begun)) => taking.begun.push(begun),
                Ok(None) => break,
                // What was taken before is not to wait for another process.
                Err(error) if !taking.begun.is_empty() => {
                    tracing::error!(%error, "no further run could be taken");
                    break;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(taking)
    }

    /// Takes the next run, passing over those whose source is gone meanwhile.
    async fn next(&self, ids: &[i32]) -> Result<Option<(&'a Source, source::Model, Taken)>, DbErr> {
        while let Some(taken) = queue::take(self.db, ids, self.options.lease).await? {
            let declared = taken.run.source_id.and_then(|id| Some((id, *self.declared.get(&id)?)));
            let Some((id, declared)) = declared else { continue };
            if let Some(row) = source::Entity::find_by_id(id).one(self.db).await? {
                return Ok(Some((declared, row, taken)));
            }
        }
        Ok(None)
    }
}

/// How long nothing is taken from the queue, where the database or the place for snapshots keeps work from being done:
/// longer each time, until something succeeds.
#[derive(Debug, Default)]
struct Rest {
    until: Option<Instant>,
    last: Duration,
}

impl Rest {
    fn is_over(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() >= until)
    }

    /// Tells how a run ended, and rests where it could not go on.
    fn after(&mut self, done: Result<(), Error>) {
        match done {
            Ok(()) => *self = Self::default(),
            Err(error) if error.may_pass() => {
                if self.is_over() {
                    self.last = (self.last * 2).clamp(RESTS.0, RESTS.1);
                    self.until = Some(Instant::now() + self.last);
                }
                tracing::error!(%error, "a crawl could not go on; it waits in the queue, and is taken again in {:?}", self.last);
            }
            Err(error) => tracing::error!(%error, "a crawl failed; it is tried again at its next time"),
        }
    }
}

/// Queues a run of a source that is due, where no other process has.
async fn tick(db: &DatabaseConnection, row: i32, source: &Source) -> Result<(), DbErr> {
    let now = db::now();
    let txn = db::begin(db).await?;
    let due = Condition::any().add(source::Column::NextRunAt.is_null()).add(source::Column::NextRunAt.lte(now));
    let taken = source::Entity::update_many()
        .col_expr(source::Column::NextRunAt, Expr::value(source.schedule.next(now)))
        .filter(source::Column::Id.eq(row))
        .filter(due)
        .exec(&txn)
        .await?;
    if taken.rows_affected == 1 {
        queue::enqueue(&txn, row).await?;
    }
    txn.commit().await
}

/// Makes sources due now, but for those that some process is crawling.
async fn make_due(db: &DatabaseConnection, sources: &Sources) -> Result<(), DbErr> {
    let at_work = page::Entity::find()
        .select_only()
        .column(page::Column::SourceId)
        .filter(page::Column::LeaseUntil.gte(db::now()))
        .into_query();
    source::Entity::update_many()
        .col_expr(source::Column::NextRunAt, Expr::value(db::now()))
        .filter(source::Column::Slug.is_in(sources.iter().map(|source| &source.slug)))
        .filter(source::Column::Id.not_in_subquery(at_work))
        .exec(db)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use entity::{crawl_run, value::RunStatus};
    use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectOptions, Database};

    use super::*;
    use crate::{Snapshots, Stop};

    async fn database() -> DatabaseConnection {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let db = Database::connect(options).await.unwrap();
        migration::up(&db).await.unwrap();
        db
    }

    /// A source that nobody answers for, so that a crawl of it is quick.
    fn sources(schedule: &str) -> Sources {
        Sources::new(vec![declared("x", schedule)])
    }

    fn declared(slug: &str, schedule: &str) -> Source {
        let text = format!(
            "name = 'x'\nlist = ['http://127.0.0.1:9/']\nallow_private = true\ndelay_ms = 0\nschedule = '{schedule}'"
        );
        Source::parse(slug, &format!("{slug}.toml"), &text).unwrap()
    }

    /// Serves until so many runs have ended, and answers with how many there are.
    async fn serve_until(db: &DatabaseConnection, schedule: &str, ended: u64) -> u64 {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::new(Snapshots::open(folder.path().to_str().unwrap()).unwrap());
        options.limits.backoff = Duration::ZERO;
        let watched = db.clone();
        options.stop = Stop::when(async move {
            let over = crawl_run::Entity::find().filter(crawl_run::Column::FinishedAt.is_not_null());
            while over.clone().count(&watched).await.unwrap() < ended {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        tokio::time::timeout(Duration::from_secs(60), serve(db, &sources(schedule), &options)).await.unwrap().unwrap();
        crawl_run::Entity::find().count(db).await.unwrap()
    }

    #[tokio::test]
    async fn crawls_at_once_where_there_is_nothing_yet_and_then_at_its_times() {
        let db = database().await;
        assert_eq!(serve_until(&db, "0 0 2 1 1 *", 1).await, 1);
        assert!(serve_until(&db, "* * * * * *", 3).await >= 3);
    }

    #[tokio::test]
    async fn one_of_many_queues_a_time_and_a_missed_one_is_made_up_for_once() {
        for test in support::databases("crawler_tick").await {
            let db = test.connection.clone();
            let sources = sources("0 0 2 * * *");
            let source = sources.iter().next().unwrap();
            let row = register(&db, source, &gazetteer(&db).await.unwrap()).await.unwrap().id;
            let set = async |at| {
                let all = source::Entity::update_many().col_expr(source::Column::NextRunAt, Expr::value(at));
                all.exec(&db).await.unwrap();
            };
            let queued = async || crawl_run::Entity::find().count(&db).await.unwrap();
            set(db::now() - chrono::TimeDelta::days(3)).await;
            let ticks = (0..8).map(|_| tick(&db, row, source));
            futures::future::try_join_all(ticks).await.unwrap();
            assert_eq!(queued().await, 1);
            let next = source::Entity::find().one(&db).await.unwrap().unwrap().next_run_at.unwrap();
            assert!(next > db::now() && next < db::now() + chrono::TimeDelta::days(1));
            set(db::now() + chrono::TimeDelta::hours(1)).await;
            tick(&db, row, source).await.unwrap();
            set(db::now()).await;
            tick(&db, row, source).await.unwrap();
            assert_eq!(queued().await, 1, "one waits already");
        }
    }

    #[tokio::test]
    async fn a_run_is_taken_once_and_again_when_its_worker_has_died() {
        for test in support::databases("crawler_queue").await {
            let db = test.connection.clone();
            let sources = sources("0 0 2 * * *");
            let row = register(&db, sources.iter().next().unwrap(), &gazetteer(&db).await.unwrap()).await.unwrap().id;
            queue::enqueue(&db, row).await.unwrap();
            let lease = Duration::from_secs(60);
            let takes = (0..8).map(|_| queue::take(&db, std::slice::from_ref(&row), lease));
            let taken: Vec<_> = futures::future::try_join_all(takes)
                .await
                .unwrap()
                .into_iter()
                .flatten()
                .map(|taken| taken.run)
                .collect();
            assert_eq!(taken.len(), 1);
            assert_eq!(taken[0].status, RunStatus::Running);
            assert!(queue::take(&db, &[], lease).await.unwrap().is_none());
            crawl_run::Entity::update_many()
                .col_expr(crawl_run::Column::LeaseUntil, Expr::value(db::now()))
                .exec(&db)
                .await
                .unwrap();
            assert!(
                queue::take(&db, &[], lease).await.unwrap().is_none(),
                "it is of a source that is not declared here"
            );
            let again = queue::take(&db, &[row], lease).await.unwrap().unwrap().run;
            assert_eq!((again.id, again.started_at), (taken[0].id, taken[0].started_at));
        }
    }

    #[tokio::test]
    async fn a_request_for_all_sources_ends_with_the_last_of_their_runs() {
        for test in support::databases("crawler_request").await {
            let db = test.connection.clone();
            let request = crawl_run::ActiveModel {
                source_id: Set(None),
                status: Set(RunStatus::Queued),
                queued_at: Set(db::now()),
                fetched: Set(0),
                unchanged: Set(0),
                stored: Set(0),
                failed: Set(0),
                ..Default::default()
            };
            let request = request.insert(&db).await.unwrap().id;
            let folder = tempfile::tempdir().unwrap();
            let mut options = Options::new(Snapshots::open(folder.path().to_str().unwrap()).unwrap());
            options.limits.backoff = Duration::ZERO;
            let sources = Sources::new(["x", "y"].map(|slug| declared(slug, "0 0 2 1 1 *")).to_vec());
            let ended = db.clone();
            options.stop = Stop::when(async move {
                let open = async || {
                    let run = crawl_run::Entity::find_by_id(request).one(&ended).await.unwrap().unwrap();
                    run.finished_at.is_none()
                };
                while open().await {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
            tokio::time::timeout(Duration::from_secs(60), serve(&db, &sources, &options)).await.unwrap().unwrap();
            let runs = crawl_run::Entity::find().all(&db).await.unwrap();
            let (parts, others): (Vec<_>, Vec<_>) = runs.iter().partition(|run| run.parent_id == Some(request));
            assert_eq!(parts.len(), 2);
            let request = others.iter().find(|run| run.id == request).unwrap();
            assert_eq!(request.failed, parts.iter().map(|run| run.failed).sum::<i32>());
            assert!(parts.iter().all(|run| run.finished_at.is_some()));
        }
    }
}
