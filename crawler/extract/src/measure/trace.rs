//! What follows the rules while they read, for an explanation.

use std::ops::Range;

use entity::value::Measure;

use super::{
    Told,
    before::Before,
    clause::Slot,
    confidence,
    explain::{Change, Explanation, Figure, Number, Outcome, Words},
    lexicon::{self, Effect, TURNED_BY_TO},
    line::Line,
    quantity::Quantity,
    rejection::Rejection,
    rules::{Carry, Construal},
    unit::Kind,
};
use crate::{Indicator, Plan, concept::Catalogue};

/// Is told every step of the rules, in order. `()` listens to nothing, and costs nothing.
pub(super) trait Trace {
    /// A number of the sentence at hand, and why it is no figure where it is none.
    fn number(&mut self, _: &Quantity, _: Option<Rejection>) {}
    /// The construction that the numbers of a slot stand in, with the verb that governs them.
    fn construed(&mut self, _: &Slot, _: &Before, _: &Construal, _: Option<Effect>, _: &Carry) {}
    /// A figure, and what told its parts.
    fn figure(&mut self, _: &Told<'_>, _: &Indicator) {}
    /// That the span of a number, by its place among the figures, does not read as its value.
    fn dropped(&mut self, _: usize) {}
    /// The end of the sentence at hand: where it stands, and in which section.
    fn sentence(&mut self, _: &Line, _: Range<usize>, _: usize) {}
    /// A table of indicators: what the sentences in its place gave is nothing.
    fn table(&mut self, _: &Range<usize>) {}
    /// A figure of a table, and whether the header names its year.
    fn cell(&mut self, _: &Indicator, _: bool) {}
}

impl Trace for () {}

/// Keeps what it is told.
pub(super) struct Trail<'p> {
    plan: &'p Plan,
    catalogue: &'p Catalogue,
    found: Vec<Explanation>,
    /// The numbers of the sentence at hand.
    numbers: Vec<(Quantity, Outcome)>,
    /// Which of them may be figures.
    kept: Vec<usize>,
    /// For each of these, the words around it.
    words: Vec<Option<Heard>>,
}

/// What was told of the words around a number.
#[derive(Clone)]
struct Heard {
    words: Words,
    change: Change,
    /// The name read before it, or else the clause without a number.
    earlier: Option<String>,
    carried_scope: bool,
}

impl<'p> Trail<'p> {
    pub(super) const fn new(plan: &'p Plan, catalogue: &'p Catalogue) -> Self {
        Self { plan, catalogue, found: Vec::new(), numbers: Vec::new(), kept: Vec::new(), words: Vec::new() }
    }

    /// What was told, in reading order.
    pub(super) fn explanations(mut self) -> Vec<Explanation> {
        self.found.sort_by_key(|sentence| sentence.range.start);
        self.found
    }

    fn heading(&self, section: usize) -> Option<String> {
        self.plan.sections.get(section)?.heading.clone()
    }

    fn nearest(&self, name: &str) -> Option<(String, f64)> {
        self.catalogue.nearest(name).map(|(slug, likeness)| (slug.to_owned(), likeness))
    }

    /// The outcome of a number, by its place among those that may be figures.
    fn outcome(&mut self, quantity: usize) -> Option<&mut Outcome> {
        let number = *self.kept.get(quantity)?;
        self.numbers.get_mut(number).map(|(_, outcome)| outcome)
    }
}

impl Trace for Trail<'_> {
    fn number(&mut self, quantity: &Quantity, rejection: Option<Rejection>) {
        if rejection.is_none() {
            self.kept.push(self.numbers.len());
            self.words.push(None);
        }
        self.numbers.push((quantity.clone(), rejection.map_or(Outcome::Unbound, Outcome::LeftOut)));
    }

    fn construed(&mut self, slot: &Slot, before: &Before, construal: &Construal, verb: Option<Effect>, carry: &Carry) {
        let heard = Heard {
            words: Words {
                subject: before.subject.clone(),
                binding: binding(slot.left.get(before.subject.len()..).unwrap_or_default()),
                behind: slot.right.clone(),
            },
            change: match (before.change, verb.or(carry.verb)) {
                (Some(_), _) => Change::Changes,
                (None, Some(Effect::Gain)) if verb.is_some() => Change::Adds,
                (None, Some(Effect::Gain)) => Change::AddedBefore,
                _ => Change::Leads,
            },
            earlier: carry.name.clone().or_else(|| carry.topic.clone()),
            carried_scope: construal.scope.is_none(),
        };
        for quantity in &slot.group {
            if let Some(words) = self.words.get_mut(*quantity) {
                *words = Some(heard.clone());
            }
        }
    }

    fn figure(&mut self, told: &Told<'_>, indicator: &Indicator) {
        let Some(heard) = self.words.get(told.reading.quantity).cloned().flatten() else { return };
        let change = match (indicator.measure, told.quantity.kind) {
            (Measure::Rank, _) => Change::Form,
            (Measure::Level, _) => Change::Nothing,
            (Measure::Increase | Measure::Decrease, Kind::Points) if heard.change != Change::Changes => Change::Points,
            (Measure::Increase | Measure::Decrease, _) if heard.change != Change::Changes => Change::Leads,
            _ => heard.change,
        };
        let own = format!("{}{}", heard.words.subject, heard.words.behind);
        let mut carried = Vec::new();
        if let Some(earlier) = heard.earlier
            && let Some(part) = borrowed(&indicator.name, &own, &earlier)
        {
            carried.push((part.to_owned(), earlier));
        }
        if heard.carried_scope
            && let Some(scope) = &indicator.scope
        {
            carried.push((scope.clone(), scope.clone()));
        }
        let figure = Figure {
            name: indicator.name.clone(),
            words: heard.words,
            rule: told.reading.rule,
            carried,
            comparator: indicator.comparator,
            bound_by: told.reading.bound_by,
            measure: indicator.measure,
            change,
            scope: indicator.scope.clone(),
            role: indicator.role,
            role_by: told.role_by,
            year: indicator.year,
            year_by: told.year_by,
            said: told.said.map(str::to_owned),
            chapter: told.chapter.and_then(|section| self.heading(section)),
            concept: indicator.concept.clone(),
            nearest: self.nearest(&indicator.name),
            confidence: indicator.confidence,
            sure: confidence::base(told.reading.rule),
            doubts: confidence::doubts(told.reading, told.quantity, indicator.role, indicator.year).collect(),
        };
        match self.outcome(told.reading.quantity) {
            Some(Outcome::Figures(figures)) => figures.push(figure),
            Some(outcome) => *outcome = Outcome::Figures(vec![figure]),
            None => {}
        }
    }

    fn dropped(&mut self, quantity: usize) {
        if let Some(outcome) = self.outcome(quantity) {
            *outcome = Outcome::Dropped;
        }
    }

    fn sentence(&mut self, line: &Line, range: Range<usize>, section: usize) {
        self.kept.clear();
        self.words.clear();
        let numbers: Vec<Number> = std::mem::take(&mut self.numbers)
            .into_iter()
            .filter_map(|(quantity, outcome)| {
                let range = line.place(&quantity.range)?;
                Some(Number {
                    written: self.plan.text.get(range.clone())?.to_owned(),
                    range,
                    value: quantity.value,
                    value_max: quantity.max,
                    unit: quantity.unit.map(str::to_owned),
                    comparator: quantity.bound,
                    outcome,
                })
            })
            .collect();
        if !numbers.is_empty() {
            self.found.push(Explanation { range, section, numbers });
        }
    }

    fn table(&mut self, range: &Range<usize>) {
        self.found.retain(|sentence| sentence.range.end <= range.start || sentence.range.start >= range.end);
    }

    fn cell(&mut self, indicator: &Indicator, year_is_told: bool) {
        let number = Number {
            range: indicator.range.clone(),
            written: indicator.value_text.clone(),
            value: indicator.value,
            value_max: indicator.value_max,
            unit: indicator.unit.clone(),
            comparator: Some(indicator.comparator),
            outcome: Outcome::Cell {
                figure: Box::new(indicator.clone()),
                nearest: self.nearest(&indicator.name),
                year_is_told,
            },
        };
        match self.found.last_mut().filter(|row| row.range == indicator.sentence) {
            Some(row) => row.numbers.push(number),
            None => self.found.push(Explanation {
                range: indicator.sentence.clone(),
                section: indicator.section,
                numbers: vec![number],
            }),
        }
    }
}

/// The words between a subject and its number, in order, each with what it does.
fn binding(words: &str) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    let mut rest = words;
    while let Some(c) = rest.chars().next_back() {
        let (word, does) = match lexicon::last_word(rest) {
            Some((word, effect)) => (word, does(effect)),
            None => match lexicon::longest_end(rest, TURNED_BY_TO) {
                Some(verb) => (verb, "with 到, 至 or 为 behind it, reaches"),
                None => (&rest[rest.len() - c.len_utf8()..], "says nothing"),
            },
        };
        found.push((word.to_owned(), does));
        rest = &rest[..rest.len() - word.len()];
    }
    found.reverse();
    found
}

/// What a word before a number does, in a few words.
const fn does(effect: Effect) -> &'static str {
    match effect {
        Effect::Bound(_) => "binds it from one side",
        Effect::Pass(_) => "passes it",
        Effect::Each => "gives each its own",
        Effect::Reach | Effect::To => "reaches it",
        Effect::Up => "grows by it",
        Effect::Down => "falls by it",
        Effect::Gain => "adds what is counted",
        Effect::Have => "has or does what is counted",
        Effect::Part => "makes it a share",
        Effect::Frame => "leads in",
        Effect::Etc => "ends a list",
        Effect::Adverb | Effect::Place | Effect::Stop => "says nothing",
    }
}

/// The longest beginning or end of a name, of two characters and more, that stands in an earlier clause and not in its own.
fn borrowed<'n>(name: &'n str, own: &str, earlier: &str) -> Option<&'n str> {
    let borders = || name.char_indices().map(|(at, _)| at).chain([name.len()]);
    let pieces = borders().map(|at| &name[..at]).chain(borders().map(|at| &name[at..]));
    pieces
        .filter(|piece| piece.chars().count() > 1 && earlier.contains(piece) && !own.contains(piece))
        .max_by_key(|piece| piece.len())
}
