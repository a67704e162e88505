//! List pages into links to articles: an adapter a family of publishing systems, chosen by what the page holds, never by
//! whose page it is.

mod data_list;
mod date;
mod hanweb;
mod links;

use chrono::NaiveDate;
use url::Url;

use crate::fetch::Method;

/// A link to an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The article, without a fragment.
    pub url: Url,
    /// What the list calls it, in full where the list says so.
    pub title: String,
    /// The date in the list.
    pub listed_on: Option<NaiveDate>,
}

/// A system that publishes lists of articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A script holds the whole list: `dataList = [{"infolist": […]}, …]` (Huzhou).
    DataList,
    /// A `<datastore>` holds the first records, a POST to `dataproxy.jsp` answers with the others (Hanweb).
    Hanweb,
    /// Links in the page.
    Links,
}

/// What a page of a list holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The system that made it.
    pub family: Family,
    /// Its articles, in its order.
    pub found: Vec<Found>,
    /// The page after it.
    pub next: Option<Next>,
}

/// The request for the next page of a list, and how to read its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Where to ask.
    pub url: Url,
    /// How to ask.
    pub method: Method,
    pager: hanweb::Pager,
}

impl Next {
    /// Reads the answer.
    #[must_use]
    pub fn read(self, text: &str) -> Listing {
        self.pager.read(text, &self.url)
    }
}

/// Reads the first page of a list.
#[must_use]
pub fn read(html: &str, url: &Url) -> Listing {
    data_list::read(html, url).or_else(|| hanweb::read(html, url)).unwrap_or_else(|| links::read(html, url))
}

/// A link as a list writes it, where it leads to an article of the same host.
fn found(list: &Url, href: &str, title: &str, listed_on: Option<NaiveDate>) -> Option<Found> {
    let mut url = list.join(href.trim()).ok()?;
    url.set_fragment(None);
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let leads_on = matches!(url.scheme(), "http" | "https")
        && url.host_str() == list.host_str()
        && url.path() != "/"
        && url.path() != list.path();
    (leads_on && !title.is_empty()).then_some(Found { url, title, listed_on })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_links_of_the_same_host_only() {
        let list = Url::parse("http://wjw.example.cn/ghjh/index.html").unwrap();
        let found = |href| found(&list, href, " 工作\n要点 ", None).map(|f| f.url.to_string());
        assert_eq!(found("./202501/t1.html#top").unwrap(), "http://wjw.example.cn/ghjh/202501/t1.html");
        assert_eq!(found("//wjw.example.cn/a").unwrap(), "http://wjw.example.cn/a");
        for href in ["javascript:void(0)", "#", "/", "index.html", "http://wjw.example.cn.evil.example/a", "http://["] {
            assert_eq!(found(href), None, "{href}");
        }
    }
}
