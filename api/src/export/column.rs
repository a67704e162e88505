//! What a column holds, and its values.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::{ExprTrait as _, QueryResult, sea_query::Expr};
use serde::Serialize;

use crate::{Error, id::GlobalId};

/// A column of a file.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// In the file's head: `region_code`.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) kind: Kind,
    /// The type and the field of the schema that say what it means: `Region.code`.
    pub(super) field: &'static str,
    expr: Expr,
}

/// What a column holds. All may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A global id of this type.
    Id(&'static str),
    /// Text.
    Text,
    /// Texts from the top down, as one.
    Path,
    /// An entry of an enum of the schema.
    Enum,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Time,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Cell {
    /// None.
    Missing,
    /// Of an id, a text, a path or an enum.
    Text(String),
    /// Whole.
    Integer(i64),
    /// With decimals.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// As `YYYY-MM-DD`.
    Date(NaiveDate),
    /// As RFC 3339 has it, in UTC.
    #[serde(serialize_with = "moment")]
    Time(DateTime<Utc>),
}

/// Between the headings of a path.
const STEP: &str = " / ";

impl Column {
    pub(super) fn new(name: &'static str, kind: Kind, field: &'static str, expr: impl Into<Expr>) -> Self {
        Self { name, kind, field, expr: expr.into() }
    }

    /// What a statement selects for it.
    pub(super) fn selected(&self) -> Expr {
        match self.kind {
            Kind::Id(_) | Kind::Integer => self.expr.clone().cast_as("bigint"),
            _ => self.expr.clone(),
        }
    }

    /// Its value in a row in which it stands at this place.
    pub(super) fn value(&self, row: &QueryResult, place: usize) -> Result<Cell, Error> {
        Ok(match self.kind {
            Kind::Id(of) => cell(row.try_get_by_index(place)?, |id: i64| Cell::Text(GlobalId::of(of, id).0)),
            Kind::Text => cell(row.try_get_by_index(place)?, Cell::Text),
            Kind::Path => cell(row.try_get_by_index(place)?, |path: serde_json::Value| {
                let steps = path.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
                Cell::Text(steps.collect::<Vec<_>>().join(STEP))
            }),
            // The database has them in small letters.
            Kind::Enum => cell(row.try_get_by_index(place)?, |name: String| Cell::Text(name.to_ascii_uppercase())),
            Kind::Integer => cell(row.try_get_by_index(place)?, Cell::Integer),
            Kind::Number => cell(row.try_get_by_index(place)?, Cell::Number),
            Kind::Boolean => cell(row.try_get_by_index(place)?, Cell::Boolean),
            Kind::Date => cell(row.try_get_by_index(place)?, Cell::Date),
            Kind::Time => cell(row.try_get_by_index(place)?, Cell::Time),
        })
    }
}

fn cell<T>(value: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
    value.map_or(Cell::Missing, cell)
}

impl Cell {
    /// As it stands in a CSV file; nothing where it is missing.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Missing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(yes) => yes.to_string(),
            Self::Date(day) => day.to_string(),
            Self::Time(moment) => rfc3339(*moment),
        }
    }
}

fn rfc3339(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn moment<S: serde::Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rfc3339(*moment))
}
