//! 开普 ucap: rows in the page, and a script that asks for more of them as JSON, in one of two ways:
//!
//! - GET `/common/search/<channel>?page=2&_pageSize=15&_isAgg=true&_isJson=true&_template=index`.
//! - POST `…/loadData?pageSize=15` with a form `pageIndex=2` (Suzhou).

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::{Adapter, Found, Next, Page, Request, json, link, links};
use crate::fetch::Method;

/// How many articles are asked for at once, where the page does not say.
const PAGE_SIZE: &str = "15";

pub(super) struct Ucap;

impl Adapter for Ucap {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        if search(page).is_some() {
            return Some("a script that asks /common/search/<channel> for the list");
        }
        load_data(page).is_some().then_some("a script that asks loadData for the list")
    }

    fn shape(&self, page: &Page<'_>) -> Option<&'static str> {
        static ARTICLE: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r#"/20[0-9]{4}/(?:[0-9a-f]{32}|c00_[0-9]+)\.s?html["']"#).ok());
        ARTICLE.as_ref()?.is_match(page.text).then_some("articles at addresses like /202401/<32 hex digits>.shtml")
    }

    fn entries(&self, page: &Page<'_>) -> Vec<Found> {
        if page.request.is_some() && page.is_json() {
            return serde_json::from_str(page.text).map(|list| json::entries(&list, page.list)).unwrap_or_default();
        }
        links::entries(page.document().root_element(), page.url)
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        let Some(request) = page.request else {
            // Without rows in the page, the script asks for the first page, too.
            let filled = self.entries(page).iter().any(|entry| entry.listed_on.is_some());
            let number = if filled { 2 } else { 1 };
            let request = search(page).or_else(|| load_data(page)).and_then(|request| numbered(&request, number));
            return match request {
                Some(request) => Some(Next { requests: vec![request], promised: !filled }),
                None => links::next(page),
            };
        };
        let number = match &request.method {
            Method::Get => link::query(&request.url, "page"),
            Method::Post(form) => form.iter().find(|(name, _)| name == "pageIndex").map(|(_, value)| value.clone()),
        };
        let Some(number) = number.and_then(|number| number.parse::<u32>().ok()) else { return links::next(page) };
        let size = link::query(&request.url, "_pageSize").or_else(|| link::query(&request.url, "pageSize"))?;
        // The last page is not full.
        let full = self.entries(page).len() >= size.parse().ok()?;
        full.then(|| numbered(request, number.checked_add(1)?).map(Next::perhaps)).flatten()
    }
}

/// The same request for a page of this number.
fn numbered(request: &Request, number: u32) -> Option<Request> {
    Some(match request.method {
        Method::Get => Request::get(link::with_query(&request.url, "page", &number.to_string())),
        Method::Post(_) => Request {
            url: request.url.clone(),
            method: Method::Post(vec![("pageIndex".to_owned(), number.to_string())]),
        },
    })
}

/// The request that a page makes of the search, or that its address with a channel stands for.
fn search(page: &Page<'_>) -> Option<Request> {
    static SEARCH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"/common/search/([0-9A-Za-z]{8,})").ok());
    let in_page = || Some(SEARCH.as_ref()?.captures(page.text)?.get(1)?.as_str().to_owned());
    let channel = in_page().or_else(|| link::query(page.url, "channelid"))?;
    let mut url = page.url.join(&format!("/common/search/{channel}")).ok()?;
    url.set_query(Some(&format!("_pageSize={PAGE_SIZE}&_isAgg=true&_isJson=true&_template=index")));
    Some(Request::get(url))
}

/// The request that a page makes of Suzhou's interface.
fn load_data(page: &Page<'_>) -> Option<Request> {
    static LOAD_DATA: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"["']([^"'\s]*/loadData(?:\?[^"'\s]*)?)["']"#).ok());
    let mut url: Url = page.url.join(LOAD_DATA.as_ref()?.captures(page.text)?.get(1)?.as_str()).ok()?;
    if link::query(&url, "pageSize").is_none_or(|size| size.is_empty()) {
        url = link::with_query(&url, "pageSize", PAGE_SIZE);
    }
    Some(Request { url, method: Method::Post(Vec::new()) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::discover::{Family, read};

    const HEX: &str = "0123456789abcdef0123456789abcdef";

    fn results(numbers: std::ops::Range<usize>) -> Vec<serde_json::Value> {
        numbers.map(|n| json!({"title": format!("第{n}号健康安排"), "url": format!("/wjw/202501/{n:032x}.shtml"), "publishedTimeStr": "2025-01-05"})).collect()
    }

    #[test]
    fn goes_on_with_the_search_behind_the_rows_of_the_page() {
        let list = Url::parse("http://wjw.example.cn/wjw/ghjh/list.shtml").unwrap();
        let html = format!(
            "<ul class=infolist><li><a href='/wjw/ghjh/202501/{HEX}.shtml' title='全市健康安排'>全市…</a><span>2025-01-06</span></li></ul>
            <script>$.get('/common/search/{HEX}?page=' + n)</script>"
        );
        let first = read(&html, &list);
        assert_eq!((first.family, first.found.len()), (Family::Ucap, 1));
        let next = first.next.as_ref().unwrap();
        assert!(!next.promised);
        assert_eq!(
            next.requests[0].url.as_str(),
            format!(
                "http://wjw.example.cn/common/search/{HEX}?_pageSize=15&_isAgg=true&_isJson=true&_template=index&page=2"
            )
        );
        let answer = |rows| json!({"data": {"results": rows}}).to_string();
        let second = first.behind(&answer(results(0..15)), &next.requests[0].url, &list, &next.requests[0]);
        assert_eq!((second.found.len(), second.found[3].title.as_str()), (15, "第3号健康安排"));
        let third = &second.next.unwrap().requests[0];
        assert_eq!(link::query(&third.url, "page").as_deref(), Some("3"));
        assert_eq!(first.behind(&answer(results(20..22)), &third.url, &list, third).next, None);
    }

    #[test]
    fn asks_for_all_of_a_page_that_has_no_rows() {
        let list = Url::parse(&format!("http://wjw.example.cn/common_list.shtml?channelid={HEX}")).unwrap();
        let next = read("<ul></ul>", &list).next.unwrap();
        assert!(next.promised && next.requests[0].url.query().unwrap().ends_with("page=1"));

        let list = Url::parse("http://www.example.cn/szxxgk/list.shtml").unwrap();
        let first =
            read("<script>$.post('/szinf/xxgk/interfacesWebZcwj/loadData?pageSize=2', {pageIndex: 1})</script>", &list);
        let request = &first.next.as_ref().unwrap().requests[0];
        let page = |n: &str| Method::Post(vec![("pageIndex".to_owned(), n.to_owned())]);
        assert_eq!((request.url.query(), &request.method), (Some("pageSize=2"), &page("1")));
        let row = |n| json!({"TITLE": format!("第{n}号健康安排"), "URL": format!("/a/{n}.shtml"), "PUBLISHED_TIME_FORMAT": "2025-01-05", "C_SYH": "x"});
        let second =
            first.behind(&json!({"data": {"list": [row(1), row(2)]}}).to_string(), &request.url, &list, request);
        assert_eq!(second.found[1].listed_on.unwrap().to_string(), "2025-01-05");
        assert_eq!(second.next.unwrap().requests[0].method, page("2"));
    }

    #[test]
    fn is_told_by_its_addresses_where_no_script_asks() {
        let html = format!(
            "<ul><li><a href='./202501/{HEX}.shtml'>全市健康安排</a></li></ul><a href='list_2.shtml'>下一页</a>"
        );
        let listing = read(&html, &Url::parse("http://wjw.example.cn/ghjh/list.shtml").unwrap());
        assert_eq!(
            (listing.family, listing.next.unwrap().requests[0].url.path()),
            (Family::Ucap, "/ghjh/list_2.shtml")
        );
    }
}
