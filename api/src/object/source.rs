//! Sources and their crawls.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{crawl_run, failure, plan, source};

use super::{Plan, Region};
use crate::{
    Error, cost,
    id::GlobalId,
    load::{SourceId, required},
    page::{self, Connection, Listing, OrderKey, PageArgs, Row, Under},
    scalar::DateTime,
    vocabulary::{Health, RunStatus},
};

/// A place where plans are published.
#[derive(Clone)]
pub(crate) struct Source(pub(crate) Arc<source::Model>);

impl From<Arc<source::Model>> for Source {
    fn from(row: Arc<source::Model>) -> Self {
        Self(row)
    }
}

impl Row for Source {
    type Table = source::Entity;
}

/// A place where plans are published, and how reading it goes.
#[Object]
impl Source {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("Source", self.0.id)
    }

    /// Name of its declaration. Example: `"huzhou"`.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Who publishes there.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whose authority it is; none for a site that reprints.
    async fn region(&self, ctx: &Context<'_>) -> Result<Option<Region>, Error> {
        match self.0.region_id {
            Some(id) => Ok(Some(Region::of(ctx, id).await?)),
            None => Ok(None),
        }
    }

    /// Its list of articles, or its first article.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// Cron expression of six fields, the seconds first, with its time zone. Example: `"0 0 2 * * * Asia/Shanghai"`.
    async fn schedule(&self) -> Option<&str> {
        Some(&self.0.schedule)
    }

    /// When it is read next.
    async fn next_run_at(&self) -> Option<DateTime> {
        self.0.next_run_at.map(DateTime)
    }

    /// How it does.
    async fn health(&self) -> Health {
        self.0.health.into()
    }

    /// Why it is not OK, in words a person can act on.
    async fn problem(&self) -> Option<&str> {
        self.0.problem.as_deref()
    }

    /// Since when no declaration names it; what it published is kept.
    async fn retired_at(&self) -> Option<DateTime> {
        self.0.retired_at.map(DateTime)
    }

    /// The plans found there.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn plans(
        &self,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Plan>, Error> {
        let plans = Listing::new("Source.plans").by(plan::Column::SourceId);
        Connection::new(plans, Under::Of(self.0.id.into()), &PageArgs { first, after, last, before })
    }

    /// Its newest run.
    async fn last_run(&self, ctx: &Context<'_>) -> Result<Option<CrawlRun>, Error> {
        let runs = Listing::new("Source.lastRun")
            .by(crawl_run::Column::SourceId)
            .ordered([OrderKey::descending(crawl_run::Column::Id)]);
        page::first(ctx, runs, Under::Of(self.0.id.into())).await
    }
}

/// One crawl of one source.
#[derive(Clone)]
pub(crate) struct CrawlRun(pub(crate) Arc<crawl_run::Model>);

impl From<Arc<crawl_run::Model>> for CrawlRun {
    fn from(row: Arc<crawl_run::Model>) -> Self {
        Self(row)
    }
}

impl Row for CrawlRun {
    type Table = crawl_run::Entity;
}

/// One crawl of one source, and what it counted.
#[Object]
impl CrawlRun {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("CrawlRun", self.0.id)
    }

    /// The source; none for a request that names all of them.
    async fn source(&self, ctx: &Context<'_>) -> Result<Option<Source>, Error> {
        match self.0.source_id {
            Some(id) => Ok(Some(Source(required(ctx, SourceId(id)).await?))),
            None => Ok(None),
        }
    }

    /// How it stands.
    async fn status(&self) -> RunStatus {
        self.0.status.into()
    }

    /// When it was asked for.
    async fn queued_at(&self) -> DateTime {
        DateTime(self.0.queued_at)
    }

    /// When a worker took it.
    async fn started_at(&self) -> Option<DateTime> {
        self.0.started_at.map(DateTime)
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// Pages whose body came.
    async fn fetched(&self) -> i32 {
        self.0.fetched
    }

    /// Pages that had not changed since the run before.
    async fn unchanged(&self) -> i32 {
        self.0.unchanged
    }

    /// Plans written or changed.
    async fn stored(&self) -> i32 {
        self.0.stored
    }

    /// Pages that could not be read.
    async fn failed(&self) -> i32 {
        self.0.failed
    }

    /// The pages that could not be read, each with its reason.
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn failures(
        &self,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
    ) -> Result<Connection<Failure>, Error> {
        let failures = Listing::new("CrawlRun.failures").by(failure::Column::RunId);
        Connection::new(failures, Under::Of(self.0.id), &PageArgs { first, after, ..PageArgs::default() })
    }
}

/// A page that could not be read.
#[derive(Clone)]
pub(crate) struct Failure(Arc<failure::Model>);

impl From<Arc<failure::Model>> for Failure {
    fn from(row: Arc<failure::Model>) -> Self {
        Self(row)
    }
}

impl Row for Failure {
    type Table = failure::Entity;
}

/// A page that could not be read in a run.
#[Object]
impl Failure {
    /// The page's address.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// When it failed.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// What went wrong and what to do, in words.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// How often it was tried in this run.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }
}
