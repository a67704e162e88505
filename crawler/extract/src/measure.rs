//! Sections into figures.

mod before;
mod clause;
mod exclude;
mod lexicon;
mod line;
mod name;
mod number;
mod quantity;
mod rules;
mod table;
mod time;
mod unit;

use std::ops::Range;

use entity::value::{PlanKind, Role, SectionKind};

use crate::{Indicator, Plan, concept::Catalogue, region::Gazetteer, text};
use line::Line;
use time::Year;

/// The figures of a plan.
pub(crate) fn indicators(plan: &Plan, catalogue: &Catalogue, _gazetteer: &Gazetteer) -> Vec<Indicator> {
    let mut found = Vec::new();
    for index in 0..plan.sections.len() {
        if plan.sections[index].kind == SectionKind::Glossary {
            continue;
        }
        let setting = setting(plan, index);
        for piece in own_text(plan, index) {
            paragraphs(plan, piece, index, &setting, catalogue, &mut found);
        }
    }
    table::read(plan, catalogue, &mut found);
    found.sort_by_key(|indicator| indicator.range.start);
    found
}

/// What the headings above a figure say of it.
struct Setting {
    role: Role,
    /// The year of an actual whose sentence names none.
    year: Option<i32>,
}

fn setting(plan: &Plan, index: usize) -> Setting {
    const PAST: &[&str] = &["现状", "基础", "成效", "成就", "回顾", "背景", "形势", "总结", "主要成绩", "完成情况"];
    const GOAL: &[&str] = &["目标", "任务", "思路", "安排", "举措", "夯实基础", "措施"];
    let mut at = Some(index);
    while let Some(i) = at {
        let section = &plan.sections[i];
        let heading = section.heading.as_deref().unwrap_or("");
        if heading.chars().count() < 30 {
            if GOAL.iter().any(|word| heading.contains(word)) {
                break;
            }
            if section.depth <= 2 && PAST.iter().any(|word| heading.contains(word)) {
                let year = time::scan(heading).first().and_then(|mention| year_of(mention.year, plan));
                let annual =
                    (plan.kind == PlanKind::AnnualPlan).then(|| plan.period.map(|p| p.start_year - 1)).flatten();
                return Setting { role: Role::Actual, year: year.or(annual) };
            }
        }
        at = section.parent;
    }
    Setting { role: Role::Target, year: None }
}

/// The text of a section without its children.
fn own_text(plan: &Plan, index: usize) -> Vec<Range<usize>> {
    let section = &plan.sections[index];
    let mut pieces = Vec::new();
    let mut at = section.range.start;
    for child in plan.sections.iter().filter(|child| child.parent == Some(index)) {
        if child.range.start > at {
            pieces.push(at..child.range.start);
        }
        at = at.max(child.range.end);
    }
    if section.range.end > at {
        pieces.push(at..section.range.end);
    }
    pieces
}

fn year_of(year: Year, plan: &Plan) -> Option<i32> {
    match year {
        Year::Told(year) => Some(year),
        Year::Own(offset) => plan.period.map(|period| period.start_year + offset),
    }
}

fn paragraphs(
    plan: &Plan,
    piece: Range<usize>,
    section: usize,
    setting: &Setting,
    catalogue: &Catalogue,
    found: &mut Vec<Indicator>,
) {
    let mut said: Option<i32> = None;
    let mut last_end = piece.start;
    for sentence in text::sentences(&plan.text, piece) {
        if plan.text[last_end..sentence.start].contains('\n') {
            said = None;
        }
        last_end = sentence.end;
        let line = Line::new(&plan.text, sentence.clone());
        let times = time::scan(&line.text);
        let shields = exclude::shields(&line.text);
        let named = |mention: &&time::Mention| {
            !mention.base
                && !shields.iter().any(|shield| shield.contains(&mention.range.start) && mention.range.end < shield.end)
        };
        let quantities = exclude::figures(&line.text, quantity::scan(&line.text), &shields, &times);
        let leading = times
            .iter()
            .filter(named)
            .next()
            .and_then(|m| (m.range.start < 12).then(|| year_of(m.year, plan)).flatten());
        for reading in rules::read(&clause::Sentence {
            text: &line.text,
            quantities: &quantities,
            times: &times,
            shields: &shields,
        }) {
            let quantity = &quantities[reading.quantity];
            let Some(range) = line.place(&quantity.range) else { continue };
            let told = times
                .iter()
                .filter(named)
                .rfind(|mention| mention.range.end <= quantity.range.start)
                .and_then(|m| year_of(m.year, plan));
            let (role, year) = role_and_year(plan, setting, told.or(said), told.is_some());
            let name = reading.name.clone();
            found.push(Indicator {
                concept: catalogue.resolve(&reading.name, quantity.unit, reading.measure).map(str::to_owned),
                value: quantity.value,
                value_max: quantity.max,
                value_text: plan.text[range.clone()].to_owned(),
                unit: quantity.unit.map(|unit| {
                    if unit == "分" && (name.contains("时间") || name.contains("时长")) { "分钟" } else { unit }
                        .to_owned()
                }),
                comparator: reading.comparator,
                measure: reading.measure,
                role,
                year,
                scope: reading.scope,
                sentence: sentence.clone(),
                range,
                section,
                confidence: 0.5,
                name,
            });
        }
        said = leading.or(said);
    }
}

fn role_and_year(plan: &Plan, setting: &Setting, told: Option<i32>, own: bool) -> (Role, Option<i32>) {
    let period = plan.period;
    match (setting.role, told) {
        (Role::Actual, Some(year)) => (Role::Actual, Some(year)),
        (Role::Actual, None) => (Role::Actual, setting.year),
        (Role::Target, Some(year)) if own && period.is_some_and(|period| year < period.start_year) => {
            (Role::Actual, Some(year))
        }
        (Role::Target, Some(year)) => (Role::Target, Some(year)),
        (Role::Target, None) => (Role::Target, period.map(|period| period.end_year)),
    }
}
