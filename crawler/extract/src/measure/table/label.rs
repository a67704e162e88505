//! The names of rows, and the units in them.

use entity::value::Measure;

use crate::measure::unit;

/// The name of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    /// What is measured, without serial number and unit.
    pub(super) name: String,
    /// The unit behind the name: 人均预期寿命（岁）.
    pub(super) unit: Option<Unit>,
    /// What kind of quantity the name makes of its figures: 新增托位数, 能耗降低.
    pub(super) measure: Option<Measure>,
}

/// The unit of a row or a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// As it is kept: `%`, `/10万`, `张`.
    pub(super) name: String,
    /// How many zeros the figures lack: 4 for 万人.
    exponent: u32,
}

/// Words that start a name, and what they make of its figures.
const STARTS: &[(&str, Measure)] =
    &[("新增", Measure::New), ("新建", Measure::New), ("净增", Measure::New), ("新培育", Measure::New)];
/// Words that end a name, and what they make of its figures.
const ENDS: &[(&str, Measure)] = &[
    ("降低", Measure::Decrease),
    ("下降", Measure::Decrease),
    ("减少", Measure::Decrease),
    ("提高", Measure::Increase),
    ("增加", Measure::Increase),
];
/// What stands in a column of units where there is none.
const NONE: &[&str] = &["无", "比值", "比例", "指数", "单位"];

impl Label {
    /// Reads a folded cell; none where it names nothing.
    pub(super) fn read(cell: &str) -> Option<Self> {
        let mut name = without_serial(cell);
        for opener in ["其中:", "其中,", "其中", "#", "*"] {
            name = name.strip_prefix(opener).unwrap_or(name);
        }
        let name = name.trim_end_matches(['*', '#', '①', '②', '③', '④', '⑤', ':']);
        let (name, unit) = unit_behind(name);
        let starts = STARTS.iter().find_map(|(word, measure)| Some((name.strip_prefix(word)?, *measure)));
        let ends = || ENDS.iter().find_map(|(word, measure)| Some((name.strip_suffix(word)?, *measure)));
        let (name, measure) = match starts.or_else(ends) {
            Some((rest, measure)) if rest.chars().count() >= 2 => (rest, Some(measure)),
            _ => (name, None),
        };
        let says_something = name.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        says_something.then(|| Self { name: name.to_owned(), unit, measure })
    }
}

/// A name without the number in front of it: 1.甲, 2、乙, （3）丙, ④丁, 一、戊. The digits of 5岁以下儿童 are no number of a row.
fn without_serial(cell: &str) -> &str {
    let rest = cell.strip_prefix('(').unwrap_or(cell);
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '一'..='十') && "一二三四五六七八九十".contains(c);
    let behind = rest.trim_start_matches(digits);
    if behind.len() < rest.len() {
        let mark = if cell.len() > rest.len() { &[')'][..] } else { &['.', '、', ')'][..] };
        return match behind.strip_prefix(mark) {
            Some(name) if !name.starts_with(|c: char| c.is_ascii_digit()) => name,
            _ => cell,
        };
    }
    cell.trim_start_matches(|c| matches!(c, '①'..='⑳'))
}

/// Parts a name from the unit behind it, which stands in brackets, or for %, ‰ and /10万 without.
fn unit_behind(name: &str) -> (&str, Option<Unit>) {
    if let Some((bare, inside)) = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))
        && let Some(unit) = Unit::read(inside)
    {
        return (bare, Some(unit));
    }
    for sign in ["%", "‰", "/10万", "1/10万"] {
        if let Some(bare) = name.strip_suffix(sign) {
            return (bare.trim_end_matches(['(', ',']), Unit::read(sign));
        }
    }
    (name, None)
}

impl Unit {
    /// Reads a folded text that is nothing but a unit: `%`, `岁`, `1/10万`, `万人`, `张/千人`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix("单位:").unwrap_or(text);
        let per = text.strip_prefix('1').filter(|rest| rest.starts_with('/')).unwrap_or(text);
        let (rest, exponent) = [("万亿", 12), ("亿", 8), ("百万", 6), ("万", 4)]
            .iter()
            .find_map(|(word, exponent)| Some((per.strip_prefix(word)?, *exponent)))
            .unwrap_or((per, 0));
        if let Some(unit) = unit::read(rest).filter(|unit| unit.len == rest.len()) {
            return Some(Self { name: unit.name.to_owned(), exponent });
        }
        // A measure word that sentences don't use, of one or two characters.
        let is_word =
            (1..=2).contains(&rest.chars().count()) && rest.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
        (is_word && !NONE.contains(&rest)).then(|| Self { name: rest.to_owned(), exponent })
    }

    /// A figure in this unit multiplied out: 1.2 in 万人 is 12000.
    pub(super) fn scale(&self, number: f64) -> f64 {
        // Shifting the decimals before they become binary keeps 1.2万 from being 11999.999….
        format!("{number}e{}", self.exponent).parse().unwrap_or(number)
    }
}

impl From<&'static str> for Unit {
    fn from(name: &'static str) -> Self {
        Self { name: name.to_owned(), exponent: 0 }
    }
}
