//! Articles: from one request to the plans that are stored.

use entity::{page, value::PageState};

use super::source::Work;
use crate::{
    Error, article,
    fetch::{Answer, Method, Validators},
    frontier::{self, Claim, Done},
    reading::{self, Content},
    snapshot,
    store::{self, Occasion, Reading},
};

impl Work<'_> {
    /// Fetches an article, reads and stores it where it has changed.
    pub(super) async fn article(&self, claim: &mut Claim) -> Result<(), Error> {
        let (db, snapshots) = (&self.crawl.db, &self.crawl.options.snapshots);
        let url = reading::address(&claim.page.url)?;
        let validators = self.validators(&claim.page).await?;
        let answer = self.crawl.fetcher.fetch(&url, &Method::Get, &validators, self.manners()).await?;
        let body = match answer {
            Answer::Body(body) => *body,
            Answer::NotModified { url, moved } => {
                if !is_published(&claim.page) || frontier::settle(db, claim, &url, moved).await? {
                    frontier::finish(db, claim, Done::Unchanged).await?;
                }
                return self.unchanged(&claim.page).await;
            }
        };
        let body = article::whole(&self.crawl.fetcher, body, self.manners()).await?;
        let sha256 = snapshot::sha256(&body.bytes);
        if frontier::is_read(&claim.page) && store::same_body(db, &claim.page, &sha256).await? {
            // It may have been lost since.
            snapshots.put(&body.bytes).await?;
            let state = claim.page.state;
            if !is_published(&claim.page) || frontier::settle(db, claim, &body.url, body.moved).await? {
                let done = Done::Read { state, snapshot_id: None, validators: &body.validators, changed: false };
                frontier::finish(db, claim, done).await?;
            }
            return self.unchanged(&claim.page).await;
        }
        let content = reading::read(&self.crawl.knowledge, &claim.page, &body, self.source.region.clone()).await?;
        self.tally().fetched += 1;
        // The body is kept before a row speaks of it.
        snapshots.put(&body.bytes).await?;
        let plans = content.plans();
        let dropped: usize = plans.iter().map(|plan| plan.dropped).sum();
        if dropped > 0 {
            tracing::warn!(
                source = self.source.slug,
                url = claim.page.url,
                dropped,
                "figures do not read as their values"
            );
            self.tally().dropped += u32::try_from(dropped).unwrap_or(u32::MAX);
        }
        if !plans.is_empty() && !frontier::settle(db, claim, &body.url, body.moved).await? {
            // It is another address of a page that is fetched in its own turn.
            return Ok(());
        }
        self.catch_up(claim).await?;
        let reading = Reading {
            source: &self.row,
            claim,
            body: &body,
            sha256: &sha256,
            plans,
            concepts: &self.crawl.knowledge.concepts,
            occasion: Occasion::Fetched,
        };
        // Where another worker has the page by now, it has stored it.
        let Some(stored) = store::page(db, &reading).await? else { return Ok(()) };
        self.tally().stored += u32::try_from(stored.changed).unwrap_or(u32::MAX);
        if stored.held {
            tracing::warn!(source = self.source.slug, url = claim.page.url, "held back until the end of the run");
        } else if !stored.problems.is_empty() {
            self.fail(&claim.page.url, stored.problems.join("; "), 1).await?;
        } else if let Content::Other(why) = content {
            self.no_plan(&claim.page, &why).await?;
        }
        Ok(())
    }

    /// Counts a page that is as it was.
    async fn unchanged(&self, page: &page::Model) -> Result<(), Error> {
        self.tally().unchanged += 1;
        if page.state == PageState::NoPlan {
            self.no_plan(page, "it has not changed since it was found to hold none").await?;
        }
        Ok(())
    }

    /// A page without a plan is a failure where the source itself names it; a list may lead to any page.
    async fn no_plan(&self, page: &page::Model, why: &str) -> Result<(), Error> {
        let url = &page.url;
        if self.declares(page) {
            let reason = format!("{url} holds no plan: {why}; take it out of the `articles` of the source");
            self.fail(url, reason, 1).await?;
        } else {
            tracing::debug!(source = self.source.slug, url, "no plan: {why}");
        }
        Ok(())
    }

    /// Reads the last body with the rules of this program where others have read it, so that what they read otherwise is
    /// not taken for a change by the publisher.
    async fn catch_up(&self, claim: &Claim) -> Result<(), Error> {
        if claim.page.read_with.as_deref().is_none_or(|rules| rules == extract::VERSION) {
            return Ok(());
        }
        let region = self.source.region.clone();
        match self.crawl.shelf().read(&self.row, region, claim, Occasion::Reread).await {
            Err(error @ Error::Database(_)) => Err(error),
            Err(error) => {
                tracing::warn!(source = self.source.slug, url = claim.page.url, "not read again: {error}");
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }

    /// What the last body of a page can be asked for with; nothing where it is not kept any more, so that it comes again.
    pub(super) async fn validators(&self, page: &page::Model) -> Result<Validators, Error> {
        let validators = frontier::validators(page);
        if validators == Validators::default() {
            return Ok(validators);
        }
        let kept = match store::sha256_of(&self.crawl.db, page).await? {
            Some(sha256) => self.crawl.options.snapshots.has(&sha256).await?,
            None => false,
        };
        Ok(if kept { validators } else { Validators::default() })
    }
}

/// Whether the last body of a page is published as plans, so that the address it came from is theirs.
const fn is_published(page: &page::Model) -> bool {
    !matches!(page.state, PageState::NoPlan | PageState::Held)
}
