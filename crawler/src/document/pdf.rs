//! PDF: the text layer.

use std::collections::{HashMap, VecDeque};

use extract::{Article, article::Block, grid::Grid, plain, text::one_line};
use unpdf::{Block as Part, Document, Error, ParseOptions, Table};

use super::DocumentError;

/// A page with fewer characters is a picture, but for a page number or a stamp.
const PAGE: usize = 20;
/// A line of fewer characters is not broken by the end of a page, it ends.
const LINE: usize = 25;

/// How many lines run along each end of the pages, and how many characters one has at most.
const RUNNING: usize = 2;
const RUNNING_LINE: usize = 80;

pub(super) fn article(bytes: &[u8]) -> Result<Article, DocumentError> {
    let options = ParseOptions::new().lenient().with_resources(false).sequential();
    let document = unpdf::parse_bytes_with_options(bytes, options).map_err(|error| failure(&error))?;
    let pages = document.pages.len();
    let blocks = blocks(document);
    let characters = blocks.iter().map(letters).sum();
    if characters < pages * PAGE {
        return Err(DocumentError::Scanned { pages, characters });
    }
    Ok(plain::document(blocks))
}

fn failure(error: &Error) -> DocumentError {
    match error {
        Error::Encrypted | Error::InvalidPassword => DocumentError::Encrypted("PDF".to_owned()),
        other => DocumentError::Damaged { kind: "PDF".to_owned(), reason: other.to_string() },
    }
}

/// Paragraphs and tables in reading order, those put together that the end of a page parts.
fn blocks(document: Document) -> Vec<Block> {
    let mut pages: Vec<VecDeque<Block>> = document.pages.into_iter().map(|page| of_page(page.elements)).collect();
    for _ in 0..RUNNING {
        drop_running(&mut pages, VecDeque::front, VecDeque::pop_front);
        drop_running(&mut pages, VecDeque::back, VecDeque::pop_back);
    }
    let mut blocks: Vec<Block> = Vec::new();
    for mut page in pages {
        let first = page.pop_front().and_then(|first| joined(&mut blocks, first));
        blocks.extend(first);
        blocks.extend(page);
    }
    blocks
}

fn of_page(parts: Vec<Part>) -> VecDeque<Block> {
    let block = |part: Part| {
        Some(match part {
            Part::Paragraph(paragraph) => {
                let text = one_line(&paragraph.plain_text());
                match paragraph.heading_level() {
                    Some(level) => Block::Heading(text, level),
                    None => Block::Paragraph(text),
                }
            }
            Part::Table(table) => Block::Table(grid(&table).table()),
            Part::Code { content } | Part::Raw { content } => Block::Paragraph(one_line(&content)),
            _ => return None,
        })
    };
    let is_text = |block: &Block| !block.line().is_some_and(|line| line.is_empty() || is_page_number(line));
    parts.into_iter().filter_map(block).filter(is_text).collect()
}

/// Takes the line at one end of each page away where it runs through the document: the same words, but for page
/// numbers, on at least two pages and half of all.
fn drop_running(
    pages: &mut [VecDeque<Block>],
    end: fn(&VecDeque<Block>) -> Option<&Block>,
    take: fn(&mut VecDeque<Block>) -> Option<Block>,
) {
    let words = |page: &VecDeque<Block>| -> Option<String> {
        let line = end(page)?.line()?;
        let words: String = line.chars().filter(|c| c.is_alphabetic()).collect();
        (!words.is_empty() && line.chars().count() <= RUNNING_LINE).then_some(words)
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    pages.iter().filter_map(words).for_each(|words| *counts.entry(words).or_default() += 1);
    let half = pages.len().div_ceil(2).max(2);
    for page in pages.iter_mut().filter(|page| words(page).is_some_and(|words| counts[&words] >= half)) {
        take(page);
    }
}

/// Adds the first block of a page to the last one of the page before, where that goes on in it; else gives it back.
fn joined(blocks: &mut [Block], first: Block) -> Option<Block> {
    let columns = |rows: &[Vec<String>]| rows.first().map_or(0, Vec::len);
    match (blocks.last_mut(), first) {
        (Some(Block::Paragraph(above)), Block::Paragraph(below)) if is_broken(above) => {
            above.push_str(&below);
            None
        }
        (Some(Block::Table(above)), Block::Table(mut below)) if columns(&above.rows) == columns(&below.rows) => {
            above.rows.append(&mut below.rows);
            None
        }
        (_, first) => Some(first),
    }
}

/// Whether a paragraph ends in the middle of a sentence.
fn is_broken(paragraph: &str) -> bool {
    const ENDS: &[char] = &['。', '！', '？', '；', '：', '.', '!', '?', ';', ':', '”', '）', ')'];
    paragraph.chars().count() >= LINE && !paragraph.ends_with(ENDS)
}

/// — 3 —, - 3 -, 第3页.
fn is_page_number(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || "-—–－·第页".contains(c));
    (1..=4).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit())
}

fn grid(table: &Table) -> Grid {
    let mut grid = Grid::default();
    for row in &table.rows {
        grid.row();
        for cell in &row.cells {
            let text: Vec<String> = cell.content.iter().map(unpdf::Paragraph::plain_text).collect();
            grid.cell(&text.join("\n"), cell.colspan.into(), cell.rowspan.into());
        }
    }
    grid
}

/// Characters of a block, white space left out.
fn letters(block: &Block) -> usize {
    let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    match block {
        Block::Table(table) => table.rows.iter().flatten().map(|cell| count(cell)).sum(),
        Block::Heading(line, _) | Block::Paragraph(line) => count(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lines: &[&str]) -> VecDeque<Block> {
        lines.iter().map(|line| Block::Paragraph((*line).to_owned())).collect()
    }

    #[test]
    fn drops_lines_that_run_through_the_pages() {
        let mut pages = [
            page(&["某市规划", "一、修路", "某局 第1页"]),
            page(&["某市规划", "二、架桥", "某局 第2页"]),
            page(&["某市规划", "三、点灯", "三年做完", "某局 第3页"]),
        ];
        drop_running(&mut pages, VecDeque::front, VecDeque::pop_front);
        drop_running(&mut pages, VecDeque::back, VecDeque::pop_back);
        assert_eq!(pages, [page(&["一、修路"]), page(&["二、架桥"]), page(&["三、点灯", "三年做完"])]);
        // Two pages that start differently, and a document of one page.
        for mut pages in [vec![page(&["一、修路"]), page(&["二、架桥"])], vec![page(&["一、修路"])]] {
            let whole = pages.clone();
            drop_running(&mut pages, VecDeque::front, VecDeque::pop_front);
            assert_eq!(pages, whole);
        }
    }
}
