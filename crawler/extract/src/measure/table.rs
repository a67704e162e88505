//! Tables of indicators: a row each, a column for every year.
//!
//! In the text of a plan a table is a line a row, its cells parted by tabs, merged cells written out:
//!
//! | 指标 | 单位 | 2025年 | 2030年目标 | 属性 |
//! | --- | --- | --- | --- | --- |
//! | 小学入学率 | % | 99.1 | >99.5 | 约束性 |

use std::ops::Range;

use entity::value::{Comparator, Period, Role};

use super::{
    line::Line,
    name, number,
    quantity::{self, Quantity},
    unit,
};

/// One figure of a table: a level, at the time that its column says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    /// The row's label.
    pub(super) name: String,
    /// Its value, multiplied out.
    pub(super) value: f64,
    /// The upper end of a range.
    pub(super) value_max: Option<f64>,
    /// The unit, from the cell, the unit column or the brackets behind the label.
    pub(super) unit: Option<String>,
    /// How it binds.
    pub(super) comparator: Comparator,
    /// From the column's head.
    pub(super) role: Role,
    /// From the column's head.
    pub(super) year: Option<i32>,
    /// The row.
    pub(super) row: Range<usize>,
    /// The number in its cell.
    pub(super) range: Range<usize>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Unit,
    Value(Role, Option<i32>),
    Other,
}

/// The figures of the table at a range of a text; none where its head names no indicator or no year.
pub(super) fn read(text: &str, range: Range<usize>, period: Option<Period>) -> Vec<Cell> {
    let rows = rows(text, range);
    let cell = |row: &[Range<usize>], at: usize| row.get(at).map_or("", |range| text[range.clone()].trim());
    // A caption or the name of a group is one cell merged over the whole row.
    let merged = |row: &[Range<usize>]| row.iter().all(|range| text[range.clone()].trim() == cell(row, 0));
    let rows: Vec<_> = rows.into_iter().filter(|row| row.len() > 1 && !merged(row)).collect();
    let head = rows.iter().take_while(|row| !row.iter().any(|range| is_value(text, range))).count();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let columns: Vec<Column> = (0..width)
        .map(|at| {
            let words: String = rows[..head].iter().map(|row| cell(row, at)).collect();
            column(&words, period)
        })
        .collect();
    let mut found = Vec::new();
    for row in &rows[head..] {
        let label = (0..width).rev().find(|at| columns[*at] == Column::Name && !cell(row, *at).is_empty());
        let Some((label, inner)) = label.map(|at| label_of(cell(row, at))) else { continue };
        let unit =
            (0..width).find(|at| columns[*at] == Column::Unit).map(|at| cell(row, at)).filter(|unit| !unit.is_empty());
        for (at, column) in columns.iter().enumerate() {
            if let Column::Value(role, year) = *column
                && let Some(range) = row.get(at)
                && let Some((quantity, place)) = value(text, range)
                && let (Some(first), Some(last)) = (row.first(), row.last())
            {
                let (factor, unit) = unit_of(quantity.unit.or(unit).or(inner.as_deref()));
                found.push(Cell {
                    name: label.clone(),
                    value: quantity.value * factor,
                    value_max: quantity.max.map(|max| max * factor),
                    unit,
                    comparator: quantity.bound.unwrap_or(Comparator::Eq),
                    role,
                    year,
                    row: first.start..last.end,
                    range: place,
                });
            }
        }
    }
    found
}

/// The cells of each row.
fn rows(text: &str, range: Range<usize>) -> Vec<Vec<Range<usize>>> {
    let mut start = range.start;
    text[range]
        .split('\n')
        .map(|line| {
            let mut at = start;
            start += line.len() + 1;
            line.split('\t')
                .map(|cell| {
                    let range = at..at + cell.len();
                    at = range.end + 1;
                    range
                })
                .collect()
        })
        .collect()
}

/// What a column holds, from its head.
fn column(head: &str, period: Option<Period>) -> Column {
    const ACTUAL: &[&str] = &["现状", "实际", "完成", "基期", "实绩"];
    const TARGET: &[&str] = &["目标", "规划值", "预期值"];
    const NAME: &[&str] = &["指标", "名称", "项目", "内容"];
    const OTHER: &[&str] = &["属性", "性质", "类型", "类别", "序号", "备注", "责任", "增长", "增速", "来源"];
    let has = |words: &[&str]| words.iter().any(|word| head.contains(word));
    let year = year(head);
    if head.contains("单位") {
        Column::Unit
    } else if has(OTHER) {
        Column::Other
    } else if year.is_some() || has(ACTUAL) || has(TARGET) && !head.contains("指标") {
        let past = year.zip(period).is_some_and(|(year, period)| year < period.start_year);
        let role = if has(ACTUAL) || past { Role::Actual } else { Role::Target };
        Column::Value(role, year.or_else(|| period.filter(|_| role == Role::Target).map(|period| period.end_year)))
    } else if has(NAME) {
        Column::Name
    } else {
        Column::Other
    }
}

/// The year in a head: 2030年目标, or 2030 alone.
fn year(head: &str) -> Option<i32> {
    let line = Line::new(head, 0..head.len());
    let numbers = line.text.split(|c: char| !c.is_ascii_digit());
    numbers.filter_map(|digits| digits.parse().ok()).find(|year| (1900..2100).contains(year))
}

/// Whether a cell is a number, with a sign, a unit or a suffix at most.
fn is_value(text: &str, range: &Range<usize>) -> bool {
    value(text, range).is_some_and(|(quantity, _)| {
        quantity.unit.is_some_and(|unit| unit != "年") || !(1900.0..2100.0).contains(&quantity.value)
    })
}

fn value(text: &str, range: &Range<usize>) -> Option<(Quantity, Range<usize>)> {
    let line = Line::new(text, range.clone());
    let quantity = quantity::scan(&line.text).into_iter().next()?;
    // [5]: a sum over the years of the plan.
    let plain = |words: &str| words.chars().all(|c| "[]()*~约".contains(c));
    let alone = plain(&line.text[..quantity.range.start]) && plain(&line.text[quantity.range.end..]);
    let numeral = quantity.chinese && quantity.unit.is_none();
    let place = line.place(&quantity.range).filter(|_| alone && !numeral)?;
    Some((quantity, place))
}

/// A label without its number, and the unit in its brackets: 3.小学入学率(%).
fn label_of(cell: &str) -> (String, Option<String>) {
    let line = Line::new(cell, 0..cell.len());
    let label = name::without_openers(&line.text);
    let label = label.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(label, |(_, rest)| rest);
    if let Some((outside, inside)) = label.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))
        && (unit_of(Some(inside)).0 != 1.0
            || unit::read(inside).is_some_and(|unit| unit.len == inside.len())
            || inside.contains("/10万"))
    {
        return (outside.to_owned(), Some(inside.to_owned()));
    }
    (label.to_owned(), None)
}

/// A unit as figures keep it, and what it multiplies by: 万人 is 人, ten thousand times.
fn unit_of(written: Option<&str>) -> (f64, Option<String>) {
    let Some(written) = written else { return (1.0, None) };
    let line = Line::new(written, 0..written.len());
    let text = line.text.strip_prefix('1').filter(|rest| rest.starts_with('/')).unwrap_or(&line.text);
    if let Some(number) = number::read(text).filter(|number| number.chinese && number.len < text.len()) {
        return (number.value, Some(text[number.len..].to_owned()));
    }
    let name = unit::read(text).filter(|unit| unit.len == text.len()).map_or(text, |unit| unit.name);
    (1.0, (!matches!(name, "" | "-" | "—" | "/" | "–")).then(|| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Option<Period> = Some(Period { start_year: 2026, end_year: 2030 });

    /// Name, value, unit, comparator, role and year.
    type Told = (String, f64, Option<String>, Comparator, Role, Option<i32>);

    fn cells(text: &str) -> Vec<Told> {
        read(text, 0..text.len(), PERIOD)
            .into_iter()
            .map(|cell| (cell.name, cell.value, cell.unit, cell.comparator, cell.role, cell.year))
            .collect()
    }

    #[test]
    fn reads_years_and_units() {
        let text = "教育主要指标\t教育主要指标\t教育主要指标\t教育主要指标\t教育主要指标\n\
                    序号\t指标\t单位\t2025年\t2030年\n\
                    学前教育\t学前教育\t学前教育\t学前教育\t学前教育\n\
                    1\t毛入园率\t%\t93.5\t>95\n\
                    2\t在园人数\t万人\t1.2\t1.5左右";
        let unit = |unit: &str| Some(unit.to_owned());
        assert_eq!(
            cells(text),
            [
                ("毛入园率".to_owned(), 93.5, unit("%"), Comparator::Eq, Role::Actual, Some(2025)),
                ("毛入园率".to_owned(), 95.0, unit("%"), Comparator::Gt, Role::Target, Some(2030)),
                ("在园人数".to_owned(), 12000.0, unit("人"), Comparator::Eq, Role::Actual, Some(2025)),
                ("在园人数".to_owned(), 15000.0, unit("人"), Comparator::Approx, Role::Target, Some(2030)),
            ]
        );
    }

    #[test]
    fn reads_heads_in_two_rows_and_units_in_brackets() {
        let text = "指标名称\t现状值\t目标值\t属性\n\
                    指标名称\t2025\t2030\t属性\n\
                    (1)新生儿死亡率（‰）\t2.1\t≤2\t预期性\n\
                    每万人图书（册）\t—\t120以上\t约束性";
        let found = cells(text);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[0].0, "新生儿死亡率");
        assert_eq!((found[0].2.as_deref(), found[0].4, found[0].5), (Some("‰"), Role::Actual, Some(2025)));
        assert_eq!((found[1].3, found[1].4, found[1].5), (Comparator::Le, Role::Target, Some(2030)));
        assert_eq!((found[2].0.as_str(), found[2].1, found[2].3), ("每万人图书", 120.0, Comparator::Ge));
    }

    #[test]
    fn leaves_other_tables() {
        assert!(cells("姓名\t电话\n张三\t12345678").is_empty());
        assert!(cells("").is_empty());
        assert!(cells("指标\t2030年\n只有名字").is_empty());
    }
}
