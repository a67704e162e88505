//! Who works on the pages of a source: some hands, each of which asks for one page after another and reads it, and a
//! writer, which stores in one transaction whatever articles they have read since it wrote last.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use entity::value::RunStage;
use futures::future::try_join_all;
use tokio::sync::{
    Mutex, Notify, OwnedSemaphorePermit, Semaphore,
    mpsc::{self, UnboundedReceiver, UnboundedSender},
};
use tracing::instrument;

use super::{
    articles::Article,
    source::{MAX_TROUBLES, Work, host},
};
use crate::{
    Error,
    frontier::{self, Batch, Claim, Done},
    progress::Event,
};

/// How often a run looks whether another worker is done.
const POLL: Duration = Duration::from_millis(500);
/// How many pages of a source are worked on at once: while some are asked for, others are read. How many requests a host
/// gets at once, and how often, is the fetcher's to say. No more than a host may keep back, so that one that begins to do
/// so is not asked for more.
const HANDS: usize = MAX_TROUBLES as usize;
/// How many pages are taken from the frontier at once.
const CLAIMS: u64 = 8;
/// How many articles are stored at once at most.
const GROUP: usize = 16;
/// How long the writer waits for others to come with the first article of a group.
const GATHERING: Duration = Duration::from_millis(200);
/// How much of bodies waits to be stored or is being stored, in KiB: a few large ones, or two groups of small ones.
const ROOM: usize = 16 * 1024;

/// The work on a batch of pages.
struct Crew<'a> {
    work: &'a Work<'a>,
    batch: Batch,
    /// Pages that were taken, and that no hand has begun with.
    taken: Mutex<VecDeque<Claim>>,
    /// How many hands there are still.
    hands: AtomicUsize,
    /// What is left of [`ROOM`].
    room: Arc<Semaphore>,
    /// Tells the writer that it is waited for.
    pressing: Notify,
}

/// An article on its way to the writer.
struct Waiting {
    article: Article,
    /// Its room, free again when it is stored.
    _room: Option<OwnedSemaphorePermit>,
}

/// Does all pages of a batch.
pub(super) async fn all(work: &Work<'_>, batch: Batch) -> Result<(), Error> {
    let (taken, hands, room) = (Mutex::default(), AtomicUsize::new(HANDS), Arc::new(Semaphore::new(ROOM)));
    let crew = Crew { work, batch, taken, hands, room, pressing: Notify::new() };
    let (sender, receiver) = mpsc::unbounded_channel();
    let crew = &crew;
    let hands = async move {
        // The writer ends when nobody is left who could send it anything.
        let sender = sender;
        try_join_all((0..HANDS).map(|_| crew.one_by_one(&sender))).await
    };
    futures::try_join!(hands, crew.write(receiver)).map(|_| ())
}

impl Crew<'_> {
    /// A hand: one page after another, until none is left or the run is to stop.
    async fn one_by_one(&self, writer: &UnboundedSender<Waiting>) -> Result<(), Error> {
        while let Some(claim) = self.next().await? {
            let url = claim.page.url.clone();
            match self.page(claim).await? {
                Some(article) => {
                    let room = room(article.size());
                    if self.room.available_permits() < room as usize {
                        self.pressing.notify_one();
                    }
                    let _room = Arc::clone(&self.room).acquire_many_owned(room).await.ok();
                    // A writer that is there no more has ended with an error, and so does all of this.
                    let _ = writer.send(Waiting { article, _room });
                }
                None if self.batch == Batch::Lists || self.work.is_to_stop() => {}
                None => self.work.event(Event::Page { url: &url }),
            }
        }
        Ok(())
    }

    /// The next page, unless the run is to stop. Where other workers have all that are left, the last hand waits for them:
    /// a worker that has died may have taken one of them with it.
    async fn next(&self) -> Result<Option<Claim>, Error> {
        let Work { crawl, row, owner, .. } = self.work;
        let (db, due) = (&crawl.db, self.work.due());
        let mut taken = self.taken.lock().await;
        // What was taken is given back when the run is concluded.
        while !self.work.is_to_stop() {
            if let Some(claim) = taken.pop_front() {
                return Ok(Some(claim));
            }
            taken.extend(frontier::claim(db, row.id, self.batch, due, owner, crawl.options.lease, CLAIMS).await?);
            if !taken.is_empty() {
                continue;
            }
            let is_last = self.hands.fetch_update(SeqCst, SeqCst, |hands| (hands > 1).then(|| hands - 1)).is_err();
            if !is_last {
                return Ok(None);
            }
            // What waits to be stored is due until it is.
            self.pressing.notify_one();
            drop(self.room.acquire_many(room(usize::MAX)).await);
            if frontier::due(db, row.id, self.batch, due).await? == 0 {
                return Ok(None);
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(None)
    }

    /// Asks for a page and reads it. Answers with an article that is to be stored.
    #[instrument(skip_all, fields(url = claim.page.url))]
    async fn page(&self, mut claim: Claim) -> Result<Option<Article>, Error> {
        let (work, is_list) = (self.work, self.batch == Batch::Lists);
        let stage = if is_list { RunStage::Lists } else { RunStage::Articles };
        work.standing.at(stage, &claim.page.url, &work.tally());
        let host = host(&claim.page);
        let is_trusted = work.tally().is_trusted(&host);
        // A host that has not shown yet that it answers is asked for one page at a time.
        let _together = if is_trusted { Some(work.asking.read().await) } else { None };
        let _alone = if is_trusted { None } else { Some(work.asking.write().await) };
        if work.is_to_stop() {
            return Ok(None);
        }
        if !work.tally().may_ask(&host) {
            frontier::finish(&work.crawl.db, &claim, Done::Postponed).await?;
            return Ok(None);
        }
        if is_list {
            let done = work.list(&claim).await;
            work.or_spoilt(&claim, done).await?;
            return Ok(None);
        }
        let read = work.article(&mut claim).await;
        let read = work.or_spoilt(&claim, read).await?.flatten();
        Ok(read.map(|read| Article { claim, read }))
    }

    /// The writer: stores what the hands have read, until they are done.
    async fn write(&self, mut from: UnboundedReceiver<Waiting>) -> Result<(), Error> {
        while let Some(first) = from.recv().await {
            let mut group = vec![first];
            tokio::select! {
                () = gather(&mut from, &mut group) => {}
                () = self.pressing.notified() => {}
                () = tokio::time::sleep(GATHERING) => {}
            }
            let (articles, rooms): (Vec<_>, Vec<_>) = group.into_iter().map(|it| (it.article, it._room)).unzip();
            let urls: Vec<String> = articles.iter().map(|article| article.claim.page.url.clone()).collect();
            self.work.store(articles).await?;
            drop(rooms);
            for url in &urls {
                self.work.event(Event::Page { url });
            }
        }
        Ok(())
    }
}

/// Adds what comes until the group is whole or nobody is left who could send anything.
async fn gather(from: &mut UnboundedReceiver<Waiting>, group: &mut Vec<Waiting>) {
    while group.len() < GROUP && from.recv_many(group, GROUP - group.len()).await > 0 {}
}

/// The room that so many bytes of bodies take.
fn room(bytes: usize) -> u32 {
    // It is no more than `ROOM`.
    u32::try_from((bytes / 1024).clamp(ROOM / GROUP / 2, ROOM)).unwrap_or_default()
}
