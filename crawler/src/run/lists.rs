//! Lists: from one request to the pages of articles that may be plans.

use std::collections::HashSet;

use entity::value::{PageKind, PageState};
use extract::triage::{self, Verdict};
use url::Url;

use super::source::{Tally, Work};
use crate::{
    Error, db, decode,
    discover::{self, Found, Listing, Next},
    fetch::{Answer, Body, FetchError, Method, Validators},
    frontier::{self, Claim, Done, NewPage},
    impostor,
    progress::Event,
    store,
};

/// How many pages of one list are read.
const MAX_PAGES: usize = 50;
/// How many entries of one list are read.
const MAX_ENTRIES: usize = 5_000;

impl Work<'_> {
    /// Reads a list and notes what it leads to.
    pub(super) async fn list(&self, claim: &Claim, tally: &mut Tally) -> Result<(), Error> {
        let (db, page) = (&self.crawl.db, &claim.page);
        let url = parse(&page.url)?;
        let validators = frontier::validators(page);
        let answer = self.crawl.fetcher.fetch(&url, &Method::Get, &validators, self.manners()).await?;
        let Answer::Body(body) = answer else {
            tally.unchanged += 1;
            frontier::finish(db, claim, Done::Unchanged).await?;
            return Ok(());
        };
        let sha256 = self.crawl.options.snapshots.put(&body.bytes).await?;
        if frontier::is_read(page) && store::same_body(db, page, &sha256).await? {
            tally.unchanged += 1;
            let done = Done::Read { state: page.state, snapshot_id: None, validators: &body.validators };
            frontier::finish(db, claim, done).await?;
            return Ok(());
        }
        let (found, cut_short) = self.entries(&body).await?;
        tally.fetched += 1;
        let plans: Vec<_> = found.iter().filter(|found| is_worth_fetching(found)).collect();
        self.event(Event::Listed { entries: found.len(), plans: plans.len() });
        let problem = match cut_short {
            Some(error) => Some(format!("only {} entries of the list {url} were read: {error}", found.len())),
            None if found.is_empty() => {
                Some(format!("the list {url} has no entries; see whether it has moved or changed its shape"))
            }
            None => None,
        };

        let txn = db::begin(db).await?;
        let snapshot_id = store::snapshot(&txn, page, &body, &sha256).await?;
        let articles: Vec<_> = plans
            .iter()
            .map(|f| NewPage { url: &f.url, kind: PageKind::Article, title: Some(&f.title), listed_on: f.listed_on })
            .collect();
        frontier::add(&txn, self.row.id, &articles, self.due()).await?;
        let done = match &problem {
            // It is read again next time, even if it has not changed.
            Some(reason) => Done::Failed { state: PageState::Failed, snapshot_id: Some(snapshot_id), reason },
            None => {
                Done::Read { state: PageState::Fresh, snapshot_id: Some(snapshot_id), validators: &body.validators }
            }
        };
        if frontier::finish(&txn, claim, done).await? {
            txn.commit().await?;
        }
        if let Some(problem) = problem {
            self.fail(&page.url, problem, 1, tally).await?;
        }
        Ok(())
    }

    /// All entries of a list, its pages followed within bounds, and what kept from reading it to the end.
    async fn entries(&self, body: &Body) -> Result<(Vec<Found>, Option<Error>), Error> {
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        let mut listing = read(None, body).await?;
        tracing::debug!(source = self.source.slug, url = %body.url, family = ?listing.family, "list recognised");
        for _ in 1..MAX_PAGES {
            let before = all.len();
            all.extend(listing.found.into_iter().filter(|f| seen.insert(f.url.clone())));
            // A page without anything new is the end, or a pager that goes round.
            let Some(next) = listing.next.filter(|_| all.len() > before && all.len() < MAX_ENTRIES) else { break };
            let none = Validators::default();
            match self.crawl.fetcher.fetch(&next.url, &next.method, &none, self.manners()).await {
                Ok(Answer::Body(body)) => listing = read(Some(next), &body).await?,
                Ok(Answer::NotModified) => break,
                Err(error @ Error::Fetch(_)) => return Ok((all, Some(error))),
                Err(error) => return Err(error),
            }
        }
        Ok((all, None))
    }
}

/// Whether an entry may be a plan. Where its title doesn't tell, its text has to; but only entries with a date are
/// articles for sure.
fn is_worth_fetching(found: &Found) -> bool {
    match triage::verdict(&found.title, None) {
        Verdict::Plan(_) => true,
        Verdict::Unclear => found.listed_on.is_some(),
        Verdict::Other(_) => false,
    }
}

/// The address of a row of the frontier.
pub(super) fn parse(url: &str) -> Result<Url, Error> {
    // It was written from a Url; somebody may have spoilt it by hand.
    Url::parse(url).map_err(|e| Error::Crashed { url: url.to_owned(), message: e.to_string() })
}

/// Reads the first page of a list, or the answer to a request for another.
async fn read(next: Option<Next>, body: &Body) -> Result<Listing, Error> {
    let (body, url) = (body.clone(), body.url.clone());
    let task = tokio::task::spawn_blocking(move || {
        let text = decode::decode(&body.bytes, body.media_type.as_deref(), body.url.host_str()).text;
        let Some(next) = next else {
            let listing = discover::read(&text, &body.url);
            let impostor = if listing.found.is_empty() { impostor::page(&text) } else { None };
            return impostor.map_or(Ok(listing), |impostor| Err(FetchError::from_impostor(impostor, &body.url)));
        };
        Ok(next.read(&text))
    });
    Ok(task.await.map_err(|e| Error::Crashed { url: url.into(), message: e.to_string() })??)
}
