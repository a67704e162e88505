//! Changzhou and its districts: lists `/class/<eight capitals>`, articles `/html/<site>/<year>/<eight capitals>_<month and
//! day>/<id>.html`, which are dated by their addresses where their rows are not.

use std::sync::LazyLock;

use regex::Regex;

use super::{Adapter, Page};

pub(super) struct Changzhou;

impl Adapter for Changzhou {
    fn mark(&self, page: &Page<'_>) -> Option<&'static str> {
        static LIST: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"class\s*=\s*["']?newslistdiv\b"#).ok());
        LIST.as_ref()?.is_match(page.text).then_some("a list with the class newslistdiv")
    }

    fn shape(&self, page: &Page<'_>) -> Option<&'static str> {
        static LIST: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("^/(?:class/[A-Z]{8}|ns_class/)").ok());
        LIST.as_ref()?.is_match(page.url.path()).then_some("an address like /class/ABCDEFGH")
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use crate::discover::{Family, read};

    #[test]
    fn dates_articles_by_their_addresses() {
        let list = Url::parse("https://wjw.example.cn/class/ABCDEFGH").unwrap();
        let html = "<div><a href='/html/czwjw/2025/ABCDEFGH_0411/12.html'>全市健康事业安排</a><a href='/html/czwjw/2025/ABCDEFGH_0410/11.html'>各区健康事业安排</a></div><a href='/class/ABCDEFGH?page=2'>下一页</a>";
        let listing = read(html, &list);
        let dates: Vec<_> =
            listing.found.iter().filter_map(|found| found.listed_on).map(|day| day.to_string()).collect();
        assert_eq!(
            (listing.family, dates),
            (Family::Changzhou, vec!["2025-04-11".to_owned(), "2025-04-10".to_owned()])
        );
        assert_eq!(listing.next.unwrap().requests[0].url.query(), Some("page=2"));
        assert_eq!(
            read("<div class='newslistdiv'></div>", &Url::parse("https://a.example/b").unwrap()).family,
            Family::Links
        );
    }
}
