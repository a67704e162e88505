//! List pages into links to articles: an adapter a family of publishing systems, chosen by what the page holds, never by
//! whose page it is.
//!
//! A family is recognised by a mark in its pages, or else by the shape of its addresses; [`Family::Links`] reads
//! whatever no other does. [`read`] reads one page; `walk` follows a list from page to page.

mod anhui_open;
mod anhui_public;
mod boda;
mod changzhou;
mod data_list;
mod date;
mod guangdong;
mod hanweb;
mod jpaas;
mod json;
mod link;
mod links;
mod trs;
mod ucap;
pub(crate) mod walk;

use std::{cell::OnceCell, fmt};

use chrono::NaiveDate;
use scraper::Html;
use url::Url;

pub use link::{Hosts, canonical, is_for_telephones};
pub(crate) use trs::parts;

use crate::fetch::Method;

/// A link to an article, or to the file that stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The article, without a fragment.
    pub url: Url,
    /// What the list calls it, in full where the list says so.
    pub title: String,
    /// The date in the list, or else in the address.
    pub listed_on: Option<NaiveDate>,
}

/// A system that publishes lists of articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// 大汉 JCMS: a `<datastore>` holds the first records, `dataproxy.jsp` answers with the others.
    Hanweb,
    /// 大汉 JPaaS: a gateway answers with JSON that holds markup.
    Jpaas,
    /// Huzhou: a script holds the whole list, `dataList = [{"infolist": […]}, …]`, or asks for it as JSONP.
    DataList,
    /// Guangdong's gkmlpt and the site system beside it.
    Guangdong,
    /// 开普 ucap: lists in HTML, or as JSON.
    Ucap,
    /// 拓尔思 TRS WCM: static pages whose pager is written by a script.
    Trs,
    /// 博达 Boda: pages are numbered downwards.
    Boda,
    /// Anhui's first dialect, with addresses in `OpennessContent`.
    AnhuiOpen,
    /// Anhui's second dialect, with addresses in `/public/column`.
    AnhuiPublic,
    /// Changzhou: columns named with eight capital letters.
    Changzhou,
    /// Links in the page, and one to the next page.
    Links,
}

impl Family {
    /// In the order in which they are tried: addresses of lists say more than those of articles. The last reads any page.
    const ALL: [Self; 11] = [
        Self::Hanweb,
        Self::Jpaas,
        Self::DataList,
        Self::Guangdong,
        Self::Ucap,
        Self::AnhuiOpen,
        Self::AnhuiPublic,
        Self::Changzhou,
        Self::Trs,
        Self::Boda,
        Self::Links,
    ];

    fn adapter(self) -> &'static dyn Adapter {
        match self {
            Self::Hanweb => &hanweb::Hanweb,
            Self::Jpaas => &jpaas::Jpaas,
            Self::DataList => &data_list::DataList,
            Self::Guangdong => &guangdong::Guangdong,
            Self::Ucap => &ucap::Ucap,
            Self::Trs => &trs::Trs,
            Self::Boda => &boda::Boda,
            Self::AnhuiOpen => &anhui_open::AnhuiOpen,
            Self::AnhuiPublic => &anhui_public::AnhuiPublic,
            Self::Changzhou => &changzhou::Changzhou,
            Self::Links => &links::Links,
        }
    }

    /// The family that made a page, and by what it is told.
    fn of(page: &Page<'_>) -> (Self, &'static str) {
        let by_mark = || Self::ALL.into_iter().find_map(|family| Some((family, family.adapter().mark(page)?)));
        let by_shape = || Self::ALL.into_iter().find_map(|family| Some((family, family.adapter().shape(page)?)));
        by_mark().or_else(by_shape).unwrap_or((Self::Links, links::MARK))
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hanweb => "Hanweb JCMS (大汉)",
            Self::Jpaas => "Hanweb JPaaS (大汉)",
            Self::DataList => "Huzhou data list",
            Self::Guangdong => "Guangdong gkmlpt",
            Self::Ucap => "ucap (开普)",
            Self::Trs => "TRS WCM (拓尔思)",
            Self::Boda => "Boda (博达)",
            Self::AnhuiOpen => "Anhui OpennessContent",
            Self::AnhuiPublic => "Anhui public column",
            Self::Changzhou => "Changzhou",
            Self::Links => "plain links",
        })
    }
}

/// What a family of publishing systems does in its own way. Unless said, it is that of plain links.
trait Adapter: Sync {
    /// What in the head or body of a page shows that the family made it.
    fn mark(&self, _: &Page<'_>) -> Option<&'static str> {
        None
    }

    /// What in the addresses of a page and its links does.
    fn shape(&self, _: &Page<'_>) -> Option<&'static str> {
        None
    }

    /// The articles that a page names, in its order.
    fn entries(&self, page: &Page<'_>) -> Vec<Found> {
        links::entries(page.document().root_element(), page.url)
    }

    /// How to ask for the page behind it.
    fn next(&self, page: &Page<'_>) -> Option<Next> {
        links::next(page)
    }
}

/// A page of a list, or what a request for another one was answered with.
pub struct Page<'a> {
    /// Its address.
    pub url: &'a Url,
    /// The address of the list.
    pub list: &'a Url,
    /// It, decoded.
    pub text: &'a str,
    /// The request that it answers; none for the first page.
    pub request: Option<&'a Request>,
    parsed: OnceCell<Html>,
}

impl<'a> Page<'a> {
    /// The first page of a list.
    #[must_use]
    pub const fn first(text: &'a str, url: &'a Url) -> Self {
        Self { url, list: url, text, request: None, parsed: OnceCell::new() }
    }

    /// An answer to a request for another page.
    const fn answer(text: &'a str, url: &'a Url, list: &'a Url, request: &'a Request) -> Self {
        Self { url, list, text, request: Some(request), parsed: OnceCell::new() }
    }

    /// It as HTML, parsed once.
    fn document(&self) -> &Html {
        self.parsed.get_or_init(|| Html::parse_document(self.text))
    }

    /// Whether it is JSON and no HTML.
    fn is_json(&self) -> bool {
        self.text.trim_start().starts_with(['{', '['])
    }
}

/// A request for a page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where to ask.
    pub url: Url,
    /// How to ask.
    pub method: Method,
}

impl Request {
    const fn get(url: Url) -> Self {
        Self { url, method: Method::Get }
    }
}

/// The way to the next page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The requests that may lead there, the likeliest first: that which brings something new does.
    pub requests: Vec<Request>,
    /// Whether the page says that there is more. Otherwise asking is how to know, and no answer is the end.
    pub promised: bool,
}

impl Next {
    fn promised(requests: Vec<Request>) -> Option<Self> {
        (!requests.is_empty()).then_some(Self { requests, promised: true })
    }

    fn perhaps(request: Request) -> Self {
        Self { requests: vec![request], promised: false }
    }
}

/// What a page of a list holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The system that made it.
    pub family: Family,
    /// By what that is told.
    pub mark: &'static str,
    /// Its articles, in its order, each once; on any host.
    pub found: Vec<Found>,
    /// The way to the page behind it.
    pub next: Option<Next>,
}

/// Reads the first page of a list.
#[must_use]
pub fn read(text: &str, url: &Url) -> Listing {
    let page = Page::first(text, url);
    let (family, mark) = Family::of(&page);
    let listing = of_family(family, mark, &page);
    // A page that has a mark of a system but keeps its list in another way.
    if listing.found.is_empty() && listing.next.is_none() && family != Family::Links {
        return of_family(Family::Links, links::MARK, &page);
    }
    listing
}

impl Listing {
    /// Reads another page of the same list.
    fn behind(&self, text: &str, url: &Url, list: &Url, request: &Request) -> Self {
        of_family(self.family, self.mark, &Page::answer(text, url, list, request))
    }
}

fn of_family(family: Family, mark: &'static str, page: &Page<'_>) -> Listing {
    let adapter = family.adapter();
    let mut found = adapter.entries(page);
    let mut seen = std::collections::HashSet::new();
    found.retain(|entry| seen.insert(entry.url.clone()));
    Listing { family, mark, found, next: adapter.next(page) }
}

#[cfg(test)]
mod tests;
