//! Where on a page its text stands.

use std::collections::HashMap;

use ego_tree::{NodeId, NodeRef, iter::Edge};
use scraper::{Html, Node};

use super::{element, table};

/// The nodes that hold the text: one container, or the siblings between two marks.
pub(super) type Body = Vec<NodeId>;

/// How much text stands where.
pub(super) struct Survey<'a> {
    page: &'a Html,
    /// For every element the weight of the text in it.
    weights: HashMap<NodeId, usize>,
    /// Bodies that a publishing system marks, outer ones first.
    marked: Vec<Body>,
    marks: usize,
}

/// How many marks at the start of a text are followed; each is a walk over its siblings.
const MAX_MARKS: usize = 8;

impl<'a> Survey<'a> {
    /// Weighs a page in one walk.
    pub(super) fn of(page: &'a Html) -> Self {
        let mut survey = Self { page, weights: HashMap::new(), marked: Vec::new(), marks: 0 };
        let mut open: Vec<usize> = Vec::new();
        let mut silent = 0_usize;
        for edge in page.tree.root().traverse() {
            match edge {
                Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        silent += usize::from(is_silent(element));
                        open.push(0);
                        if silent == 0 && element::is_text_container(element) {
                            survey.marked.push(vec![node.id()]);
                        }
                        survey.mark(node);
                    }
                    Node::Text(text) if silent == 0 => {
                        if let Some(sum) = open.last_mut() {
                            *sum += weight(text);
                        }
                    }
                    Node::Comment(_) => survey.mark(node),
                    _ => {}
                },
                Edge::Close(node) => {
                    if let Some(element) = element::of(node.value()) {
                        silent -= usize::from(is_silent(element));
                        let sum = open.pop().unwrap_or(0);
                        survey.weights.insert(node.id(), sum);
                        if let Some(above) = open.last_mut() {
                            *above += sum;
                        }
                    }
                }
            }
        }
        survey
    }

    /// Notes the siblings between the two marks that some systems put around a text.
    fn mark(&mut self, start: NodeRef<'a, Node>) {
        let Some(end) = end_mark(start.value()) else { return };
        self.marks += 1;
        if self.marks > MAX_MARKS {
            return;
        }
        let body: Body =
            start.next_siblings().take_while(|node| !is_mark(node.value(), end)).map(|node| node.id()).collect();
        self.marked.push(body);
    }

    fn weight(&self, body: &Body) -> usize {
        body.iter().filter_map(|id| self.weights.get(id)).sum()
    }

    /// The body: the marked one with the most text, if it holds a third of the page's; else the smallest container
    /// with nearly all of the text.
    pub(super) fn body(&self) -> Body {
        let root = self.page.root_element();
        let all = self.weights.get(&root.id()).copied().unwrap_or(0);
        // Of containers with the same text the innermost is taken, which `max_by_key` finds last.
        let marked =
            self.marked.iter().max_by_key(|body| self.weight(body)).filter(|body| self.weight(body) * 3 >= all);
        if let Some(body) = marked.filter(|body| self.weight(body) > 0) {
            return body.clone();
        }
        let mut container = *root;
        while let Some(inner) = container.children().find(|child| {
            let weight = self.weights.get(&child.id()).copied().unwrap_or(0);
            weight > 0 && weight * 5 >= all * 4 && is_container(*child)
        }) {
            container = inner;
        }
        vec![container.id()]
    }
}

/// Whether the text in an element counts nothing: what is left out, and links.
fn is_silent(element: &scraper::node::Element) -> bool {
    element.name() == "a" || element::is_left_out(element)
}

/// Text with the signs of sentences counts in full; labels, menus and dates count a quarter.
fn weight(text: &str) -> usize {
    let chars = text.chars().filter(|c| !c.is_whitespace()).count();
    if text.contains(['，', '。', '；', '、', ',', ';']) { chars } else { chars / 4 }
}

/// Whether an element may hold the whole text: a box of the page's layout, a table among them if it is no table of data.
fn is_container(node: NodeRef<'_, Node>) -> bool {
    let layout = ["body", "div", "section", "article", "main", "form", "center", "tbody", "tr", "td", "font", "span"];
    element::of(node.value()).is_some_and(|found| match found.name() {
        "table" => table::read(node).is_none(),
        name => layout.contains(&name),
    })
}

/// The end that belongs to a mark at the start of a text.
fn end_mark(node: &Node) -> Option<&'static str> {
    [("<$[信息内容]>begin", "<$[信息内容]>end"), ("ContentStart", "ContentEnd")]
        .into_iter()
        .find(|(start, _)| is_mark(node, start))
        .map(|(_, end)| end)
}

/// Whether a node is this mark: a comment, or `<meta name="…">`.
fn is_mark(node: &Node, mark: &str) -> bool {
    match node {
        Node::Comment(comment) => comment.trim() == mark,
        Node::Element(element) => element.name() == "meta" && element.attr("name") == Some(mark),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{article::Block, html::article};

    fn text(page: &str) -> String {
        article(page).blocks.iter().filter_map(Block::line).collect::<Vec<_>>().join("|")
    }

    /// Two paragraphs in the body, in the ways in which systems print one, among what stands around it.
    #[test]
    fn finds_the_text_in_every_system() {
        let body = "<p>一、办好义诊，服务群众，村村都去。</p><p>二、办好门诊，服务群众，镇镇都设。</p>";
        for page in [
            format!(
                "<div class=a><div class='view TRS_UEDITOR trs_paper_default trs_word'><style>.TRS_Editor p{{a:b}}</style>{body}</div></div>"
            ),
            format!("<div id=dochtmlcon><div class=TRS_Editor><div id=content>{body}</div></div></div>"),
            format!("<div id=zoom><div id=font><ucapcontent>{body}</ucapcontent></div></div>"),
            format!(
                "<div id=UCAP-CONTENT><div class=trs_editor_view>{}</div></div>",
                body.replace("</p><p>", "</p><p>#PAGE_BREAK#</p><p>")
            ),
            format!("<form name=_newscontent_fromname><div id=vsb_content_2>{body}</div></form>"),
            format!(
                "<td><!--<$[信息内容]>begin--><meta name=ContentStart>{body}<meta name=ContentEnd><!--<$[信息内容]>end-->相关链接：别的，也好</td>"
            ),
            format!("<table><tr><td>{body}</td></tr></table>"),
            format!("<div><div><div>{}</div></div></div>", body.replace("<p>", "<div>　　").replace("</p>", "</div>")),
        ] {
            let page = format!(
                "<body><div class=nav><ul><li><a>首页，新闻，公开</a></li></ul></div><div class=bdsharebuttonbox>分享到：微信，微博</div>\
                 <div style='display: none'>请关注我们，不要离开。</div>{page}<div class=footer>主办单位：某局，某站</div>\
                 <script>document.write('点击，阅读。')</script></body>"
            );
            assert_eq!(text(&page), "一、办好义诊，服务群众，村村都去。|二、办好门诊，服务群众，镇镇都设。", "{page}");
        }
    }

    #[test]
    fn finds_nothing_on_a_page_of_furniture() {
        let page = "<body><div class=nav><a>首页</a></div><p>当前位置：首页</p><p>扫一扫在手机打开当前页</p><div class=footer>某局</div></body>";
        assert_eq!(text(page), "");
    }
}
