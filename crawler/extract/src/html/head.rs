//! What a page says of its document: head tags, labels with their values, the title.

use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};

use super::{body::Body, element, table};
use crate::{
    article::{Metadata, Table},
    metadata::{date, is_label, is_telling, record, record_line},
    text::one_line,
};

/// The labels outside the body.
pub(super) fn labels(page: &Html, body: &Body) -> Metadata {
    let mut meta = Metadata::default();
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut skipped = None;
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(_) if skipped.is_some() => {}
            Edge::Open(node) => match node.value() {
                Node::Text(text) => piece.push_str(text),
                Node::Element(found) => {
                    cut(&mut piece, &mut pieces, found);
                    if body.contains(&node.id()) || element::is_left_out(found) {
                        skipped = Some(node.id());
                    } else if found.name() == "table"
                        && let Some(table) = table::read(node).filter(is_labels)
                    {
                        record_table(&mut meta, &table);
                        skipped = Some(node.id());
                    }
                }
                _ => {}
            },
            Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
            Edge::Close(_) if skipped.is_some() => {}
            Edge::Close(node) => {
                if let Some(found) = element::of(node.value()) {
                    cut(&mut piece, &mut pieces, found);
                }
            }
        }
    }
    let mut i = 0;
    while let Some(piece) = pieces.get(i) {
        let alone = is_label(piece) && (piece.ends_with([':', '：']) || is_telling(piece));
        match pieces.get(i + 1).filter(|value| alone && !is_label(value)) {
            Some(value) => {
                record(&mut meta, piece, value);
                i += 2;
            }
            None => {
                record_line(&mut meta, piece);
                i += 1;
            }
        }
    }
    meta
}

/// Ends a piece of text at an element that may part a label from its value.
fn cut(piece: &mut String, pieces: &mut Vec<String>, element: &scraper::node::Element) {
    if matches!(element.name(), "span" | "font" | "a" | "i" | "em" | "u" | "sup" | "sub") {
        return;
    }
    let text = one_line(piece);
    piece.clear();
    // Labels and their values are short.
    if !text.is_empty() && text.len() <= 900 {
        pieces.push(text);
    }
}

/// Whether a table tells of the document: at least two cells are labels, and a quarter of those that say anything.
pub(super) fn is_labels(table: &Table) -> bool {
    let cells = || table.rows.iter().flatten().filter(|cell| !cell.is_empty());
    let labels = cells().filter(|cell| is_label(leading(cell))).count();
    labels >= 2 && labels * 4 >= cells().count()
}

/// The label in a cell that holds its value too.
fn leading(cell: &str) -> &str {
    cell.split_once([':', '：']).map_or(cell, |(label, _)| label)
}

fn record_table(meta: &mut Metadata, table: &Table) {
    // A row of labels alone stands over its values.
    let over = table.rows.first().filter(|row| {
        table.rows.len() > 1
            && row.iter().filter(|cell| is_label(cell)).count() >= 2
            && row.iter().all(|cell| date(cell).is_none() && !cell.contains([':', '：']))
            && table.rows[1].iter().all(|cell| !is_label(cell))
    });
    if let Some(labels) = over {
        for (label, value) in labels.iter().zip(&table.rows[1]) {
            record(meta, label, value);
        }
        return;
    }
    for row in &table.rows {
        let mut cells = row.iter();
        while let Some(cell) = cells.next() {
            if is_label(cell) {
                if let Some(value) = cells.next() {
                    record(meta, cell, value);
                }
            } else {
                record_line(meta, cell);
            }
        }
    }
}

/// Adds what the head says (国办发〔2017〕47号) where the page itself says nothing.
pub(super) fn tags(page: &Html, meta: &mut Metadata) {
    let said = |name: &str| tag(page, name);
    meta.published_on = meta.published_on.or_else(|| {
        ["PubDate", "firstpublishedtime", "Maketime"].iter().find_map(|name| said(name).as_deref().and_then(date))
    });
    meta.origin = meta.origin.take().or_else(|| said("ContentSource"));
    meta.site = said("SiteName");
}

/// The value of a head tag, its name compared without case. Empty ones and a literal `null` are none.
fn tag(page: &Html, name: &str) -> Option<String> {
    page.tree.nodes().filter_map(|node| element::of(node.value())).find_map(|found| {
        let matches =
            found.name() == "meta" && found.attr("name").is_some_and(|said| said.trim().eq_ignore_ascii_case(name));
        let value = one_line(found.attr("content").filter(|_| matches)?);
        (!value.is_empty() && value != "null" && !value.contains('<')).then_some(value)
    })
}

/// The headline: the head tag, the marks of publishing systems, a headline element, or the window's title without the
/// site's name.
pub(super) fn title(page: &Html, meta: &Metadata) -> Option<String> {
    let is_title = |text: &String| (2..=150).contains(&text.chars().count()) && meta.site.as_ref() != Some(text);
    let element = |wanted: &dyn Fn(&scraper::node::Element) -> bool| {
        page.tree
            .nodes()
            .filter_map(ElementRef::wrap)
            .filter(|found| wanted(found.value()))
            .map(|found| one_line(&found.text().collect::<String>()))
            .find(is_title)
    };
    let classed = |found: &scraper::node::Element| {
        found.classes().any(|class| {
            [
                "title",
                "articletitle",
                "article-title",
                "article_title",
                "art_title",
                "con_title",
                "weinei_left_tit_sanji",
            ]
            .contains(&class.to_ascii_lowercase().as_str())
        })
    };
    tag(page, "ArticleTitle")
        .filter(is_title)
        .or_else(|| commented(page).filter(is_title))
        .or_else(|| element(&|found| found.name() == "ucaptitle"))
        .or_else(|| element(&|found| found.name() == "h1"))
        .or_else(|| element(&classed))
        .or_else(|| element(&|found| found.name() == "h2"))
        .or_else(|| element(&|found| found.name() == "title").map(|title| without_site(&title, meta).to_owned()))
}

/// The text between the comments `<$[标题]>begin` and `<$[标题]>end`.
fn commented(page: &Html) -> Option<String> {
    let is_comment = |node: &Node, text: &str| node.as_comment().is_some_and(|comment| comment.trim() == text);
    let start = page.tree.nodes().find(|node| is_comment(node.value(), "<$[标题]>begin"))?;
    let between = start.next_siblings().take_while(|node| !is_comment(node.value(), "<$[标题]>end"));
    let text: String = between
        .flat_map(|node| node.descendants())
        .filter_map(|node| node.value().as_text())
        .map(|text| &**text)
        .collect();
    Some(one_line(&text))
}

/// A window's title up to the last stroke, where the site's name stands behind it.
fn without_site<'t>(title: &'t str, meta: &Metadata) -> &'t str {
    let Some((front, behind)) = title.rsplit_once(['-', '_', '|', '—', '–', '－']) else { return title };
    let (front, behind) = (front.trim_end_matches(['-', '_', '|', '—', '–', '－', ' ']), behind.trim());
    let is_site = meta.site.as_deref() == Some(behind)
        || ["网", "政府", "委员会", "卫生健康委", "卫生健康局", "信息", "门户", "公开"]
            .iter()
            .any(|end| behind.ends_with(end));
    if is_site && !front.is_empty() { front } else { title }
}

#[cfg(test)]
mod tests {
    use crate::html::article;

    /// The block of labels in the shapes that sites print it in, each with the same three facts.
    #[test]
    fn reads_labels_in_every_shape() {
        for block in [
            "<table class=bd1><tr><td><b>索 引 号：</b></td><td>A1/2</td><td><b>发文机关：</b></td><td>某市卫健委</td></tr>\
             <tr><td><b>成文日期：</b></td><td>2025年03月04日</td><td><b>废止日期：</b></td><td></td></tr></table>",
            "<table><tr><th>索引号</th><td>A1/2</td><th>发布机构</th><td>某市卫健委</td></tr>\
             <tr><th>文号</th><td></td><th>成文日期</th><td>2025-03-04</td></tr></table>",
            "<div class=sub><ul><li>索引号： A1/2</li><li>发布机构： 某市卫健委</li><li>成文日期： 2025/3/4</li></ul></div>",
            "<div class=wzy_sy_1><li><span>索引号：</span>A1/2</li><li>发布机构：<span>某市卫健委</span></li><li>成文日期：2025-03-04</li></div>",
            "<div class=xxgkml-content><label><font>索 引 号：</font></label><div class='display-block'>A1/2</div>\
             <label>发布机构：</label><div>某市卫健委</div><label>生成日期：</label><div>2025-03-04</div></div>",
            "<div class=metadata_content><div class=row><div><strong>索引号</strong>A1/2</div><div><strong>发布机构</strong>某市卫健委</div>\
             <div><strong>成文日期</strong>2025-03-04</div></div></div>",
            "<table><tr><td width='50%'><B>索 引 号:</B> A1/2</td><td><B>发布机构:</B><span>某市卫健委</span></td></tr>\
             <tr><td><B>分&nbsp;&nbsp;&nbsp; 类:</B> 计划</td><td><B>生成日期:</B> 2025-03-04</td></tr></table>",
        ] {
            let page = format!("<body>{block}<div id=zoom>{}</div></body>", "办好义诊，服务群众。".repeat(20));
            let meta = article(&page).meta;
            assert_eq!(meta.index_number.as_deref(), Some("A1/2"), "{block}");
            assert_eq!(meta.issuer.as_deref(), Some("某市卫健委"), "{block}");
            assert_eq!(meta.issued_on.map(|day| day.to_string()).as_deref(), Some("2025-03-04"), "{block}");
        }
    }

    #[test]
    fn reads_head_tags_in_any_spelling() {
        let body = "<body><h1>某站</h1><p>办好义诊。</p></body>";
        let page = format!(
            "<head><meta content='2025年要点' name='articletitle'><meta name=PUBDATE content='2025-10-25 11:32:34'>\
             <meta name=SiteName content='某站'><meta name=ContentSource content=null></head>{body}"
        );
        let article = article(&page);
        assert_eq!(article.title.as_deref(), Some("2025年要点"));
        assert_eq!(article.meta.published_on.unwrap().to_string(), "2025-10-25");
        assert_eq!((article.meta.site.as_deref(), article.meta.origin), (Some("某站"), None));
    }

    #[test]
    fn finds_titles_without_tags() {
        let title = |page: &str| article(page).title.unwrap_or_default();
        assert_eq!(title("<title>2025年要点-某县人民政府</title><p>办好义诊。"), "2025年要点");
        assert_eq!(title("<title>某局</title><div class=articleTitle>2025年<br>要点</div>"), "2025年要点");
        assert_eq!(title("<title>2025年要点 - 2027年要点</title>"), "2025年要点 - 2027年要点");
        assert_eq!(title("<ucaptitle>2025年要点</ucaptitle><h1>某站</h1>"), "2025年要点");
    }
}
