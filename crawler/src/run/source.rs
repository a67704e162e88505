//! The crawl of one source: a row of `crawl_run` from beginning to end.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    crawl_run, failure, page, source,
    value::{PageKind, PageState, RunStatus},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use tokio::sync::RwLock;
use tracing::instrument;
use url::Url;

use super::{
    Crawl, SourceSummary, crew,
    queue::{self, Taken},
    standing::Standing,
};
use crate::{
    Error, Source, db,
    discover::canonical,
    fetch::{FetchError, Manners, TRIES},
    frontier::{self, Batch, Claim, Done, NewPage},
    health::{self, Judge, Met, Verdict},
    metrics,
    progress::Event,
    relate, store,
};

/// How long ago a run may have begun that others join.
const JOINED: TimeDelta = TimeDelta::hours(12);
/// After how many pages in a row that a host kept back, its other pages are left for the next run.
pub(super) const MAX_TROUBLES: u32 = 3;

/// A source at work.
pub(super) struct Work<'a> {
    pub(super) crawl: &'a Crawl,
    pub(super) source: &'a Source,
    pub(super) row: source::Model,
    pub(super) run: crawl_run::Model,
    /// Whether the run came from the queue, to which it goes back where it is stopped.
    queued: bool,
    /// Who holds the pages that this run works on.
    pub(super) owner: String,
    /// The pages to do are those that were due then.
    due: DateTime<Utc>,
    /// How far it is.
    pub(super) standing: Standing,
    tally: Mutex<Tally>,
    /// Held by all pages that are asked for, or by one alone.
    pub(super) asking: RwLock<()>,
}

/// What a run counts.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) fetched: u32,
    pub(super) unchanged: u32,
    pub(super) stored: u32,
    /// Figures left out because their spans do not read as their values.
    pub(super) dropped: u32,
    /// Why pages could not be read.
    pub(super) failures: Vec<String>,
    /// How many pages in a row each host kept back that was asked.
    pub(super) troubles: HashMap<String, u32>,
}

/// Crawls a source: in a run that was taken from the queue, or in one of its own.
#[instrument(skip_all, fields(source = source.slug))]
pub(super) async fn crawl(
    crawl: &Crawl,
    source: &Source,
    row: source::Model,
    taken: Option<Taken>,
) -> Result<SourceSummary, Error> {
    let queued = taken.is_some();
    let (row, run, due) = begin(crawl, source, row, taken).await?;
    crawl.options.progress.event(&source.slug, Event::Started);

    let owner = frontier::new_owner(&run.id.to_string());
    let (standing, tally) = (Standing::default(), Mutex::default());
    let work = Work { crawl, source, row, run, queued, owner, due, standing, tally, asking: RwLock::default() };
    let ended = tokio::select! {
        biased;
        () = crawl.options.stop.wait_and(crawl.options.drain) => Ok(false),
        done = work.pages() => done,
        lost = queue::keep(&crawl.db, work.run.id, crawl.options.lease) => lost.map(|()| false).map_err(Error::from),
        lost = frontier::keep_all(&crawl.db, work.row.id, &work.owner, crawl.options.lease) => {
            lost.map(|()| false).map_err(Error::from)
        }
        never = work.standing.write(&crawl.db, work.run.id) => never,
    };
    let tally = std::mem::take(&mut *work.tally());
    let summary = match ended {
        Ok(done) => work.conclude(tally, done).await,
        Err(error) => {
            // The row should not say for ever that it runs; if that cannot be written either, its lease runs out, and the
            // first error counts.
            let _ = frontier::release(&crawl.db, &work.owner).await;
            let again = work.queued && error.may_pass();
            metrics::run(&source.slug, if again { metrics::POSTPONED } else { RunStatus::Failed.as_str() });
            let _ = work.end(if again { RunStatus::Queued } else { RunStatus::Failed }, &tally).await;
            Err(error)
        }
    }?;
    crawl.options.progress.event(&source.slug, Event::Finished(&summary));
    Ok(summary)
}

/// Writes that a run has begun. Answers with the time at which the pages were due that it is to do: now, or the beginning
/// of a run that is not over. That one may be another worker's, which is helped then, or that of a process that died.
async fn begin(
    crawl: &Crawl,
    source: &Source,
    row: source::Model,
    taken: Option<Taken>,
) -> Result<(source::Model, crawl_run::Model, DateTime<Utc>), Error> {
    let txn = db::begin(&crawl.db).await?;
    let now = db::now();
    let mut next = row.into_active_model();
    next.next_run_at = Set(source.schedule.next(now));
    // On PostgreSQL this holds back others that begin with the same source.
    let row = next.update(&txn).await?;
    let mine = taken.as_ref().map(|taken| taken.run.id);
    let running = crawl_run::Entity::find()
        .filter(crawl_run::Column::SourceId.eq(row.id))
        .filter(crawl_run::Column::Status.eq(RunStatus::Running))
        .filter(crawl_run::Column::StartedAt.between(now - JOINED, now))
        .order_by_asc(crawl_run::Column::StartedAt)
        .all(&txn)
        .await?;
    let is_first = running.iter().all(|run| Some(run.id) == mine) && !taken.as_ref().is_some_and(|taken| taken.resumed);
    // Whoever goes on with this run finds its beginning in its row.
    let began = taken.as_ref().and_then(|taken| taken.run.started_at).unwrap_or(now);
    let due = if is_first { began } else { running.first().and_then(|run| run.started_at).unwrap_or(began) };
    if !frontier::is_at_work(&txn, row.id).await? {
        bury(&txn, row.id, mine).await?;
    }
    let run = match taken {
        Some(taken) => {
            let mut run = taken.run.into_active_model();
            run.lease_until = Set(Some(now + crawl.options.lease));
            run.update(&txn).await?
        }
        None => {
            let run = queue::new(row.id, RunStatus::Running, now);
            let lease_until = Set(Some(now + crawl.options.lease));
            crawl_run::ActiveModel { started_at: Set(Some(now)), lease_until, ..run }.insert(&txn).await?
        }
    };
    frontier::inherit(&txn, row.id).await?;
    if is_first && !run.scheduled {
        frontier::recall(&txn, row.id, due).await?;
    }
    txn.commit().await?;
    Ok((row, run, due))
}

/// Ends the runs of processes that died, which nobody else will do.
async fn bury(db: &impl ConnectionTrait, source_id: i32, mine: Option<i64>) -> Result<(), DbErr> {
    use crawl_run::Column;
    let alive = Column::LeaseUntil.gte(db::now());
    let dead = crawl_run::Entity::find()
        .filter(Column::SourceId.eq(source_id))
        .filter(Column::Status.eq(RunStatus::Running))
        .filter(Condition::any().add(Column::LeaseUntil.is_null()).add(alive.not()))
        .all(db)
        .await?;
    for run in dead.into_iter().filter(|run| Some(run.id) != mine) {
        let parent = run.parent_id;
        let mut run = run.into_active_model();
        run.status = Set(RunStatus::Failed);
        run.finished_at = Set(Some(db::now()));
        run.update(db).await?;
        if let Some(parent) = parent {
            queue::close(db, parent).await?;
        }
    }
    Ok(())
}

impl Work<'_> {
    /// All pages of the source that are due: its lists first, for they lead to its articles. Then what its plans relate
    /// to. Answers whether that is all, or the run is to stop.
    async fn pages(&self) -> Result<bool, Error> {
        let declared = |kind| move |url| NewPage { url, kind, title: None, listed_on: None };
        let articles: Vec<_> = self.source.articles.iter().cloned().map(canonical).collect();
        let lists = self.source.list.iter().map(declared(PageKind::List));
        let pages: Vec<_> = lists.chain(articles.iter().map(declared(PageKind::Article))).collect();
        let txn = db::begin(&self.crawl.db).await?;
        frontier::add(&txn, self.row.id, &pages, self.due()).await?;
        txn.commit().await?;
        frontier::keep_lists(&self.crawl.db, self.row.id, &self.source.list, self.due()).await?;
        crew::all(self, Batch::Lists).await?;
        let due = async |batch| frontier::due(&self.crawl.db, self.row.id, batch, self.due()).await;
        self.event(Event::Planned { pages: due(Batch::Known).await? + due(Batch::New).await? });
        crew::all(self, Batch::Known).await?;
        crew::all(self, Batch::New).await?;
        if self.is_to_stop() {
            return Ok(false);
        }
        relate::relate(&self.crawl.db).await?;
        Ok(true)
    }

    /// What the run has counted. Nobody holds it for longer than it takes to count.
    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pages that this run is to do are those that were due at this time.
    pub(super) const fn due(&self) -> DateTime<Utc> {
        self.due
    }

    /// Whether the run is to end as soon as what is at hand is done.
    pub(super) fn is_to_stop(&self) -> bool {
        self.crawl.options.stop.requested()
    }

    pub(super) fn event(&self, event: Event<'_>) {
        self.crawl.options.progress.event(&self.source.slug, event);
    }

    pub(super) const fn manners(&self) -> Manners {
        Manners { delay: self.source.delay(), allow_private: self.source.allow_private }
    }

    /// What came of a page; ends one that could not be fetched or read. What is no page's fault goes on as an error.
    pub(super) async fn or_spoilt<T>(&self, claim: &Claim, done: Result<T, Error>) -> Result<Option<T>, Error> {
        let host = host(&claim.page);
        let error = match done {
            Ok(done) => {
                self.tally().has_answered(host);
                return Ok(Some(done));
            }
            Err(error) => error,
        };
        let (state, tries) = match &error {
            Error::Fetch(error) => (state(error), if error.may_pass() { TRIES } else { 1 }),
            Error::Crashed { .. } | Error::Document { .. } | Error::Attachment { .. } => (PageState::Failed, 1),
            _ => return Err(error),
        };
        let mut reason = error.to_string();
        let trouble = self.tally().count_trouble(host, &error);
        match trouble {
            Trouble::None => {}
            Trouble::Last => {
                reason.push_str("; its host has kept back page after page, the others are left for the next crawl");
            }
            Trouble::TooMany => {
                frontier::finish(&self.crawl.db, claim, Done::Postponed).await?;
                return Ok(None);
            }
        }
        let txn = db::begin(&self.crawl.db).await?;
        let failed = Done::Failed { state, snapshot_id: None, reason: &reason };
        let is_mine = frontier::finish(&txn, claim, failed).await?;
        let has_vanished = state == PageState::NotFound && frontier::has_vanished(&claim.page, db::now());
        let withdrawn =
            if is_mine && has_vanished { store::withdraw(&txn, claim.page.id, db::now()).await? } else { 0 };
        txn.commit().await?;
        if withdrawn > 0 {
            reason.push_str("; it was so on an earlier day, and its plans are withdrawn");
        } else if has_vanished && !self.declares(&claim.page) {
            // It has been told before, and nobody can do anything about it.
            tracing::debug!(source = self.source.slug, url = claim.page.url, "{reason}");
            return Ok(None);
        }
        self.fail(&claim.page.url, reason, tries).await?;
        Ok(None)
    }

    /// Whether the source itself names an article, and not only a list that leads there.
    pub(super) fn declares(&self, page: &page::Model) -> bool {
        self.source.articles.iter().any(|article| canonical(article.clone()).as_str() == page.url)
    }

    /// Notes a failure of the run.
    pub(super) async fn fail(&self, url: &str, reason: String, tries: u32) -> Result<(), DbErr> {
        tracing::warn!(source = self.source.slug, url, "{reason}");
        let row = failure::ActiveModel {
            id: NotSet,
            run_id: Set(self.run.id),
            url: Set(url.to_owned()),
            at: Set(db::now()),
            reason: Set(reason.clone()),
            attempts: Set(tries.cast_signed()),
        };
        failure::Entity::insert(row).exec_without_returning(&self.crawl.db).await?;
        self.tally().failures.push(reason);
        Ok(())
    }

    /// Writes how the run ended and how the source does.
    async fn conclude(&self, mut tally: Tally, done: bool) -> Result<SourceSummary, Error> {
        let db = &self.crawl.db;
        if !done {
            frontier::release(db, &self.owner).await?;
        }
        let verdict = if done && tally.has_tried() {
            tally.stored += u32::try_from(health::judge(&self.judge()).await?).unwrap_or(u32::MAX);
            // What was held back and is published now.
            relate::relate(db).await?;
            health::settle(db, self.row.id, self.run.id, &tally.met()).await?
        } else {
            // A crawl that was stopped, or left nothing to do by other workers, says nothing of its source.
            Verdict::unchanged(db, &self.row).await?
        };
        let Verdict { health, problem, stock, held } = verdict;
        let status = match (done, &tally.failures[..]) {
            (false, _) if self.queued => RunStatus::Queued,
            (false, _) => RunStatus::Cancelled,
            (true, []) => RunStatus::Succeeded,
            (true, _) if tally.fetched + tally.unchanged == 0 => RunStatus::Failed,
            (true, _) => RunStatus::PartlyFailed,
        };
        self.end(status, &tally).await?;
        if done && !frontier::is_at_work(db, self.row.id).await? {
            // All is done, so nobody needs to join those that left it undone.
            bury(db, self.row.id, None).await?;
        }
        metrics::run(&self.source.slug, status.as_str());
        let failed = u32::try_from(tally.failures.len()).unwrap_or(u32::MAX);
        for (outcome, pages) in [("fetched", tally.fetched), ("unchanged", tally.unchanged), ("failed", failed)] {
            metrics::pages(&self.source.slug, outcome, pages);
        }
        let summary = SourceSummary {
            slug: self.source.slug.clone(),
            run_id: self.run.id,
            status,
            health,
            problem,
            fetched: tally.fetched,
            unchanged: tally.unchanged,
            stored: tally.stored,
            dropped: tally.dropped,
            failed,
            held: u32::try_from(held).unwrap_or(u32::MAX),
            plans: stock.plans,
            indicators: stock.indicators,
        };
        tracing::info!(
            source = summary.slug,
            status = status.as_str(),
            health = health.as_str(),
            problem = summary.problem,
            fetched = summary.fetched,
            unchanged = summary.unchanged,
            stored = summary.stored,
            dropped = summary.dropped,
            failed = summary.failed,
            held = summary.held,
            plans = summary.plans,
            indicators = summary.indicators,
            "crawled"
        );
        Ok(summary)
    }

    /// Who judges what is held back of the source.
    fn judge(&self) -> Judge<'_> {
        Judge {
            shelf: self.crawl.shelf(),
            source: &self.row,
            region: self.source.region.clone(),
            owner: &self.owner,
            lease: self.crawl.options.lease,
        }
    }

    async fn end(&self, status: RunStatus, tally: &Tally) -> Result<(), DbErr> {
        let mut run = self.run.clone().into_active_model();
        run.status = Set(status);
        run.finished_at = Set((status != RunStatus::Queued).then(db::now));
        run.lease_until = Set(None);
        run.fetched = Set(tally.fetched.cast_signed());
        run.unchanged = Set(tally.unchanged.cast_signed());
        run.stored = Set(tally.stored.cast_signed());
        run.failed = Set(i32::try_from(tally.failures.len()).unwrap_or(i32::MAX));
        let run = run.update(&self.crawl.db).await?;
        match run.parent_id {
            Some(request) => queue::close(&self.crawl.db, request).await,
            None => Ok(()),
        }
    }
}

impl Tally {
    /// Whether any page was asked for.
    const fn has_tried(&self) -> bool {
        self.fetched + self.unchanged > 0 || !self.failures.is_empty()
    }

    /// What tells of the source.
    fn met(&self) -> Met {
        Met {
            read: self.fetched + self.unchanged,
            failed: self.failures.len(),
            first: self.failures.first().cloned().unwrap_or_default(),
        }
    }

    /// Whether a host has not kept back page after page.
    pub(super) fn may_ask(&self, host: &str) -> bool {
        self.troubles.get(host).is_none_or(|troubles| *troubles < MAX_TROUBLES)
    }

    /// Whether the last answer of a host was one.
    pub(super) fn is_trusted(&self, host: &str) -> bool {
        self.troubles.get(host) == Some(&0)
    }

    /// Forgets the troubles of a host that answers, unless it is to be left alone by now.
    fn has_answered(&mut self, host: String) {
        if self.may_ask(&host) {
            self.troubles.insert(host, 0);
        }
    }

    /// Counts a failure.
    fn count_trouble(&mut self, host: String, error: &Error) -> Trouble {
        let Error::Fetch(error) = error else { return Trouble::None };
        if !error.is_of_host() {
            self.has_answered(host);
            return Trouble::None;
        }
        if !self.may_ask(&host) {
            return Trouble::TooMany;
        }
        let troubles = self.troubles.entry(host).or_default();
        // A host that wants to be left alone need not say so again.
        *troubles = if matches!(error, FetchError::Resting { .. }) { MAX_TROUBLES } else { *troubles + 1 };
        if *troubles == MAX_TROUBLES { Trouble::Last } else { Trouble::None }
    }
}

/// What a failure means for the other pages of its host.
enum Trouble {
    None,
    /// It was the last that the host is allowed.
    Last,
    /// The host was given up while this page was asked for.
    TooMany,
}

/// The host of a page, with its port.
pub(super) fn host(page: &page::Model) -> String {
    Url::parse(&page.url).map(|url| url.authority().to_owned()).unwrap_or_default()
}

/// Where a page stands after a failed fetch.
fn state(error: &FetchError) -> PageState {
    match error {
        FetchError::Blocked { .. } | FetchError::Disallowed { .. } => PageState::Blocked,
        FetchError::NoPage { .. } => PageState::NotFound,
        _ if error.status().is_some_and(|status| matches!(status.as_u16(), 404 | 410)) => PageState::NotFound,
        _ => PageState::Failed,
    }
}
