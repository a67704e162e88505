//! Corrections of figures by analysts.
//!
//! A figure's row is what is shown of it. What its text was read as is kept in the correction, brought up to date with each
//! version of the plan, so that the correction can be laid over what is read then, and taken back at any time.

use std::num::ParseFloatError;

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Deserializer, Serialize};

use super::indicator;
use crate::value::{Comparator, Measure, Role};

/// A correction of one figure. The one in force has no end; each figure has one of these at most.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "correction")]
pub struct Model {
    /// Row id.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The figure.
    pub indicator_id: i64,
    /// What it says instead of what was read.
    #[sea_orm(column_type = "JsonBinary")]
    pub given: Given,
    /// Whether it takes the figure out of every answer.
    pub rejects: bool,
    /// What the text was read as last.
    #[sea_orm(column_type = "JsonBinary")]
    pub reading: Reading,
    /// Why, in the analyst's words.
    pub reason: String,
    /// Name of the analyst's token.
    pub author: String,
    /// Since when it holds.
    pub at: DateTimeUtc,
    /// When it was taken back, or another took its place; none while it is in force.
    pub ended_at: Option<DateTimeUtc>,
    #[sea_orm(belongs_to, from = "indicator_id", to = "id")]
    /// Loaded on request.
    pub indicator: HasOne<super::indicator::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a correction says of a figure. What it leaves out stays as it is read; an inner none says that there is none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(default)]
#[expect(missing_docs, reason = "the columns of a figure")]
pub struct Given {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Exact>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub value_max: Option<Option<Exact>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub unit: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparator: Option<Comparator>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub year: Option<Option<i32>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub scope: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub concept_id: Option<Option<i32>>,
}

/// Reads what is there as given, even where it is null.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A number as text: who reads a number of JSON may round its last digit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Exact(pub f64);

impl From<Exact> for String {
    fn from(number: Exact) -> Self {
        number.0.to_string()
    }
}

impl TryFrom<String> for Exact {
    type Error = ParseFloatError;

    fn try_from(text: String) -> Result<Self, ParseFloatError> {
        text.parse().map(Self)
    }
}

/// What the text of a figure was read as: all that a correction may change in its row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromJsonQueryResult)]
#[expect(missing_docs, reason = "the columns of a figure")]
pub struct Reading {
    pub name: String,
    pub value: Exact,
    pub value_max: Option<Exact>,
    pub unit: Option<String>,
    pub comparator: Comparator,
    pub measure: Measure,
    pub role: Role,
    pub year: Option<i32>,
    pub scope: Option<String>,
    pub concept_id: Option<i32>,
    pub confidence: Exact,
    pub gone_at: Option<DateTimeUtc>,
}

impl Reading {
    /// What a row says that no correction is laid over.
    #[must_use]
    pub fn of(row: &indicator::Model) -> Self {
        Self {
            name: row.name.clone(),
            value: Exact(row.value),
            value_max: row.value_max.map(Exact),
            unit: row.unit.clone(),
            comparator: row.comparator,
            measure: row.measure,
            role: row.role,
            year: row.year,
            scope: row.scope.clone(),
            concept_id: row.concept_id,
            confidence: Exact(row.confidence),
            gone_at: row.gone_at,
        }
    }

    /// Puts into a row what was read.
    pub fn restore(self, row: &mut indicator::Model) {
        row.name = self.name;
        row.value = self.value.0;
        row.value_max = self.value_max.map(|max| max.0);
        row.unit = self.unit;
        row.comparator = self.comparator;
        row.measure = self.measure;
        row.role = self.role;
        row.year = self.year;
        row.scope = self.scope;
        row.concept_id = self.concept_id;
        row.confidence = self.confidence.0;
        row.gone_at = self.gone_at;
        row.corrected = false;
    }
}

impl Model {
    /// Lays the correction over a row that says what was read. Somebody has looked at the figure, so nothing is unsure.
    pub fn lay_over(&self, row: &mut indicator::Model) {
        let given = self.given.clone();
        row.name = given.name.unwrap_or_else(|| std::mem::take(&mut row.name));
        row.value = given.value.map_or(row.value, |value| value.0);
        row.value_max = given.value_max.map_or(row.value_max, |max| max.map(|max| max.0));
        row.unit = given.unit.unwrap_or_else(|| row.unit.take());
        row.comparator = given.comparator.unwrap_or(row.comparator);
        row.measure = given.measure.unwrap_or(row.measure);
        row.role = given.role.unwrap_or(row.role);
        row.year = given.year.unwrap_or(row.year);
        row.scope = given.scope.unwrap_or_else(|| row.scope.take());
        row.concept_id = given.concept_id.unwrap_or(row.concept_id);
        row.confidence = 1.0;
        if self.rejects {
            row.gone_at = row.gone_at.or(Some(self.at));
        }
        row.corrected = true;
    }
}
