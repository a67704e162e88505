//! Lists of plain links, each with its date in the same row, and a link to the next page. Most other families print
//! their rows in the same way.

use scraper::{ElementRef, Html, Node};
use url::Url;

use super::{Adapter, Found, Next, Page, Request, date, link};

/// By what plain links are told.
pub(super) const MARK: &str = "links in the page, and no mark of another system";

/// How far above a link its row may be.
const ROW_DEPTH: usize = 4;
/// A shorter text in a link is a word of a menu (首页, 政务公开), not a title.
const SHORTEST_TITLE: usize = 6;
/// Classes of the part of a link that is its title, where the link holds more.
const TITLE_CLASSES: [&str; 4] = ["tit", "title", "file-title", "bt"];

pub(super) struct Links;

impl Adapter for Links {}

/// The links in an element that may lead to articles.
pub(super) fn entries(element: ElementRef<'_>, page: &Url) -> Vec<Found> {
    links(element).filter(|link| is_title(&title(*link))).filter_map(|link| entry(link, page)).collect()
}

/// The first link of a row that stands alone, a record of a list.
pub(super) fn row(markup: &str, page: &Url) -> Option<Found> {
    let fragment = Html::parse_fragment(markup);
    let root = fragment.root_element();
    let mut entry = links(root).find_map(|link| entry(link, page))?;
    // Nothing else is in the markup, whatever its elements are.
    entry.listed_on = entry.listed_on.or_else(|| date::find(&text(root, None)));
    Some(entry)
}

/// The link to the next page, by its relation or by its text.
pub(super) fn next(page: &Page<'_>) -> Option<Next> {
    const WORDS: [&str; 7] = ["下一页", "下页", "后一页", "下一页>", "下一页>>", "下一页»", ">"];
    let is_next = |link: &ElementRef<'_>| {
        link.attr("rel") == Some("next") || WORDS.contains(&text(*link, None).replace(char::is_whitespace, "").as_str())
    };
    let link = links(page.document().root_element()).filter(is_next).find_map(|link| link::target(link))?;
    let mut url = page.url.join(link).ok()?;
    url.set_fragment(None);
    let another = matches!(url.scheme(), "http" | "https") && url != *page.url && url != *page.list;
    another.then(|| Next { requests: vec![Request::get(url)], promised: true })
}

fn links(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    element
        .descendent_elements()
        .filter(|e| e.attr("href").or(e.attr("onclick")).is_some() && link::target(*e).is_some())
}

/// A link with its title (which `title=` has in full where the text is cut) and the date of its row.
fn entry(link: ElementRef<'_>, page: &Url) -> Option<Found> {
    let url = link::resolve(page, link::target(link)?)?;
    let title = title(link);
    let alone = |row: &ElementRef<'_>| !links(*row).any(|other| other != link && is_title(&self::title(other)));
    let rows = link.ancestors().filter_map(ElementRef::wrap).take(ROW_DEPTH).take_while(alone);
    let listed_on = rows
        .map(|row| text(row, Some(link)))
        .find_map(|text| date::beside(&text, &url))
        .or_else(|| inside(link, &url))
        .or_else(|| date::in_address(&url));
    (!title.is_empty()).then_some(Found { url, title, listed_on })
}

/// What a link is called.
fn title(link: ElementRef<'_>) -> String {
    let whole = link.attr("title").map(str::trim).filter(|title| !title.is_empty());
    let part = || {
        link.descendent_elements()
            .find(|e| *e != link && e.value().classes().any(|class| TITLE_CLASSES.contains(&class)))
            .map(|e| text(e, None))
    };
    let title = whole.map(ToOwned::to_owned).or_else(part).unwrap_or_else(|| text(link, None));
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The date in an element of its own inside a link.
fn inside(link: ElementRef<'_>, url: &Url) -> Option<chrono::NaiveDate> {
    link.descendent_elements()
        .filter(|e| *e != link && matches!(e.value().name(), "span" | "i" | "b" | "em" | "p" | "li" | "div" | "time"))
        .filter(|e| !e.value().classes().any(|class| TITLE_CLASSES.contains(&class)))
        .find_map(|e| date::beside(&text(e, None), url))
}

fn is_title(title: &str) -> bool {
    title.chars().nth(SHORTEST_TITLE - 1).is_some()
}

/// The text of an element, that of scripts and of `without` left out.
fn text(element: ElementRef<'_>, without: Option<ElementRef<'_>>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        let Node::Text(part) = node.value() else { continue };
        let silent = node.ancestors().take_while(|above| *above != *element).chain([*element]).any(|above| {
            without.is_some_and(|link| above == *link)
                || above.value().as_element().is_some_and(|e| matches!(e.name(), "script" | "style"))
        });
        if !silent {
            text.push_str(part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(html: &str) -> Vec<(String, Option<String>)> {
        let url = Url::parse("https://www.example.cn/ghjh/list").unwrap();
        let listing = super::super::read(html, &url);
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
    fn reads_rows_of_every_make() {
        for (row, title, date) in [
            // The title holds a date of its own.
            (
                "<li><a href='/1'>关于2024年12月30日会议的通知</a><span>2025-01-05</span></li>",
                "关于2024年12月30日会议的通知",
                Some("2025-01-05"),
            ),
            // The link holds title, label and date.
            (
                "<li><a href='/1'><p class='tit'>全区健康工作安排</p><p class='info'><span class='time'>成文日期 ：2025-01-05</span></p></a></li>",
                "全区健康工作安排",
                Some("2025-01-05"),
            ),
            // A script stands in the cell of the date.
            (
                "<li><a href='/1'>全区健康工作安排</a><span class='time'><script>var fileNum='1996年1月1日';</script>2025年01月05日</span></li>",
                "全区健康工作安排",
                Some("2025-01-05"),
            ),
            // A second link of the row is none of the list.
            (
                "<li><a href='/1'>全区健康工作安排</a><a href='/zcjd'>[解读]</a><i>2025-\n01-\n05</i></li>",
                "全区健康工作安排",
                Some("2025-01-05"),
            ),
            (
                "<li><a href='javascript:void(0)' onclick=\"jumpToDetail('./202501/t1.html')\">全区健康工作安排</a><b>[01-05]</b></li>",
                "全区健康工作安排",
                Some("2025-01-05"),
            ),
            ("<li><a href='./P02025.pdf' title='全区健康工作安排'></a></li>", "全区健康工作安排", None),
            (
                "<li><a href='/202501/t20250105_1.html'>全区健康工作安排</a></li>",
                "全区健康工作安排",
                Some("2025-01-05"),
            ),
            (
                "<li style=<br/><a href='/1' title='全区健康工作安排'>全区…</a><span>2025-01-05</span>",
                "全区健康工作安排",
                Some("2025-01-05"),
            ),
        ] {
            let html = format!("<ul>{row}<li><a href='/2'>乡镇健康工作安排</a></li></ul>");
            assert_eq!(titles(&html)[0], (title.to_owned(), date.map(ToOwned::to_owned)), "{row}");
        }
    }

    #[test]
    fn leaves_menus_out_and_takes_no_date_of_another_row() {
        let html = "<p>2020-01-01</p><a href='/'>首页</a><a href='/zwgk'>政务公开</a><a href='javascript:void(0)'>无障碍浏览模式</a>
            <div><a href='/1'>第一个五年规划全文</a><a href='/2'>第二个五年规划全文</a> 2024-01-02</div>";
        assert_eq!(titles(html), [("第一个五年规划全文".to_owned(), None), ("第二个五年规划全文".to_owned(), None)]);
        assert!(titles("").is_empty());
    }

    #[test]
    fn follows_the_link_to_the_next_page() {
        let list = Url::parse("https://www.example.cn/ghjh/list.html").unwrap();
        let next = |html: &str| next(&Page::first(html, &list)).map(|next| next.requests[0].url.to_string());
        let expected = Some("https://www.example.cn/ghjh/list_2.html".to_owned());
        assert_eq!(next("<a href='list_2.html'>下一页</a>"), expected);
        assert_eq!(next("<a href='list_2.html'> 下 页 </a>"), expected);
        assert_eq!(next("<a rel=next href='list_2.html'>2</a>"), expected);
        for html in [
            "<a href='javascript:go(2)'>下一页</a>",
            "<a href='list.html'>下一页</a>",
            "<a href='#'>下一页</a>",
            "<a href='/1'>下一页的内容</a>",
        ] {
            assert_eq!(next(html), None, "{html}");
        }
    }
}
