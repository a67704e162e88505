//! Word files: DOCX and DOC.

use extract::{Article, article::Block, grid::Grid, plain, text::one_line};
use undoc::{Block as Part, Paragraph, Table, model::RevisionType};

use super::DocumentError;

pub(super) fn article(bytes: &[u8]) -> Result<Article, DocumentError> {
    let document = undoc::parse_bytes(bytes).map_err(|error| match error {
        undoc::Error::Encrypted => DocumentError::Encrypted("Word file".to_owned()),
        other => DocumentError::Damaged { kind: "Word file".to_owned(), reason: other.to_string() },
    })?;
    let mut blocks = Vec::new();
    for part in document.sections.iter().flat_map(|section| &section.content) {
        match part {
            Part::Paragraph(paragraph) => lines(paragraph, &mut blocks),
            Part::Table(table) if table.column_count() > 1 => blocks.push(Block::Table(grid(table).table())),
            // A frame around text, as boxes (专栏) have it.
            Part::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                cells.flat_map(|cell| &cell.content).for_each(|paragraph| lines(paragraph, &mut blocks));
            }
            Part::Note { content, .. } => content.iter().for_each(|paragraph| lines(paragraph, &mut blocks)),
            Part::PageBreak | Part::SectionBreak | Part::Image { .. } => {}
        }
    }
    Ok(plain::document(blocks))
}

/// The lines of a paragraph, for writers break lines where they mean paragraphs.
fn lines(paragraph: &Paragraph, blocks: &mut Vec<Block>) {
    let mut text = text(paragraph);
    // Numbers that the program counts stand in no run.
    if let Some(number) = paragraph.list_info.as_ref().and_then(|list| list.number) {
        text.insert_str(0, &format!("{number}."));
    }
    for line in text.split('\n').map(one_line).filter(|line| !line.is_empty()) {
        blocks.push(if paragraph.is_heading() { Block::Heading(line) } else { Block::Paragraph(line) });
    }
}

/// The words of a paragraph, without those struck by a reviser and without the signs of notes.
fn text(paragraph: &Paragraph) -> String {
    let mut text = String::new();
    for run in paragraph.runs.iter().filter(|run| run.revision != RevisionType::Deleted) {
        text.push_str(&run.text);
        if run.line_break {
            text.push('\n');
        }
    }
    text
}

fn grid(table: &Table) -> Grid {
    let mut grid = Grid::default();
    for row in &table.rows {
        grid.row();
        for cell in &row.cells {
            let text: Vec<String> = cell.content.iter().map(text).collect();
            grid.cell(&text.join("\n"), cell.col_span as usize, cell.row_span as usize);
        }
    }
    grid
}
