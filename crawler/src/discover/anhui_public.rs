//! The second of the two systems that Anhui's governments use: lists `/public/column/<office>?type=4&catId=<category>&action=list`
//! with articles `/public/<office>/<id>.html`, and news `/content/column/<id>` in `ul.doc_list`; both count pages in
//! `pageIndex`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Adapter, Next, Page, Request, link, links};

pub(super) struct AnhuiPublic;

impl Adapter for AnhuiPublic {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        static LIST: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r#"class\s*=\s*["']?doc_list list-[0-9]+"#).ok());
        LIST.as_ref()?.is_match(page.text).then_some("a list with the class doc_list list-<column>")
    }

    fn shape(&self, page: &Page<'_>) -> Option<&'static str> {
        static LIST: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("^/(?:public|content)/column/[0-9]+").ok());
        LIST.as_ref()?.is_match(page.url.path()).then_some("an address like /public/column/123?catId=4")
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        if let Some(next) = links::next(page) {
            return Some(next);
        }
        let number: u32 = link::query(page.url, "pageIndex").map_or(Some(1), |number| number.parse().ok())?;
        let number = number.checked_add(1)?.to_string();
        let promised = page.text.contains(&format!("pageIndex={number}"));
        let url = link::with_query(page.url, "pageIndex", &number);
        Some(Next { requests: vec![Request::get(url)], promised })
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::discover::{Family, read};

    #[test]
    fn counts_pages_in_the_query() {
        let list = Url::parse("https://www.example.cn/public/column/66?type=4&catId=5&action=list").unwrap();
        let rows =
            "<ul><li><a href='/public/66/99.html' title='全县健康事业安排'>全县…</a><span>2025-01-02</span></li></ul>";
        let first = read(rows, &list);
        assert_eq!((first.family, first.found[0].url.path()), (Family::AnhuiPublic, "/public/66/99.html"));
        let next = first.next.as_ref().unwrap();
        assert_eq!(next.requests[0].url.query(), Some("type=4&catId=5&action=list&pageIndex=2"));
        assert!(!next.promised);
        let second = first.behind(
            &format!("{rows}<a onclick=\"go('?pageIndex=3')\">3</a>"),
            &next.requests[0].url,
            &list,
            &next.requests[0],
        );
        let next = second.next.unwrap();
        assert!(next.promised && next.requests[0].url.query().unwrap().ends_with("pageIndex=3"));
    }

    #[test]
    fn is_told_by_its_list() {
        let html = "<ul class=\"doc_list list-70\"><li><a href='/71.html' title='全县健康事业安排'>全县…</a></li></ul>";
        let list = Url::parse("https://www.example.cn/wjw/").unwrap();
        assert_eq!(read(html, &list).family, Family::AnhuiPublic);
    }
}
