//! What the columns of a table hold, told from its header.

use std::sync::LazyLock;

use entity::value::{Period, Role};
use regex::Regex;

use super::label::Unit;
use crate::{measure::time, metadata::pattern};

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
    /// 年均增速.
    pub(super) growth: bool,
    /// The unit in the header's brackets.
    pub(super) unit: Option<Unit>,
    /// 全国 or 全省, where other columns are of the region itself.
    pub(super) scope: Option<&'static str>,
}

/// The header of a table of indicators.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) columns: Vec<Column>,
    /// Rows from the top to the first row of data.
    pub(super) rows: usize,
    /// The column of names.
    pub(super) name: usize,
    /// The column of units.
    pub(super) unit: Option<usize>,
    /// The texts of the header's last row.
    last: Vec<String>,
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
const GROWTH: &[&str] = &["增速", "增长", "增幅"];
const UNITS: &[&str] = &["单位", "计量单位", "指标单位", "数据单位"];
const SERIALS: &[&str] = &["序号", "编号", "序", "号"];
const NAMES: &[&str] = &["指标", "名称", "项目", "内容"];
/// Columns that a word like 指标 or a year in their header doesn't make names or figures.
const OTHERS: &[&str] = &[
    "属性", "性质", "类型", "类别", "分类", "领域", "维度", "备注", "说明", "来源", "责任", "牵头", "部门", "时限",
    "时间", "进度", "解释", "定义", "含义", "公式", "方法", "单位",
];
const PLACES: &[&str] = &["全国", "国家", "全省"];

static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"20\d\d"));

impl Header {
    /// Reads the header of a table of folded cells; none where the table has no column of names with figures beside it.
    pub(super) fn read(rows: &[Vec<String>], period: Option<Period>) -> Option<Self> {
        let first = rows.iter().take(CAPTIONS).position(|row| !super::is_group(row) && begins(row))?;
        let above = |row: usize, column: usize| row.checked_sub(1).and_then(|row| rows.get(row)?.get(column));
        let more = rows[first + 1..].iter().zip(first + 1..).take(3).take_while(|(row, at)| {
            row.len() == rows[first].len()
                && row.iter().enumerate().all(|(column, text)| {
                    text.is_empty() || is_heading(text) || above(*at, column).is_some_and(|above| above == text)
                })
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
        let figures = columns.iter().position(|column| matches!(column, Column::Figures(_)))?;
        let name = columns.iter().rposition(|column| *column == Column::Name).filter(|name| *name < figures).or_else(
            || {
                // 主要目标 or 健康水平 over the names: beside years, the first column that is nothing else.
                let first_dated = columns.iter().position(dated)?;
                columns[..first_dated].iter().position(|column| match column {
                    Column::Figures(figures) => !figures.growth,
                    other => matches!(other, Column::Name | Column::Other),
                })
            },
        )?;
        columns[name] = Column::Name;
        settle(&mut columns, period);
        columns.iter().any(|column| matches!(column, Column::Figures(_))).then_some(())?;
        let unit = columns.iter().position(|column| *column == Column::Unit);
        Some(Self { columns, rows: end, name, unit, last: rows[end - 1].clone() })
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

/// Whether a row starts a header: it names indicators or years, and nothing in it is long.
fn begins(row: &[String]) -> bool {
    let known = row.iter().filter(|text| is_heading(text)).count();
    let told = row.iter().filter(|text| !text.is_empty()).count();
    known >= 2 && known * 2 > told
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
            && (has(OTHERS) || has(GROWTH) || ROLES.iter().any(|(word, _)| text.contains(word)))
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
    let told = YEAR.find_iter(&whole).last().and_then(|year| year.as_str().parse().ok()).or_else(|| named_year(&whole));
    let growth = has(GROWTH);
    let is_name = |text: &str| NAMES.iter().any(|word| text.ends_with(word));
    if told.is_none() && !growth && is_name(bare) {
        return Column::Name;
    }
    let role = ROLES.iter().find(|(word, _)| whole.contains(word)).map(|(_, role)| *role);
    if told.is_none() && role.is_none() && !growth {
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
        growth,
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

/// The last year of a five-year plan by its name: “十三五”末.
fn named_year(text: &str) -> Option<i32> {
    time::scan(text).into_iter().rev().find_map(|mention| match mention.year {
        time::Year::Told(year) => Some(year),
        time::Year::Own(_) => None,
    })
}

/// 2025年目标（%）: the words before the bracket, and the unit inside it.
fn bracketed(text: &str) -> (&str, Option<Unit>) {
    let inside = text.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    match inside.and_then(|(bare, inside)| Some((bare, Unit::read(inside)?))) {
        Some((bare, unit)) => (bare, Some(unit)),
        None => (text, None),
    }
}
