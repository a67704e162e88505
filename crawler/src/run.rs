//! One crawl of some sources.

mod articles;
mod crew;
mod lists;
pub(crate) mod queue;
mod source;
mod standing;
mod summary;

use std::{sync::Arc, time::Duration};

use entity::source as source_table;
use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::DatabaseConnection;

pub(crate) use lists::is_worth_fetching;
use queue::Taken;
pub use summary::{Outcome, SourceSummary, Summary};

use crate::{
    Error, Snapshots, Source, Sources, Stop,
    fetch::{Fetcher, Limits},
    frontier,
    gazetteer::{self, Knowledge},
    progress::Progress,
    reextract::Shelf,
    source::{register, retire},
    webhook::{self, Webhook},
};

/// How to crawl.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where bodies are kept.
    pub snapshots: Snapshots,
    /// How a publisher reaches the operator: a mail address or a page, part of the user agent.
    pub contact: Option<String>,
    /// How many sources are crawled at once.
    pub concurrency: usize,
    /// Limits of requests.
    pub limits: Limits,
    /// How long a page stays with a worker that gives no sign of life.
    pub lease: Duration,
    /// Who is told of changes in health.
    pub webhook: Option<Webhook>,
    /// Who watches.
    pub progress: Arc<dyn Progress>,
    /// When to end early.
    pub stop: Stop,
    /// How long pages that are being worked on then may still take.
    pub drain: Duration,
}

/// How long pages at hand may take when a crawl is to end, unless it is said.
const DRAIN: Duration = Duration::from_secs(20);

impl Options {
    /// Four sources at once, with the usual limits, watched by the log, without a webhook or an early end.
    #[must_use]
    pub fn new(snapshots: Snapshots) -> Self {
        Self {
            snapshots,
            contact: None,
            concurrency: 4,
            limits: Limits::default(),
            lease: frontier::LEASE,
            webhook: None,
            progress: Arc::new(crate::progress::Lines),
            stop: Stop::never(),
            drain: DRAIN,
        }
    }
}

/// What all sources of a crawl share.
pub(crate) struct Crawl {
    db: DatabaseConnection,
    fetcher: Fetcher,
    knowledge: Arc<Knowledge>,
    options: Options,
}

/// Crawls sources now, and answers with what came of each, in their order. What spoils a page or a source is in the
/// summary and in the database.
///
/// # Errors
/// What is not a source's fault: a region that is not known, a database or a snapshot store that cannot be used.
pub async fn crawl(db: &DatabaseConnection, sources: &Sources, options: &Options) -> Result<Summary, Error> {
    let gazetteer = gazetteer::gazetteer(db).await?;
    let mut rows = Vec::new();
    for source in sources {
        rows.push((source, register(db, source, &gazetteer).await?));
    }
    if sources.are_all() {
        retire(db, sources).await?;
    }
    let crawl = Crawl::new(db, options).await?;
    let sources = stream::iter(rows)
        .map(|(source, row)| source::crawl(&crawl, source, row, None))
        .buffered(options.concurrency.max(1))
        .try_collect();
    let sources = webhook::beside(db, options.webhook.as_ref(), sources).await?;
    Ok(Summary { sources })
}

impl Crawl {
    /// With what the database knows now.
    pub(crate) async fn new(db: &DatabaseConnection, options: &Options) -> Result<Self, Error> {
        let gazetteer = gazetteer::gazetteer(db).await?;
        Ok(Self {
            db: db.clone(),
            fetcher: Fetcher::new(db.clone(), options.contact.as_deref(), options.limits.clone())?,
            knowledge: Arc::new(Knowledge::new(db, gazetteer).await?),
            options: options.clone(),
        })
    }

    /// What is kept of pages, to be read once more.
    pub(crate) fn shelf(&self) -> Shelf<'_> {
        Shelf { db: &self.db, snapshots: &self.options.snapshots, knowledge: &self.knowledge }
    }

    /// Does a run that was taken from the queue.
    pub(crate) async fn run(&self, source: &Source, row: source_table::Model, taken: Taken) -> Result<(), Error> {
        source::crawl(self, source, row, Some(taken)).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests;
