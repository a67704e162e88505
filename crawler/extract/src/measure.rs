//! Sections into figures.
//!
//! A sentence is folded into a [`line::Line`]; [`quantity`] finds the numbers in it and [`exclude`] puts away those that
//! are no figures; [`clause`] parts the words between them, and [`rules`] reads what they measure; [`setting`] tells
//! role and year, and [`confidence`] how sure all of it is. [`table`] reads the tables of indicators.

mod before;
mod clause;
mod confidence;
mod exclude;
mod lexicon;
mod line;
mod name;
mod number;
mod quantity;
mod rules;
mod setting;
mod table;
mod time;
mod unit;

use std::ops::Range;

use entity::value::{Role, SectionKind};

use crate::{Indicator, Plan, concept::Catalogue, text};
use clause::Sentence;
use line::Line;
use setting::Setting;

/// The figures of a plan.
pub(crate) fn indicators(plan: &Plan, catalogue: &Catalogue) -> Vec<Indicator> {
    let settings = Setting::of_sections(plan);
    let mut found = Vec::new();
    for ((index, pieces), setting) in own_text(plan).into_iter().enumerate().zip(settings) {
        let mut section = SectionReader { plan, catalogue, index, setting, said: None, found: &mut found };
        match plan.sections[index].kind {
            // What a term means is no aim.
            SectionKind::Glossary => {}
            SectionKind::Table => table::cells(plan, index).for_each(|cell| section.read(cell)),
            _ => pieces.into_iter().for_each(|piece| section.read(piece)),
        }
    }
    table::read(plan, catalogue, &mut found);
    found.sort_by_key(|indicator| indicator.range.start);
    found
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

/// Reads the sentences of one section.
struct SectionReader<'p> {
    plan: &'p Plan,
    catalogue: &'p Catalogue,
    index: usize,
    setting: Setting,
    /// The year that the paragraph has named.
    said: Option<i32>,
    found: &'p mut Vec<Indicator>,
}

impl SectionReader<'_> {
    fn read(&mut self, piece: Range<usize>) {
        let mut end = piece.start;
        for sentence in text::sentences(&self.plan.text, piece) {
            if self.plan.text[end..sentence.start].contains('\n') {
                self.said = None;
            }
            end = sentence.end;
            self.sentence(sentence);
        }
    }

    /// 甲市入园率 in a plan of 甲市 is 入园率; 甲市图书馆借阅量 keeps the name of the body.
    fn forget_region(&self, name: &mut String) {
        const BODIES: &[&str] = &["医院", "中心", "学校", "大学", "学院", "集团", "局", "馆", "公司"];
        let region = self.plan.region.as_ref().map_or("", |region| region.name.as_str());
        if let Some(rest) = name.strip_prefix(region)
            && rest.len() < name.len()
            && name::is_measured(rest)
            && !BODIES.iter().any(|body| rest.contains(body))
        {
            *name = rest.to_owned();
        }
    }

    fn sentence(&mut self, range: Range<usize>) {
        let line = Line::new(&self.plan.text, range.clone());
        let shields = exclude::shields(&line.text);
        let times = time::scan(&line.text);
        let years: Vec<(&Range<usize>, Option<i32>)> = times
            .iter()
            .filter(|time| !time.base && !shields.iter().any(|s| s.start <= time.range.start && time.range.end < s.end))
            .map(|time| (&time.range, self.setting.year_of(time)))
            .collect();
        let quantities = exclude::figures(&line.text, quantity::scan(&line.text), &shields, &times);
        let sentence = Sentence { text: &line.text, quantities: &quantities, times: &times, shields: &shields };
        // 由2020年的8%提高到9%: the year of the start is none of the end.
        let mut start: Option<&Range<usize>> = None;
        for mut reading in rules::read(&sentence) {
            self.forget_region(&mut reading.name);
            // 发病率从2016年的…降到…, 规范服药率均在…: what joins a name to its number is no part of it.
            let bare = reading.name.trim_end_matches(['的', '均']).len();
            if bare > 0 {
                reading.name.truncate(bare);
            }
            let quantity = &quantities[reading.quantity];
            let mut before = years.iter().rev().filter(|(year, _)| year.end <= quantity.range.start);
            let said = before.find(|(year, _)| reading.from || start != Some(*year));
            if reading.from {
                start = said.map(|(year, _)| *year);
            }
            let said = said.and_then(|(_, year)| *year);
            let before = &line.text[..quantity.range.start];
            let (mut role, mut year) = self.setting.judge(said.or(self.said), before);
            if reading.from && role == Role::Target {
                (role, year) = (Role::Actual, said.filter(|said| Some(*said) != year));
            }
            let confidence = confidence::of(&reading, quantity, role, year);
            let Some(place) = line.place(&quantity.range) else { continue };
            // Evidence: the number stands in its sentence as it is told, or it is not told.
            if place.start < range.start || range.end < place.end {
                continue;
            }
            let timed = quantity.unit == Some("分") && (reading.name.contains("时间") || reading.name.contains("时长"));
            self.found.push(Indicator {
                concept: self.catalogue.resolve(&reading.name, quantity.unit, reading.measure).map(str::to_owned),
                name: reading.name,
                value: quantity.value,
                value_max: quantity.max,
                value_text: self.plan.text[place.clone()].to_owned(),
                unit: quantity.unit.map(|unit| if timed { "分钟" } else { unit }.to_owned()),
                comparator: reading.comparator,
                measure: reading.measure,
                role,
                obligation: None,
                year,
                scope: reading.scope,
                sentence: range.clone(),
                range: place,
                section: self.index,
                confidence,
            });
        }
        // A year that opens a sentence holds for those behind it in the paragraph.
        if let Some((_, year)) = years.first().filter(|(year, _)| year.start <= "全市将".len()) {
            self.said = *year;
        }
    }
}
