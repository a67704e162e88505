//! The first of the two systems that Anhui's governments use: lists `/OpennessContent/showList/<office>/<category>/page_1.html`,
//! articles `/OpennessContent/show/<id>.html`; news in `/News/showList/…`, policies in `/XxgkPolicy/showList/…`.

use std::sync::LazyLock;

use regex::Regex;

use super::{Adapter, Next, Page, Request, links};

pub(super) struct AnhuiOpen;

impl Adapter for AnhuiOpen {
    fn shape(&self, page: &Page<'_>) -> Option<&'static str> {
        static LIST: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new("/(?:(?:Branch)?OpennessContent|News|XxgkPolicy)/showList/").ok());
        LIST.as_ref()?.is_match(page.url.path()).then_some("an address like /OpennessContent/showList/1/2/page_1.html")
    }

    fn next(&self, page: &Page<'_>) -> Option<Next> {
        static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"/page_([0-9]+)\.html$").ok());
        let path = page.url.path();
        let number = NUMBER.as_ref()?.captures(path)?.get(1)?;
        let next = format!("page_{}.html", number.as_str().parse::<u32>().ok()?.checked_add(1)?);
        // The link to the next page may be written by a script.
        let promised = page.text.contains(&next);
        links::next(page).or_else(|| {
            let mut url = page.url.clone();
            url.set_path(&format!("{}{next}", path.strip_suffix(&path[number.start() - "page_".len()..])?));
            Some(Next { requests: vec![Request::get(url)], promised })
        })
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::discover::{Family, read};

    #[test]
    fn numbers_pages_from_one() {
        let list = Url::parse("https://www.example.cn/OpennessContent/showList/12/345/page_1.html?x=1").unwrap();
        let rows = "<ul><li><a href='/OpennessContent/show/99.html' title='全县健康事业安排'>全县…</a><span>2025-01-02</span></li></ul>";
        let first = read(rows, &list);
        assert_eq!((first.family, first.found.len()), (Family::AnhuiOpen, 1));
        let next = first.next.unwrap();
        assert_eq!(
            next.requests[0].url.as_str(),
            "https://www.example.cn/OpennessContent/showList/12/345/page_2.html?x=1"
        );
        assert!(!next.promised);
        let said = format!("{rows}<script>go('page_2.html')</script>");
        assert!(read(&said, &list).next.unwrap().promised);
        let bare = Url::parse("https://www.example.cn/News/showList/7/").unwrap();
        assert_eq!(read(rows, &bare).next, None);
    }
}
