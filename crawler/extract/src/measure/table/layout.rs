//! Where tables stand in a plan's text.

use std::{ops::Range, sync::LazyLock};

use entity::value::SectionKind;
use regex::Regex;

use crate::{Plan, Section, metadata::pattern};

/// A table in a plan's text.
#[derive(Debug)]
pub(super) struct Layout {
    /// All of it.
    pub(super) range: Range<usize>,
    pub(super) rows: Vec<Row>,
    /// Whether the document itself has it as a table, with as many cells in every row; else its cells are only set
    /// apart by white space, and empty ones leave no trace.
    pub(super) ruled: bool,
}

/// A row, which is a line of the text.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) range: Range<usize>,
    pub(super) cells: Vec<Range<usize>>,
}

impl Row {
    /// The cells' texts, folded.
    pub(super) fn texts(&self, text: &str) -> Vec<String> {
        self.cells.iter().map(|cell| super::fold(&text[cell.clone()])).collect()
    }
}

/// White space that sets two cells apart: a tab, or more than one blank.
static GAP: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[ \u{a0}\u{3000}]*\t[ \u{a0}\u{3000}]*|[ \u{a0}\u{3000}]{2,}"));

/// Any white space.
static BLANK: LazyLock<Regex> = LazyLock::new(|| pattern(r"[ \t\u{a0}\u{3000}]+"));

/// The longest line that can head a group of rows, in characters.
const GROUP: usize = 20;

/// All tables of a plan, in order.
pub(super) fn tables(plan: &Plan) -> Vec<Layout> {
    let mut tables: Vec<Layout> = plan
        .sections
        .iter()
        .filter(|section| section.kind == SectionKind::Table)
        .map(|section| Layout { range: section.range.clone(), rows: rows(&plan.text, section), ruled: true })
        .collect();
    let closed = |section: &&Section| matches!(section.kind, SectionKind::Table | SectionKind::Glossary);
    let mut from = 0;
    for section in plan.sections.iter().filter(closed) {
        if section.range.start > from {
            unruled(&plan.text, from..section.range.start, &mut tables);
        }
        from = from.max(section.range.end);
    }
    unruled(&plan.text, from.min(plan.text.len())..plan.text.len(), &mut tables);
    tables
}

/// The rows of a table's section.
pub(super) fn rows(text: &str, section: &Section) -> Vec<Row> {
    lines(text, section.range.clone()).map(|line| row(text, line)).collect()
}

/// Tables whose cells are set apart by white space alone: a line of three cells or more, and the rows below it.
fn unruled(text: &str, range: Range<usize>, tables: &mut Vec<Layout>) {
    let mut open: Vec<Row> = Vec::new();
    let mut heads = None;
    // Whether single blanks set the cells apart, as in text copied out of a PDF.
    let mut tight = false;
    for line in lines(text, range) {
        if open.is_empty() {
            tight = heads_columns(&text[line.clone()]);
        }
        let row = if tight { cells_between(&BLANK, text, line) } else { cells_between(&GAP, text, line) };
        if row.cells.len() >= if open.is_empty() { 3 } else { 2 } {
            open.extend(heads.take());
            open.push(row);
        } else if !open.is_empty() && heads.is_none() && text[row.range.clone()].chars().count() <= GROUP {
            // It heads a group if rows go on behind it.
            heads = Some(row);
        } else {
            heads = None;
            close(&mut open, tables);
        }
    }
    close(&mut open, tables);
}

/// Whether a line is the header of a table of indicators, its cells set apart by single blanks: 指标 单位 2020年 2025年.
fn heads_columns(line: &str) -> bool {
    let cells: Vec<&str> = line.split_whitespace().collect();
    let dated = |cell: &&&str| cell.contains('年') && cell.contains(|c: char| c.is_ascii_digit());
    (4..=12).contains(&cells.len())
        && cells.iter().any(|cell| matches!(*cell, "单位" | "计量单位"))
        && cells.iter().any(|cell| cell.starts_with("指标") || cell.ends_with("名称"))
        && cells.iter().any(|cell| dated(&cell) || cell.contains("目标"))
}

fn close(open: &mut Vec<Row>, tables: &mut Vec<Layout>) {
    let rows = std::mem::take(open);
    if let [first, .., last] = &rows[..] {
        tables.push(Layout { range: first.range.start..last.range.end, rows, ruled: false });
    }
}

/// The lines of a stretch of text that hold something, line breaks left out.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let start = range.start;
    text[range]
        .split_inclusive('\n')
        .scan(start, |at, line| {
            let begin = *at;
            *at += line.len();
            Some(begin..begin + line.trim_end_matches('\n').len())
        })
        .filter(|line| !line.is_empty())
}

fn row(text: &str, range: Range<usize>) -> Row {
    let cells = text[range.clone()]
        .split('\t')
        .scan(range.start, |at, cell| {
            let begin = *at;
            *at += cell.len() + 1;
            Some(begin..begin + cell.len())
        })
        .collect();
    Row { range, cells }
}

fn cells_between(gap: &Regex, text: &str, range: Range<usize>) -> Row {
    let mut cells = Vec::new();
    let mut from = range.start;
    for gap in gap.find_iter(&text[range.clone()]) {
        cells.push(from..range.start + gap.start());
        from = range.start + gap.end();
    }
    cells.push(from..range.end);
    Row { range, cells }
}
