//! Tables of indicators: a row an indicator, a column a year.
//!
//! Five-year plans end their chapter of aims with one (主要指标): names on the left, units in a column of their own or
//! in brackets behind the name, then what was reached (2020年, 现状, 基期) and what is aimed at (2025年, 目标), the yearly
//! growth, and whether the figure binds (约束性) or is expected (预期性).

mod column;
mod label;
mod layout;
mod value;

use std::ops::Range;

use entity::value::Measure;

use self::{
    column::{Column, Header},
    label::{Label, Unit},
    layout::Row,
    value::Value,
};
use super::{Measured, confidence, evidence, trace::Trace};
use crate::{Indicator, Plan, concept::Catalogue, text::half_width};

/// Puts the figures of the tables of indicators in the place of what the rules for sentences made of their rows.
pub(super) fn read(plan: &Plan, catalogue: &Catalogue, found: &mut Measured, trace: &mut impl Trace) {
    for table in layout::tables(plan) {
        let folded: Vec<Vec<String>> = table.rows.iter().map(|row| row.texts(&plan.text)).collect();
        let Some(header) = Header::read(&folded, plan.period) else { continue };
        let outside = |range: &Range<usize>| range.end <= table.range.start || range.start >= table.range.end;
        found.indicators.retain(|indicator| outside(&indicator.range));
        trace.table(&table.range);
        let reader = TableReader { plan, catalogue, ruled: table.ruled, header: &header };
        for (row, texts) in table.rows.iter().zip(&folded).skip(header.rows) {
            reader.row(row, texts, found, trace);
        }
    }
}

/// The cells of a table's section, for those that hold sentences.
pub(super) fn cells(plan: &Plan, section: usize) -> impl Iterator<Item = Range<usize>> {
    layout::rows(&plan.text, &plan.sections[section]).into_iter().flat_map(|row| row.cells)
}

/// The text of a cell as its words are compared: half-width, without white space.
fn fold(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect()
}

/// Reads the rows of a table whose header is known.
struct TableReader<'t> {
    plan: &'t Plan,
    catalogue: &'t Catalogue,
    ruled: bool,
    header: &'t Header,
}

impl TableReader<'_> {
    /// The figures of a row.
    fn row(&self, row: &Row, texts: &[String], found: &mut Measured, trace: &mut impl Trace) {
        let Some(shift) = self.header.shift(texts, self.ruled) else { return };
        let cell = |column: usize| column.checked_sub(shift).and_then(|at| Some((row.cells.get(at)?, texts.get(at)?)));
        let Some((_, name)) = cell(self.header.name) else { return };
        if self.header.is_repeated(texts) || is_group(texts) {
            return;
        }
        let Some(label) = Label::read(name) else { return };
        let of_row = self.header.unit.and_then(cell).and_then(|(_, text)| Unit::read(text));
        for (column, kind) in self.header.columns.iter().enumerate() {
            let Column::Figures(figures) = kind else { continue };
            let Some((range, _)) = cell(column) else { continue };
            let Some(value) = Value::read(&self.plan.text, range.clone()) else { continue };
            if !evidence::reads(&self.plan.text[value.range.clone()], value.value, value.max) {
                found.dropped += 1;
                continue;
            }
            // 年均增速 is a rate, whatever the row counts; in square brackets stands the sum over all years instead.
            let is_growth = figures.growth && !value.total;
            let of_cell = value.unit.map(Unit::from);
            let unit = if is_growth {
                of_cell.or_else(|| figures.unit.clone()).or_else(|| Unit::read("%"))
            } else {
                of_cell.or_else(|| label.unit.clone()).or_else(|| of_row.clone()).or_else(|| figures.unit.clone())
            };
            let unit_name = unit.as_ref().map(|unit| unit.name.clone());
            let measure = measure(&label, &value, is_growth, unit_name.as_deref());
            let scaled = |number: f64| match &unit {
                Some(unit) if value.unit.is_none() => unit.scale(number),
                _ => number,
            };
            // What falls by 3 has fallen by 3.
            let sign = if measure == Measure::Decrease { value.value.signum() } else { 1.0 };
            let told = self.ruled && unit.is_some() && figures.year_is_told && figures.year.is_some();
            let indicator = Indicator {
                concept: self.catalogue.resolve(&label.name, unit_name.as_deref(), measure).map(str::to_owned),
                name: label.name.clone(),
                value: scaled(value.value * sign),
                value_max: value.max.map(scaled),
                value_text: self.plan.text[value.range.clone()].to_owned(),
                unit: unit_name,
                comparator: value.comparator,
                measure,
                role: figures.role,
                year: figures.year,
                scope: figures.scope.map(str::to_owned),
                sentence: row.range.clone(),
                range: value.range,
                section: section(self.plan, row.range.start),
                confidence: confidence::in_table(told),
            };
            trace.cell(&indicator, figures.year_is_told);
            found.indicators.push(indicator);
        }
    }
}

/// What kind of quantity a cell holds: what the cell says, else what the name says. A sum over the years of a plan is
/// something to add, where things are counted.
fn measure(label: &Label, value: &Value, is_growth: bool, unit: Option<&str>) -> Measure {
    if is_growth {
        return if value.value < 0.0 { Measure::Decrease } else { Measure::Increase };
    }
    let is_share = matches!(unit, Some("%" | "‰" | "/10万" | "/万" | "/千"));
    match value.measure.or(label.measure) {
        Some(measure) => measure,
        None if value.total && !is_share => Measure::New,
        None => Measure::Level,
    }
}

/// A row that only heads others: one text over all columns, or all alone (健康水平).
fn is_group(texts: &[String]) -> bool {
    let mut told = texts.iter().filter(|text| !text.is_empty());
    told.next().is_none_or(|first| told.all(|text| text == first))
}

/// The innermost section at a place of the text.
fn section(plan: &Plan, at: usize) -> usize {
    plan.sections.iter().rposition(|section| section.range.contains(&at)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
