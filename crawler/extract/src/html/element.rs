//! What elements are for.

use scraper::{Node, node::Element};

/// Elements whose text is none of the page's.
const SILENT: [&str; 17] = [
    "script", "style", "noscript", "template", "iframe", "object", "embed", "select", "button", "textarea", "nav",
    "footer", "aside", "svg", "head", "title", "video",
];
/// Names of classes and ids of what stands around a text.
const AROUND: [&str; 36] = [
    "share",
    "sharebox",
    "bdsharebuttonbox",
    "bdshare",
    "qr",
    "qrcode",
    "qr_container",
    "ewm",
    "footer",
    "foot",
    "nav",
    "navbar",
    "menu",
    "crumb",
    "crumbs",
    "breadcrumb",
    "breadcrumbs",
    "popup",
    "pop",
    "pagination",
    "pager",
    "pageinfo",
    "print",
    "printer",
    "related",
    "xg-list",
    "relnews",
    "sidebar",
    "side",
    "copyright",
    "toolbar",
    "advert",
    "ads",
    "vip",
    "tip",
    "login",
];
/// Names of classes and ids in which publishing systems put the text.
const TEXT: [&str; 34] = [
    "trs_editor",
    "trs_ueditor",
    "trs_editor_view",
    "ucapcontent",
    "ucap-content",
    "zoom",
    "zoomcon",
    "vsb_content",
    "vsb_content_2",
    "vsb_content_4",
    "vsb_content_6",
    "v_news_content",
    "ivs_content",
    "dochtmlcon",
    "maintext",
    "main-txt",
    "view-content",
    "article_content",
    "article-content",
    "articlecontent",
    "article-conter",
    "article-body",
    "article",
    "art_con",
    "pages_content",
    "zw",
    "wenz",
    "zoomtext",
    "fontzoom",
    "news_content",
    "newscontent",
    "con_con",
    "content_body",
    "info-content",
];
/// Elements that break a line.
const BLOCKS: [&str; 38] = [
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ucapcontent",
    "ul",
];

pub(super) fn is_block(element: &Element) -> bool {
    BLOCKS.contains(&element.name())
}

/// The level of a heading, 1 to 6.
pub(super) fn heading_level(element: &Element) -> Option<u8> {
    let level = element.name().strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

/// Whether an element holds the text of an article in some publishing system.
pub(super) fn is_text_container(element: &Element) -> bool {
    element.name() == "ucapcontent" || names(element).any(|name| TEXT.contains(&name.as_str()))
}

/// Whether nothing in an element belongs to the text: scripts, hidden things, and what stands around.
pub(super) fn is_left_out(element: &Element) -> bool {
    if SILENT.contains(&element.name()) || is_hidden(element) {
        return true;
    }
    let whole = matches!(element.name(), "html" | "body" | "main" | "article" | "form");
    !whole && !is_text_container(element) && names(element).any(|name| AROUND.contains(&name.as_str()))
}

fn is_hidden(element: &Element) -> bool {
    let style = element.attr("style").unwrap_or_default();
    element.attr("hidden").is_some()
        || style.contains("none")
            && style.split_whitespace().collect::<String>().to_ascii_lowercase().contains("display:none")
}

/// An element's id and classes in lower case.
fn names(element: &Element) -> impl Iterator<Item = String> {
    let id = element.attr("id").unwrap_or_default();
    let class = element.attr("class").unwrap_or_default();
    id.split_whitespace().chain(class.split_whitespace()).map(str::to_ascii_lowercase)
}

/// The element that a node is, if any.
pub(super) fn of(node: &Node) -> Option<&Element> {
    node.as_element()
}
