//! A list from page to page.

use std::collections::{BTreeSet, HashSet};

use url::Url;

use super::{Family, Found, Hosts, Listing, Next, Request};
use crate::{
    Error, decode,
    fetch::{Answer, Body, FetchError, Fetcher, Manners, Validators},
    impostor,
};

/// How many pages of one list are read.
const MAX_PAGES: usize = 200;
/// How many entries of one list are read.
const MAX_ENTRIES: usize = 5_000;

/// How lists are followed.
#[derive(Clone, Copy)]
pub(crate) struct Way<'a> {
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) manners: Manners,
    /// Where links and pages may be, beside the list's own host.
    pub(crate) hosts: &'a Hosts,
}

/// A list as far as it was read.
#[derive(Debug)]
pub(crate) struct Walked {
    pub(crate) family: Family,
    pub(crate) mark: &'static str,
    /// Its entries, each once.
    pub(crate) found: Vec<Found>,
    /// How many of them stand on the first page that has any.
    pub(crate) first: usize,
    /// Hosts that it leads to and that were left out.
    pub(crate) elsewhere: BTreeSet<String>,
    /// How many pages were read.
    pub(crate) pages: usize,
    /// What kept from reading on.
    pub(crate) cut_short: Option<Error>,
}

impl Way<'_> {
    /// Follows a list from its first page on, until `enough` says so of the new entries of a page, nothing new comes, or
    /// a bound is met. `asked` is the address of the list, `first` its answer.
    pub(crate) async fn walk(
        &self,
        asked: &Url,
        first: &Body,
        mut enough: impl AsyncFnMut(&[Found]) -> Result<bool, Error>,
    ) -> Result<Walked, Error> {
        let mut list = first.url.clone();
        if list.fragment().is_none() {
            // A redirect drops it, and some systems keep the category there.
            list.set_fragment(asked.fragment());
        }
        let mut listing = read(None, &list, first).await?;
        let walked = Walked {
            family: listing.family,
            mark: listing.mark,
            found: Vec::new(),
            first: 0,
            elsewhere: BTreeSet::new(),
            pages: 1,
            cut_short: None,
        };
        tracing::debug!(%list, family = %walked.family, mark = walked.mark, "list recognised");
        let hosts = self.hosts.clone().with(&list);
        let mut walk = Walk { way: self, list, hosts, seen: HashSet::new(), asked: Vec::new(), walked };
        let mut new = walk.take(&mut listing);
        loop {
            let done = enough(&walk.walked.found[new..]).await?;
            if done || walk.walked.pages >= MAX_PAGES || walk.walked.found.len() >= MAX_ENTRIES {
                break;
            }
            let Some(next) = listing.next.take() else { break };
            match walk.turn(&listing, next).await? {
                Some((page, from)) => (listing, new) = (page, from),
                None => break,
            }
        }
        Ok(walk.walked)
    }
}

/// A list that is being followed.
struct Walk<'a> {
    way: &'a Way<'a>,
    list: Url,
    hosts: Hosts,
    /// Addresses of entries.
    seen: HashSet<Url>,
    /// Requests made.
    asked: Vec<Request>,
    walked: Walked,
}

impl Walk<'_> {
    /// Takes the entries of a page that are new, and answers where they begin.
    fn take(&mut self, listing: &mut Listing) -> usize {
        let before = self.walked.found.len();
        for found in std::mem::take(&mut listing.found) {
            if !self.hosts.allow(&found.url) {
                self.walked.elsewhere.extend(found.url.host_str().map(ToOwned::to_owned));
            } else if self.seen.insert(found.url.clone()) {
                self.walked.found.push(found);
            }
        }
        if self.walked.first == 0 {
            self.walked.first = self.walked.found.len();
        }
        before
    }

    /// The next page that brings something new, and where that begins; none at the end, or where reading on failed.
    async fn turn(&mut self, listing: &Listing, next: Next) -> Result<Option<(Listing, usize)>, Error> {
        let mut missing = None;
        let mut answered = false;
        for request in next.requests {
            if !self.hosts.allow(&request.url) {
                self.walked.elsewhere.extend(request.url.host_str().map(ToOwned::to_owned));
                continue;
            }
            // A pager that goes round.
            if self.asked.contains(&request) {
                continue;
            }
            self.asked.push(request.clone());
            let none = Validators::default();
            match self.way.fetcher.fetch(&request.url, &request.method, &none, self.way.manners).await {
                Ok(Answer::Body(body)) => {
                    answered = true;
                    self.walked.pages += 1;
                    let mut page = read(Some((listing.clone(), request)), &self.list, &body).await?;
                    let new = self.take(&mut page);
                    if self.walked.found.len() > new {
                        return Ok(Some((page, new)));
                    }
                }
                Ok(Answer::NotModified { .. }) => {}
                Err(Error::Fetch(error)) => {
                    // A challenge may have the same status.
                    let gone =
                        matches!(&error, FetchError::Status { status, .. } if matches!(status.as_u16(), 404 | 410));
                    missing = Some(Error::Fetch(error));
                    if !gone {
                        self.walked.cut_short = missing;
                        return Ok(None);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        if next.promised && !answered {
            self.walked.cut_short = missing;
        }
        Ok(None)
    }
}

/// Whether the first page of a list names entries itself, and does not leave all of them to requests of its scripts.
pub(crate) async fn names_entries(first: &Body) -> Result<bool, Error> {
    Ok(!read(None, &first.url, first).await?.found.is_empty())
}

/// Reads the first page of a list, or the answer to a request for another, on a thread of its own: parsed HTML cannot
/// move between threads. A first page that leads nowhere may be something else that stands in its place.
async fn read(behind: Option<(Listing, Request)>, list: &Url, body: &Body) -> Result<Listing, Error> {
    let (body, list, url) = (body.clone(), list.clone(), body.url.clone());
    let task = tokio::task::spawn_blocking(move || {
        let text = decode::decode(&body.bytes, body.media_type.as_deref(), body.url.host_str()).text;
        match behind {
            None => {
                let listing = super::read(&text, &list);
                let is_empty = listing.found.is_empty() && listing.next.is_none();
                let impostor = if is_empty { impostor::page(&text) } else { None };
                impostor.map_or(Ok(listing), |impostor| Err(FetchError::from_impostor(impostor, &body.url)))
            }
            Some((listing, request)) => Ok(listing.behind(&text, &body.url, &list, &request)),
        }
    });
    Ok(task.await.map_err(|e| Error::Crashed { url: url.into(), message: e.to_string() })??)
}
