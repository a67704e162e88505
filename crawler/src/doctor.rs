//! The source doctor: what a site would give, without storing it.

mod check;
mod declaration;

use std::{collections::BTreeSet, sync::Arc};

use extract::{
    Article, Context, Plan,
    article::{Block, Metadata},
    plan::Region,
    region::Gazetteer,
    triage::{self, Verdict},
};
use sea_orm::DatabaseConnection;
use url::Url;

use crate::{
    Error, article,
    attachment::{self, PageFile},
    discover::{
        Family, Found, Hosts, canonical,
        walk::{Walked, Way},
    },
    fetch::{Answer, Body, FetchError, Fetcher, Limits, Manners, Method, Validators},
    gazetteer::{self, Knowledge},
    reading,
    run::is_worth_fetching,
};

/// Characters of whole sentences from which on a page is an article and no list.
const MIN_SENTENCES: usize = 150;
/// Characters of the title of a notice; a list is called less.
const MIN_TITLE: usize = 10;
/// How many pages of a list are looked through for a plan.
const MAX_PAGES: usize = 5;
/// How many entries of a list are read to find a plan among them.
const MAX_ARTICLES: usize = 3;

/// Looks at sites as a crawl would, and stores nothing but when a host was asked last.
#[derive(Debug)]
pub struct Doctor {
    db: DatabaseConnection,
    fetcher: Fetcher,
    knowledge: Arc<Knowledge>,
    /// What [`Knowledge`] knows of regions, for the names of sites.
    gazetteer: Gazetteer,
}

/// What a page was found to be.
#[derive(Debug)]
pub struct Diagnosis {
    /// The page.
    pub url: Url,
    /// The site's name, where the page says it.
    pub site: Option<String>,
    /// Whose authority publishes there, where that can be told.
    pub region: Option<Region>,
    /// How it was asked.
    pub manners: Manners,
    /// What it is.
    pub finding: Finding,
}

/// What a page is.
#[derive(Debug)]
pub enum Finding {
    /// A list of articles.
    List(Box<ListFinding>),
    /// An article, or a page that is neither.
    Article(Box<ArticleFinding>),
}

impl Finding {
    /// Whether something in it could be read as a plan.
    #[must_use]
    pub fn holds_plans(&self) -> bool {
        let article = match self {
            Self::List(list) => list.article.as_ref().and_then(|article| article.as_ref().ok()),
            Self::Article(article) => Some(&**article),
        };
        article.is_some_and(|article| !article.plans.is_empty())
    }
}

/// What was found of a list.
#[derive(Debug)]
pub struct ListFinding {
    /// The system that made it.
    pub family: Family,
    /// By what that is told.
    pub mark: &'static str,
    /// Its entries, as far as it was read to find one named like a plan.
    pub entries: Vec<Entry>,
    /// Hosts that it leads to and that a source has to name before they are followed.
    pub elsewhere: BTreeSet<String>,
    /// What kept from reading on.
    pub problem: Option<String>,
    /// The first article that holds a plan, or else the last that was tried.
    pub article: Option<Result<ArticleFinding, String>>,
}

/// An entry of a list, and what a crawl would do with it.
#[derive(Debug)]
pub struct Entry {
    /// The entry.
    pub found: Found,
    /// Whether a crawl would fetch it.
    pub taken: bool,
    /// What its title says.
    pub verdict: Verdict,
}

/// What was read from an article.
#[derive(Debug)]
pub struct ArticleFinding {
    /// Where it stands.
    pub url: Url,
    /// Its headline.
    pub title: Option<String>,
    /// What the page says of it.
    pub meta: Metadata,
    /// The files that a crawl would read with it.
    pub files: Vec<FileFinding>,
    /// What it is taken for.
    pub verdict: Verdict,
    /// The plans in it.
    pub plans: Vec<Plan>,
}

/// A file beside an article.
#[derive(Debug)]
pub struct FileFinding {
    /// What the article calls it.
    pub name: String,
    /// Where it stands.
    pub url: Url,
    /// What came of it.
    pub use_of: FileUse,
}

/// What came of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum FileUse {
    /// The plan's text is from it.
    Plan,
    /// It stands behind the plan's text.
    Annex,
    /// It is none of the plan, or says nothing that the plan does not.
    Left,
    /// It cannot be had or read.
    Failed(String),
}

impl Doctor {
    /// A doctor that keeps the pace of crawls in `db` and knows its regions.
    ///
    /// # Errors
    /// Where the database or HTTP cannot be used.
    pub async fn new(db: &DatabaseConnection, contact: Option<&str>, limits: Limits) -> Result<Self, Error> {
        let gazetteer = gazetteer::gazetteer(db).await?;
        let knowledge = Knowledge::new(db, gazetteer.clone()).await?;
        let fetcher = Fetcher::new(db.clone(), contact, limits)?;
        Ok(Self { db: db.clone(), fetcher, knowledge: Arc::new(knowledge), gazetteer })
    }

    /// Fetches a page and tells what it is; of a list, reads one of its articles as well.
    ///
    /// # Errors
    /// [`Error::Fetch`] where the page itself cannot be had, else what is no page's fault.
    pub async fn examine(&self, url: &Url, manners: Manners) -> Result<Diagnosis, Error> {
        let body = self.fetch(url, manners).await?;
        let page = reading::look(None, None, &body).await?;
        let site = page.article.meta.site.clone();
        let region = site.as_deref().and_then(|site| self.gazetteer.owner(site, None));
        let context = Context { region: region.as_ref().map(code_or_name), year: None };
        let is_plan = matches!(triage::verdict("", Some(&page.article)), Verdict::Plan(_));
        let is_notice = !page.wanted.is_empty()
            && page.article.title.as_ref().is_some_and(|title| title.chars().count() >= MIN_TITLE);
        let article = is_notice || sentences(&page.article) >= MIN_SENTENCES && is_plan;
        if !article {
            let walked = self.list(url, &body, &Hosts::default(), manners).await?;
            if !walked.found.is_empty() {
                let list = self.list_finding(walked, &context, &Hosts::default(), manners).await?;
                let of_article = || list.article.as_ref()?.as_ref().ok();
                let site = site.or_else(|| of_article()?.meta.site.clone());
                let region = region.or_else(|| issued_by(of_article()?));
                return Ok(Diagnosis {
                    url: url.clone(),
                    site,
                    region,
                    manners,
                    finding: Finding::List(Box::new(list)),
                });
            }
        }
        let whole = article::whole(&self.fetcher, body, manners).await?;
        let finding = self.read(None, &whole, "", context, &Hosts::default(), manners).await?;
        let region = region.or_else(|| issued_by(&finding));
        Ok(Diagnosis { url: url.clone(), site, region, manners, finding: Finding::Article(Box::new(finding)) })
    }

    async fn list_finding(
        &self,
        walked: Walked,
        context: &Context,
        hosts: &Hosts,
        manners: Manners,
    ) -> Result<ListFinding, Error> {
        let entry = |found: Found| Entry {
            taken: is_worth_fetching(&found),
            verdict: triage::verdict(&found.title, None),
            found,
        };
        let mut list = ListFinding {
            family: walked.family,
            mark: walked.mark,
            entries: walked.found.into_iter().map(entry).collect(),
            elsewhere: walked.elsewhere,
            problem: walked.cut_short.map(|error| error.to_string()),
            article: None,
        };
        for found in candidates(&list.entries) {
            let article = self.article(&found.url, &found.title, context, hosts, manners).await;
            let holds_plans = article.as_ref().is_ok_and(|article| !article.plans.is_empty());
            list.article = Some(page_fault(article)?);
            if holds_plans {
                break;
            }
        }
        Ok(list)
    }

    /// The entries of a list, from its first page on until one is named like a plan.
    async fn list(&self, url: &Url, body: &Body, hosts: &Hosts, manners: Manners) -> Result<Walked, Error> {
        let mut pages = 0;
        let named = |found: &Found| matches!(triage::verdict(&found.title, None), Verdict::Plan(_));
        let enough = async |new: &[Found]| {
            pages += 1;
            Ok(pages == MAX_PAGES || new.iter().any(named))
        };
        Way { fetcher: &self.fetcher, manners, hosts }.walk(url, body, enough).await
    }

    /// Fetches and reads an article; `hosts` are those that its files may be on beside its own.
    async fn article(
        &self,
        url: &Url,
        title: &str,
        context: &Context,
        hosts: &Hosts,
        manners: Manners,
    ) -> Result<ArticleFinding, Error> {
        let url = canonical(url.clone());
        let body = self.fetch(&url, manners).await?;
        let body = article::whole(&self.fetcher, body, manners).await?;
        self.read(Some(&url), &body, title, context.clone(), hosts, manners).await
    }

    async fn fetch(&self, url: &Url, manners: Manners) -> Result<Body, Error> {
        match self.fetcher.fetch(url, &Method::Get, &Validators::default(), manners).await? {
            Answer::Body(body) => Ok(*body),
            // Nothing was said of a body that is known.
            Answer::NotModified { .. } => Err(FetchError::Unreachable {
                url: url.clone(),
                reason: "it answered 304 to a request without conditions".to_owned(),
            }
            .into()),
        }
    }

    /// Reads a page and its files as a crawl would. `asked` is its address where it has to be an article.
    async fn read(
        &self,
        asked: Option<&Url>,
        body: &Body,
        listed: &str,
        context: Context,
        hosts: &Hosts,
        manners: Manners,
    ) -> Result<ArticleFinding, Error> {
        let look = reading::look(asked, Some(listed).filter(|title| !title.is_empty()), body).await?;
        let hosts = hosts.clone().with(&body.url);
        let way = attachment::Way { fetcher: &self.fetcher, manners, hosts, kept: None };
        let files = Arc::new(way.ask(look.wanted.clone(), &[]).await?);
        let (title, meta) = (look.article.title.clone(), look.article.meta.clone());
        let found = |use_of: &dyn Fn(usize, &PageFile) -> FileUse| {
            let finding = |(index, file): (usize, &PageFile)| {
                let (name, url) = (file.wanted.name.clone(), file.wanted.url.clone());
                let missed = file.missed().map(|error| FileUse::Failed(error.to_string()));
                FileFinding { name, url, use_of: missed.unwrap_or_else(|| use_of(index, file)) }
            };
            files.iter().enumerate().map(finding).collect()
        };
        let url = body.url.clone();
        match reading::read(&self.knowledge, look, &files, context).await {
            Ok(content) => {
                let use_of =
                    |index: usize, _: &PageFile| match content.unread.iter().find(|(unread, _)| *unread == index) {
                        Some((_, reason)) => FileUse::Failed(reason.clone()),
                        None if content.body == Some(index) => FileUse::Plan,
                        None if content.annexes.contains(&index) => FileUse::Annex,
                        None => FileUse::Left,
                    };
                let files = found(&use_of);
                let reading::Content { title, meta, verdict, plans, .. } = content;
                Ok(ArticleFinding { url, files, title, meta, verdict, plans })
            }
            Err(Error::Attachment { name, reason }) => {
                let verdict = Verdict::Other(format!("its file “{name}” cannot be had or read"));
                let use_of = |_: usize, file: &PageFile| {
                    if file.wanted.name == name { FileUse::Failed(reason.clone()) } else { FileUse::Left }
                };
                Ok(ArticleFinding { url, files: found(&use_of), title, meta, verdict, plans: Vec::new() })
            }
            Err(error) => Err(error),
        }
    }
}

fn sentences(article: &Article) -> usize {
    let lines = article.blocks.iter().filter_map(Block::line).filter(|line| line.contains('。'));
    lines.map(|line| line.chars().count()).sum()
}

/// The entries to look for a plan in: those whose titles name one first.
fn candidates(entries: &[Entry]) -> Vec<&Found> {
    let named = entries.iter().filter(|entry| matches!(entry.verdict, Verdict::Plan(_)));
    let others = entries.iter().filter(|entry| entry.taken && !matches!(entry.verdict, Verdict::Plan(_)));
    named.chain(others).map(|entry| &entry.found).take(MAX_ARTICLES).collect()
}

/// What is a page's fault in words; the rest ends the visit.
fn page_fault<T>(result: Result<T, Error>) -> Result<Result<T, String>, Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error @ (Error::Fetch(_) | Error::Document { .. } | Error::Attachment { .. } | Error::Crashed { .. })) => {
            Ok(Err(error.to_string()))
        }
        Err(error) => Err(error),
    }
}

/// Whose plan an article is, where it says who issued it: a page that reprints others' is of none of them.
fn issued_by(article: &ArticleFinding) -> Option<Region> {
    article.plans.iter().find(|plan| plan.issuer.is_some())?.region.clone()
}

fn code_or_name(region: &Region) -> String {
    region.code.map_or_else(|| region.name.clone(), |code| code.to_string())
}

#[cfg(test)]
mod tests;
