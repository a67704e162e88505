//! What the columns of a table hold, told from its header.

use std::{ops::Range, sync::LazyLock};

use entity::value::{Obligation, Period, Role};
use regex::Regex;

use super::label::Unit;
use crate::{measure::time, metadata::pattern, title};

/// How far down a table its header may start.
const CAPTIONS: usize = 4;

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    /// What is measured.
    Name,
    /// The rows' units.
    Unit,
    /// The rows' numbers.
    Serial,
    /// Figures.
    Figures(Figures),
    /// Anything else: groups, 属性, 责任单位.
    Other,
}

/// What a header says of the figures under it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figures {
    pub(super) year: Option<i32>,
    /// Whether the header names the year; else it is inferred from the plan's own years.
    pub(super) year_is_told: bool,
    pub(super) role: Role,
    /// What it holds of each figure.
    pub(super) holds: Holds,
    /// The unit in the header's brackets.
    pub(super) unit: Option<Unit>,
    /// 全国 or 全省, where other columns are of the region itself.
    pub(super) scope: Option<&'static str>,
}

/// What a column holds of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// The figure itself.
    Figure,
    /// How fast it changes: 年均增速.
    Rate,
    /// By how much it changes over all the years: 累计.
    Sum,
}

/// The header of a table of indicators.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) columns: Vec<Column>,
    /// Rows from the top to the first row of data.
    pub(super) rows: usize,
    /// The columns that belong together, from the left: more than one where a table is set in two halves side by side.
    pub(super) panels: Vec<Panel>,
    /// The texts of the header's last row.
    last: Vec<String>,
}

/// Names, and the columns that tell of them.
#[derive(Debug)]
pub(super) struct Panel {
    pub(super) columns: Range<usize>,
    /// The column of names.
    pub(super) name: usize,
    /// The column of units.
    pub(super) unit: Option<usize>,
    /// The column that tells whether a row binds.
    pub(super) obligation: Option<usize>,
}

/// Words in the header of a column of figures, and what they make of them.
const ROLES: &[(&str, Role)] = &[
    ("完成", Role::Actual),
    ("实际", Role::Actual),
    ("实绩", Role::Actual),
    ("实现", Role::Actual),
    ("现状", Role::Actual),
    ("现值", Role::Actual),
    ("基期", Role::Actual),
    ("基准", Role::Actual),
    ("基数", Role::Actual),
    ("基础", Role::Actual),
    ("目标", Role::Target),
    ("规划", Role::Target),
    ("预期", Role::Target),
    ("计划", Role::Target),
    ("指标值", Role::Target),
];
const RATES: &[&str] = &["增速", "增长", "增幅", "年均"];
const SUMS: &[&str] = &["累计", "变化", "增减", "升降"];
const UNITS: &[&str] = &["单位", "计量单位", "指标单位", "数据单位"];
const SERIALS: &[&str] = &["序号", "编号", "序", "号"];
const NAMES: &[&str] = &["指标", "名称", "项目", "内容"];
/// Columns that a word like 指标 or a year in their header doesn't make names or figures.
const OTHERS: &[&str] = &[
    "属性", "性质", "类型", "类别", "分类", "领域", "维度", "备注", "说明", "来源", "责任", "牵头", "部门", "时限",
    "时间", "进度", "解释", "定义", "含义", "公式", "方法", "单位",
];
const PLACES: &[&str] = &["全国", "国家", "全省"];

static OBLIGATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[^\p{Han}]*(?:[一二三四五六七八九十]+、)?(预期|约束)性?(?:指标|目标)?[^\p{Han}]*(?:[个项][^\p{Han}]*)?$")
});
static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"20\d\d"));

impl Header {
    /// Reads the header of a table of folded cells; none where the table has no column of names with figures beside it.
    pub(super) fn read(rows: &[Vec<String>], period: Option<Period>) -> Option<Self> {
        let first = rows.iter().take(CAPTIONS).position(|row| !super::is_group(row) && begins(row))?;
        let above = |row: usize, column: usize| row.checked_sub(1).and_then(|row| rows.get(row)?.get(column));
        let more = rows[first + 1..].iter().zip(first + 1..).take(3).take_while(|(row, at)| {
            let goes_on = |(column, text): (usize, &String)| {
                text.is_empty() || is_heading(text) || above(*at, column).is_some_and(|above| above == text)
            };
            row.len() == rows[first].len()
                && !super::is_group(row)
                && (row.iter().enumerate().all(goes_on) || parts_spans(row, &rows[*at - 1]))
        });
        let end = first + 1 + more.count();
        let header = &rows[first..end];
        let width = header[0].len();
        let parts = |column: usize| -> Vec<&str> {
            let mut parts: Vec<&str> = Vec::new();
            for text in header.iter().filter_map(|row| row.get(column)).filter(|text| !text.is_empty()) {
                if parts.last() != Some(&text.as_str()) {
                    parts.push(text);
                }
            }
            parts
        };
        let mut columns: Vec<Column> = (0..width).map(|column| of(&parts(column), period)).collect();
        let dated = |column: &Column| matches!(column, Column::Figures(figures) if figures.year_is_told);
        let figures = columns.iter().position(is_figures)?;
        let name = columns[..figures].iter().rposition(|column| *column == Column::Name).or_else(|| {
            // 主要目标 or 健康水平 over the names: beside years, the first column that is nothing else.
            let first_dated = columns.iter().position(dated)?;
            columns[..first_dated].iter().position(|column| match column {
                Column::Figures(figures) => figures.holds == Holds::Figure,
                other => matches!(other, Column::Name | Column::Other),
            })
        })?;
        columns[name] = Column::Name;
        settle(&mut columns, period);
        columns.iter().any(is_figures).then_some(())?;
        let panels = panels(&columns, name, &rows[end..]);
        Some(Self { columns, rows: end, panels, last: rows[end - 1].clone() })
    }

    /// How many of the leading cells a row lacks: none in a ruled table; elsewhere an empty first cell leaves no trace.
    /// None where the row cannot be brought under the header.
    pub(super) fn shift(&self, texts: &[String], ruled: bool) -> Option<usize> {
        let missing = self.columns.len().checked_sub(texts.len())?;
        let leads = self.columns.first().is_some_and(|first| matches!(first, Column::Serial | Column::Other));
        match missing {
            0 => Some(0),
            1 if !ruled && leads => Some(1),
            _ => None,
        }
    }

    /// Whether a row is the header again, as at the top of a page.
    pub(super) fn is_repeated(&self, texts: &[String]) -> bool {
        self.last == texts
    }
}

fn is_figures(column: &Column) -> bool {
    matches!(column, Column::Figures(_))
}

/// The panels of a table whose first names stand at `name`: names with figures behind them start another one where there
/// are figures before them. What tells whether a row binds is known by the cells of the `body`.
fn panels(columns: &[Column], name: usize, body: &[Vec<String>]) -> Vec<Panel> {
    let begins = |at: &usize| {
        columns[*at] == Column::Name
            && columns[name..*at].iter().any(is_figures)
            && columns[*at..].iter().any(is_figures)
    };
    let mut names = vec![name];
    names.extend((name + 1..columns.len()).filter(begins));
    let starts = std::iter::once(0).chain(names.iter().skip(1).copied());
    let ends = names.iter().skip(1).copied().chain([columns.len()]);
    let binds = |column: &usize| {
        let told = |row: &Vec<String>| row.get(*column).is_some_and(|text| obligation(text).is_some());
        columns[*column] == Column::Other && body.iter().any(told)
    };
    starts
        .zip(ends)
        .zip(&names)
        .map(|((start, end), name)| Panel {
            columns: start..end,
            name: *name,
            unit: (start..end).find(|column| columns[*column] == Column::Unit),
            obligation: (start..end).find(binds),
        })
        .collect()
}

/// Whether a row starts a header: it names indicators or years, and nothing in it is long.
fn begins(row: &[String]) -> bool {
    let known = row.iter().filter(|text| is_heading(text)).count();
    let told = row.iter().filter(|text| !text.is_empty()).count();
    known >= 2 && known * 2 > told
}

/// Whether a row tells apart the columns that one cell of the row above spans: beside them nothing new stands, and below
/// them no figures.
fn parts_spans(row: &[String], above: &[String]) -> bool {
    let is_like = |column: usize, other: Option<usize>| {
        other.and_then(|other| above.get(other)).is_some_and(|text| *text == above[column])
    };
    let is_spanned = |column: usize| {
        !above[column].is_empty() && (is_like(column, column.checked_sub(1)) || is_like(column, Some(column + 1)))
    };
    let is_word = |text: &str| !text.contains(|c: char| c.is_ascii_digit()) && text.contains(char::is_alphabetic);
    let fits = |column: usize| {
        let text = &row[column];
        if is_spanned(column) { is_word(text) } else { text.is_empty() || *text == above[column] }
    };
    row.len() == above.len() && (0..row.len()).any(is_spanned) && (0..row.len()).all(fits)
}

/// Whether a text looks like the header of a column that is known.
fn is_heading(text: &str) -> bool {
    if text.chars().count() > 24 || text.is_empty() {
        return false;
    }
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_date = YEAR.is_match(text) && !text.contains(['.', ',', '%', '≥', '>']) || named_year(text).is_some();
    SERIALS.contains(&text)
        || UNITS.contains(&text)
        || is_date
        || NAMES.iter().any(|word| text.ends_with(word))
        || text.chars().count() <= 10
            && (has(OTHERS) || has(RATES) || has(SUMS) || ROLES.iter().any(|(word, _)| text.contains(word)))
}

/// The column under these texts, from the top.
fn of(parts: &[&str], period: Option<Period>) -> Column {
    let Some(last) = parts.last() else { return Column::Other };
    let whole = parts.concat();
    let (bare, unit) = bracketed(last);
    let has = |words: &[&str]| words.iter().any(|word| whole.contains(word));
    if UNITS.contains(&bare) {
        return Column::Unit;
    }
    if SERIALS.contains(&bare) {
        return Column::Serial;
    }
    if OTHERS.iter().any(|word| bare.contains(word)) {
        return Column::Other;
    }
    // 较2020年 tells what a change is counted from.
    let is_base = |year: &regex::Match<'_>| whole[..year.start()].ends_with(['较', '比', '与']);
    let told = YEAR.find_iter(&whole).filter(|year| !is_base(year)).last();
    let told = told
        .and_then(|year| year.as_str().parse().ok())
        .or_else(|| named_year(&whole).filter(|_| !YEAR.is_match(&whole)));
    // 指标值 over several years is what was reached in some of them.
    let role = ROLES
        .iter()
        .find(|(word, _)| whole.contains(word) && (*word != "指标值" || told.is_none()))
        .map(|(_, role)| *role);
    // 年均变化 counts in the row's own unit, 年均/累计 is a rate unless brackets say otherwise.
    let holds = match role {
        None if has(RATES) && !has(&SUMS[1..]) => Holds::Rate,
        None if has(SUMS) => Holds::Sum,
        Some(_) if has(&["增速", "增长", "增幅"]) => Holds::Rate,
        _ => Holds::Figure,
    };
    let changes = holds != Holds::Figure;
    let is_name = |text: &str| NAMES.iter().any(|word| text.ends_with(word));
    if told.is_none() && !changes && is_name(bare) {
        return Column::Name;
    }
    if told.is_none() && role.is_none() && !changes {
        return Column::Other;
    }
    let role = match (role, told, period) {
        (Some(role), ..) => role,
        (None, Some(year), Some(period)) if year < period.start_year => Role::Actual,
        _ => Role::Target,
    };
    let inferred = period.map(|period| if role == Role::Target { period.end_year } else { period.start_year - 1 });
    Column::Figures(Figures {
        year: told.or(inferred),
        year_is_told: told.is_some(),
        role,
        holds,
        unit,
        scope: PLACES.iter().copied().find(|place| whole.contains(place)),
    })
}

/// What one header alone cannot tell: without the plan's years, the earlier of two years was reached; and a place that
/// stands over all columns narrows none of them.
fn settle(columns: &mut [Column], period: Option<Period>) {
    let figures = || columns.iter().filter_map(|c| if let Column::Figures(f) = c { Some(f) } else { None });
    let latest = figures().filter_map(|figures| figures.year).max();
    let everywhere = figures().all(|figures| figures.scope.is_some());
    for column in columns {
        let Column::Figures(figures) = column else { continue };
        if period.is_none() && figures.year < latest {
            figures.role = Role::Actual;
        }
        if everywhere {
            figures.scope = None;
        }
    }
}

/// The last year of a five-year plan by its name: “十三五”末, “十三五”规划目标.
fn named_year(text: &str) -> Option<i32> {
    let told = time::scan(text).into_iter().rev().find_map(|mention| match mention.year {
        time::Year::Told(year) => Some(year),
        time::Year::Own(_) => None,
    });
    told.or_else(|| title::five_years(text).map(|period| period.end_year))
}

/// What a cell says of its row, or a row of those below it: 预期性, 约束性指标, 二、约束性指标（3项）.
pub(super) fn obligation(text: &str) -> Option<Obligation> {
    let found = OBLIGATION.captures(text)?;
    Some(if &found[1] == "约束" { Obligation::Binding } else { Obligation::Expected })
}

/// 2025年目标（%）: the words before the bracket, and the unit inside it.
fn bracketed(text: &str) -> (&str, Option<Unit>) {
    let inside = text.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    match inside.and_then(|(bare, inside)| Some((bare, Unit::in_brackets(inside)?))) {
        Some((bare, unit)) => (bare, Some(unit)),
        None => (text, None),
    }
}
