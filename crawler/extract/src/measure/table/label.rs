//! The names of rows, and the units in them.

use entity::value::Measure;

use super::value::Value;
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
    ("增长", Measure::Increase),
];
/// What stands in a column of units where there is none.
const NONE: &[&str] = &["无", "比值", "比例", "指数", "单位"];

/// Signs in words.
const WRITTEN_OUT: &[(&[&str], &str)] = &[
    (&["百分比", "百分数", "百分之"], "%"),
    (&["千分比", "千分数", "千分之"], "‰"),
    (&["十万分之", "十万分比", "10万分之一", "十万分之一"], "/10万"),
];

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
        && let Some(unit) = Unit::in_brackets(inside)
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
    /// Reads a folded text that is nothing but a unit: `%`, `岁`, `1/10万`, `万人`, `张/千人`, `人/万车`.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::known(text).or_else(|| {
            // A measure word that sentences don't use, of one or two characters.
            let (name, exponent) = without_multiplier(text);
            let is_word = (1..=2).contains(&name.chars().count()) && name.chars().all(is_han);
            (is_word && !NONE.contains(&name)).then(|| Self { name: name.to_owned(), exponent })
        })
    }

    /// Reads what stands in brackets behind a name: a unit, and not a place or a group of people (农村, 男, 市级).
    pub(super) fn in_brackets(text: &str) -> Option<Self> {
        const ENDS: &[char] = &['台', '箱', '次', '亩', '里', '班', '床', '瓦', '套', '艘', '列', '口'];
        Self::known(text).or_else(|| Self::read(text).filter(|_| text.ends_with(ENDS)))
    }

    /// Reads a unit that sentences use too, or one divided by something.
    fn known(text: &str) -> Option<Self> {
        let text = text.strip_prefix("单位:").unwrap_or(text);
        if let Some((_, sign)) = WRITTEN_OUT.iter().find(|(words, _)| words.contains(&text)) {
            return Some(Self { name: (*sign).to_owned(), exponent: 0 });
        }
        let (rest, exponent) = without_multiplier(text);
        if let Some(unit) = unit::read(rest).filter(|unit| unit.len == rest.len()) {
            return Some(Self { name: unit.name.to_owned(), exponent });
        }
        let (counted, divisor) = rest.split_once('/')?;
        let is_word = (1..=5).contains(&divisor.chars().count()) && divisor.chars().all(char::is_alphanumeric);
        let is_unit = unit::read(counted).is_some_and(|unit| unit.len == counted.len());
        (is_word && is_unit).then(|| Self { name: rest.to_owned(), exponent })
    }

    /// Whether it is that of a share or a rate.
    pub(super) fn is_share(&self) -> bool {
        matches!(self.name.as_str(), "%" | "‰" | "/10万" | "/万" | "/千")
    }

    /// The unit of a change: percentages change by points, unless the cell itself says %.
    pub(super) fn of_change(self, measure: Measure, value: &Value) -> Self {
        let points =
            self.name == "%" && value.unit.is_none() && matches!(measure, Measure::Increase | Measure::Decrease);
        if points { Self::from("个百分点".to_owned()) } else { self }
    }

    /// A figure in this unit multiplied out: 1.2 in 万人 is 12000.
    pub(super) fn scale(&self, number: f64) -> f64 {
        // Shifting the decimals before they become binary keeps 1.2万 from being 11999.999….
        format!("{number}e{}", self.exponent).parse().unwrap_or(number)
    }
}

impl From<String> for Unit {
    fn from(name: String) -> Self {
        Self { name, exponent: 0 }
    }
}

/// A unit without 万 or 亿 in front of it, and how many zeros that stands for. The 1 of 1/10万 is none of the unit.
fn without_multiplier(text: &str) -> (&str, u32) {
    let per = text.strip_prefix('1').filter(|rest| rest.starts_with('/')).unwrap_or(text);
    [("万亿", 12), ("亿", 8), ("百万", 6), ("万", 4)]
        .iter()
        .find_map(|(word, exponent)| Some((per.strip_prefix(word)?, *exponent)))
        .unwrap_or((per, 0))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}
