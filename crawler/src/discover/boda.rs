//! 博达 Boda: static pages that are numbered downwards, so that old pages keep their addresses. Page 1 is `tzgg.htm`, page
//! 2 `tzgg/23.htm`, page 3 `tzgg/22.htm`; the way on is the link in `span.p_next`.

use std::sync::LazyLock;

use regex::Regex;
use scraper::Selector;

use super::{Adapter, Next, Page, Request, links};

pub(super) struct Boda;

impl Adapter for Boda {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        static NEXT: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r#"class\s*=\s*["']?[^"'<>]*\bp_next"#).ok());
        if NEXT.as_ref()?.is_match(page.text) {
            return Some("a pager with the class p_next");
        }
        page.text.contains("urltype=tree.TreeTempUrl").then_some("addresses with urltype=tree.TreeTempUrl")
    }

    fn shape(&self, page: &Page<'_>) -> Option<&'static str> {
        static ARTICLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"info/[0-9]+/[0-9]+\.htm["']"#).ok());
        ARTICLE.as_ref()?.is_match(page.text).then_some("articles at addresses like info/1012/345.htm")
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        let link = Selector::parse(".p_next a[href]").ok()?;
        let Some(link) = page.document().select(&link).next() else { return links::next(page) };
        let url = page.url.join(link.attr("href")?.trim()).ok()?;
        (url != *page.url).then(|| Next { requests: vec![Request::get(url)], promised: true })
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::discover::{Family, read};

    #[test]
    fn counts_down() {
        let list = Url::parse("http://wsjk.example.cn/xxgk/tzgg.htm").unwrap();
        let html = |row: &str, next: &str| {
            format!(
                "<ul><li><a href='{row}' title='全州健康事业安排'>全州…</a><span>2025/01/02</span></li></ul><div class=pb_sys_common><span class='p_next p_fun'>{next}</span></div>"
            )
        };
        let first = read(&html("../info/1012/9.htm", "<a href='tzgg/23.htm'>下页</a>"), &list);
        assert_eq!((first.family, first.found[0].url.path()), (Family::Boda, "/info/1012/9.htm"));
        let request = &first.next.as_ref().unwrap().requests[0];
        assert_eq!(request.url.path(), "/xxgk/tzgg/23.htm");
        let second =
            first.behind(&html("../../info/1012/8.htm", "<a href='22.htm'>下页</a>"), &request.url, &list, request);
        assert_eq!(second.found[0].url.path(), "/info/1012/8.htm");
        let request = &second.next.as_ref().unwrap().requests[0];
        assert_eq!(request.url.path(), "/xxgk/tzgg/22.htm");
        assert_eq!(first.behind(&html("../../info/1012/7.htm", "下页"), &request.url, &list, request).next, None);
    }

    #[test]
    fn is_told_by_its_addresses_where_there_is_one_page() {
        let list = Url::parse("http://wsjk.example.cn/xxgk.htm").unwrap();
        assert_eq!(read("<a href='info/1012/9.htm'>全州健康事业安排</a>", &list).family, Family::Boda);
    }
}
