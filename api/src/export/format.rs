//! Rows as bytes.

use serde::{Serializer as _, ser::SerializeMap as _};

use super::{
    column::{Cell, Column},
    parquet::Parquet,
};
use crate::Error;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, in UTF-8 with a byte order mark, without which Excel garbles Chinese. What is missing is empty. A text
    /// that a spreadsheet would take for a formula has an apostrophe in front.
    Csv,
    /// A JSON object a line.
    Jsonl,
    /// Apache Parquet, compressed with zstd.
    Parquet,
}

/// Tells spreadsheets that a file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Jsonl, Self::Parquet];

    /// The ending of its files' names.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// Its media type.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The one whose files end so.
    pub(super) fn with_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending() == ending)
    }
}

/// Writes a file as rows come.
pub(super) enum Writer {
    Csv {
        /// Written before the first row.
        head: Option<Vec<&'static str>>,
    },
    Jsonl {
        names: Vec<&'static str>,
    },
    Parquet(Box<Parquet>),
}

impl Writer {
    /// A file with these columns.
    pub(super) fn new(format: Format, columns: &[Column]) -> Result<Self, Error> {
        let names = columns.iter().map(|column| column.name).collect();
        Ok(match format {
            Format::Csv => Self::Csv { head: Some(names) },
            Format::Jsonl => Self::Jsonl { names },
            Format::Parquet => Self::Parquet(Box::new(Parquet::new(columns)?)),
        })
    }

    /// The bytes that can be given away after these rows.
    pub(super) fn rows(&mut self, rows: Vec<Vec<Cell>>) -> Result<Vec<u8>, Error> {
        match self {
            Self::Csv { head } => csv(head.take(), &rows),
            Self::Jsonl { names } => jsonl(names, &rows),
            Self::Parquet(file) => file.rows(rows),
        }
    }

    /// The last bytes.
    pub(super) fn finish(self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Csv { .. } | Self::Jsonl { .. } => Ok(Vec::new()),
            Self::Parquet(file) => file.finish(),
        }
    }
}

fn csv(head: Option<Vec<&'static str>>, rows: &[Vec<Cell>]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    if head.is_some() {
        bytes.extend_from_slice(BYTE_ORDER_MARK);
    }
    let mut lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bytes);
    let unwritten = |error: csv::Error| Error::Internal(format!("a line of CSV was not written: {error}"));
    if let Some(names) = head {
        lines.write_record(names).map_err(unwritten)?;
    }
    for row in rows {
        lines.write_record(row.iter().map(field)).map_err(unwritten)?;
    }
    lines.into_inner().map_err(|error| Error::Internal(format!("lines of CSV were not written: {error}")))
}

/// A value of a CSV file. Pages come from anywhere, and a spreadsheet computes what looks like a formula.
fn field(cell: &Cell) -> String {
    let text = cell.text();
    let computes = matches!(cell, Cell::Text(_)) && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if computes { format!("'{text}") } else { text }
}

fn jsonl(names: &[&'static str], rows: &[Vec<Cell>]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for row in rows {
        let mut line = serde_json::Serializer::new(&mut bytes);
        let written = (&mut line).serialize_map(Some(names.len())).and_then(|mut object| {
            for (name, cell) in names.iter().zip(row) {
                object.serialize_entry(name, cell)?;
            }
            object.end()
        });
        written.map_err(|error| Error::Internal(format!("a line of JSON was not written: {error}")))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Vec<Vec<Cell>> {
        let text = |text: &str| Cell::Text(text.to_owned());
        vec![vec![text("每千人\"床位\",张"), Cell::Number(82.6), Cell::Missing, text("=1+1"), Cell::Number(-3.0)]]
    }

    #[test]
    fn a_csv_file_is_what_excel_opens() {
        let bytes = csv(Some(vec!["name", "value", "unit", "x", "y"]), &row()).unwrap();
        let text = "\u{feff}name,value,unit,x,y\r\n\"每千人\"\"床位\"\",张\",82.6,,'=1+1,-3\r\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), text);
        assert!(!csv(None, &row()).unwrap().starts_with(BYTE_ORDER_MARK), "only once a file");
    }

    #[test]
    fn a_line_of_json_has_each_value_as_it_is() {
        let bytes = jsonl(&["name", "value", "unit", "x", "y"], &row()).unwrap();
        let text = "{\"name\":\"每千人\\\"床位\\\",张\",\"value\":82.6,\"unit\":null,\"x\":\"=1+1\",\"y\":-3.0}\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), text);
    }
}
