//! Lists of plain links, each with its date in the same row.

use std::collections::HashSet;

use scraper::{ElementRef, Html};
use url::Url;

use super::{Family, Found, Listing, date, found};

/// How far above a link its row may be.
const ROW_DEPTH: usize = 4;
/// A shorter text in a link is a word of a menu (首页, 政务公开), not a title.
const SHORTEST_TITLE: usize = 6;

/// Reads the links of a page.
pub(super) fn read(html: &str, url: &Url) -> Listing {
    let document = Html::parse_document(html);
    let mut seen = HashSet::new();
    let found = links(document.root_element())
        .filter_map(|link| entry(link, url))
        .filter(|f| f.title.chars().count() >= SHORTEST_TITLE && seen.insert(f.url.clone()))
        .collect();
    Listing { family: Family::Links, found, next: None }
}

/// Reads the first link of a row that stands alone, a record of a list.
pub(super) fn row(markup: &str, url: &Url) -> Option<Found> {
    let fragment = Html::parse_fragment(markup);
    let root = fragment.root_element();
    let mut entry = links(root).find_map(|link| entry(link, url))?;
    // Nothing else is in the markup, whatever its elements are.
    entry.listed_on = entry.listed_on.or_else(|| date::find(&text(root)));
    Some(entry)
}

fn links(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    element.descendent_elements().filter(|e| e.value().name() == "a" && e.attr("href").is_some())
}

/// A link with its title (which `title=` has in full where the text is cut) and the date of its row.
fn entry(link: ElementRef<'_>, url: &Url) -> Option<Found> {
    let whole = link.attr("title").map(str::trim).filter(|title| !title.is_empty());
    let title = whole.map_or_else(|| text(link), ToOwned::to_owned);
    let row = link.ancestors().filter_map(ElementRef::wrap).take(ROW_DEPTH).take_while(|e| links(*e).nth(1).is_none());
    let listed_on = row.map(text).find_map(|text| date::find(&text));
    found(url, link.attr("href")?, &title, listed_on)
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(html: &str) -> Vec<(String, Option<String>)> {
        let list = Url::parse("http://www.example.cn/list/").unwrap();
        let listing = super::super::read(html, &list);
        listing.found.into_iter().map(|f| (f.title, f.listed_on.map(|d| d.to_string()))).collect()
    }

    #[test]
    fn pairs_each_link_with_the_date_of_its_row() {
        let html = "<div><ul><li><span>[2025-04-11]</span><a href='/new/1' title='2025年全县卫生健康工作安排'>2025年全县…</a></li>
            <li><a href='/new/2'>关于做好防汛工作的通知</a> 2025/2/14</li>
            <li><a href='/new/2'>关于做好防汛工作的通知</a></li></ul>
            <table><tr><td><a href='/new/3'>老龄事业发展规划</a></td><td>2021年11月1日</td></tr></table></div>";
        assert_eq!(
            titles(html),
            [
                ("2025年全县卫生健康工作安排".to_owned(), Some("2025-04-11".to_owned())),
                ("关于做好防汛工作的通知".to_owned(), Some("2025-02-14".to_owned())),
                ("老龄事业发展规划".to_owned(), Some("2021-11-01".to_owned())),
            ]
        );
    }

    #[test]
    fn leaves_menus_out_and_takes_no_date_of_another_row() {
        let html = "<p>2020-01-01</p><a href='/'>首页</a><a href='/zwgk'>政务公开</a><a href='javascript:void(0)'>无障碍浏览模式</a>
            <div><a href='/1'>第一个五年规划全文</a><a href='/2'>第二个五年规划全文</a> 2024-01-02</div>";
        assert_eq!(titles(html), [("第一个五年规划全文".to_owned(), None), ("第二个五年规划全文".to_owned(), None)]);
        assert!(titles("").is_empty());
    }
}
