//! Tables with merged cells written out.

use ego_tree::{NodeRef, iter::Edge};
use scraper::{Node, node::Element};

use super::element;
use crate::{article::Table, grid::Grid};

/// The table at a node; none where it only lays out the page: it holds another table, or has a single column.
pub(super) fn read(node: NodeRef<'_, Node>) -> Option<Table> {
    let mut grid = Grid::default();
    let mut cell: Option<String> = None;
    let mut silent = 0_usize;
    for edge in node.traverse() {
        match edge {
            Edge::Open(inner) => match inner.value() {
                Node::Text(text) if silent == 0 => {
                    if let Some(cell) = &mut cell {
                        cell.push_str(text);
                    }
                }
                Node::Element(found) => {
                    silent += usize::from(element::is_left_out(found));
                    match found.name() {
                        "table" if inner.id() != node.id() => return None,
                        "tr" => grid.row(),
                        "td" | "th" => cell = Some(String::new()),
                        _ => {
                            if let Some(cell) = cell.as_mut().filter(|_| element::is_block(found)) {
                                cell.push('\n');
                            }
                        }
                    }
                }
                _ => {}
            },
            Edge::Close(inner) => {
                let Some(found) = element::of(inner.value()) else { continue };
                silent -= usize::from(element::is_left_out(found));
                if matches!(found.name(), "td" | "th")
                    && let Some(text) = cell.take()
                {
                    grid.cell(&text, span(found, "colspan"), span(found, "rowspan"));
                }
            }
        }
    }
    let table = grid.table();
    (table.rows.first().map_or(0, Vec::len) > 1).then_some(table)
}

fn span(cell: &Element, name: &str) -> usize {
    cell.attr(name).and_then(|value| value.trim().parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use crate::{article::Block, html::article};

    fn blocks(table: &str) -> Vec<Block> {
        article(&format!("<body><div id=zoom>{table}<p>{}</p></div></body>", "办好义诊，服务群众。".repeat(9))).blocks
    }

    #[test]
    fn writes_merged_cells_out() {
        let found = blocks("<table><tr><td rowspan=2>镇<td colspan=2>人<tr><td>医<td>护<tr><td>东镇<td>1<td>2</table>");
        let Block::Table(table) = &found[0] else { panic!("no table in {found:?}") };
        assert_eq!(table.rows, [["镇", "人", "人"], ["镇", "医", "护"], ["东镇", "1", "2"]]);
    }

    #[test]
    fn reads_tables_of_layout_as_text() {
        let found = blocks("<table><tr><td><p>专栏1 义诊</p><p>1.下乡。</p></td></tr></table>");
        assert_eq!(found[..2], ["专栏1 义诊", "1.下乡。"].map(|line| Block::Paragraph(line.to_owned())));
    }

    #[test]
    fn bounds_what_a_page_claims() {
        let page = "<tr><td rowspan=65534 colspan=1000>甲，乙</td><td>丙</td></tr>".repeat(3_000);
        let cells: usize = blocks(&format!("<table>{page}</table>"))
            .iter()
            .filter_map(|block| {
                if let Block::Table(table) = block {
                    Some(table.rows.iter().map(Vec::len).sum::<usize>())
                } else {
                    None
                }
            })
            .sum();
        assert!((1..1_000_000).contains(&cells), "{cells}");
    }
}
