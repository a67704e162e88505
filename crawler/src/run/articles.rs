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
    fetch::{Answer, Body, Method},
    frontier::{self, Claim, Done},
    snapshot,
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
        let sha256 = snapshot::sha256(&body.bytes);
        if frontier::is_read(page) && store::same_body(db, page, &sha256).await? {
            let done = Done::Read { state: page.state, snapshot_id: None, validators: &body.validators };
            frontier::finish(db, claim, done).await?;
            return self.unchanged(page, tally).await;
        }
        let content = self.read(page, &body).await?;
        tally.fetched += 1;
        // The body is kept before a row speaks of it.
        self.crawl.options.snapshots.put(&body.bytes).await?;
        let plans = if let Content::Plans(plans) = &content { &plans[..] } else { &[] };
        let dropped: usize = plans.iter().map(|plan| plan.dropped).sum();
        if dropped > 0 {
            tracing::warn!(source = self.source.slug, page.url, dropped, "figures do not read as their values");
            tally.dropped += u32::try_from(dropped).unwrap_or(u32::MAX);
        }
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
        let (listed, asked) = (page.title.clone(), super::lists::parse(&page.url)?);
        let body = body.clone();
        let task = tokio::task::spawn_blocking(move || {
            article::check(&asked, listed.as_deref(), &body)?;
            let article = article::read(&body).map_err(|source| Error::Document { url: asked.to_string(), source })?;
            let listed = listed.as_deref().unwrap_or_default();
            if let Verdict::Other(why) = triage::verdict(listed, Some(&article)) {
                return Ok(Content::Other(why));
            }
            Ok(match knowledge.reader.read(&article, &context) {
                plans if plans.is_empty() => Content::Other("nothing in it can be read as a plan".to_owned()),
                plans => Content::Plans(plans),
            })
        });
        task.await.map_err(|e| Error::Crashed { url: page.url.clone(), message: e.to_string() })?
    }
}
