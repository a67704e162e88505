//! Huzhou's own system: a script holds the list whole, `var dataList = [{"infolist": [{"url", "title", "daytime"}, …]}, …];`,
//! an element a page; the page itself has no links. Or the script asks for it, page by page, as JSONP:
//! `infolist.jsp?cid=…&pageno=1&callback=…` answers `callback({"infolist": […]})`.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use url::Url;

use super::{Adapter, Found, Next, Page, Request, json, link};

pub(super) struct DataList;

impl Adapter for DataList {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        if assigned(page.text).is_some() {
            return Some("a script that holds the list: dataList = […]");
        }
        jsonp(page).is_some().then_some("a script that asks for the list: infolist.jsp?…&callback=…")
    }

    fn entries(&self, page: &Page<'_>) -> Vec<Found> {
        let list = assigned(page.text).or_else(|| page.request.and_then(|_| called_back(page.text)));
        list.map(|list| json::entries(&list, page.list)).unwrap_or_default()
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        let Some(request) = page.request else {
            return Next::promised(vec![Request::get(jsonp(page).filter(|_| assigned(page.text).is_none())?)]);
        };
        let number: u32 = link::query(&request.url, "pageno")?.parse().ok()?;
        let full = self.entries(page).len() >= link::query(&request.url, "pagesize")?.parse().ok()?;
        let url = link::with_query(&request.url, "pageno", &number.checked_add(1)?.to_string());
        full.then(|| Next::perhaps(Request::get(url)))
    }
}

/// The value that the script assigns.
fn assigned(text: &str) -> Option<Value> {
    text.match_indices("dataList").find_map(|(at, name)| {
        let value = text[at + name.len()..].trim_start().strip_prefix('=')?;
        // The script goes on behind the array, so only the first value is read.
        serde_json::Deserializer::from_str(value).into_iter().next()?.ok().filter(Value::is_array)
    })
}

/// The value in `callback({…})`.
fn called_back(text: &str) -> Option<Value> {
    let (_, value) = text.split_once('(')?;
    serde_json::Deserializer::from_str(value).into_iter().next()?.ok()
}

/// The address that answers with the first page, with a callback of our own.
fn jsonp(page: &Page<'_>) -> Option<Url> {
    static ADDRESS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"["']([^"'\s]*/infolist\.jsp\?[^"'\s]*\bcid=[^"'\s]*)["']"#).ok());
    let address = ADDRESS.as_ref()?.captures(page.text)?.get(1)?.as_str().replace("&amp;", "&");
    let mut url = page.url.join(&address).ok()?;
    for (name, value) in [("pageno", "1"), ("callback", "list")] {
        url = link::with_query(&url, name, value);
    }
    if link::query(&url, "pagesize").is_none() {
        url = link::with_query(&url, "pagesize", "30");
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::{Family, read};

    #[test]
    fn reads_all_pages_of_the_script() {
        let html = r#"<ul id="dataList"></ul><script>
            var dataList = [{"infolist":[{"url":"/a/1.html","title":"甲县工作要点","daytime":"2025-03-24"}]},
                            {"infolist":[{"url":"/a/2.html","title":"乙县工作要点","daytime":""}]}];var pagesData={'total':2};
            render(dataList);</script>"#;
        let list = Url::parse("http://wjw.example.cn/ghjh/").unwrap();
        let listing = read(html, &list);
        assert_eq!((listing.family, listing.next), (Family::DataList, None));
        let titles: Vec<_> =
            listing.found.iter().map(|f| (f.url.path(), f.title.as_str(), f.listed_on.is_some())).collect();
        assert_eq!(titles, [("/a/1.html", "甲县工作要点", true), ("/a/2.html", "乙县工作要点", false)]);
        assert_eq!(read("<p>dataList = broken</p>", &list).family, Family::Links);
    }

    #[test]
    fn asks_for_the_list_where_the_script_does() {
        let html = r#"<ul id="list"></ul><script>$.ajax({dataType: "jsonp", url: "//custom.example.cn/info/infolist.jsp?cid=51&siteid=2&pagesize=2&hasPage=true&pageno=1&callback=?"});</script>"#;
        let list = Url::parse("http://wjw.example.cn/ghjh/index.html").unwrap();
        let first = read(html, &list);
        let request = &first.next.as_ref().unwrap().requests[0];
        assert_eq!(
            request.url.as_str(),
            "http://custom.example.cn/info/infolist.jsp?cid=51&siteid=2&pagesize=2&hasPage=true&pageno=1&callback=list"
        );
        let row =
            |n| format!(r#"{{"url":"http://wjw.example.cn/{n}.html","title":"第{n}号安排","daytime":"2025-01-0{n}"}}"#);
        let full = format!(r#"list({{"infolist":[{},{}]}})"#, row(1), row(2));
        let second = first.behind(&full, &request.url, &list, request);
        assert_eq!(second.found[1].title, "第2号安排");
        let next = second.next.unwrap();
        assert!(!next.promised && next.requests[0].url.query().unwrap().contains("pageno=2"));
        let last = format!(r#"list({{"infolist":[{}]}})"#, row(3));
        assert_eq!(first.behind(&last, &next.requests[0].url, &list, &next.requests[0]).next, None);
    }
}
