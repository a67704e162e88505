//! Lists: from one request to the pages of articles that may be plans.

use chrono::{NaiveDate, TimeDelta};
use entity::{
    page,
    value::{PageKind, PageState},
};
use extract::triage::{self, Verdict};
use url::Url;

use super::source::Work;
use crate::{
    Error, db,
    discover::{
        Found, Hosts,
        walk::{self, Walked, Way},
    },
    fetch::{Answer, Body, Method},
    frontier::{self, Claim, Done, NewPage},
    health,
    progress::Event,
    reading, store,
};

/// How much older than the last reading of a list an entry must be to have been in it for sure: publishers give some
/// articles an earlier date.
const LATE: TimeDelta = TimeDelta::days(30);

impl Work<'_> {
    /// Reads a list and notes what it leads to.
    pub(super) async fn list(&self, claim: &Claim) -> Result<(), Error> {
        let (db, page) = (&self.crawl.db, &claim.page);
        let url = reading::address(&page.url)?;
        let validators = self.validators(page).await?;
        let answer = self.crawl.fetcher.fetch(&url, &Method::Get, &validators, self.manners()).await?;
        let Some((body, sha256, is_new)) = self.last_or_new(page, answer).await? else {
            self.tally().unchanged += 1;
            frontier::finish(db, claim, Done::Unchanged).await?;
            return Ok(());
        };
        if !is_new && walk::names_entries(&body).await? {
            self.tally().unchanged += 1;
            let done =
                Done::Read { state: page.state, snapshot_id: None, validators: &body.validators, changed: false };
            frontier::finish(db, claim, done).await?;
            return Ok(());
        }
        // What names no entries itself says nothing of them by staying as it is.
        let Walked { found, first, cut_short, elsewhere, .. } = self.entries(page, &url, &body).await?;
        self.tally().fetched += 1;
        if !elsewhere.is_empty() {
            tracing::debug!(source = self.source.slug, %url, ?elsewhere, "links to other hosts are left out");
        }
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
        if !found.is_empty() {
            health::note_list(&txn, page.id, &found[..first]).await?;
        }
        let articles: Vec<_> = plans
            .iter()
            .map(|f| NewPage { url: &f.url, kind: PageKind::Article, title: Some(&f.title), listed_on: f.listed_on })
            .collect();
        frontier::add(&txn, self.row.id, &articles, self.due()).await?;
        let done = match &problem {
            // It is read again next time, even if it has not changed.
            Some(reason) => Done::Failed { state: PageState::Failed, snapshot_id: Some(snapshot_id), reason },
            None => {
                let validators = &body.validators;
                Done::Read { state: PageState::Fresh, snapshot_id: Some(snapshot_id), validators, changed: true }
            }
        };
        if frontier::finish(&txn, claim, done).await? {
            txn.commit().await?;
        }
        if let Some(problem) = problem {
            self.fail(&page.url, problem, 1).await?;
        }
        Ok(())
    }

    /// The body of a list with its SHA-256, and whether it is another than the last; none where it is not and the last is
    /// not kept any more.
    async fn last_or_new(&self, page: &page::Model, answer: Answer) -> Result<Option<(Body, String, bool)>, Error> {
        let (db, snapshots) = (&self.crawl.db, &self.crawl.options.snapshots);
        match answer {
            Answer::Body(body) => {
                let sha256 = snapshots.put(&body.bytes).await?;
                let is_new = !frontier::is_read(page) || !store::same_body(db, page, &sha256).await?;
                Ok(Some((*body, sha256, is_new)))
            }
            Answer::NotModified { url, moved } => {
                let last = reading::kept(db, snapshots, page).await?;
                let validators = frontier::validators(page);
                Ok(last.map(|(body, sha256)| (Body { url, moved, validators, ..body }, sha256, false)))
            }
        }
    }

    /// The entries of a list, its pages followed until the part that was there at the last reading.
    async fn entries(&self, page: &page::Model, url: &Url, body: &Body) -> Result<Walked, Error> {
        let hosts = Hosts::new(self.source.addresses(), &self.source.hosts);
        let way = Way { fetcher: &self.crawl.fetcher, manners: self.manners(), hosts: &hosts };
        // A list that was not read to its end may hold more behind what is known.
        let last = page.fetched_at.filter(|_| frontier::is_read(page)).map(|at| at.date_naive());
        way.walk(url, body, async |new| match last {
            Some(last) => self.is_known(new, last).await,
            None => Ok(false),
        })
        .await
    }

    /// Whether all that may be plans of a page of a list is known, and the list goes on with what was there already at
    /// its last reading.
    async fn is_known(&self, new: &[Found], last: NaiveDate) -> Result<bool, Error> {
        let plans: Vec<_> = new.iter().filter(|found| is_worth_fetching(found)).map(|found| &found.url).collect();
        let known = frontier::known(&self.crawl.db, self.row.id, &plans).await?;
        // Articles that stay on top are known however old they are, so what counts is the last.
        let old = new.iter().rev().find_map(|found| found.listed_on).map(|day| day < last - LATE);
        Ok(known == plans.len() && old.unwrap_or(known > 0))
    }
}

/// Whether an entry may be a plan. Where its title doesn't tell, its text has to; but only entries with a date are
/// articles for sure.
pub(crate) fn is_worth_fetching(found: &Found) -> bool {
    match triage::verdict(&found.title, None) {
        Verdict::Plan(_) => true,
        Verdict::Unclear => found.listed_on.is_some(),
        Verdict::Other(_) => false,
    }
}
