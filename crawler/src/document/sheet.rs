//! Excel files: XLSX and XLS.

mod biff;
mod shown;

use std::{collections::HashMap, io::Cursor};

use calamine::{Data, Dimensions, Range, Reader, SheetVisible, Xls, XlsError, Xlsx, XlsxError};
use extract::{
    Article,
    article::{Block, Table},
    plain,
    text::one_line,
};

use super::DocumentError;

/// Cells that a sheet may span.
const CELLS: usize = 200_000;

/// Row and column.
type Place = (u32, u32);

pub(super) fn article(bytes: &[u8]) -> Result<Article, DocumentError> {
    let damaged = |reason: String| DocumentError::Damaged { kind: "Excel file".to_owned(), reason };
    let encrypted = || DocumentError::Encrypted("Excel file".to_owned());
    let mut blocks = Vec::new();
    if bytes.starts_with(b"PK") {
        let failure = |error: XlsxError| match error {
            XlsxError::Password => encrypted(),
            other => damaged(other.to_string()),
        };
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(failure)?;
        for name in visible(&book) {
            let cells = book.worksheet_range(&name).map_err(failure)?;
            let merges = book.merge_cells_by_sheet_name(&name).map_err(failure)?;
            let styles = book.worksheet_style(&name).map_err(failure)?;
            let format = |place: Place| Some(styles.get(place)?.number_format.as_ref()?.format_code.to_string());
            sheet(&cells, &merges, format, &mut blocks)?;
        }
    } else {
        let failure = |error: XlsError| match error {
            XlsError::Password => encrypted(),
            other => damaged(other.to_string()),
        };
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(failure)?;
        let formats = biff::formats(bytes).unwrap_or_default();
        let names = book.sheet_names();
        for name in visible(&book) {
            let cells = book.worksheet_range(&name).map_err(failure)?;
            let merges = book.merge_cells_by_sheet_name(&name).map_err(failure)?;
            let formats = names.iter().position(|sheet| *sheet == name).and_then(|at| formats.get(at));
            let format = |place: Place| formats?.get(&place).cloned();
            sheet(&cells, &merges, format, &mut blocks)?;
        }
    }
    Ok(plain::document(blocks))
}

fn visible<'a, B: Reader<Cursor<&'a [u8]>>>(book: &B) -> Vec<String> {
    let shown = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible;
    book.sheets_metadata().iter().filter(shown).map(|sheet| sheet.name.clone()).collect()
}

/// A sheet as a table with merged cells written out; the lines above and below it that fill one cell are paragraphs.
fn sheet(
    cells: &Range<Data>,
    merges: &[Dimensions],
    format: impl Fn(Place) -> Option<String>,
    blocks: &mut Vec<Block>,
) -> Result<(), DocumentError> {
    let (Some(start), Some(end)) = (cells.start(), cells.end()) else { return Ok(()) };
    let (height, width) = cells.get_size();
    if height.saturating_mul(width) > CELLS {
        let limit = format!("{CELLS} cells on a sheet");
        return Err(DocumentError::TooLarge { kind: "Excel file".to_owned(), limit });
    }
    let mut owners: HashMap<Place, Place> = HashMap::new();
    for merge in merges {
        for row in merge.start.0.max(start.0)..=merge.end.0.min(end.0) {
            for column in merge.start.1.max(start.1)..=merge.end.1.min(end.1) {
                owners.insert((row, column), merge.start);
            }
        }
    }
    let text = |row: u32, column: u32| {
        let place = owners.get(&(row, column)).copied().unwrap_or((row, column));
        cells.get_value(place).map(|data| written(data, format(place).as_deref())).unwrap_or_default()
    };
    let mut rows: Vec<Vec<String>> = (start.0..=end.0)
        .map(|row| (start.1..=end.1).map(|column| text(row, column)).collect::<Vec<_>>())
        .filter(|row| row.iter().any(|cell| !cell.is_empty()))
        .collect();
    let is_table = |row: &Vec<String>| alone(row).is_none();
    let first = rows.iter().position(is_table).unwrap_or(rows.len());
    let last = rows.iter().rposition(is_table).map_or(first, |last| last + 1);
    let paragraph = |row: &Vec<String>| alone(row).map(|line| Block::Paragraph(line.to_owned()));
    let below: Vec<Block> = rows[last..].iter().filter_map(paragraph).collect();
    blocks.extend(rows[..first].iter().filter_map(paragraph));
    rows.truncate(last);
    rows.drain(..first);
    if !rows.is_empty() {
        blocks.push(Block::Table(Table { rows }));
    }
    blocks.extend(below);
    Ok(())
}

/// The text of a row that has only one, which may be merged over several columns.
fn alone(row: &[String]) -> Option<&str> {
    let mut told = row.iter().filter(|cell| !cell.is_empty());
    let first = told.next()?;
    told.all(|cell| cell == first).then_some(first)
}

/// A cell as it is shown.
fn written(data: &Data, format: Option<&str>) -> String {
    match data {
        Data::String(text) => one_line(text).replace('\t', " "),
        Data::Int(number) => shown::number(*number as f64, format),
        Data::Float(number) => shown::number(*number, format),
        Data::DateTime(moment) => shown::date(moment, format),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(_) | Data::Error(_) | Data::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_cells_as_they_are_shown() {
        assert_eq!(written(&Data::Int(1), Some("0%")), "100%");
        assert_eq!(written(&Data::Float(0.954), Some("0%")), "95%");
        assert_eq!(written(&Data::String("人均预期\n寿命".to_owned()), None), "人均预期寿命");
    }
}
