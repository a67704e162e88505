//! Reading what is kept with the rules of this program, where other rules have read it. Nothing is fetched.
//!
//! Which rules read a page stands in its row, written in the transaction that stores what they read: a run that was killed
//! goes on where it stopped, and several may work at once.

use std::{
    collections::HashMap,
    num::NonZero,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use entity::{region, source, value::PageState};
use extract::Context;
use sea_orm::{DatabaseConnection, DbErr, EntityTrait};
use tokio::task::JoinSet;

use crate::{
    Error, Snapshots, Stop,
    attachment::{self, Files},
    frontier::{self, Claim},
    gazetteer::{self, Knowledge},
    progress::{Event, Progress},
    reading, relate,
    store::{self, Occasion, Reading, Stored},
};

/// What watchers know this work by, where a crawl has the name of a source.
const NAME: &str = "reextract";
/// How often the log says how far it is.
const REPORT: Duration = Duration::from_secs(10);
/// How long to wait for pages that other workers have.
const POLL: Duration = Duration::from_millis(500);

/// How to read again.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where bodies are kept.
    pub snapshots: Snapshots,
    /// Pages that are read at once; each is in memory as long as that takes.
    pub concurrency: usize,
    /// How long a page stays with a worker that gives no sign of life.
    pub lease: Duration,
    /// Who watches.
    pub progress: Arc<dyn Progress>,
    /// When to end early.
    pub stop: Stop,
}

impl Options {
    /// As many pages at once as the machine has cores, watched by the log, without an early end.
    #[must_use]
    pub fn new(snapshots: Snapshots) -> Self {
        Self {
            snapshots,
            concurrency: std::thread::available_parallelism().map_or(1, NonZero::get),
            lease: frontier::LEASE,
            progress: Arc::new(crate::progress::Lines),
            stop: Stop::never(),
        }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// Pages that were read.
    pub pages: u64,
    /// Plans that are new or have a new version.
    pub changed: u64,
    /// Pages that could not be read; they stay as they were, and the log says why.
    pub failed: u64,
    /// Whether it was stopped before the end.
    pub stopped: bool,
}

/// What the workers share.
struct Work {
    db: DatabaseConnection,
    options: Options,
    knowledge: Arc<Knowledge>,
    sources: HashMap<i32, (source::Model, Option<String>)>,
    total: u64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The last page that was taken in this pass.
    last: i64,
    failed: Vec<i64>,
    so_far: Reread,
    reported: Instant,
}

/// Reads all articles again that other rules have read, and stores what is new in them as technical versions.
///
/// # Errors
/// A database that cannot be used. What spoils a single page does not end the work.
pub async fn reextract(db: &DatabaseConnection, options: &Options) -> Result<Reread, Error> {
    let total = frontier::count_unread(db).await?;
    let state = State { last: 0, failed: Vec::new(), so_far: Reread::default(), reported: Instant::now() };
    let knowledge = Knowledge::new(db, gazetteer::gazetteer(db).await?).await?;
    let work = Arc::new(Work {
        db: db.clone(),
        options: options.clone(),
        knowledge: Arc::new(knowledge),
        sources: sources(db).await?,
        total,
        state: Mutex::new(state),
    });
    options.progress.event(NAME, Event::Rereading { pages: total });
    let mut workers = JoinSet::new();
    for number in 0..options.concurrency.max(1) {
        workers.spawn(Arc::clone(&work).run(number));
    }
    while let Some(ended) = workers.join_next().await {
        // The others end with this function.
        ended.map_err(|e| Error::Crashed { url: NAME.to_owned(), message: e.to_string() })??;
    }
    tokio::select! {
        biased;
        () = options.stop.wait() => {}
        related = relate::relate(db) => related?,
    }
    let mut done = work.state().so_far;
    done.stopped = options.stop.requested();
    Ok(done)
}

/// The sources, each with the code of its region.
async fn sources(db: &DatabaseConnection) -> Result<HashMap<i32, (source::Model, Option<String>)>, DbErr> {
    let rows = source::Entity::find().find_also_related(region::Entity).all(db).await?;
    Ok(rows.into_iter().map(|(row, region)| (row.id, (row, region.map(|region| region.code)))).collect())
}

impl Work {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads one page after another.
    async fn run(self: Arc<Self>, number: usize) -> Result<(), Error> {
        let owner = frontier::new_owner(&format!("{NAME}-{number}"));
        while !self.options.stop.requested() {
            let Some(claim) = self.claim(&owner).await? else { break };
            let stored = tokio::select! {
                stored = self.page(&claim) => stored,
                lost = frontier::keep(&self.db, &claim) => lost.map(|()| None).map_err(Error::from),
            };
            frontier::release(&self.db, &owner).await?;
            self.count(&claim, stored)?;
        }
        Ok(())
    }

    /// The next page; none where all are done but those that could not be read. Those that other workers have are waited
    /// for: a worker that has died may have taken one of them with it.
    async fn claim(&self, owner: &str) -> Result<Option<Claim>, Error> {
        loop {
            let behind = self.state().last;
            if let Some(claim) = frontier::claim_unread(&self.db, behind, owner, self.options.lease).await? {
                let failed = {
                    let mut state = self.state();
                    state.last = state.last.max(claim.page.id);
                    state.failed.contains(&claim.page.id)
                };
                if !failed {
                    return Ok(Some(claim));
                }
                frontier::release(&self.db, owner).await?;
                continue;
            }
            let failed = u64::try_from(self.state().failed.len()).unwrap_or(u64::MAX);
            if frontier::count_unread(&self.db).await? <= failed || self.options.stop.requested() {
                return Ok(None);
            }
            tokio::time::sleep(POLL).await;
            self.state().last = 0;
        }
    }

    /// Reads a page and stores what it holds; none where another worker has it by now.
    async fn page(&self, claim: &Claim) -> Result<Option<Stored>, Error> {
        let Some((source, region)) = self.sources.get(&claim.page.source_id) else { return Ok(None) };
        let shelf = Shelf { db: &self.db, snapshots: &self.options.snapshots, knowledge: &self.knowledge };
        shelf.read(source, region.clone(), claim, Occasion::Reread).await
    }

    /// Counts a page. What is no page's fault goes on as an error.
    fn count(&self, claim: &Claim, stored: Result<Option<Stored>, Error>) -> Result<(), Error> {
        let url = &claim.page.url;
        let mut state = self.state();
        let problem = match stored {
            Ok(None) => None,
            Ok(Some(stored)) => {
                state.so_far.pages += 1;
                state.so_far.changed += u64::try_from(stored.changed).unwrap_or(u64::MAX);
                (!stored.problems.is_empty()).then(|| stored.problems.join("; "))
            }
            Err(error @ Error::Database(_)) => return Err(error),
            Err(error) => Some(error.to_string()),
        };
        if let Some(problem) = problem {
            tracing::warn!(url, "not read again: {problem}");
            state.so_far.failed += 1;
            state.failed.push(claim.page.id);
        }
        self.options.progress.event(NAME, Event::Page { url });
        if state.reported.elapsed() >= REPORT {
            state.reported = Instant::now();
            let Reread { pages, changed, failed, .. } = state.so_far;
            tracing::info!(pages, changed, failed, of = self.total, "reading again");
        }
        Ok(())
    }
}

/// Where bodies are kept, and what they are read with.
#[derive(Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub(crate) db: &'a DatabaseConnection,
    pub(crate) snapshots: &'a Snapshots,
    pub(crate) knowledge: &'a Arc<Knowledge>,
}

impl Shelf<'_> {
    /// Reads the body that is kept of a page that this worker has, and stores what is new in it. `region` is that of the
    /// source. Answers with none where the page has no body or is another worker's by now.
    pub(crate) async fn read(
        self,
        source: &source::Model,
        region: Option<String>,
        claim: &Claim,
        occasion: Occasion,
    ) -> Result<Option<Stored>, Error> {
        let Self { db, snapshots, knowledge } = self;
        let Some((body, sha256)) = reading::kept(db, snapshots, &claim.page).await? else { return Ok(None) };
        let asked = reading::address(&claim.page.url)?;
        let look = reading::look(Some(&asked), claim.page.title.as_deref(), &body).await?;
        let known = match occasion {
            // What is held back is another body of the page, with files of its own.
            Occasion::Reread if claim.page.state == PageState::Held => attachment::published(db, claim.page.id).await?,
            _ => attachment::known(db, claim.page.id).await?,
        };
        let mut list = attachment::unasked(look.wanted.clone(), &known);
        attachment::load(db, snapshots, &mut list).await?;
        let list = Arc::new(list);
        let content = reading::read(knowledge, look, &list, Context { region, year: None }).await?;
        let files = Files { list, had: !known.is_empty(), body: content.body, annexes: content.annexes };
        let reading = Reading {
            source,
            claim,
            body: &body,
            sha256: &sha256,
            plans: &content.plans,
            files: &files,
            concepts: &knowledge.concepts,
            occasion,
        };
        Ok(store::page(db, &reading).await?)
    }
}
