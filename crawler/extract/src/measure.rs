//! Sections into figures.
//!
//! A sentence is folded into a [`line::Line`]; [`quantity`] finds the numbers in it and [`exclude`] puts away those that
//! are no figures; [`clause`] parts the words between them, and [`rules`] reads what they measure; [`setting`] tells
//! role and year, and [`confidence`] how sure all of it is. [`table`] reads the tables of indicators, and [`evidence`]
//! looks back at the text for every figure of both. [`explain`] tells all of this of a number; a [`trace`] follows for it.

mod before;
mod clause;
mod confidence;
mod coordination;
mod evidence;
mod exclude;
pub mod explain;
mod lexicon;
mod line;
mod name;
mod number;
mod quantity;
mod rejection;
mod rules;
mod setting;
mod shield;
mod table;
mod time;
mod trace;
mod unit;

use std::ops::Range;

use entity::value::{Role, SectionKind};

use crate::{Indicator, Plan, concept::Catalogue, text};
use clause::Sentence;
use line::Line;
use quantity::Quantity;
use rules::{Around, Reading};
use setting::{RoleBy, Setting, YearBy};
use time::{Mention, Year};
use trace::{Trace, Trail};

/// What is measured of a plan.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// The figures in reading order.
    pub(crate) indicators: Vec<Indicator>,
    /// How many more there would be if their spans read as their values.
    pub(crate) dropped: usize,
}

/// The figures of a plan.
pub(crate) fn figures(plan: &Plan, catalogue: &Catalogue) -> Measured {
    read(plan, catalogue, &mut ())
}

/// How every number of a plan is read, sentence by sentence.
pub(crate) fn explain(plan: &Plan, catalogue: &Catalogue) -> Vec<explain::Explanation> {
    let mut trail = Trail::new(plan, catalogue);
    read(plan, catalogue, &mut trail);
    trail.explanations()
}

fn read(plan: &Plan, catalogue: &Catalogue, trace: &mut impl Trace) -> Measured {
    let settings = Setting::of_sections(plan);
    let mut found = Measured::default();
    for ((index, pieces), setting) in own_text(plan).into_iter().enumerate().zip(settings) {
        let mut section = SectionReader {
            plan,
            catalogue,
            index,
            setting,
            said: None,
            names: Vec::new(),
            found: &mut found,
            trace: &mut *trace,
        };
        match plan.sections[index].kind {
            // What a term means is no aim.
            SectionKind::Glossary => {}
            SectionKind::Table => table::cells(plan, index).for_each(|cell| section.read(cell)),
            _ => pieces.into_iter().for_each(|piece| section.read(piece)),
        }
    }
    table::read(plan, catalogue, &mut found, trace);
    found.indicators.sort_by_key(|indicator| indicator.range.start);
    found
}

/// 到2025年和2030年,死亡率分别降至5%和4%: as many years as numbers, one each in the same order. The year of a number, where
/// the last year named before it ends such a list.
fn in_turn(
    text: &str,
    years: &[(&Range<usize>, Option<i32>)],
    said: &Range<usize>,
    quantities: &[Quantity],
    at: usize,
) -> Option<i32> {
    let last = years.iter().position(|(range, _)| *range == said)?;
    let first = (0..last).rev().take_while(|i| are_joined(text, years[*i].0, years[*i + 1].0)).last()?;
    let row = row(text, quantities, at);
    if row.len() != last - first + 1 {
        return None;
    }
    years[first + at - row.start].1
}

/// 2024—2026年普及率分别为31%、33%、35%: as many numbers as years from the first to the last. The year of a number.
fn in_span(text: &str, span: &Mention, quantities: &[Quantity], at: usize) -> Option<i32> {
    let (since, Year::Told(until)) = (span.since?, span.year) else { return None };
    let row = row(text, quantities, at);
    let each = text.get(span.range.end..quantities[row.start].range.start)?.contains("分别");
    let place = i32::try_from(at - row.start).ok()?;
    (each && i32::try_from(row.len()) == Ok(until - since + 1)).then_some(since + place)
}

/// The numbers in a row that one is of: 31%、33%和35%.
fn row(text: &str, quantities: &[Quantity], at: usize) -> Range<usize> {
    let beside = |i: usize| are_joined(text, &quantities[i].range, &quantities[i + 1].range);
    let start = (0..at).rev().take_while(|i| beside(*i)).last().unwrap_or(at);
    let last = (at..quantities.len().saturating_sub(1)).take_while(|i| beside(*i)).last().map_or(at, |i| i + 1);
    start..last + 1
}

/// Whether only a conjunction stands between two places.
fn are_joined(text: &str, one: &Range<usize>, other: &Range<usize>) -> bool {
    text.get(one.end..other.start).is_some_and(lexicon::is_conjunction)
}

/// The text of each section without its number and its children.
fn own_text(plan: &Plan) -> Vec<Vec<Range<usize>>> {
    let mut pieces: Vec<Vec<Range<usize>>> = Vec::with_capacity(plan.sections.len());
    for section in &plan.sections {
        let number = section.number.as_deref().filter(|number| plan.text[section.range.clone()].starts_with(number));
        let start = section.range.start + number.map_or(0, str::len);
        pieces.push(std::iter::once(start..section.range.end).collect());
        // Sections stand in order and each behind its parent, so a child lies in the last piece of the parent.
        if let Some(last) = section.parent.and_then(|parent| pieces[parent].last_mut()) {
            let rest = section.range.end..last.end;
            last.end = section.range.start;
            if !rest.is_empty()
                && let Some(parent) = section.parent
            {
                pieces[parent].push(rest);
            }
        }
    }
    pieces
}

/// What told each part of a figure.
struct Told<'t> {
    reading: &'t Reading,
    quantity: &'t Quantity,
    role_by: RoleBy,
    year_by: YearBy,
    /// The year as the sentence says it: 到2030年底.
    said: Option<&'t str>,
    /// The section whose heading tells whether figures are aimed at or were reached.
    chapter: Option<usize>,
}

/// Reads the sentences of one section.
struct SectionReader<'p, T> {
    plan: &'p Plan,
    catalogue: &'p Catalogue,
    index: usize,
    setting: Setting,
    /// The year that the paragraph has named.
    said: Option<i32>,
    /// What was measured in the last sentence of the paragraph that measures anything.
    names: Vec<String>,
    found: &'p mut Measured,
    trace: &'p mut T,
}

impl<T: Trace> SectionReader<'_, T> {
    fn read(&mut self, piece: Range<usize>) {
        let mut end = piece.start;
        for sentence in text::sentences(&self.plan.text, piece) {
            if self.plan.text[end..sentence.start].contains('\n') {
                self.said = None;
                self.names.clear();
            }
            end = sentence.end;
            self.sentence(sentence);
        }
    }

    /// 甲市入园率 in a plan of 甲市 is 入园率; 甲市图书馆借阅量 keeps the name of the body.
    fn forget_region(&self, name: &mut String) {
        const BODIES: &[&str] = &["医院", "中心", "学校", "大学", "学院", "集团", "局", "馆", "公司"];
        let region = self.plan.region.as_ref().map_or("", |region| region.name.as_str());
        let Some(rest) = name.strip_prefix(region).filter(|rest| rest.len() < name.len()) else { return };
        // 甲市将新增托位.
        let object = name::without_verbs(rest.trim_start_matches(['将', '要']));
        if object.len() < rest.len() && !object.is_empty() {
            *name = object.to_owned();
            return;
        }
        if name::is_measured(rest) && !BODIES.iter().any(|body| rest.contains(body)) {
            *name = rest.to_owned();
        }
    }

    fn sentence(&mut self, range: Range<usize>) {
        let line = Line::new(&self.plan.text, range.clone());
        let shields = shield::shields(&line.text);
        let times = time::scan(&line.text);
        let years: Vec<(&Range<usize>, Option<i32>)> = times
            .iter()
            .filter(|time| !time.base && !shields.iter().any(|s| s.start <= time.range.start && time.range.end < s.end))
            .map(|time| (&time.range, self.setting.year_of(time)))
            .collect();
        let quantities = exclude::figures(&line.text, quantity::scan(&line.text), &shields, &times, self.trace);
        let sentence = Sentence { text: &line.text, quantities: &quantities, times: &times, shields: &shields };
        // 由2020年的8%提高到9%: the year of the start is none of the end.
        let mut start = None;
        let heading = self.plan.sections[self.index].heading.as_deref();
        let around = Around { earlier: &self.names, heading };
        let readings = rules::read(&sentence, around, self.trace);
        if !readings.is_empty() {
            self.names = readings.iter().map(|reading| reading.name.clone()).collect();
        }
        for mut reading in readings {
            self.forget_region(&mut reading.name);
            name::without_asides(&mut reading.name);
            // 发病率从2016年的…降到…, 规范服药率均在…: what joins a name to its number is no part of it.
            let bare = reading.name.trim_end_matches(['的', '均']).len();
            if bare > 0 {
                reading.name.truncate(bare);
            }
            let quantity = &quantities[reading.quantity];
            let mut before = years.iter().rev().filter(|(year, _)| year.end <= quantity.range.start);
            let base = || {
                // 比2024年的36%: the year of what it is compared with.
                let base = times.iter().rev().find(|time| time.base && time.range.end <= quantity.range.start)?;
                let between = &line.text[base.range.end..quantity.range.start];
                Some((&base.range, self.setting.year_of(base))).filter(|_| between == "的")
            };
            let compared = if reading.from { base() } else { None };
            let said = if compared.is_some() {
                compared.as_ref()
            } else if reading.from {
                // Its own year stands within it; else it is that of the start before: 甲由2020年的8个…,乙由5个….
                let from = line.text[..quantity.range.start].rfind(['由', '从']);
                start = before.next().filter(|(year, _)| from.is_some_and(|from| from <= year.start)).or(start);
                start
            } else {
                before.find(|year| start.is_none_or(|start| start.0 != year.0))
            };
            let said_at = said.map(|(at, _)| *at);
            let said = said.and_then(|(range, year)| {
                let span = || times.iter().find(|time| time.range == **range);
                in_turn(&line.text, &years, range, &quantities, reading.quantity)
                    .or_else(|| in_span(&line.text, span()?, &quantities, reading.quantity))
                    .or(*year)
            });
            let before = &line.text[..quantity.range.start];
            let behind = &line.text[quantity.range.end..];
            let (mut role, mut year, mut role_by) = self.setting.judge(said.or(self.said), before, behind);
            if reading.from {
                year = said.filter(|said| role == Role::Actual || Some(*said) != year);
                if role != Role::Actual {
                    (role, role_by) = (Role::Actual, RoleBy::Start);
                }
            }
            let confidence = confidence::of(&reading, quantity, role, year);
            // The number stands in its sentence as it is told, or it is not told.
            let place = line.place(&quantity.range).filter(|place| {
                range.start <= place.start
                    && place.end <= range.end
                    && evidence::reads(&self.plan.text[place.clone()], quantity.value, quantity.max)
            });
            let Some(place) = place else {
                self.found.dropped += 1;
                self.trace.dropped(reading.quantity);
                continue;
            };
            let timed = quantity.unit == Some("分") && (reading.name.contains("时间") || reading.name.contains("时长"));
            let indicator = Indicator {
                concept: self.catalogue.resolve(&reading.name, quantity.unit, reading.measure).map(str::to_owned),
                name: reading.name.clone(),
                value: quantity.value,
                value_max: quantity.max,
                value_text: self.plan.text[place.clone()].to_owned(),
                unit: quantity.unit.map(|unit| if timed { "分钟" } else { unit }.to_owned()),
                comparator: reading.comparator,
                measure: reading.measure,
                role,
                obligation: None,
                year,
                scope: reading.scope.clone(),
                sentence: range.clone(),
                range: place,
                section: self.index,
                confidence,
            };
            let year_by = match year {
                None => YearBy::Nothing,
                Some(_) if said.is_some() => YearBy::Sentence,
                Some(_) if self.said.is_some() => YearBy::Paragraph,
                Some(_) if role_by == RoleBy::Chapter && role == Role::Actual => YearBy::Chapter,
                Some(_) => YearBy::Plan,
            };
            self.trace.figure(
                &Told {
                    reading: &reading,
                    quantity,
                    role_by,
                    year_by,
                    said: said_at.map(|at| &line.text[at.clone()]),
                    chapter: self.setting.chapter,
                },
                &indicator,
            );
            self.found.indicators.push(indicator);
        }
        self.trace.sentence(&line, range, self.index);
        // A year that opens a sentence holds for those behind it in the paragraph, unless it only looks further ahead
        // than the plan does, or not as far, or the sentence goes on to another: 2025年为13%,今年控制在12%以内.
        if let Some((_, year)) =
            years.first().filter(|(year, said)| year.start <= "全市将".len() && self.setting.holds_on(*said))
        {
            let goes_on = years.last().is_some_and(|(_, last)| self.setting.goes_on(*year, *last));
            self.said = year.filter(|_| !goes_on);
        }
    }
}
