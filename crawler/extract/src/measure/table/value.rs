//! Cells of figures.

use std::ops::Range;

use entity::value::{Comparator, Measure};

use crate::measure::{
    line::Line,
    quantity::{self, Quantity},
    unit::Kind,
};

/// The figure in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    /// The number with its sign, unit and suffix, in the plan's text.
    pub(super) range: Range<usize>,
    pub(super) value: f64,
    pub(super) max: Option<f64>,
    /// The unit that the cell itself has.
    pub(super) unit: Option<String>,
    pub(super) comparator: Comparator,
    /// What kind of quantity the cell says it is.
    pub(super) measure: Option<Measure>,
    /// Whether it stands in square brackets, as sums over all years of a plan do.
    pub(super) total: bool,
}

/// What a word before the number tells.
#[derive(Clone, Copy)]
enum Tells {
    Bound(Comparator),
    Change(Measure),
    Nothing,
}

/// Words before a number, the longer before the shorter that they start with.
const BEFORE: &[(&str, Tells)] = &[
    ("大于等于", Tells::Bound(Comparator::Ge)),
    ("小于等于", Tells::Bound(Comparator::Le)),
    ("不低于", Tells::Bound(Comparator::Ge)),
    ("不少于", Tells::Bound(Comparator::Ge)),
    ("不小于", Tells::Bound(Comparator::Ge)),
    ("不高于", Tells::Bound(Comparator::Le)),
    ("不超过", Tells::Bound(Comparator::Le)),
    ("不大于", Tells::Bound(Comparator::Le)),
    ("不多于", Tells::Bound(Comparator::Le)),
    ("至少", Tells::Bound(Comparator::Ge)),
    ("超过", Tells::Bound(Comparator::Ge)),
    ("突破", Tells::Bound(Comparator::Ge)),
    ("大于", Tells::Bound(Comparator::Gt)),
    ("高于", Tells::Bound(Comparator::Gt)),
    ("小于", Tells::Bound(Comparator::Lt)),
    ("低于", Tells::Bound(Comparator::Lt)),
    ("少于", Tells::Bound(Comparator::Lt)),
    ("大约", Tells::Bound(Comparator::Approx)),
    ("约", Tells::Bound(Comparator::Approx)),
    ("近", Tells::Bound(Comparator::Approx)),
    ("控制在", Tells::Nothing),
    ("稳定在", Tells::Nothing),
    ("保持在", Tells::Nothing),
    ("保持", Tells::Nothing),
    ("提高到", Tells::Nothing),
    ("提高至", Tells::Nothing),
    ("提升到", Tells::Nothing),
    ("提升至", Tells::Nothing),
    ("增加到", Tells::Nothing),
    ("增加至", Tells::Nothing),
    ("降低到", Tells::Nothing),
    ("降低至", Tells::Nothing),
    ("下降到", Tells::Nothing),
    ("下降至", Tells::Nothing),
    ("降到", Tells::Nothing),
    ("降至", Tells::Nothing),
    ("达到", Tells::Nothing),
    ("达", Tells::Nothing),
    ("力争", Tells::Nothing),
    ("累计", Tells::Nothing),
    ("新增", Tells::Change(Measure::New)),
    ("提高", Tells::Change(Measure::Increase)),
    ("提升", Tells::Change(Measure::Increase)),
    ("增加", Tells::Change(Measure::Increase)),
    ("增长", Tells::Change(Measure::Increase)),
    ("降低", Tells::Change(Measure::Decrease)),
    ("下降", Tells::Change(Measure::Decrease)),
    ("减少", Tells::Change(Measure::Decrease)),
];

/// Signs before a number, the longer before the shorter that they start with. Word processors know many forms.
const SIGNS: &[(&str, Comparator)] = &[
    (">=", Comparator::Ge),
    ("<=", Comparator::Le),
    ("≥", Comparator::Ge),
    ("≧", Comparator::Ge),
    ("⩾", Comparator::Ge),
    ("≤", Comparator::Le),
    ("≦", Comparator::Le),
    ("⩽", Comparator::Le),
    (">", Comparator::Gt),
    ("﹥", Comparator::Gt),
    ("<", Comparator::Lt),
    ("﹤", Comparator::Lt),
    ("=", Comparator::Eq),
];

/// Populations before a number, and the unit that they make: 每千人2.1名.
const PER: &[(&str, &str)] = &[
    ("每十万人口", "/10万"),
    ("每10万人口", "/10万"),
    ("每十万人", "/10万"),
    ("每10万人", "/10万"),
    ("每万人口", "/万"),
    ("每万人", "/万"),
    ("每千人口", "/千"),
    ("每千人", "/千"),
];

impl Value {
    /// Reads a cell of a text; none where it holds more than one figure and the words that bind it: 持续改善, —,
    /// 2025年6月.
    pub(super) fn read(text: &str, cell: Range<usize>) -> Option<Self> {
        let line = Line::new(text, cell);
        let whole = line.text.trim_end_matches(['*', '#', '①', '②', '③', '。', ';']);
        let inside = [('[', ']'), ('［', '］'), ('〔', '〕'), ('【', '】')]
            .into_iter()
            .find_map(|(open, close)| Some((open.len_utf8(), whole.strip_prefix(open)?.strip_suffix(close)?)));
        let (origin, body) = inside.unwrap_or((0, whole));
        let at = |rest: &str| origin + body.len() - rest.len();
        let mut rest = body;
        let mut bound = None;
        let mut measure = None;
        while let Some((behind, tells)) =
            BEFORE.iter().find_map(|(word, tells)| Some((rest.strip_prefix(word)?, *tells)))
        {
            rest = behind;
            match tells {
                Tells::Bound(comparator) => bound = Some(comparator),
                Tells::Change(change) => measure = Some(change),
                Tells::Nothing => {}
            }
        }
        let from = at(rest);
        let sign = SIGNS.iter().find_map(|(sign, comparator)| Some((rest.strip_prefix(sign)?, *comparator)));
        if let Some((behind, comparator)) = sign {
            rest = behind;
            bound = Some(comparator);
        }
        let signed =
            |signs: &[char]| rest.strip_prefix(signs).filter(|behind| behind.starts_with(|c: char| c.is_ascii_digit()));
        let (plus, minus) = (signed(&['+']), signed(&['-', '−', '－']));
        if plus.is_some() {
            measure = Some(Measure::Increase);
        }
        rest = plus.or(minus).unwrap_or(rest);
        let per = PER.iter().find_map(|(word, unit)| Some((rest.strip_prefix(word)?, *unit)));
        rest = per.map_or(rest, |(behind, _)| behind);
        let quantity = quantity::scan(rest).into_iter().next().filter(|quantity| is_figure(quantity, rest))?;
        let divisor = divisor(&rest[quantity.range.end..]);
        let unit =
            per.map(|(_, unit)| unit.to_owned()).or_else(|| quantity.unit.map(|unit| format!("{unit}{divisor}")));
        let own = if quantity.bound == Some(Comparator::Range) { quantity.bound } else { None };
        Some(Self {
            range: line.place(&(from..at(rest) + quantity.range.end + divisor.len()))?,
            value: if minus.is_some() { -quantity.value } else { quantity.value },
            max: quantity.max,
            unit,
            comparator: own.or(bound).or(quantity.bound).unwrap_or(Comparator::Eq),
            measure: if quantity.kind == Kind::Rank { Some(Measure::Rank) } else { measure },
            total: inside.is_some(),
        })
    }
}

/// What a unit is divided by: 人/亿元.
fn divisor(behind: &str) -> &str {
    let is_word = |word: &str| (1..=4).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic);
    if behind.strip_prefix('/').is_some_and(is_word) { behind } else { "" }
}

/// Whether a quantity is all that a text holds, and not a year. A note in brackets or a sum behind it may stand: 90[5].
fn is_figure(quantity: &Quantity, text: &str) -> bool {
    let behind = &text[quantity.range.end..];
    let is_year = quantity.unit == Some("年") && quantity.value >= 1900.0;
    quantity.range.start == 0
        && !is_year
        && (behind.is_empty() || behind.starts_with(['[', '(', '〔']) || !divisor(behind).is_empty())
}
