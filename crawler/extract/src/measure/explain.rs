//! Why each number of a plan was read as it was.
//!
//! An [`Explanation`] is made on request alone ([`Reader::explain`](crate::Reader::explain)); reading a plan does not pay for
//! it. It displays as lines for a person at a terminal, without the text of the sentence.

use std::{
    fmt::{Display, Formatter, Result},
    ops::Range,
};

use entity::value::{Comparator, Measure, Role};

pub use super::{
    confidence::Doubt,
    rejection::Rejection,
    rules::{BoundBy, Rule},
    setting::{RoleBy, YearBy},
};
use crate::{Indicator, concept::THRESHOLD, spoken::spoken};

/// A sentence, or a row of a table, with numbers in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Where it stands in the plan's text.
    pub range: Range<usize>,
    /// The section it stands in: an index into [`Plan::sections`](crate::Plan::sections).
    pub section: usize,
    /// Its numbers, in order.
    pub numbers: Vec<Number>,
}

/// A number, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Where it stands in the plan's text, with its sign, unit and suffix.
    pub range: Range<usize>,
    /// As it stands there.
    pub written: String,
    /// Its value, or the lower end of a range.
    pub value: f64,
    /// The upper end of a range.
    pub value_max: Option<f64>,
    /// Its unit.
    pub unit: Option<String>,
    /// How its own sign or suffix binds it.
    pub comparator: Option<Comparator>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is no figure.
    LeftOut(Rejection),
    /// No construction tells what it measures, or it says something of what another number counts.
    Unbound,
    /// The text at its place does not read as its value.
    Dropped,
    /// It is a figure, or several where it holds for several names.
    Figures(Vec<Figure>),
    /// It is a figure of a table.
    Cell {
        /// As it was read.
        figure: Box<Indicator>,
        /// The slug of the concept most like its name, and how much, from 0 to 1.
        nearest: Option<(String, f64)>,
        /// Whether the header of its column names the year.
        year_is_told: bool,
    },
}

/// A figure of a sentence, and what told its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What is measured.
    pub name: String,
    /// The words that were read.
    pub words: Words,
    /// The construction that bound the name.
    pub rule: Rule,
    /// What is taken from an earlier clause, and the words it was taken from.
    pub carried: Vec<(String, String)>,
    /// How the number binds.
    pub comparator: Comparator,
    /// What told that.
    pub bound_by: BoundBy,
    /// What kind of quantity it is.
    pub measure: Measure,
    /// What told that.
    pub change: Change,
    /// What it is limited to.
    pub scope: Option<String>,
    /// Aimed at or reached.
    pub role: Role,
    /// What told that.
    pub role_by: RoleBy,
    /// The year.
    pub year: Option<i32>,
    /// What told that.
    pub year_by: YearBy,
    /// The year as the sentence says it: 到2030年底.
    pub said: Option<String>,
    /// The heading that says whether figures are aimed at or were reached.
    pub chapter: Option<String>,
    /// Slug of the shared concept.
    pub concept: Option<String>,
    /// The slug of the concept most like its name, and how much, from 0 to 1.
    pub nearest: Option<(String, f64)>,
    /// How sure the rules are, 0 to 1.
    pub confidence: f64,
    /// How sure the construction is without doubts, 0 to 1.
    pub sure: f64,
    /// What lowered it.
    pub doubts: Vec<Doubt>,
}

/// The words around a number that it has to itself, without years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Those before that are the subject, or the verb and the noun.
    pub subject: String,
    /// Those between the subject and the number, each with what it does.
    pub binding: Vec<(String, &'static str)>,
    /// Those behind.
    pub behind: String,
}

spoken! {
/// What told what kind of quantity a number is.
pub enum Change {
    /// A place in an order is a rank by its form.
    Form,
    /// A verb of change before the number: 增长5%, 下降2个百分点.
    Changes,
    /// A verb of change before what changes: 提高签约率3个百分点.
    Leads,
    /// 个百分点 tell a change.
    Points,
    /// A verb that adds what is counted: 新增3个公园.
    Adds,
    /// A verb of an earlier clause that adds: 新增甲3个,乙5个.
    AddedBefore,
    /// No verb adds it or changes it.
    Nothing,
}
}

/// Columns of the labels.
const LABEL: usize = 11;

impl Display for Explanation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.numbers.iter().try_for_each(|number| number.fmt(f))
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "  {} = {}", self.written, self.value)?;
        if let Some(max) = self.value_max {
            write!(f, " to {max}")?;
        }
        if let Some(unit) = &self.unit {
            write!(f, " {unit}")?;
        }
        match &self.outcome {
            Outcome::LeftOut(rejection) => writeln!(f, ", left out. {rejection}"),
            Outcome::Unbound => {
                writeln!(
                    f,
                    ", left out. No construction tells what it measures, or it describes what another number counts"
                )
            }
            Outcome::Dropped => writeln!(f, ", dropped. The text at its place does not read as its value"),
            Outcome::Figures(figures) => {
                writeln!(f)?;
                figures.iter().try_for_each(|figure| figure.fmt(f))
            }
            Outcome::Cell { figure, nearest, year_is_told } => {
                writeln!(f)?;
                cell(f, figure, nearest.as_ref(), *year_is_told)
            }
        }
    }
}

impl Display for Figure {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        line(f, "name", &self.name)?;
        line(f, "rule", format_args!("{:?}. {}", self.rule, self.rule))?;
        let Words { subject, binding, behind } = &self.words;
        if !subject.is_empty() {
            line(f, "subject", subject)?;
        }
        for (word, does) in binding {
            line(f, "word", format_args!("{word}: {does}"))?;
        }
        if !behind.is_empty() {
            line(f, "behind", behind)?;
        }
        for (part, earlier) in &self.carried {
            line(f, "carried", format_args!("{part}, from {earlier}"))?;
        }
        line(f, "comparator", format_args!("{}. {}", self.comparator.as_str(), self.bound_by))?;
        line(f, "measure", format_args!("{}. {}", self.measure.as_str(), self.change))?;
        if let Some(scope) = &self.scope {
            line(f, "scope", scope)?;
        }
        let chapter = self.chapter.as_deref().unwrap_or_default();
        match self.role_by {
            RoleBy::Chapter => line(f, "role", format_args!("{}. {}: {chapter}", self.role.as_str(), self.role_by))?,
            by => line(f, "role", format_args!("{}. {by}", self.role.as_str()))?,
        }
        match (self.year, self.year_by, &self.said) {
            (None, ..) => line(f, "year", "none is said")?,
            (Some(year), YearBy::Sentence, Some(said)) => {
                line(f, "year", format_args!("{year}. {}: {said}", self.year_by))?;
            }
            (Some(year), YearBy::Chapter, _) => line(f, "year", format_args!("{year}. {}: {chapter}", self.year_by))?,
            (Some(year), by, _) => line(f, "year", format_args!("{year}. {by}"))?,
        }
        concept(f, self.concept.as_deref(), self.nearest.as_ref())?;
        line(f, "confidence", format_args!("{:.2}. {:.2} for the construction", self.confidence, self.sure))?;
        for doubt in &self.doubts {
            line(f, "", format_args!("× {:.2}. {doubt}", doubt.factor()))?;
        }
        Ok(())
    }
}

/// A figure of a table.
fn cell(f: &mut Formatter<'_>, figure: &Indicator, nearest: Option<&(String, f64)>, year_is_told: bool) -> Result {
    line(f, "name", format_args!("{}. The row's", figure.name))?;
    line(f, "comparator", figure.comparator.as_str())?;
    line(f, "measure", figure.measure.as_str())?;
    if let Some(scope) = &figure.scope {
        line(f, "scope", scope)?;
    }
    line(f, "role", figure.role.as_str())?;
    match figure.year {
        Some(year) if year_is_told => line(f, "year", format_args!("{year}. The header of its column"))?,
        Some(year) => line(f, "year", format_args!("{year}. {}", YearBy::Plan))?,
        None => line(f, "year", "none is said")?,
    }
    concept(f, figure.concept.as_deref(), nearest)?;
    line(f, "confidence", format_args!("{:.2}. A table of indicators", figure.confidence))
}

fn concept(f: &mut Formatter<'_>, slug: Option<&str>, nearest: Option<&(String, f64)>) -> Result {
    match (slug, nearest) {
        (Some(slug), Some((nearest, likeness))) if slug == nearest => {
            line(f, "concept", format_args!("{slug}. Likeness {likeness:.2}"))
        }
        (Some(slug), _) => line(f, "concept", slug),
        (None, Some((nearest, likeness))) => {
            let differs = if *likeness >= THRESHOLD { "; its unit or kind of quantity is another" } else { "" };
            line(f, "concept", format_args!("none. The nearest is {nearest}, likeness {likeness:.2}{differs}"))
        }
        (None, None) => line(f, "concept", "none. No known name is like it"),
    }
}

fn line(f: &mut Formatter<'_>, label: &str, text: impl Display) -> Result {
    writeln!(f, "    {label:LABEL$} {text}")
}
