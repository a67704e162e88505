//! Articles: from one request to the plans that are stored.

use std::{collections::HashMap, sync::Arc};

use entity::{page, page_file, value::PageState};
use extract::Context;
use url::Url;

use super::source::Work;
use crate::{
    Error, article,
    attachment::{self, Files, Got, PageFile, Wanted, Way},
    discover::Hosts,
    fetch::{Answer, Body, Method, Validators},
    frontier::{self, Claim, Done},
    reading, snapshot,
    store::{self, Occasion, Reading},
};

impl Work<'_> {
    /// Fetches an article, reads and stores it where it has changed.
    pub(super) async fn article(&self, claim: &mut Claim) -> Result<(), Error> {
        let (db, snapshots) = (&self.crawl.db, &self.crawl.options.snapshots);
        let url = reading::address(&claim.page.url)?;
        let validators = self.validators(&claim.page).await?;
        let answer = self.crawl.fetcher.fetch(&url, &Method::Get, &validators, self.manners()).await?;
        let is_new = claim.page.snapshot_id.is_none() && claim.page.attempts == 0;
        let known = if is_new { Vec::new() } else { attachment::known(db, claim.page.id).await? };
        let (body, sha256, asked) = match self.unchanged(claim, answer, validators, &known).await? {
            Some(changed) => changed,
            None => return Ok(()),
        };
        let listed = claim.page.title.clone();
        let mut files = Files { had: !known.is_empty(), ..Files::default() };
        let content = async {
            let look = reading::look(Some(&url), listed.as_deref(), &body).await?;
            let mut list = self.files(&look.wanted, asked, &known, &body.url).await?;
            attachment::load(db, snapshots, &mut list).await?;
            files.list = Arc::new(list);
            let context = Context { region: self.source.region.clone(), year: None };
            reading::read(&self.crawl.knowledge, look, &files.list, context).await
        };
        let content = content.await;
        let is_evidence = matches!(content, Ok(_) | Err(Error::Document { .. } | Error::Attachment { .. }));
        if is_evidence {
            // Bodies are kept before a row speaks of them.
            snapshots.put_as(&sha256, &body.bytes).await?;
            for file in files.list.iter() {
                if let Got::New(body, sha256) = &file.got {
                    snapshots.put_as(sha256, &body.bytes).await?;
                }
            }
        }
        let content = match content {
            Ok(content) => content,
            Err(error) => {
                if is_evidence {
                    store::evidence(db, &claim.page, &body, &sha256, &files.list).await?;
                }
                return Err(error);
            }
        };
        (files.body, files.annexes) = (content.body, content.annexes.clone());
        self.tally().fetched += 1;
        let plans = &content.plans[..];
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
            files: &files,
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
        } else if let Some(why) = content.without() {
            self.no_plan(&claim.page, why).await?;
        }
        Ok(())
    }

    /// What has changed of a page: its body with its SHA-256, and what its files answered where the page itself has not
    /// changed. Ends the work on a page that is as it was, all its files included.
    async fn unchanged(
        &self,
        claim: &mut Claim,
        answer: Answer,
        validators: Validators,
        known: &[page_file::Model],
    ) -> Result<Option<(Body, String, Vec<PageFile>)>, Error> {
        let (db, snapshots) = (&self.crawl.db, &self.crawl.options.snapshots);
        let (url, moved, body) = match answer {
            Answer::NotModified { url, moved } => (url, moved, None),
            Answer::Body(body) => {
                let body = article::whole(&self.crawl.fetcher, *body, self.manners()).await?;
                let sha256 = snapshot::sha256(&body.bytes);
                if !frontier::is_read(&claim.page) || !store::same_body(db, &claim.page, &sha256).await? {
                    return Ok(Some((body, sha256, Vec::new())));
                }
                // It may have been lost since.
                snapshots.put_as(&sha256, &body.bytes).await?;
                (body.url.clone(), body.moved, Some((body, sha256)))
            }
        };
        let wanted = known.iter().map(Wanted::of).collect::<Result<_, _>>()?;
        let files = self.way(&url).ask(wanted, known).await?;
        if files.iter().any(|file| matches!(file.got, Got::New(..))) {
            let body = match body {
                Some(body) => Some(body),
                None => reading::body(db, snapshots, store::last_body(db, &claim.page).await?)
                    .await?
                    .map(|(body, sha256)| (Body { url, moved, validators, ..body }, sha256)),
            };
            return Ok(body.map(|(body, sha256)| (body, sha256, files)));
        }
        store::refresh(db, &files).await?;
        let state = claim.page.state;
        if !is_published(&claim.page) || frontier::settle(db, claim, &url, moved).await? {
            let done = match &body {
                Some((body, _)) => {
                    Done::Read { state, snapshot_id: None, validators: &body.validators, changed: false }
                }
                None => Done::Unchanged,
            };
            frontier::finish(db, claim, done).await?;
        }
        self.count_unchanged(&claim.page).await?;
        Ok(None)
    }

    /// The files that a page wants, those that have answered already and the others.
    async fn files(
        &self,
        wanted: &[Wanted],
        answered: Vec<PageFile>,
        known: &[page_file::Model],
        page: &Url,
    ) -> Result<Vec<PageFile>, Error> {
        let mut answered: HashMap<Url, PageFile> =
            answered.into_iter().map(|file| (file.wanted.url.clone(), file)).collect();
        let mut files = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            match answered.remove(&wanted.url) {
                Some(file) => files.push(PageFile { wanted: wanted.clone(), ..file }),
                None => files.extend(self.way(page).ask(vec![wanted.clone()], known).await?),
            }
        }
        Ok(files)
    }

    /// How the files of a page are asked for.
    fn way(&self, page: &Url) -> Way<'_> {
        Way {
            fetcher: &self.crawl.fetcher,
            manners: self.manners(),
            hosts: Hosts::new(self.source.addresses(), &self.source.hosts).with(page),
            kept: Some((&self.crawl.db, &self.crawl.options.snapshots)),
        }
    }

    /// Counts a page that is as it was.
    async fn count_unchanged(&self, page: &page::Model) -> Result<(), Error> {
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
