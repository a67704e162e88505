//! PDF: the text layer.

use extract::{Article, article::Block, grid::Grid, plain, text::one_line};
use unpdf::{Block as Part, Document, Error, ParseOptions, Table};

use super::DocumentError;

/// A page with fewer characters is a picture, but for a page number or a stamp.
const PAGE: usize = 20;
/// A line of fewer characters is not broken by the end of a page, it ends.
const LINE: usize = 25;

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
    let mut blocks: Vec<Block> = Vec::new();
    for page in document.pages {
        let mut at_top = true;
        for part in page.elements {
            let block = match part {
                Part::Paragraph(paragraph) => {
                    let text = one_line(&paragraph.plain_text());
                    if paragraph.is_heading() { Block::Heading(text) } else { Block::Paragraph(text) }
                }
                Part::Table(table) => Block::Table(grid(&table).table()),
                Part::Code { content } | Part::Raw { content } => Block::Paragraph(one_line(&content)),
                _ => continue,
            };
            if block.line().is_some_and(|line| line.is_empty() || is_page_number(line)) {
                continue;
            }
            if let Some(block) = if at_top { joined(&mut blocks, block) } else { Some(block) } {
                blocks.push(block);
            }
            at_top = false;
        }
    }
    blocks
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
        Block::Heading(line) | Block::Paragraph(line) => count(line),
    }
}
