//! What a client is told of as it happens.
//!
//! The crawler may be another process on another machine: the database is where they meet, so it is looked at again and
//! again as long as somebody listens.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use async_graphql::{Context, ID, Object, Subscription};
use entity::{
    crawl_run,
    value::{RunStage, RunStatus},
};
use futures::{Stream, stream};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseConnection, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, prelude::DateTimeUtc,
};

use crate::{
    Error,
    id::GlobalId,
    load::{CrawlRunId, loaders},
    object::CrawlRun,
    scalar::DateTime,
};

/// How often the database is looked at.
const EVERY: Duration = Duration::from_millis(300);
/// The most runs that are looked at at once; nobody could follow more.
const MAX_RUNS: u64 = 500;

/// Where subscriptions start.
pub(crate) struct Subscription;

/// What is told as it happens, over WebSocket with the protocol `graphql-transport-ws`.
#[Subscription]
impl Subscription {
    /// How far crawls are: at once for those that wait or are at work, then whenever one of them gets on, about three
    /// times a second at most. Of one run it ends with that run; otherwise it goes on until the client ends it.
    async fn crawl_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The global id of a run; one that names all sources takes in its parts. All runs unless said."
        )]
        run: Option<ID>,
    ) -> Result<impl Stream<Item = Result<CrawlProgress, Error>>, Error> {
        let wanted = match &run {
            None => None,
            Some(id) => {
                let row = GlobalId::row_of("CrawlRun", id)?;
                let found = loaders(ctx).load_one(CrawlRunId(row)).await?;
                Some(found.ok_or_else(|| Error::BadInput(format!("there is no run with the id “{}”", **id)))?.id)
            }
        };
        let watch = Watch {
            db: loaders(ctx).loader().db.clone(),
            wanted,
            told: HashMap::new(),
            news: VecDeque::new(),
            newest: None,
        };
        Ok(stream::try_unfold(watch, |mut watch| async { Ok(watch.next().await?.map(|progress| (progress, watch))) }))
    }
}

/// How far a run was at some moment.
struct CrawlProgress(Arc<crawl_run::Model>);

/// How far a run is.
#[Object]
impl CrawlProgress {
    /// The run, with what it has counted so far.
    async fn run(&self) -> CrawlRun {
        CrawlRun(Arc::clone(&self.0))
    }

    /// The page that it is at.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref().filter(|_| self.0.status == RunStatus::Running)
    }

    /// What it does: `queued`, `lists` while it reads the lists of its source, `articles` while it fetches and reads
    /// articles, `ended`.
    async fn stage(&self) -> &str {
        match self.0.status {
            RunStatus::Queued => "queued",
            RunStatus::Running => self.0.stage.unwrap_or(RunStage::Lists).as_str(),
            _ => "ended",
        }
    }

    /// When it came there.
    async fn at(&self) -> DateTime {
        DateTime(moment(&self.0))
    }
}

/// When a run was last written.
fn moment(run: &crawl_run::Model) -> DateTimeUtc {
    run.finished_at.or(run.reported_at).or(run.started_at).unwrap_or(run.queued_at)
}

const fn is_over(status: RunStatus) -> bool {
    !matches!(status, RunStatus::Queued | RunStatus::Running)
}

/// Somebody who listens.
struct Watch {
    db: DatabaseConnection,
    /// The one run that they listen to.
    wanted: Option<i64>,
    /// What they were told last: how each run stood, and when.
    told: HashMap<i64, (RunStatus, DateTimeUtc)>,
    /// What they are told next.
    news: VecDeque<Arc<crawl_run::Model>>,
    /// The last run that there was when the database was last looked at; none before the first look.
    newest: Option<i64>,
}

impl Watch {
    /// Waits for news. None once there can be no more.
    async fn next(&mut self) -> Result<Option<CrawlProgress>, Error> {
        loop {
            if let Some(run) = self.news.pop_front() {
                return Ok(Some(CrawlProgress(run)));
            }
            if self.newest.is_some() {
                if self.wanted.and_then(|run| self.told.get(&run)).is_some_and(|(status, _)| is_over(*status)) {
                    return Ok(None);
                }
                tokio::time::sleep(EVERY).await;
            }
            self.look().await?;
        }
    }

    /// Sees what has changed.
    async fn look(&mut self) -> Result<(), Error> {
        use crawl_run::Column;
        let chosen = match (self.wanted, self.newest) {
            (Some(run), _) => Condition::any().add(Column::Id.eq(run)).add(Column::ParentId.eq(run)),
            (None, newest) => Condition::any()
                .add(Column::Status.is_in([RunStatus::Queued, RunStatus::Running]))
                // What was open a moment ago, and what has begun and ended since.
                .add(Column::Id.is_in(self.told.keys().copied()))
                .add_option(newest.map(|newest| Column::Id.gt(newest))),
        };
        let newest = crawl_run::Entity::find().order_by_desc(Column::Id).one(&self.db).await?;
        let runs =
            crawl_run::Entity::find().filter(chosen).order_by_desc(Column::Id).limit(MAX_RUNS).all(&self.db).await?;
        let is_first = self.newest.is_none();
        for run in runs.into_iter().rev() {
            let (stands, is_over) = ((run.status, moment(&run)), is_over(run.status));
            let before = self.told.remove(&run.id);
            if self.wanted.is_some() || !is_over {
                self.told.insert(run.id, stands);
            }
            // Of what was over before anybody listened, only the run that they asked for is news.
            let is_news = !is_first || !is_over || self.wanted == Some(run.id);
            if is_news && before != Some(stands) {
                self.news.push_back(Arc::new(run));
            }
        }
        self.newest = Some(newest.map_or(0, |run| run.id));
        Ok(())
    }
}
