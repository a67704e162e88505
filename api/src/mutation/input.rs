//! What an analyst says of a figure.

use async_graphql::{Context, ID, InputObject, MaybeUndefined};
use entity::{
    correction::{Exact, Given},
    indicator, value,
};

use crate::{
    Error,
    id::GlobalId,
    load::loaders,
    names::Wanted,
    vocabulary::{Comparator, Measure, Role},
};

/// The most characters of a name or a scope, of a unit, and of a reason.
const MAX_NAME: usize = 200;
const MAX_UNIT: usize = 20;
const MAX_REASON: usize = 1_000;
/// The years that a plan may speak of.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// What to correct of a figure, and why. What is left out stays as it is read, also when it is read again; null says that
/// there is none, where a figure can be without.
#[derive(Debug, InputObject)]
pub(crate) struct CorrectIndicatorInput {
    /// The figure's global id.
    indicator: ID,
    /// The thing measured, at most 200 characters.
    name: Option<String>,
    /// The number in `unit`; of a range, the lower end.
    value: Option<f64>,
    /// The upper end of a range; null where it is none.
    value_max: MaybeUndefined<f64>,
    /// Unit, at most 20 characters; null for a bare number. Example: `"%"`.
    unit: MaybeUndefined<String>,
    /// How it binds. RANGE, and nothing else, needs `valueMax`.
    comparator: Option<Comparator>,
    /// What kind of quantity it is.
    measure: Option<Measure>,
    /// Aimed at, or reached.
    role: Option<Role>,
    /// The year it is for, 1900 to 2100; null where its plan says none.
    year: MaybeUndefined<i32>,
    /// What it is limited to, at most 200 characters; null for the whole region.
    scope: MaybeUndefined<String>,
    /// Slug, name or alias of a concept; null where it is none of the catalogue. Example: `"life-expectancy"`.
    concept: MaybeUndefined<String>,
    /// Takes the figure out of every answer: it is none. Nothing else is corrected then.
    reject: Option<bool>,
    /// Why, for those who wonder later; at most 1,000 characters.
    reason: String,
}

/// What is to be done to a figure.
pub(super) struct Wish {
    pub(super) indicator: i64,
    pub(super) given: Given,
    pub(super) rejects: bool,
    pub(super) reason: String,
}

impl CorrectIndicatorInput {
    /// What it asks for, with what can be told wrong without looking at the figure.
    pub(super) async fn read(self, ctx: &Context<'_>) -> Result<Wish, Error> {
        let indicator = GlobalId::row_of("Indicator", &self.indicator)?;
        let reason = text("reason", self.reason, MAX_REASON)?;
        let concept_id = match self.concept.as_opt_ref() {
            Some(Some(name)) => {
                let names = Wanted { concepts: vec![name.clone()], ..Wanted::default() }.find(loaders(ctx)).await?;
                Some(Some(names.concept(name)?))
            }
            Some(None) => Some(None),
            None => None,
        };
        let optional = |name, given: MaybeUndefined<String>, most| match given {
            MaybeUndefined::Undefined => Ok(None),
            MaybeUndefined::Null => Ok(Some(None)),
            MaybeUndefined::Value(given) => text(name, given, most).map(|given| Some(Some(given))),
        };
        let given = Given {
            name: self.name.map(|name| text("name", name, MAX_NAME)).transpose()?,
            value: self.value.map(Exact),
            value_max: self.value_max.map_value(Exact).into(),
            unit: optional("unit", self.unit, MAX_UNIT)?,
            comparator: self.comparator.map(value::Comparator::from),
            measure: self.measure.map(value::Measure::from),
            role: self.role.map(value::Role::from),
            year: self.year.into(),
            scope: optional("scope", self.scope, MAX_NAME)?,
            concept_id,
        };
        if let Some(Some(year)) = given.year.filter(|year| year.is_some_and(|year| !YEARS.contains(&year))) {
            let (first, last) = (YEARS.start(), YEARS.end());
            return Err(Error::BadInput(format!("`year: {year}` is out of bounds: it is {first} to {last}, or null")));
        }
        let rejects = self.reject == Some(true);
        match (rejects, given == Given::default()) {
            (true, false) => Err(Error::BadInput(
                "a figure is corrected or rejected: with `reject: true` only the reason is given".to_owned(),
            )),
            (false, true) => Err(Error::BadInput(
                "nothing is corrected: give what the figure is, or `reject: true` where it is none".to_owned(),
            )),
            _ => Ok(Wish { indicator, given, rejects, reason }),
        }
    }
}

impl Wish {
    /// A number is corrected as a whole: what is read of it otherwise later does not go with the part that was given.
    pub(super) fn complete(&mut self, read: &indicator::Model) {
        let given = &mut self.given;
        if given.value.is_some() || given.value_max.is_some() || given.comparator.is_some() {
            given.value.get_or_insert(Exact(read.value));
            given.value_max.get_or_insert(read.value_max.map(Exact));
            given.comparator.get_or_insert(read.comparator);
        }
    }
}

/// Refuses a figure that cannot be.
pub(super) fn check(figure: &indicator::Model) -> Result<(), Error> {
    let is_range = figure.comparator == value::Comparator::Range;
    let wrong = match figure.value_max {
        _ if !figure.value.is_finite() || figure.value_max.is_some_and(|max| !max.is_finite()) => {
            "`value` and `valueMax` are numbers that are not infinite".to_owned()
        }
        None if is_range => "`comparator: RANGE` needs `valueMax`, the upper end".to_owned(),
        Some(_) if !is_range => {
            "only a RANGE has an upper end: give `comparator: RANGE` too, or `valueMax: null`".to_owned()
        }
        Some(max) if max < figure.value => {
            format!("`valueMax: {max}` is less than `value: {}`, the lower end", figure.value)
        }
        _ => return Ok(()),
    };
    Err(Error::BadInput(wrong))
}

/// A text without blanks around it, which has to say something but not too much.
fn text(name: &str, given: String, most: usize) -> Result<String, Error> {
    let trimmed = given.trim();
    match trimmed.chars().count() {
        0 => Err(Error::BadInput(format!("`{name}` is empty"))),
        count if count > most => Err(Error::BadInput(format!("`{name}` has {count} characters and may have {most}"))),
        _ => Ok(trimmed.to_owned()),
    }
}
