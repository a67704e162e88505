//! The number formats of the cells of an XLS file (MS-XLS), which its reader does not tell.

use std::{
    collections::HashMap,
    io::{Cursor, Read},
};

/// Formats by sheet, in the order of the file, and by row and column.
pub(super) type Formats = Vec<HashMap<(u32, u32), String>>;

// Types of records (2.3).
const FORMULA: u16 = 0x0006;
const BOUND_SHEET: u16 = 0x0085;
const MUL_RK: u16 = 0x00BD;
const XF: u16 = 0x00E0;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027E;
const FORMAT: u16 = 0x041E;
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
/// The version of Excel 97 to 2003 in BOF; older files have other records.
const BIFF8: u16 = 0x0600;

/// The formats of all cells with numbers; none where the file is damaged or older than Excel 97.
pub(super) fn formats(bytes: &[u8]) -> Option<Formats> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let mut stream = Vec::new();
    file.open_stream("/Workbook").ok()?.read_to_end(&mut stream).ok()?;
    read(&stream)
}

fn read(stream: &[u8]) -> Option<Formats> {
    let mut sheets = Vec::new();
    let mut codes: HashMap<u16, String> = HashMap::new();
    let mut cells: Vec<u16> = Vec::new();
    for (kind, body) in records(stream) {
        match kind {
            BOF if u16_at(body, 0)? != BIFF8 => return None,
            BOUND_SHEET => sheets.push(u32_at(body, 0)? as usize),
            FORMAT => drop(codes.insert(u16_at(body, 0)?, string(body.get(2..)?)?)),
            XF => cells.push(u16_at(body, 2)?),
            EOF => break,
            _ => {}
        }
    }
    let code = |cell: u16| {
        let format = cells.get(usize::from(cell))?;
        codes.get(format).cloned().or_else(|| builtin(*format).map(str::to_owned))
    };
    let sheet = |start: &usize| {
        let mut found = HashMap::new();
        for (kind, body) in records(stream.get(*start..).unwrap_or_default()).skip(1) {
            let at = |column: usize| Some((u16_at(body, 0)?.into(), (u16_at(body, 2)? as usize + column) as u32));
            match kind {
                NUMBER | RK | FORMULA => {
                    if let Some((place, code)) = at(0).zip(u16_at(body, 4).and_then(code)) {
                        found.insert(place, code);
                    }
                }
                // A cell is two bytes of format and four of number; the last column follows them.
                MUL_RK => {
                    let of = |i: usize| at(i).zip(u16_at(body, 4 + 6 * i).and_then(code));
                    found.extend((0..body.len().saturating_sub(6) / 6).filter_map(of));
                }
                EOF => break,
                _ => {}
            }
        }
        found
    };
    Some(sheets.iter().map(sheet).collect())
}

/// The records of a stream: type, length and body each.
fn records(mut stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, 0)?, usize::from(u16_at(stream, 2)?));
        let body = stream.get(4..4 + length)?;
        stream = &stream[4 + length..];
        Some((kind, body))
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// An `XLUnicodeString` (2.5.294): its length, whether it has two bytes a character, and the characters.
fn string(bytes: &[u8]) -> Option<String> {
    let length = usize::from(u16_at(bytes, 0)?);
    let is_wide = bytes.get(2)? & 1 == 1;
    let text = bytes.get(3..)?;
    if is_wide {
        let units = text.get(..2 * length)?.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        return Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect());
    }
    Some(text.get(..length)?.iter().map(|byte| char::from(*byte)).collect())
}

/// Formats that every program knows (2.4.126) and no file spells out.
fn builtin(format: u16) -> Option<&'static str> {
    Some(match format {
        1 | 3 => "0",
        2 | 4 => "0.00",
        9 => "0%",
        10 => "0.00%",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap();
        [&kind.to_le_bytes(), &length.to_le_bytes(), body].concat()
    }

    /// A stream with one sheet: formats 0, 9 and 164 in three cells.
    fn stream(version: u16) -> Vec<u8> {
        let xf = |format: u16| record(XF, &[0, 0, format.to_le_bytes()[0], format.to_le_bytes()[1]]);
        let bof = record(BOF, &version.to_le_bytes());
        let format = record(FORMAT, &[164, 0, 3, 0, 1, b'0', 0, b'%', 0, 0x81, 0x5C]);
        let mut stream = [&bof[..], &format, &xf(0), &xf(9), &xf(164)].concat();
        let start = u32::try_from(stream.len() + 4 + 8 + 4).unwrap();
        stream.extend(record(BOUND_SHEET, &[&start.to_le_bytes()[..], &[0; 4]].concat()));
        stream.extend(record(EOF, &[]));
        stream.extend(bof);
        stream.extend(record(NUMBER, &[&[1, 0, 2, 0, 1, 0][..], &[0; 8]].concat()));
        stream.extend(record(MUL_RK, &[5, 0, 3, 0, 0, 0, 9, 9, 9, 9, 2, 0, 9, 9, 9, 9, 4, 0]));
        stream.extend(record(EOF, &[]));
        stream
    }

    #[test]
    fn finds_the_format_of_every_cell() {
        let found = read(&stream(BIFF8)).unwrap();
        let formats = |row, column| found[0].get(&(row, column)).map(String::as_str);
        assert_eq!((formats(1, 2), formats(5, 3), formats(5, 4)), (Some("0%"), None, Some("0%岁")));
    }

    #[test]
    fn bears_damaged_streams() {
        let whole = stream(BIFF8);
        for end in 0..whole.len() {
            let _ = read(&whole[..end]);
        }
        assert_eq!(read(&stream(0x0500)), None);
        assert_eq!(formats(b"no such file"), None);
    }
}
