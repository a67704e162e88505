//! A full table of administrative divisions, as CSV.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::Read,
    num::ParseIntError,
};

use entity::{
    reference::{RegionRecord, regions},
    value::{BadRegionCode, RegionCode, RegionLevel},
};

/// The columns, in the order in which a row is read: code, name, rank, first year, year of the end, codes that took over.
const COLUMNS: [&str; 6] = ["代码", "名称", "级别", "启用时间", "变更/弃用时间", "新代码"];

/// What a file holds.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The divisions that could be read.
    pub records: Vec<RegionRecord>,
    /// The rows that could not.
    pub refused: Vec<Refusal>,
    /// Where each division stands in `records`.
    places: HashMap<(RegionCode, String), usize>,
    /// The line of each of the records; of one that came back, the first.
    lines: Vec<u64>,
}

impl Table {
    /// Adds a division. One that came back under its old code and name is one division, from first to last.
    fn add(&mut self, record: RegionRecord, line: u64) {
        let Some(&held) = self.places.get(&(record.code, record.name.clone())) else {
            self.places.insert((record.code, record.name.clone()), self.records.len());
            self.records.push(record);
            self.lines.push(line);
            return;
        };
        let held = &mut self.records[held];
        held.since = held.since.min(record.since);
        held.until = held.until.zip(record.until).map(|(a, b)| a.max(b));
        held.successors.extend(record.successors);
    }

    /// Refuses what contradicts the rest of the table: a second name of a code in the same years, and a division of a
    /// province that there is not.
    fn check(&mut self) {
        let mut holders: BTreeMap<RegionCode, Vec<usize>> = BTreeMap::new();
        let mut bad: BTreeMap<usize, BadRow> = BTreeMap::new();
        let codes = regions().iter().chain(&self.records).map(|record| record.code);
        let provinces: HashSet<u32> =
            codes.filter(|code| code.number() % 10_000 == 0).map(RegionCode::number).collect();
        for (index, record) in self.records.iter().enumerate() {
            let province = record.code.number() / 10_000 * 10_000;
            if !provinces.contains(&province) {
                bad.insert(index, BadRow::NoProvince { code: record.code, province });
                continue;
            }
            let others = holders.entry(record.code).or_default();
            match others.iter().find(|other| at_once(&self.records[**other], record)) {
                Some(other) => {
                    let (name, line) = (self.records[*other].name.clone(), self.lines[*other]);
                    bad.insert(index, BadRow::Taken { code: record.code, name, line });
                }
                None => others.push(index),
            }
        }
        self.refused
            .extend(bad.iter().map(|(index, reason)| Refusal { line: self.lines[*index], reason: reason.to_string() }));
        self.refused.sort_by_key(|refusal| refusal.line);
        let mut index = 0..;
        self.records.retain(|_| index.next().is_none_or(|index| !bad.contains_key(&index)));
        self.places.clear();
        self.lines.clear();
    }
}

/// Whether two divisions are there in the same year, the year of an end not counted.
fn at_once(a: &RegionRecord, b: &RegionRecord) -> bool {
    let years = |record: &RegionRecord| (record.since.unwrap_or(i32::MIN), record.until.unwrap_or(i32::MAX));
    let ((from_a, to_a), (from_b, to_b)) = (years(a), years(b));
    from_a < to_b && from_b < to_a
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// A file that is no table of divisions.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A column is missing.
    #[error("the table has no column “{0}”; it needs the columns {columns}", columns = COLUMNS.join(", "))]
    MissingColumn(&'static str),
    /// The file cannot be read as CSV in UTF-8.
    #[error("the table cannot be read: {0}; it must be CSV in UTF-8 with the columns {columns}", columns = COLUMNS.join(", "))]
    Csv(#[from] csv::Error),
}

/// Why a row is refused.
#[derive(Debug, thiserror::Error)]
enum BadRow {
    #[error(transparent)]
    Code(#[from] BadRegionCode),
    #[error("the name is empty")]
    NoName,
    #[error("“{0}” is no rank: 省级, 地级 and 县级 are")]
    Rank(String),
    #[error("“{0}” is no year")]
    Year(String),
    #[error(
        "{code} is of {name} in the same years, by line {line}; give one of them the year of its end, or another code"
    )]
    Taken { code: RegionCode, name: String, line: u64 },
    #[error("{code} lies in {province:06}, and there is no such province; add its row, or correct the code")]
    NoProvince { code: RegionCode, province: u32 },
}

/// Reads a table: a head with at least the columns 代码, 名称, 级别, 启用时间, 变更/弃用时间 and 新代码, in any order, and a
/// row a division. The last column holds the codes that took over, as in `330502[2003];330503[2003]`.
///
/// # Errors
/// When it is no CSV in UTF-8, or a column is missing. A single bad row is refused, and the others are read.
pub fn read(file: impl Read) -> Result<Table, TableError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
    let head = reader.headers()?.clone();
    let mut columns = [0; COLUMNS.len()];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        *column = head
            .iter()
            .position(|cell| cell.trim_start_matches('\u{feff}') == name)
            .ok_or(TableError::MissingColumn(name))?;
    }
    let mut table = Table::default();
    for row in reader.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        match record(columns.map(|column| row.get(column).unwrap_or_default())) {
            Ok(record) => table.add(record, line),
            Err(reason) => table.refused.push(Refusal { line, reason: reason.to_string() }),
        }
    }
    table.check();
    Ok(table)
}

fn record([code, name, rank, since, until, successors]: [&str; 6]) -> Result<RegionRecord, BadRow> {
    if name.is_empty() {
        return Err(BadRow::NoName);
    }
    Ok(RegionRecord {
        code: code.parse()?,
        name: name.to_owned(),
        level: match rank {
            "省级" => RegionLevel::Province,
            "地级" => RegionLevel::Prefecture,
            "县级" => RegionLevel::County,
            other => return Err(BadRow::Rank(other.to_owned())),
        },
        aliases: Vec::new(),
        since: year(since)?,
        until: year(until)?,
        successors: successors.split(';').filter(|text| !text.is_empty()).map(successor).collect::<Result<_, _>>()?,
    })
}

fn year(text: &str) -> Result<Option<i32>, BadRow> {
    let parse = |_: ParseIntError| BadRow::Year(text.to_owned());
    (!text.is_empty()).then(|| text.parse().map_err(parse)).transpose()
}

/// `330502[2003]` or `330502`.
fn successor(text: &str) -> Result<(RegionCode, Option<i32>), BadRow> {
    match text.trim_end_matches(']').split_once('[') {
        Some((code, when)) => Ok((code.parse()?, year(when)?)),
        None => Ok((text.parse()?, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "\u{feff}代码,名称,级别,启用时间,变更/弃用时间,新代码\n";

    #[test]
    fn reads_divisions_with_their_years_and_successors() {
        let file = format!(
            "{HEAD}370282,即墨市,县级,1990,2017,370215\n370215,即墨区,县级,2017,,\n330500,湖州市,地级,1983,,330502[2003];330503[2003]\n"
        );
        let table = read(file.as_bytes()).unwrap();
        assert!(table.refused.is_empty());
        let [jimo, _, huzhou] = &table.records[..] else { panic!("three rows") };
        assert_eq!((jimo.since, jimo.until), (Some(1990), Some(2017)));
        assert_eq!(jimo.successors, [("370215".parse().unwrap(), None)]);
        assert_eq!(huzhou.level, RegionLevel::Prefecture);
        assert_eq!(huzhou.successors[1], ("330503".parse().unwrap(), Some(2003)));
    }

    #[test]
    fn joins_the_years_of_a_division_that_came_back() {
        let file = format!("{HEAD}220600,浑江市,地级,1985,1994,\n220600,浑江市,地级,1981,1983,\n");
        let table = read(file.as_bytes()).unwrap();
        assert_eq!(table.records.len(), 1);
        assert_eq!((table.records[0].since, table.records[0].until), (Some(1981), Some(1994)));
    }

    #[test]
    fn refuses_bad_rows_by_line() {
        let file = format!(
            "{HEAD}37028,即墨市,县级,,,\n370215,,县级,,,\n370215,即墨区,乡级,,,\n370215,即墨区,县级,去年,,\n370215,即墨区,县级,,,\n"
        );
        let table = read(file.as_bytes()).unwrap();
        assert_eq!(table.records.len(), 1);
        let refused: Vec<_> = table.refused.iter().map(|r| (r.line, r.reason.as_str())).collect();
        assert_eq!(refused.iter().map(|r| r.0).collect::<Vec<_>>(), [2, 3, 4, 5]);
        assert!(refused[0].1.contains("37028") && refused[2].1.contains("乡级") && refused[3].1.contains("去年"));
    }

    #[test]
    fn refuses_what_contradicts_the_rest_by_line() {
        let file = format!(
            "{HEAD}330599,东林县,县级,2001,,\n330599,西林县,县级,2010,,\n990101,无省县,县级,,,\n330598,老县,县级,1980,2001,\n330598,新县,县级,2001,,\n"
        );
        let table = read(file.as_bytes()).unwrap();
        assert_eq!(table.records.iter().map(|record| &*record.name).collect::<Vec<_>>(), ["东林县", "老县", "新县"]);
        let [taken, lost] = &table.refused[..] else { panic!("{:?}", table.refused) };
        assert!(taken.line == 3 && taken.reason.contains("330599 is of 东林县") && taken.reason.contains("line 2"));
        assert!(lost.line == 4 && lost.reason.contains("990101") && lost.reason.contains("990000"), "{lost:?}");
        let own = read(format!("{HEAD}990101,新省县,县级,,,\n990000,新省,省级,,,\n").as_bytes()).unwrap();
        assert_eq!((own.records.len(), own.refused.len()), (2, 0), "a province of the table itself");
    }

    #[test]
    fn names_the_column_that_is_missing() {
        let error = read("代码,名称\n".as_bytes()).unwrap_err().to_string();
        assert!(error.contains("级别"), "{error}");
        assert!(read(&b"\xff\xfe\x00"[..]).is_err());
    }
}
