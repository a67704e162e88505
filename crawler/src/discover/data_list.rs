//! Lists that a script holds whole: `var dataList = [{"infolist": [{"url", "title", "daytime"}, …]}, …];`, an element
//! a page of the list. The page itself has no links.

use serde::Deserialize;
use url::Url;

use super::{Family, Found, Listing, date, found};

#[derive(Deserialize)]
struct Page {
    infolist: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    url: String,
    title: String,
    #[serde(default)]
    daytime: String,
}

/// Reads a page that assigns `dataList`; none where it doesn't.
pub(super) fn read(html: &str, url: &Url) -> Option<Listing> {
    html.match_indices("dataList").find_map(|(at, name)| {
        let value = html[at + name.len()..].trim_start().strip_prefix('=')?;
        // The script goes on behind the array, so only the first value is read.
        let pages: Vec<Page> = serde_json::Deserializer::from_str(value).into_iter().next()?.ok()?;
        let entries = pages.into_iter().flat_map(|page| page.infolist);
        let found: Vec<Found> = entries.filter_map(|e| found(url, &e.url, &e.title, date::find(&e.daytime))).collect();
        Some(Listing { family: Family::DataList, found, next: None })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_pages_of_the_script() {
        let html = r#"<ul id="dataList"></ul><script>
            var dataList = [{"infolist":[{"url":"/a/1.html","title":"甲县工作要点","daytime":"2025-03-24"}]},
                            {"infolist":[{"url":"/a/2.html","title":"乙县工作要点","daytime":""}]}];var pagesData={'total':2};
            render(dataList);</script>"#;
        let list = Url::parse("http://wjw.example.cn/ghjh/").unwrap();
        let listing = read(html, &list).unwrap();
        assert_eq!(listing.family, Family::DataList);
        let titles: Vec<_> =
            listing.found.iter().map(|f| (f.url.path(), f.title.as_str(), f.listed_on.is_some())).collect();
        assert_eq!(titles, [("/a/1.html", "甲县工作要点", true), ("/a/2.html", "乙县工作要点", false)]);
        assert_eq!(read("<p>dataList = broken</p>", &list), None);
    }
}
