//! Hanweb's newer system, JPaaS: an element with `queryData="{'webId': …}"` says how a script asks the gateway for the
//! rows of a page, `/api-gateway/jpaas-publish-server/front/page/build/unit`, which answers `{"data": {"html": "…"}}`.

use scraper::{Html, Selector};
use serde_json::{Map, Value};

use super::{Adapter, Found, Next, Page, Request, link, links};

/// The gateway.
const GATEWAY: &str = "/api-gateway/jpaas-publish-server/front/page/build/unit";

pub(super) struct Jpaas;

impl Adapter for Jpaas {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        if first_request(page).is_some() {
            return Some("an element with queryData for the JPaaS gateway");
        }
        None
    }

    fn entries(&self, page: &Page<'_>) -> Vec<Found> {
        let Some(markup) = markup(page) else { return links::entries(page.document().root_element(), page.url) };
        links::entries(Html::parse_fragment(&markup).root_element(), page.list)
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        let found = self.entries(page).len();
        let Some(request) = page.request else {
            let (request, count) = first_request(page)?;
            let (number, more) = if found == 0 { ("1", true) } else { ("2", count.is_none_or(|count| count > found)) };
            let requests = vec![Request::get(link::with_query(&request.url, "pageNo", number))];
            return more.then_some(Next { requests, promised: count.is_some() });
        };
        let number: usize = link::query(&request.url, "pageNo")?.parse().ok()?;
        let rows: usize = link::query(&request.url, "rows")?.parse().ok()?;
        let url = link::with_query(&request.url, "pageNo", &(number + 1).to_string());
        // The last page is not full.
        (found >= rows).then(|| Next::perhaps(Request::get(url)))
    }
}

/// The rows in an answer of the gateway.
fn markup(page: &Page<'_>) -> Option<String> {
    page.request.filter(|_| page.is_json())?;
    let answer: Value = serde_json::from_str(page.text).ok()?;
    Some(answer.get("data")?.get("html")?.as_str()?.to_owned())
}

/// The request that the element says, and how many rows there are in all.
fn first_request(page: &Page<'_>) -> Option<(Request, Option<usize>)> {
    // Attributes are in lower case once parsed.
    if !page.text.contains("queryData") && !page.text.contains("querydata") {
        return None;
    }
    let element = page.document().select(&Selector::parse("[querydata]").ok()?).next()?;
    let settings = element.attr("querydata")?.replace('\'', "\"");
    let settings: Map<String, Value> = serde_json::from_str(&settings).ok()?;
    settings.contains_key("webId").then_some(())?;
    let mut url = page.url.join(GATEWAY).ok()?;
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    url.query_pairs_mut().extend_pairs(settings.iter().map(|(name, value)| (name.as_str(), plain(value))));
    if link::query(&url, "rows").is_none() {
        url = link::with_query(&url, "rows", element.attr("rows").unwrap_or("15"));
    }
    Some((Request::get(url), element.attr("count").and_then(|count| count.parse().ok())))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::discover::{Family, read};

    fn row(n: usize) -> String {
        format!(
            "<li><a href='/art/2025/art_0{n}.html' title='第{n}年健康工作安排'>第{n}年…</a><span>2025-01-0{n}</span></li>"
        )
    }

    #[test]
    fn asks_the_gateway_for_rows() {
        let list = Url::parse("https://wjw.example.cn/col/col12/index.html").unwrap();
        let html = format!(
            "<ul>{}{}</ul><div count='3' rows='2' queryData=\"{{'webId':'8','pageId':'7','parseType':'bulidstatic','pageType':'column','tagId':'列表','tplSetId':'a1'}}\"></div>",
            row(1),
            row(2)
        );
        let first = read(&html, &list);
        assert_eq!((first.family, first.found.len()), (Family::Jpaas, 2));
        let next = first.next.as_ref().unwrap();
        let url = &next.requests[0].url;
        assert_eq!(url.path(), GATEWAY);
        for (name, value) in [("webId", "8"), ("tagId", "列表"), ("rows", "2"), ("pageNo", "2")] {
            assert_eq!(link::query(url, name).as_deref(), Some(value), "{name}");
        }
        let answer =
            |rows: &str| serde_json::json!({"success": true, "data": {"html": format!("<ul>{rows}</ul>")}}).to_string();
        let second = first.behind(&answer(&row(3)), url, &list, &next.requests[0]);
        assert_eq!((second.found[0].title.as_str(), second.next), ("第3年健康工作安排", None));
        let full = first.behind(&answer(&[row(3), row(4)].concat()), url, &list, &next.requests[0]);
        assert_eq!(link::query(&full.next.unwrap().requests[0].url, "pageNo").as_deref(), Some("3"));
        assert!(first.behind("{\"success\":false}", url, &list, &next.requests[0]).found.is_empty());
    }

    #[test]
    fn asks_for_the_first_page_where_the_page_is_empty() {
        let list = Url::parse("https://wjw.example.cn/col/col12/index.html").unwrap();
        let html = "<ul></ul><div queryData=\"{'webId':'8','rows':20}\"></div>";
        let url = read(html, &list).next.unwrap().requests.remove(0).url;
        assert_eq!(
            (link::query(&url, "pageNo").as_deref(), link::query(&url, "rows").as_deref()),
            (Some("1"), Some("20"))
        );
        assert_eq!(read("<div queryData='x'></div>", &list).next, None);
    }
}
