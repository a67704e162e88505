//! Lists of Hanweb's JCMS: a `<datastore>` in the page holds the first records, and the address for more in its
//! `<nextgroup>`. It is asked in one of two ways, told by its path, and answers with another `<datastore>`:
//!
//! - `/module/jpage/dataproxy.jsp` with a POST whose query says which records, whose form says of which column; it may
//!   hold fewer than asked for.
//! - `/module/web/jpage/dataproxy.jsp` with a GET for a page of the list. The first page holds three of them.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::{Adapter, Found, Next, Page, Request, link, links};
use crate::fetch::Method;

/// How many records are asked for at once, in pages of the list. Sites answer with three.
const PAGES_AT_ONCE: usize = 3;
/// The path that is asked with POST.
const POST: &str = "/module/jpage/dataproxy.jsp";

pub(super) struct Hanweb;

impl Adapter for Hanweb {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        page.text.contains("<datastore>").then_some("records in a <datastore>")
    }

    fn shape(&self, page: &Page<'_>) -> Option<&'static str> {
        static COLUMN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("^/col/col[0-9]+/").ok());
        COLUMN.as_ref()?.is_match(page.url.path()).then_some("an address like /col/col123/index.html")
    }

    fn entries(&self, page: &Page<'_>) -> Vec<Found> {
        let records: Vec<_> = records(page.text).filter_map(|record| links::row(record, page.list)).collect();
        // Some columns print their rows in the page.
        if records.is_empty() && page.request.is_none() {
            return links::entries(page.document().root_element(), page.url);
        }
        records
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        let count = records(page.text).count();
        // An answer without records is the end, whatever the total says.
        if count == 0 {
            return None;
        }
        match page.request {
            Some(Request { url, method: Method::Post(form) }) => {
                let number = |name| link::query(url, name)?.parse::<usize>().ok();
                let read = number("startrecord")? - 1 + count;
                records_behind(url, form.clone(), read, total(page.text)?, number("perpage")?)
            }
            Some(Request { url, .. }) => {
                let number: usize = link::query(url, "page")?.parse().ok()?;
                let pages = tag(page.text, "totalpage")?;
                let url = link::with_query(url, "page", &(number + 1).to_string());
                (number < pages).then(|| Next::perhaps(Request::get(url)))
            }
            None => {
                let group = next_group(page)?;
                let total = total(page.text);
                if group.path() == POST {
                    let mut form = vec![("col".to_owned(), "1".to_owned())];
                    form.extend(group.query_pairs().into_owned().filter(|(name, _)| name != "page"));
                    return records_behind(&group, form, count, total?, count);
                }
                if total.is_some_and(|total| total <= count) {
                    return None;
                }
                // Page 1 of the proxy may be what stands in the page; the page behind its three is page 4.
                let behind = link::with_query(&group, "page", &(PAGES_AT_ONCE + 1).to_string());
                let mut requests = vec![Request::get(group)];
                if requests[0].url != behind {
                    requests.push(Request::get(behind));
                }
                Some(Next { requests, promised: total.is_some() })
            }
        }
    }
}

/// The request for the records behind those read, of so many in all.
fn records_behind(
    proxy: &Url,
    form: Vec<(String, String)>,
    read: usize,
    total: usize,
    per_page: usize,
) -> Option<Next> {
    if read >= total {
        return None;
    }
    let mut url = proxy.clone();
    let end = total.min(read.saturating_add(per_page.saturating_mul(PAGES_AT_ONCE)));
    url.set_query(Some(&format!("startrecord={}&endrecord={end}&perpage={per_page}", read + 1)));
    Next::promised(vec![Request { url, method: Method::Post(form) }])
}

/// The markup of each record.
fn records(text: &str) -> impl Iterator<Item = &str> {
    static RECORD: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?s)<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>").ok());
    RECORD.iter().flat_map(|record| record.captures_iter(text)).map(|captures| captures.extract::<1>().1[0])
}

/// How many records the list has in all.
fn total(text: &str) -> Option<usize> {
    tag(text, "totalrecord")
}

fn tag(text: &str, name: &str) -> Option<usize> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once("</")?.0.trim().parse().ok()
}

/// The address of `<nextgroup>`.
fn next_group(page: &Page<'_>) -> Option<Url> {
    let (_, group) = page.text.split_once("<nextgroup>")?;
    let (_, href) = group.split_once("</nextgroup>")?.0.split_once("href=\"")?;
    page.url.join(&href.split_once('"')?.0.replace("&amp;", "&")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::{Family, Listing, read};

    const GET: &str = "/module/web/jpage/dataproxy.jsp";

    fn store(proxy: &str, numbers: std::ops::Range<usize>, total: usize) -> String {
        let record = |n| {
            format!(
                "<record><![CDATA[<li><a href=\"/art/2024/1/{n}/art_7_{n}.html\" title=\"第{n}号通知全文\">第{n}号…</a><span>2024-01-{n:02}</span></li>]]></record>"
            )
        };
        let records: String = numbers.map(record).collect();
        format!(
            "<datastore><totalrecord>{total}</totalrecord><totalpage>5</totalpage><nextgroup><![CDATA[<a href=\"{proxy}?page=1&webid=9&path=/&columnid=7&unitid=5\"></a>]]></nextgroup><recordset>{records}</recordset></datastore>"
        )
    }

    fn list() -> Url {
        Url::parse("https://wsjkw.example.cn/col/col7/index.html").unwrap()
    }

    fn answer(listing: &Listing, text: &str) -> Listing {
        let request = &listing.next.as_ref().unwrap().requests[0];
        listing.behind(text, &request.url, &list(), request)
    }

    #[test]
    fn asks_for_the_rest_until_all_are_there() {
        let html = format!("<ul></ul><script type='text/xml'>{}</script>", store(POST, 1..3, 9));
        let first = read(&html, &list());
        assert_eq!(first.family, Family::Hanweb);
        assert_eq!(first.found[1].url.path(), "/art/2024/1/2/art_7_2.html");
        assert_eq!(first.found[1].title, "第2号通知全文");
        assert!(first.found[1].listed_on.is_some());

        let request = &first.next.as_ref().unwrap().requests[0];
        assert_eq!(
            request.url.as_str(),
            "https://wsjkw.example.cn/module/jpage/dataproxy.jsp?startrecord=3&endrecord=8&perpage=2"
        );
        let Method::Post(form) = &request.method else { panic!("{request:?}") };
        assert!(
            form.contains(&("columnid".into(), "7".into())) && form.iter().all(|(name, _)| name != "page"),
            "{form:?}"
        );

        // The server gives five of the six asked for.
        let second = answer(&first, &store(POST, 3..8, 9));
        assert_eq!(second.found.len(), 5);
        let request = &second.next.as_ref().unwrap().requests[0];
        assert!(request.url.query().unwrap().starts_with("startrecord=8&endrecord=9&"));
        assert_eq!(answer(&second, &store(POST, 8..10, 9)).next, None);
    }

    #[test]
    fn stops_where_nothing_comes() {
        let first = read(&store(POST, 1..3, 9), &list());
        let end = answer(&first, "<datastore><totalrecord>9</totalrecord><recordset></recordset></datastore>");
        assert_eq!((end.found.len(), end.next), (0, None));
        assert_eq!(read(&store(POST, 1..3, 2), &list()).next, None);
        assert_eq!(read(&store(GET, 1..3, 2), &list()).next, None);
    }

    #[test]
    fn asks_the_other_proxy_for_pages() {
        let first = read(&store(GET, 1..7, 9), &list());
        let next = first.next.as_ref().unwrap();
        let pages: Vec<_> = next.requests.iter().filter_map(|request| link::query(&request.url, "page")).collect();
        assert_eq!((pages, next.promised), (vec!["1".to_owned(), "4".to_owned()], true));
        assert_eq!(next.requests[1].method, Method::Get);
        assert_eq!(link::query(&next.requests[1].url, "columnid").as_deref(), Some("7"));
        let fourth = first.behind(&store(GET, 7..9, 10), &next.requests[1].url, &list(), &next.requests[1]);
        assert_eq!(fourth.found.len(), 2);
        let fifth = &fourth.next.as_ref().unwrap().requests[0];
        assert_eq!(link::query(&fifth.url, "page").as_deref(), Some("5"));
        assert_eq!(answer(&fourth, &store(GET, 9..10, 10)).next, None);
    }

    #[test]
    fn reads_columns_that_print_their_rows() {
        let html = "<ul><li><a href='/art/2024/1/5/art_7_5.html' title='全省健康事业安排'>全省…</a><b>[2024-01-05]</b></li></ul>";
        let listing = read(html, &list());
        assert_eq!((listing.family, listing.found.len(), listing.next), (Family::Hanweb, 1, None));
    }
}
