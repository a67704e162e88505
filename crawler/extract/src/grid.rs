//! The cells of a document into a table, merged cells written out.

use std::collections::BTreeMap;

use crate::{article::Table, text::one_line};

/// Bounds on what a document may claim of its tables: columns a table, columns or rows a cell, and cells in all.
const MAX_COLUMNS: usize = 200;
const MAX_SPAN: usize = 60;
const MAX_CELLS: usize = 50_000;
/// A cell this long is a paragraph, and is not written twice.
const MAX_REPEATED: usize = 300;

/// A table that takes its cells row by row, each where the first free column is, as HTML and Word have them.
///
/// ```
/// let mut grid = extract::grid::Grid::default();
/// grid.row();
/// grid.cell("年份", 2, 1);
/// grid.row();
/// grid.cell("2020年", 1, 1);
/// grid.cell("2025年", 1, 1);
/// assert_eq!(grid.table().rows, [["年份", "年份"], ["2020年", "2025年"]]);
/// ```
#[derive(Debug, Default)]
pub struct Grid {
    rows: Vec<BTreeMap<usize, String>>,
    /// Cells that reach down into rows to come: column, rows left, text.
    hanging: Vec<(usize, usize, String)>,
    cells: usize,
}

impl Grid {
    /// Starts a row.
    pub fn row(&mut self) {
        let mut row = BTreeMap::new();
        for (column, left, text) in &mut self.hanging {
            *left -= 1;
            row.insert(*column, text.clone());
        }
        self.hanging.retain(|(_, left, _)| *left > 0);
        self.cells += row.len();
        self.rows.push(row);
    }

    /// Adds a cell to the row that was started last; its text becomes one line without tabs.
    pub fn cell(&mut self, text: &str, columns: usize, rows: usize) {
        let Some(row) = self.rows.last_mut() else { return };
        let text = one_line(text).replace('\t', " ");
        let (columns, rows) = (columns.clamp(1, MAX_SPAN), rows.clamp(1, MAX_SPAN));
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
    #[must_use]
    pub fn table(self) -> Table {
        let columns = self.rows.iter().filter_map(|row| row.keys().next_back()).max().map_or(0, |last| last + 1);
        let rows = self
            .rows
            .into_iter()
            .filter(|row| row.values().any(|text| !text.is_empty()))
            .map(|mut row| (0..columns).map(|column| row.remove(&column).unwrap_or_default()).collect())
            .collect();
        Table { rows }
    }
}
