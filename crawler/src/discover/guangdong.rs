//! Guangdong's catalogue of public information, gkmlpt, and the site system beside it.
//!
//! A page of gkmlpt sets `window._CONFIG = {…, SID: '756001', TREE: […]}` and asks `/gkmlpt/api/all/<category>?page=1&sid=<sid>`
//! for its list; the category stands behind the `#` of its address, or in the tree. Elsewhere rows stand in the page,
//! and the pages are `index.html`, `index_2.html`, …. An article is `post_<id>.html`, its twin for telephones
//! `mpost_<id>.html`.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use url::Url;

use super::{Adapter, Found, Next, Page, Request, json, link, links};

pub(super) struct Guangdong;

impl Adapter for Guangdong {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        api(page).is_some().then_some("settings of gkmlpt: window._CONFIG with SID")
    }

    fn shape(&self, page: &Page<'_>) -> Option<&'static str> {
        static ARTICLE: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"/content/(?:[0-9/]+/)?m?post_[0-9]+\.html").ok());
        ARTICLE.as_ref()?.is_match(page.text).then_some("articles at addresses like /content/post_123.html")
    }

    fn entries(&self, page: &Page<'_>) -> Vec<Found> {
        if page.request.is_some() && page.is_json() {
            return serde_json::from_str(page.text).map(|list| json::entries(&list, page.list)).unwrap_or_default();
        }
        links::entries(page.document().root_element(), page.url)
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        match page.request {
            None => match api(page) {
                Some(url) => Next::promised(vec![Request::get(url)]),
                None => links::next(page).or_else(|| numbered(page, 2)),
            },
            Some(request) if page.is_json() => {
                let number: usize = link::query(&request.url, "page")?.parse().ok()?;
                let answer: Value = serde_json::from_str(page.text).ok()?;
                let count = answer.pointer("/classify/post_count").and_then(Value::as_u64);
                let read = number.checked_mul(json::entries(&answer, page.list).len())?;
                let more = read > 0 && count.is_none_or(|count| (read as u64) < count);
                let url = link::with_query(&request.url, "page", &(number + 1).to_string());
                more.then(|| Next::perhaps(Request::get(url)))
            }
            Some(request) => links::next(page).or_else(|| {
                let number: u32 = request.url.path().rsplit_once("index_")?.1.strip_suffix(".html")?.parse().ok()?;
                numbered(page, number.checked_add(1)?)
            }),
        }
    }
}

/// The page `index_<number>.html`, which may be there.
fn numbered(page: &Page<'_>, number: u32) -> Option<Next> {
    let file = page.url.path().rsplit('/').next()?;
    let listed = file.is_empty() || file.starts_with("index");
    let url = page.url.join(&format!("index_{number}.html")).ok()?;
    listed.then(|| Next::perhaps(Request::get(url)))
}

/// The address of the first page of the list.
fn api(page: &Page<'_>) -> Option<Url> {
    static SID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"\bSID['"]?\s*:\s*['"]?([0-9A-Za-z]+)"#).ok());
    let (_, settings) = page.text.split_once("_CONFIG")?;
    let sid = SID.as_ref()?.captures(settings)?.get(1)?.as_str();
    let category = page
        .list
        .fragment()
        .filter(|category| !category.is_empty() && category.bytes().all(|b| b.is_ascii_digit()))
        .map(ToOwned::to_owned)
        .or_else(|| of_plans(&tree(settings)?))
        // All of them.
        .unwrap_or_else(|| "0".to_owned());
    // A site of several departments has each below a path of its own.
    let (before, _) = page.url.path().split_once("/gkmlpt").unwrap_or_default();
    page.url.join(&format!("{before}/gkmlpt/api/all/{category}?page=1&sid={sid}")).ok()
}

/// The tree of categories.
fn tree(settings: &str) -> Option<Value> {
    let (_, value) = settings.split_once("TREE")?;
    let value = value.trim_start_matches(['"', '\'']).trim_start().strip_prefix([':', '='])?;
    serde_json::Deserializer::from_str(value).into_iter().next()?.ok()
}

/// The first category in the tree whose name speaks of plans.
fn of_plans(tree: &Value) -> Option<String> {
    match tree {
        Value::Array(nodes) => nodes.iter().find_map(of_plans),
        Value::Object(node) => {
            let name = node.get("name").or_else(|| node.get("title")).and_then(Value::as_str).unwrap_or_default();
            if name.contains("规划") || name.contains("计划") {
                return node.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), ToOwned::to_owned));
            }
            node.values().filter(|value| value.is_array() || value.is_object()).find_map(of_plans)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::discover::{Family, read};

    const SETTINGS: &str = r#"<div id="app"></div><script>window._CONFIG = { LANG: 'zh', SID: '756001', TREE: [{"id":1,"name":"机构","children":[]},{"id":2,"name":"法定公开","children":[{"id":25192,"name":"规划计划"}]}] }</script>"#;

    #[test]
    fn asks_the_catalogue_for_the_category_of_plans() {
        let list = Url::parse("http://www.example.cn/wsj/gkmlpt/index").unwrap();
        let first = read(SETTINGS, &list);
        assert_eq!(first.family, Family::Guangdong);
        let request = &first.next.as_ref().unwrap().requests[0];
        assert_eq!(request.url.as_str(), "http://www.example.cn/wsj/gkmlpt/api/all/25192?page=1&sid=756001");
        let article = |id| json!({"id": id, "title": format!("第{id}号健康安排"), "url": format!("http://www.example.cn/gkmlpt/content/10/10/mpost_{id}.html#25192"), "date": 1_735_776_000});
        let answer = |ids: [u32; 2]| json!({"classify": {"post_count": 3}, "articles": ids.map(article)}).to_string();
        let second = first.behind(&answer([1, 2]), &request.url, &list, request);
        assert_eq!(second.found[0].url.as_str(), "http://www.example.cn/gkmlpt/content/10/10/post_1.html");
        assert_eq!(second.found[1].listed_on.unwrap().to_string(), "2025-01-02");
        let request = &second.next.unwrap().requests[0];
        assert!(request.url.query().unwrap().contains("page=2"));
        assert_eq!(first.behind(&answer([3, 4]), &request.url, &list, request).next, None);

        let other = Url::parse("http://www.example.cn/gkmlpt/index#777").unwrap();
        assert!(read(SETTINGS, &other).next.unwrap().requests[0].url.path().ends_with("/api/all/777"));
        let bare = "<script>window._CONFIG = {SID: '1'}</script>";
        assert!(read(bare, &list).next.unwrap().requests[0].url.path().ends_with("/api/all/0"));
    }

    #[test]
    fn takes_twins_for_one_page_and_numbers_pages_from_two() {
        let list = Url::parse("http://wjj.example.cn/ghjh/index.html").unwrap();
        let html = "<ul><li><a href='/ghjh/content/post_7.html' title='全市健康安排'>全市…</a> 2025-01-02</li><li><a href='content/mpost_7.html' title='全市健康安排'>全市…</a></li></ul>";
        let first = read(html, &list);
        assert_eq!((first.family, first.found.len()), (Family::Guangdong, 1));
        let next = first.next.as_ref().unwrap();
        assert_eq!((next.requests[0].url.path(), next.promised), ("/ghjh/index_2.html", false));
        let second = first.behind(html, &next.requests[0].url, &list, &next.requests[0]);
        assert_eq!(second.next.unwrap().requests[0].url.path(), "/ghjh/index_3.html");
    }
}
