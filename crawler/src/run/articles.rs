//! Articles: from one request to the plans that are stored.

use std::sync::Arc;

use entity::{page, value::PageState};
use extract::{
    Context, Plan,
    triage::{self, Verdict},
};

use super::source::{Tally, Work};
use crate::{
    Error, article,
    discover::canonical,
    document::DocumentError,
    fetch::{Answer, Body, Method},
    frontier::{self, Claim, Done},
    store::{self, Reading},
};

/// What an article was found to hold.
enum Content {
    Plans(Vec<Plan>),
    /// No plan, and why it was taken for none.
    Other(String),
}

impl Work<'_> {
    /// Fetches an article, reads and stores it where it has changed.
    pub(super) async fn article(&self, claim: &Claim, tally: &mut Tally) -> Result<(), Error> {
        let (db, page) = (&self.crawl.db, &claim.page);
        let url = super::lists::parse(&page.url)?;
        let validators = frontier::validators(page);
        let answer = self.crawl.fetcher.fetch(&url, &Method::Get, &validators, self.manners()).await?;
        let Answer::Body(body) = answer else {
            frontier::finish(db, claim, Done::Unchanged).await?;
            return self.unchanged(page, tally).await;
        };
        let body = article::whole(&self.crawl.fetcher, *body, self.manners()).await?;
        // The body is kept before a row speaks of it.
        let sha256 = self.crawl.options.snapshots.put(&body.bytes).await?;
        if frontier::is_read(page) && store::same_body(db, page, &sha256).await? {
            let done = Done::Read { state: page.state, snapshot_id: None, validators: &body.validators };
            frontier::finish(db, claim, done).await?;
            return self.unchanged(page, tally).await;
        }
        tally.fetched += 1;
        let content = self.read(page, &body).await?;
        let plans = if let Content::Plans(plans) = &content { &plans[..] } else { &[] };
        let reading = Reading {
            source: &self.row,
            claim,
            body: &body,
            sha256: &sha256,
            plans,
            concepts: &self.crawl.knowledge.concepts,
        };
        // Where another worker has the page by now, it has stored it.
        let Some(stored) = store::page(db, &reading).await? else { return Ok(()) };
        tally.stored += u32::try_from(stored.changed).unwrap_or(u32::MAX);
        if !stored.problems.is_empty() {
            self.fail(&page.url, stored.problems.join("; "), 1, tally).await?;
        } else if let Content::Other(why) = content {
            self.no_plan(page, &why, tally).await?;
        }
        Ok(())
    }

    /// Counts a page that is as it was.
    async fn unchanged(&self, page: &page::Model, tally: &mut Tally) -> Result<(), Error> {
        tally.unchanged += 1;
        if page.state == PageState::NoPlan {
            self.no_plan(page, "it has not changed since it was found to hold none", tally).await?;
        }
        Ok(())
    }

    /// A page without a plan is a failure where the source itself names it; a list may lead to any page.
    async fn no_plan(&self, page: &page::Model, why: &str, tally: &mut Tally) -> Result<(), Error> {
        let url = &page.url;
        if self.source.articles.iter().any(|article| canonical(article.clone()).as_str() == url) {
            let reason = format!("{url} holds no plan: {why}; take it out of the `articles` of the source");
            self.fail(url, reason, 1, tally).await?;
        } else {
            tracing::debug!(source = self.source.slug, url, "no plan: {why}");
        }
        Ok(())
    }

    /// Reads a page or a file on a thread of its own: parsed HTML cannot move between threads, and reading takes long.
    async fn read(&self, page: &page::Model, body: &Body) -> Result<Content, Error> {
        let knowledge = Arc::clone(&self.crawl.knowledge);
        let context = Context { region: self.source.region.clone(), year: None };
        let listed = page.title.clone();
        let body = body.clone();
        let task = tokio::task::spawn_blocking(move || {
            let article = article::read(&body)?;
            let listed = listed.as_deref().unwrap_or_default();
            if let Verdict::Other(why) = triage::verdict(listed, Some(&article)) {
                return Ok(Content::Other(why));
            }
            Ok(match knowledge.reader.read(&article, &context) {
                plans if plans.is_empty() => Content::Other("nothing in it can be read as a plan".to_owned()),
                plans => Content::Plans(plans),
            })
        });
        let url = || page.url.clone();
        let read: Result<_, DocumentError> =
            task.await.map_err(|e| Error::Crashed { url: url(), message: e.to_string() })?;
        read.map_err(|source| Error::Document { url: url(), source })
    }
}
