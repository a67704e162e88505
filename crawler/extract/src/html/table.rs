//! Tables with merged cells written out.

use std::collections::BTreeMap;

use ego_tree::{NodeRef, iter::Edge};
use scraper::{Node, node::Element};

use super::{blocks::one_line, element};
use crate::article::Table;

/// Bounds on what a page may claim of its tables: columns a table, columns a cell, and cells in all.
const MAX_COLUMNS: usize = 200;
const MAX_SPAN: usize = 60;
const MAX_CELLS: usize = 50_000;
/// A cell this long is a paragraph, and is not written twice.
const MAX_REPEATED: usize = 300;

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
                    grid.cell(one_line(&text).replace('\t', " "), span(found, "colspan"), span(found, "rowspan"));
                }
            }
        }
    }
    let rows = grid.rows();
    (rows.iter().map(Vec::len).max().unwrap_or(0) > 1).then_some(Table { rows })
}

fn span(cell: &Element, name: &str) -> usize {
    cell.attr(name).and_then(|value| value.trim().parse().ok()).unwrap_or(1).clamp(1, MAX_SPAN)
}

/// Cells by row and column.
#[derive(Default)]
struct Grid {
    rows: Vec<BTreeMap<usize, String>>,
    /// Cells that reach down into rows to come: column, rows left, text.
    hanging: Vec<(usize, usize, String)>,
    cells: usize,
}

impl Grid {
    fn row(&mut self) {
        let mut row = BTreeMap::new();
        for (column, left, text) in &mut self.hanging {
            *left -= 1;
            row.insert(*column, text.clone());
        }
        self.hanging.retain(|(_, left, _)| *left > 0);
        self.cells += row.len();
        self.rows.push(row);
    }

    fn cell(&mut self, text: String, columns: usize, rows: usize) {
        let Some(row) = self.rows.last_mut() else { return };
        let start = (0..MAX_COLUMNS).find(|column| !row.contains_key(column)).unwrap_or(MAX_COLUMNS);
        for column in (start..start + columns).take_while(|column| *column < MAX_COLUMNS) {
            if self.cells >= MAX_CELLS {
                return;
            }
            self.cells += 1;
            let repeated = if text.len() > MAX_REPEATED { String::new() } else { text.clone() };
            if rows > 1 {
                self.hanging.push((column, rows - 1, repeated.clone()));
            }
            row.insert(column, if column == start { text.clone() } else { repeated });
        }
    }

    /// Every row with the same number of cells, rows without text left out.
    fn rows(self) -> Vec<Vec<String>> {
        let columns = self.rows.iter().filter_map(|row| row.keys().next_back()).max().map_or(0, |last| last + 1);
        self.rows
            .into_iter()
            .filter(|row| row.values().any(|text| !text.is_empty()))
            .map(|mut row| (0..columns).map(|column| row.remove(&column).unwrap_or_default()).collect())
            .collect()
    }
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
