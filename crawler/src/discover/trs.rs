//! 拓尔思 TRS WCM: a folder of static pages, `index.html`, `index_1.html`, …, and articles `202401/t20240105_12.html`.
//! The pager is written by a script, so that no link leads to the next page.
//!
//! The script is `createPageHTML(pages, current, "index", "html")`, with the number of records before that of pages on
//! some sites (Beijing), `createPage(…)` (Chongqing), or `Pager({prefix: 'index', suffix: 'html', current: 0})`. The second
//! page is `index_1.html`, on some sites `index_2.html`. An article in several pages has the same script with its own
//! name.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::{Adapter, Found, Next, Page, Request, date, link, links};

/// How many pages of one article are fetched.
const MAX_PARTS: u32 = 50;

pub(super) struct Trs;

/// What the script of a pager says.
#[derive(Debug, PartialEq, Eq)]
struct Pager {
    /// How many pages there are, where it says so.
    pages: Option<u32>,
    /// `index`, or the name of an article.
    name: String,
    /// `html`, `shtml` or `htm`.
    suffix: String,
}

impl Adapter for Trs {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        if pager(page.text).is_some() {
            return Some("a pager written by a script: createPageHTML, createPage or Pager");
        }
        printed(page).next().is_some().then_some("rows printed by a script: str_1, str_3")
    }

    fn shape(&self, page: &Page<'_>) -> Option<&'static str> {
        static ARTICLE: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r#"/t20[0-9]{6}_[0-9]+\.s?html?["']"#).ok());
        ARTICLE.as_ref()?.is_match(page.text).then_some("articles at addresses like /202401/t20240105_12.html")
    }

    fn entries(&self, page: &Page<'_>) -> Vec<Found> {
        let mut found = links::entries(page.document().root_element(), page.url);
        found.extend(printed(page));
        found
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        let Some(pager) = pager(page.text) else { return links::next(page) };
        let request = |n: u32| page.url.join(&format!("{}_{n}.{}", pager.name, pager.suffix)).ok().map(Request::get);
        let Some(current) = page.request.and_then(|request| number(&request.url)) else {
            let more = pager.pages.is_none_or(|pages| pages > 1);
            let requests = [1, 2].into_iter().filter_map(request).collect();
            return more.then_some(Next { requests, promised: pager.pages.is_some() });
        };
        let next = current + 1;
        // Counted from 0 the last page is one less than their number, counted from 2 it is that number.
        let promised = pager.pages.is_some_and(|pages| next < pages);
        pager.pages.is_none_or(|pages| next <= pages).then_some(())?;
        Some(Next { requests: vec![request(next)?], promised })
    }
}

/// The addresses of the other pages of an article that has several, in order.
pub(crate) fn parts(text: &str, url: &Url) -> Vec<Url> {
    let stem = url.path().rsplit('/').next().and_then(|file| file.split('.').next()).unwrap_or_default();
    let Some(pager) = pager(text).filter(|pager| pager.name == stem && stem != "index") else { return Vec::new() };
    let part = |n| url.join(&format!("{stem}_{n}.{}", pager.suffix)).ok();
    (1..pager.pages.unwrap_or(1).min(MAX_PARTS)).filter_map(part).collect()
}

/// The call that writes a pager; its definition names no page.
fn pager(text: &str) -> Option<Pager> {
    static CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"\bcreatePage(?:HTML)?\s*\((?:\s*['"][\w-]*['"]\s*,)?((?:\s*[0-9]+\s*,)+)\s*['"]([\w-]+)['"]\s*,\s*['"]\.?(\w+)['"]"#).ok()
    });
    static OBJECT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bPager\s*\(\s*\{([^{}]*)\}").ok());
    if let Some(call) = CALL.as_ref()?.captures(text) {
        let (_, [numbers, name, suffix]) = call.extract();
        let numbers: Vec<u32> = numbers.split(',').filter_map(|n| n.trim().parse().ok()).collect();
        // Records, pages, current; or pages, current.
        let pages = if numbers.len() > 2 { numbers.get(1) } else { numbers.first() };
        return Some(Pager { pages: pages.copied(), name: name.to_owned(), suffix: suffix.to_owned() });
    }
    let settings = OBJECT.as_ref()?.captures(text)?.get(1)?.as_str();
    let setting = |names: &[&str]| {
        settings.split(',').find_map(|pair| {
            let (name, value) = pair.split_once(':')?;
            let bare = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
            names.contains(&bare(name).as_str()).then(|| bare(value))
        })
    };
    let pages = setting(&["pageCount", "totalPage", "pages", "size", "total"]).and_then(|pages| pages.parse().ok());
    Some(Pager { pages, name: setting(&["prefix"])?, suffix: setting(&["suffix"])? })
}

/// The number at the end of the name of a page: 3 of `index_3.html`.
fn number(url: &Url) -> Option<u32> {
    let stem = url.path().rsplit_once('.')?.0;
    stem.rsplit_once('_')?.1.parse().ok()
}

/// Rows that a script prints: `var str_1 = "address"; … var str_3 = "title";` (Guizhou).
fn printed<'p>(page: &'p Page<'_>) -> impl Iterator<Item = Found> + 'p {
    static ROW: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"\bstr_1\s*=\s*["']([^"'\n]+)["'][^<]{0,400}?\bstr_3\s*=\s*["']([^"'\n]+)["']([^"'<]{0,200}["'][^"'\n]*["'])?"#).ok()
    });
    ROW.iter().flat_map(|row| row.captures_iter(page.text)).filter_map(|row| {
        let url = link::resolve(page.url, row.get(1)?.as_str())?;
        let listed_on = row.get(3).and_then(|date| date::find(date.as_str())).or_else(|| date::in_address(&url));
        Some(Found { url, title: row.get(2)?.as_str().trim().to_owned(), listed_on })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::{Family, read};

    const LIST: &str = "https://wjw.example.cn/zwgk/ghjh/";

    fn list(script: &str) -> String {
        format!(
            "<head><meta name='ColumnName' content='规划计划'><script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){{}}</script></head>
            <ul class='newsList1'><li><a href='./202401/t20240105_12.html' title='某区健康工作年度计划'>某区健康…</a><span class='time'>01-05</span></li></ul>
            <div class='page'><script>{script}</script></div>"
        )
    }

    fn requests(script: &str) -> Vec<String> {
        let list_url = Url::parse(LIST).unwrap();
        let listing = read(&list(script), &list_url);
        assert_eq!(listing.family, Family::Trs, "{script}");
        assert_eq!(listing.found[0].listed_on.unwrap().to_string(), "2024-01-05");
        let name = |request: &Request| request.url.as_str().strip_prefix(LIST).unwrap().to_owned();
        listing.next.iter().flat_map(|next| &next.requests).map(name).collect()
    }

    #[test]
    fn reads_pagers_in_all_spellings() {
        for script in [
            "createPageHTML(3, 0, \"index\", \"html\");",
            "createPageHTML(41, 3, 0, 'index', 'html');",
            "createPageHTML('page_div', 3, 1, 'index', 'html', 41);",
            "createPage(3,0,\"index\",\"html\")",
            "new Pager({size: 3, prefix:'index', suffix:'html', current:0})",
            "Pager({prefix:'index',suffix:'html',current:0})",
        ] {
            assert_eq!(requests(script), ["index_1.html", "index_2.html"], "{script}");
        }
        assert!(requests("createPageHTML(1, 0, \"index\", \"html\");").is_empty());
    }

    #[test]
    fn goes_on_from_the_page_that_came() {
        let url = Url::parse(LIST).unwrap();
        let html = list("createPageHTML(3, 1, 'index', 'html');");
        let after = |file: &str| {
            let request = Request::get(url.join(file).unwrap());
            let next = Trs.next(&Page::answer(&html, &request.url, &url, &request))?;
            Some((next.requests[0].url.path().rsplit('/').next().unwrap().to_owned(), next.promised))
        };
        assert_eq!(after("index_1.html"), Some(("index_2.html".to_owned(), true)));
        // There is such a page only where the second was index_2.html.
        assert_eq!(after("index_2.html"), Some(("index_3.html".to_owned(), false)));
        assert_eq!(after("index_3.html"), None);
    }

    #[test]
    fn reads_rows_that_a_script_prints() {
        let html = "<ul><li><script>var str_1 = \"./202301/t20230203_7.html\"; var str_2 = \"\"; var str_3 = \"全县健康事业安排\"; var str_4 = '2023-02-05';</script></li></ul>";
        let listing = read(html, &Url::parse(LIST).unwrap());
        assert_eq!((listing.family, listing.found[0].title.as_str()), (Family::Trs, "全县健康事业安排"));
        assert_eq!(listing.found[0].listed_on.unwrap().to_string(), "2023-02-05");
    }

    #[test]
    fn is_told_by_its_addresses_where_there_is_no_pager() {
        let html = list("");
        assert_eq!(read(&html, &Url::parse(LIST).unwrap()).family, Family::Trs);
    }

    #[test]
    fn finds_the_other_pages_of_an_article() {
        let url = Url::parse("https://a.example/202401/t20240105_12.shtml").unwrap();
        let parts = |script: &str| parts(script, &url).iter().map(|url| url.path().to_owned()).collect::<Vec<_>>();
        assert_eq!(
            parts("createPageHTML(3,0,\"t20240105_12\",\"shtml\");"),
            ["/202401/t20240105_12_1.shtml", "/202401/t20240105_12_2.shtml"]
        );
        for script in [
            "createPageHTML(1,0,'t20240105_12','shtml')",
            "createPageHTML(3,0,'index','html')",
            "createPageHTML(3,0,'t1','html')",
            "",
        ] {
            assert!(parts(script).is_empty(), "{script}");
        }
    }
}
