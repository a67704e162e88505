//! What this process has crawled, and what waits in the database, in numbers.

use std::{sync::LazyLock, time::Duration};

use entity::{
    crawl_run, page, source,
    value::{PageState, RunStatus},
};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::db;

/// Which source, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    source: String,
    outcome: &'static str,
}

/// The outcome of a run that could not go on and waits in the queue again.
pub(crate) const POSTPONED: &str = "postponed";

struct Metrics {
    runs: Family<Labels, Counter>,
    pages: Family<Labels, Counter>,
    reading: Histogram,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics {
    runs: Family::default(),
    pages: Family::default(),
    // From half a millisecond, as small pages take, to a quarter of a minute.
    reading: Histogram::new(exponential_buckets(0.0005, 2.0, 16)),
});

/// Names what is measured here.
pub fn register(registry: &mut Registry) {
    registry.register("runs", "Crawls of a source, by how they ended", METRICS.runs.clone());
    registry.register("pages", "Pages of a source, by what came of asking for them", METRICS.pages.clone());
    registry.register_with_unit(
        "reading",
        "How long it takes to read the figures of a page",
        Unit::Seconds,
        METRICS.reading.clone(),
    );
}

/// Counts from nothing what is to come of a source: what grows from nothing is seen to grow, what appears is not.
pub fn expect(source: &str) {
    for outcome in ["succeeded", "partly_failed", "failed", POSTPONED] {
        drop(METRICS.runs.get_or_create(&Labels { source: source.to_owned(), outcome }));
    }
    for outcome in ["fetched", "unchanged", "failed"] {
        drop(METRICS.pages.get_or_create(&Labels { source: source.to_owned(), outcome }));
    }
}

/// A run has ended so.
pub(crate) fn run(source: &str, outcome: &'static str) {
    METRICS.runs.get_or_create(&Labels { source: source.to_owned(), outcome }).inc();
}

/// So many pages came to this.
pub(crate) fn pages(source: &str, outcome: &'static str, pages: u32) {
    METRICS.pages.get_or_create(&Labels { source: source.to_owned(), outcome }).inc_by(pages.into());
}

/// A page was read in this time.
pub(crate) fn read(took: Duration) {
    METRICS.reading.observe(took.as_secs_f64());
}

/// What waits in a database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Pages that are known.
    pub pages: u64,
    /// Of them, those to be fetched by now.
    pub due: u64,
    /// Of them, those that a worker has.
    pub leased: u64,
    /// Of them, those held back until somebody accepts them.
    pub held: u64,
    /// Runs that wait for a worker.
    pub queued: u64,
    /// Runs that a worker is at.
    pub running: u64,
    /// How long the source has been due that has been so longest and that nobody has queued.
    pub lag: Duration,
}

/// Counts what waits.
///
/// # Errors
/// Where the database does not answer.
pub async fn waiting(db: &DatabaseConnection) -> Result<Waiting, DbErr> {
    let now = db::now();
    let known = || page::Entity::find().filter(page::Column::SameAs.is_null());
    let runs = |status| crawl_run::Entity::find().filter(crawl_run::Column::Status.eq(status));
    let overdue = source::Entity::find()
        .filter(source::Column::NextRunAt.lt(now))
        .order_by_asc(source::Column::NextRunAt)
        .one(db)
        .await?;
    let lag = overdue.and_then(|source| (now - source.next_run_at?).to_std().ok()).unwrap_or_default();
    Ok(Waiting {
        pages: known().count(db).await?,
        due: known().filter(page::Column::DueAt.lte(now)).count(db).await?,
        leased: known().filter(page::Column::LeaseUntil.gte(now)).count(db).await?,
        held: known().filter(page::Column::State.eq(PageState::Held)).count(db).await?,
        queued: runs(RunStatus::Queued).count(db).await?,
        running: runs(RunStatus::Running).count(db).await?,
        lag,
    })
}
