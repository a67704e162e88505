//! The nodes of a body into blocks.

use ego_tree::iter::Edge;
use scraper::{Html, Node};

use super::{body::Body, element, head, table};
use crate::{article::Block, text::one_line};

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
                            flush(&mut line, &mut blocks, None);
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
                        flush(&mut line, &mut blocks, element::heading_level(found));
                    }
                }
            }
        }
    }
    flush(&mut line, &mut blocks, None);
    blocks
}

fn flush(line: &mut String, blocks: &mut Vec<Block>, heading: Option<u8>) {
    let text = one_line(line);
    line.clear();
    if !text.is_empty() {
        blocks.push(match heading {
            Some(level) => Block::Heading(text, level),
            None => Block::Paragraph(text),
        });
    }
}
