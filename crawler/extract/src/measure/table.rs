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

use entity::value::{Measure, Obligation};

use self::{
    column::{Column, Header, Holds, Panel},
    label::{Label, Unit},
    layout::{Layout, Row},
    value::Value,
};
use super::{Measured, confidence, evidence, trace::Trace};
use crate::{Indicator, Plan, concept::Catalogue, text::half_width};

/// Characters that a caption over a table has at most, and lines above the table in which it may stand.
const CAPTION: usize = 40;
const CAPTION_LINES: usize = 2;

/// Characters of a note that a table goes on.
const CONTINUED: usize = 12;

/// Puts the figures of the tables of indicators in the place of what the rules for sentences made of their rows.
pub(super) fn read(plan: &Plan, catalogue: &Catalogue, found: &mut Measured, trace: &mut impl Trace) {
    let mut last: Option<(Header, Range<usize>)> = None;
    for table in layout::tables(plan) {
        let folded: Vec<Vec<String>> = table.rows.iter().map(|row| row.texts(&plan.text)).collect();
        let above =
            last.take().filter(|(header, above)| goes_on(plan, &table, header, above)).map(|(header, _)| header);
        let own = Header::read(&folded, plan.period);
        let captions = own.as_ref().map_or(0, |header| header.rows);
        let Some(header) = own.or(above) else { continue };
        let unit = caption(plan, &table, &folded);
        // 单位：亿元 is no figure of 亿元.
        let start = unit.as_ref().map_or(table.range.start, |(_, start)| *start);
        let mut reader = TableReader {
            plan,
            catalogue,
            table: &table,
            header: &header,
            unit: unit.map(|(unit, _)| unit),
            group: None,
            found: Vec::new(),
            dropped: 0,
        };
        for (row, texts) in table.rows.iter().zip(&folded).skip(captions) {
            reader.row(row, texts);
        }
        let read = reader.found;
        // A table of prose (目标任务: 新建公园3个) is left to the rules for sentences.
        found.dropped += reader.dropped;
        if !read.is_empty() {
            found.indicators.retain(|figure| figure.range.end <= start || figure.range.start >= table.range.end);
            trace.table(&(start..table.range.end));
            for (figure, year_is_told) in read {
                trace.cell(&figure, year_is_told);
                found.indicators.push(figure);
            }
        }
        last = Some((header, table.range));
    }
}

/// Whether a table goes on with the one above it, as on the next page: it is as wide, and between them stands nothing but
/// words for that (续表).
fn goes_on(plan: &Plan, table: &Layout, header: &Header, above: &Range<usize>) -> bool {
    let between = plan.text.get(above.end..table.range.start).unwrap_or("-");
    let is_note = |line: &str| line.chars().count() <= CONTINUED && line.contains('续') || line.trim().is_empty();
    table.ruled && between.lines().all(is_note) && table.rows.iter().all(|row| row.cells.len() == header.columns.len())
}

/// The cells of a table's section, for those that hold sentences.
pub(super) fn cells(plan: &Plan, section: usize) -> impl Iterator<Item = Range<usize>> {
    layout::rows(&plan.text, &plan.sections[section]).into_iter().flat_map(|row| row.cells)
}

/// The text of a cell as its words are compared: half-width, without white space.
fn fold(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect()
}

/// Reads the rows of one table.
struct TableReader<'a> {
    plan: &'a Plan,
    catalogue: &'a Catalogue,
    table: &'a Layout,
    header: &'a Header,
    /// The unit that stands above all rows: 单位：万元.
    unit: Option<Unit>,
    /// Whether the rows of the group bind.
    group: Option<Obligation>,
    /// The figures, each with whether its column tells its year.
    found: Vec<(Indicator, bool)>,
    /// How many cells do not read as their values.
    dropped: usize,
}

impl TableReader<'_> {
    fn row(&mut self, row: &Row, texts: &[String]) {
        if is_group(texts) {
            self.group = texts.iter().find_map(|text| column::obligation(text));
        } else if !self.header.is_repeated(texts)
            && let Some(shift) = self.header.shift(texts, self.table.ruled)
        {
            for panel in &self.header.panels {
                self.panel(panel, row, texts, shift);
            }
        }
    }

    /// The figures of a row in one panel; `shift` leading cells are missing.
    fn panel(&mut self, panel: &Panel, row: &Row, texts: &[String], shift: usize) {
        let Self { plan, table, header, .. } = *self;
        let cell = |column: usize| column.checked_sub(shift).and_then(|at| Some((row.cells.get(at)?, texts.get(at)?)));
        let Some(label) = cell(panel.name).and_then(|(_, name)| Label::read(name)) else { return };
        let obligation = panel.obligation.and_then(cell).and_then(|(_, text)| column::obligation(text)).or(self.group);
        let of_row = panel.unit.and_then(cell).and_then(|(_, text)| Unit::read(text));
        let mut has_level = false;
        for column in panel.columns.clone() {
            let Column::Figures(figures) = &header.columns[column] else { continue };
            let Some((range, _)) = cell(column) else { continue };
            let Some(value) = Value::read(&plan.text, range.clone()) else { continue };
            if !evidence::holds(&plan.text[value.range.clone()], value.value, value.max) {
                self.dropped += 1;
                continue;
            }
            // Beside rates stand sums in square brackets.
            let holds = if value.total && figures.holds == Holds::Rate { Holds::Sum } else { figures.holds };
            let of_cell = value.unit.clone().map(Unit::from);
            let unit = if holds == Holds::Rate {
                of_cell.or_else(|| figures.unit.clone()).or_else(|| Unit::read("%"))
            } else {
                [&of_cell, &label.unit, &of_row, &figures.unit, &self.unit].into_iter().find_map(Clone::clone)
            };
            let measure = measure(&label, &value, holds, unit.as_ref(), has_level);
            has_level |= measure == Measure::Level;
            // The name of a change (能耗降低) has a unit of its own; else percentages change by points.
            let is_change = label.measure.is_none() && (holds == Holds::Sum || value.measure.is_some());
            let unit = unit.map(|unit| if is_change { unit.of_change(measure, &value) } else { unit });
            let scaled = |number: f64| match &unit {
                Some(unit) if value.unit.is_none() => unit.scale(number),
                _ => number,
            };
            let unit_name = unit.as_ref().map(|unit| unit.name.clone());
            // What falls by 3 has fallen by 3.
            let sign = if measure == Measure::Decrease { value.value.signum() } else { 1.0 };
            let told = table.ruled && unit.is_some() && figures.year_is_told && figures.year.is_some();
            let figure = Indicator {
                concept: self.catalogue.resolve(&label.name, unit_name.as_deref(), measure).map(str::to_owned),
                name: label.name.clone(),
                value: scaled(value.value * sign),
                value_max: value.max.map(scaled),
                value_text: plan.text[value.range.clone()].to_owned(),
                unit: unit_name,
                comparator: value.comparator,
                measure,
                role: figures.role,
                obligation,
                year: figures.year,
                scope: figures.scope.map(str::to_owned),
                sentence: row.range.clone(),
                range: value.range,
                section: section(plan, row.range.start),
                confidence: confidence::in_table(told),
            };
            self.found.push((figure, figures.year_is_told));
        }
    }
}

/// What kind of quantity a cell holds: what the column and the cell say, else what the name says. A sum over the years
/// of a plan is something to add where things are counted that the row tells no level of.
fn measure(label: &Label, value: &Value, holds: Holds, unit: Option<&Unit>, has_level: bool) -> Measure {
    let by_sign = if value.value < 0.0 { Measure::Decrease } else { Measure::Increase };
    let is_share = unit.is_some_and(Unit::is_share);
    match (value.measure.or(label.measure), holds) {
        (Some(measure @ (Measure::Increase | Measure::Decrease)), _) => measure,
        (_, Holds::Rate) => by_sign,
        (Some(measure), _) => measure,
        (None, Holds::Sum) if is_share || has_level || value.value < 0.0 => by_sign,
        (None, Holds::Sum) => Measure::New,
        (None, Holds::Figure) if value.total && !is_share => Measure::New,
        (None, Holds::Figure) => Measure::Level,
    }
}

/// A row that only heads others: one text over all columns, or all alone (健康水平).
fn is_group(texts: &[String]) -> bool {
    let mut told = texts.iter().filter(|text| !text.is_empty());
    told.next().is_none_or(|first| told.all(|text| text == first))
}

/// The unit that a caption gives to a whole table, in its first rows or on a line above it (单位：亿元), and where that
/// stands.
fn caption(plan: &Plan, table: &Layout, rows: &[Vec<String>]) -> Option<(Unit, usize)> {
    let unit = |line: &str| Unit::read(line.rsplit_once("单位:")?.1.trim_end_matches(')'));
    let inside = rows.iter().take(2).filter(|row| is_group(row)).find_map(|row| unit(row.first()?));
    let mut at = table.range.start;
    inside.map(|unit| (unit, at)).or_else(|| {
        (0..CAPTION_LINES).find_map(|_| {
            let text = plan.text[..at].trim_end();
            at = text.rfind('\n').map_or(0, |end| end + 1);
            let line = Some(fold(&text[at..])).filter(|line| line.chars().count() <= CAPTION)?;
            Some((unit(&line)?, at))
        })
    })
}

/// The innermost section at a place of the text.
fn section(plan: &Plan, at: usize) -> usize {
    plan.sections.iter().rposition(|section| section.range.contains(&at)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
