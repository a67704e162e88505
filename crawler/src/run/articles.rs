//! Articles: from one request to what is read, and from there to the plans that are stored.

use std::{collections::HashMap, sync::Arc};

use entity::{page, page_file, value::PageState};
use extract::Context;
use tracing::instrument;
use url::Url;

use super::source::Work;
use crate::{
    Error, article,
    attachment::{self, Files, Got, PageFile, Wanted, Way},
    discover::Hosts,
    fetch::{Answer, Body, Method, Validators},
    frontier::{self, Claim, Done},
    reading::{self, Content, Seen},
    snapshot,
    store::{self, Occasion, Reading},
};

/// What was read of an article.
pub(super) struct Read {
    body: Body,
    /// SHA-256 of the body.
    sha256: String,
    content: Content,
    files: Files,
}

/// An article that is to be stored.
pub(super) struct Article {
    pub(super) claim: Claim,
    pub(super) read: Read,
}

impl Article {
    /// Bytes of its bodies.
    pub(super) fn size(&self) -> usize {
        let files = self.read.files.list.iter().filter_map(|file| Some(file.body()?.bytes.len()));
        self.read.body.bytes.len() + files.sum::<usize>()
    }

    /// Whether its address may be another than the one that it was asked for at.
    fn may_have_moved(&self) -> bool {
        self.read.body.url.as_str() != self.claim.page.url
    }
}

impl Work<'_> {
    /// Fetches an article and reads it; none where it has not changed.
    pub(super) async fn article(&self, claim: &mut Claim) -> Result<Option<Read>, Error> {
        let (db, snapshots) = (&self.crawl.db, &self.crawl.options.snapshots);
        let url = reading::address(&claim.page.url)?;
        let validators = self.validators(&claim.page).await?;
        let answer = self.crawl.fetcher.fetch(&url, &Method::Get, &validators, self.manners()).await?;
        let is_new = claim.page.snapshot_id.is_none() && claim.page.attempts == 0;
        let known = if is_new { Vec::new() } else { attachment::known(db, claim.page.id).await? };
        let (body, sha256, asked) = match self.unchanged(claim, answer, validators, &known).await? {
            Some(changed) => changed,
            None => return Ok(None),
        };
        let listed = claim.page.title.clone();
        let mut files = Files { had: !known.is_empty(), ..Files::default() };
        let content = async {
            let knowledge = &self.crawl.knowledge;
            let context = Context { region: self.source.region.clone(), year: None };
            let look = match reading::see(knowledge, &url, listed.as_deref(), &body, &context).await? {
                Seen::Whole(content) => return Ok(content),
                Seen::Part(look) => look,
            };
            let mut list = self.files(&look.wanted, asked, &known, &body.url).await?;
            attachment::load(db, snapshots, &mut list).await?;
            files.list = Arc::new(list);
            reading::read(knowledge, look, &files.list, context).await
        };
        let content = content.await;
        let is_evidence = matches!(content, Ok(_) | Err(Error::Document { .. } | Error::Attachment { .. }));
        if is_evidence {
            // Bodies are kept before a row speaks of them.
            snapshots.write(&sha256, &body.bytes).await?;
            for file in files.list.iter() {
                if let Got::New(body, sha256) = &file.got {
                    snapshots.write(sha256, &body.bytes).await?;
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
        let dropped: usize = content.plans.iter().map(|plan| plan.dropped).sum();
        if dropped > 0 {
            tracing::warn!(
                source = self.source.slug,
                url = claim.page.url,
                dropped,
                "figures do not read as their values"
            );
            self.tally().dropped += u32::try_from(dropped).unwrap_or(u32::MAX);
        }
        Ok(Some(Read { body, sha256, content, files }))
    }

    /// Stores articles, as many at once as can be.
    #[instrument(skip_all, fields(pages = articles.len()))]
    pub(super) async fn store(&self, mut articles: Vec<Article>) -> Result<(), Error> {
        // Which page an article is that has moved may depend on those that were read before it.
        for group in articles.chunk_by_mut(|_, next| !next.may_have_moved()) {
            let mut settled = Vec::with_capacity(group.len());
            for Article { claim, read } in group {
                // Otherwise it is another address of a page that is fetched in its own turn.
                if read.content.plans.is_empty()
                    || frontier::settle(&self.crawl.db, claim, &read.body.url, read.body.moved).await?
                {
                    self.catch_up(claim).await?;
                    settled.push((&*claim, &*read));
                }
            }
            self.store_together(&settled).await?;
        }
        Ok(())
    }

    /// Stores articles whose pages are known.
    async fn store_together(&self, articles: &[(&Claim, &Read)]) -> Result<(), Error> {
        let readings: Vec<_> = articles
            .iter()
            .map(|(claim, read)| Reading {
                source: &self.row,
                claim,
                body: &read.body,
                sha256: &read.sha256,
                plans: &read.content.plans,
                files: &read.files,
                concepts: &self.crawl.knowledge.concepts,
                occasion: Occasion::Fetched,
            })
            .collect();
        let stored = store::pages(&self.crawl.db, &readings).await?;
        for ((claim, read), stored) in articles.iter().zip(stored) {
            // Where another worker has the page by now, it has stored it.
            let Some(stored) = stored else { continue };
            self.tally().stored += u32::try_from(stored.changed).unwrap_or(u32::MAX);
            if stored.held {
                tracing::warn!(source = self.source.slug, url = claim.page.url, "held back until the end of the run");
            } else if !stored.problems.is_empty() {
                self.fail(&claim.page.url, stored.problems.join("; "), 1).await?;
            } else if let Some(why) = read.content.without() {
                self.no_plan(&claim.page, why).await?;
            }
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
