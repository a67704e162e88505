//! Lists of Hanweb's JCMS: a `<datastore>` in the page holds the first records, and the address for more in its
//! `<nextgroup>`. They are asked for with a POST to `/module/jpage/dataproxy.jsp` whose query says which records, whose
//! form says of which column; it answers with another `<datastore>`, which may hold fewer than asked for.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::{Family, Found, Listing, Next, links};
use crate::fetch::Method;

/// How many records are asked for at once, in pages of the list. Sites answer with three.
const PAGES_AT_ONCE: usize = 3;
/// The path that is asked with POST; sites with another pager have another path.
const PROXY: &str = "/module/jpage/dataproxy.jsp";

/// What is needed to ask for the records after those read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pager {
    /// Records read so far.
    read: usize,
    /// Records of one page of the list.
    per_page: usize,
    /// What the form says.
    form: Vec<(String, String)>,
}

/// Reads a page with a `<datastore>`; none where it has none.
pub(super) fn read(html: &str, url: &Url) -> Option<Listing> {
    if !html.contains("<datastore>") {
        return None;
    }
    let records = records(html);
    let pager = next_group(html, url).map(|form| Pager { read: 0, per_page: records.len(), form });
    Some(listing(html, url, &records, pager))
}

impl Pager {
    pub(super) fn read(self, text: &str, url: &Url) -> Listing {
        listing(text, url, &records(text), Some(self))
    }

    /// The request for the records behind those read, of so many in all.
    fn next(self, url: &Url, total: usize) -> Option<Next> {
        if self.read >= total || self.per_page == 0 {
            return None;
        }
        let mut url = url.join(PROXY).ok()?;
        let end = total.min(self.read + self.per_page * PAGES_AT_ONCE);
        let query = format!("startrecord={}&endrecord={end}&perpage={}", self.read + 1, self.per_page);
        url.set_query(Some(&query));
        Some(Next { url, method: Method::Post(self.form.clone()), pager: self })
    }
}

fn listing(text: &str, url: &Url, records: &[&str], pager: Option<Pager>) -> Listing {
    let found: Vec<Found> = records.iter().filter_map(|record| links::row(record, url)).collect();
    let total = total(text).unwrap_or(0);
    let next = pager
        // An answer without records is the end, whatever the total says.
        .filter(|_| !records.is_empty())
        .and_then(|pager| Pager { read: pager.read + records.len(), ..pager }.next(url, total));
    Listing { family: Family::Hanweb, found, next }
}

/// The markup of each record.
fn records(text: &str) -> Vec<&str> {
    static RECORD: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?s)<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>").ok());
    let Some(record) = &*RECORD else { return Vec::new() };
    record.captures_iter(text).map(|captures| captures.extract::<1>().1[0]).collect()
}

/// How many records the list has in all.
fn total(text: &str) -> Option<usize> {
    let (_, rest) = text.split_once("<totalrecord>")?;
    rest.split_once("</totalrecord>")?.0.trim().parse().ok()
}

/// The form that the address of `<nextgroup>` stands for; none where the site has another pager.
fn next_group(text: &str, url: &Url) -> Option<Vec<(String, String)>> {
    let (_, group) = text.split_once("<nextgroup>")?;
    let (_, href) = group.split_once("</nextgroup>")?.0.split_once("href=\"")?;
    let address = url.join(&href.split_once('"')?.0.replace("&amp;", "&")).ok()?;
    if address.path() != PROXY {
        return None;
    }
    let mut form = vec![("col".to_owned(), "1".to_owned())];
    form.extend(address.query_pairs().into_owned().filter(|(name, _)| name != "page"));
    Some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(numbers: std::ops::Range<usize>, total: usize) -> String {
        let record = |n| {
            format!(
                "<record><![CDATA[<li><a href=\"/art/2024/1/{n}/art_7_{n}.html\" title=\"第{n}号通知全文\">第{n}号…</a><span>2024-01-{n:02}</span></li>]]></record>"
            )
        };
        let records: String = numbers.map(record).collect();
        format!(
            "<datastore><totalrecord>{total}</totalrecord><nextgroup><![CDATA[<a href=\"{PROXY}?page=1&webid=9&path=/&columnid=7&unitid=5\"></a>]]></nextgroup><recordset>{records}</recordset></datastore>"
        )
    }

    #[test]
    fn asks_for_the_rest_until_all_are_there() {
        let list = Url::parse("https://wsjkw.example.cn/col/col7/index.html").unwrap();
        let html = format!("<ul></ul><script type='text/xml'>{}</script>", store(1..3, 9));
        let first = read(&html, &list).unwrap();
        assert_eq!(first.found[1].url.path(), "/art/2024/1/2/art_7_2.html");
        assert_eq!(first.found[1].title, "第2号通知全文");
        assert!(first.found[1].listed_on.is_some());

        let next = first.next.unwrap();
        assert_eq!(
            next.url.as_str(),
            "https://wsjkw.example.cn/module/jpage/dataproxy.jsp?startrecord=3&endrecord=8&perpage=2"
        );
        let Method::Post(form) = &next.method else { panic!("{next:?}") };
        assert!(
            form.contains(&("columnid".into(), "7".into())) && form.iter().all(|(name, _)| name != "page"),
            "{form:?}"
        );

        // The server gives five of the six asked for.
        let second = next.read(&store(3..8, 9));
        assert_eq!(second.found.len(), 5);
        let next = second.next.unwrap();
        assert!(next.url.query().unwrap().starts_with("startrecord=8&endrecord=9&"));
        assert_eq!(next.read(&store(8..10, 9)).next, None);
    }

    #[test]
    fn stops_where_nothing_comes() {
        let list = Url::parse("https://wsjkw.example.cn/col/col7/index.html").unwrap();
        let next = read(&store(1..3, 9), &list).unwrap().next.unwrap();
        let end = next.read("<datastore><totalrecord>9</totalrecord><recordset></recordset></datastore>");
        assert_eq!((end.found.len(), end.next), (0, None));
        assert_eq!(read(&store(1..3, 2), &list).unwrap().next, None);
        assert_eq!(read("<html></html>", &list), None);
        let other = store(1..3, 9).replace(PROXY, "/module/web/jpage/dataproxy.jsp");
        assert_eq!(read(&other, &list).unwrap().next, None);
    }
}
