//! The nodes of a body into blocks.

use ego_tree::iter::Edge;
use scraper::{Html, Node};

use super::{body::Body, element, head, table};
use crate::article::Block;

/// The blocks of a body in reading order.
pub(super) fn read(page: &Html, body: &Body) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut line = String::new();
    for root in body.iter().filter_map(|id| page.tree.get(*id)) {
        let mut skipped = None;
        for edge in root.traverse() {
            match edge {
                Edge::Open(_) if skipped.is_some() => {}
                Edge::Open(node) => match node.value() {
                    Node::Text(text) => line.push_str(text),
                    Node::Element(found) => {
                        if element::is_block(found) {
                            flush(&mut line, &mut blocks, false);
                        }
                        if element::is_left_out(found) {
                            skipped = Some(node.id());
                        } else if found.name() == "table"
                            && let Some(table) = table::read(node)
                        {
                            skipped = Some(node.id());
                            if !head::is_labels(&table) {
                                blocks.push(Block::Table(table));
                            }
                        }
                    }
                    _ => {}
                },
                Edge::Close(node) if skipped == Some(node.id()) => skipped = None,
                Edge::Close(_) if skipped.is_some() => {}
                Edge::Close(node) => {
                    if let Some(found) = element::of(node.value()).filter(|found| element::is_block(found)) {
                        flush(&mut line, &mut blocks, element::is_heading(found));
                    }
                }
            }
        }
    }
    flush(&mut line, &mut blocks, false);
    blocks
}

fn flush(line: &mut String, blocks: &mut Vec<Block>, heading: bool) {
    let text = one_line(line);
    line.clear();
    if !text.is_empty() {
        blocks.push(if heading { Block::Heading(text) } else { Block::Paragraph(text) });
    }
}

/// Text as one line: white space at its ends taken off, and line breaks of the source, which show as a blank between
/// words and as nothing between Chinese characters. Other white space stays as it is.
pub(super) fn one_line(text: &str) -> String {
    let text = text.trim_matches(is_blank);
    let mut line = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(char::is_whitespace) {
        let (word, behind) = rest.split_at(at);
        line.push_str(word);
        let next = behind.trim_start();
        let space = &behind[..behind.len() - next.len()];
        if !space.contains(['\n', '\r', '\t']) {
            line.push_str(space);
        } else if !(line.chars().next_back().is_some_and(is_wide) && next.chars().next().is_some_and(is_wide)) {
            line.push(' ');
        }
        rest = next;
    }
    line.push_str(rest);
    line
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}')
}

/// Chinese characters and signs.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{206f}' | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn joins_lines_of_the_source() {
        assert_eq!(one_line("\u{3000}\u{3000}办好\n      义诊 \u{a0}到 2025\n年\t"), "办好义诊 \u{a0}到 2025 年");
    }
}
