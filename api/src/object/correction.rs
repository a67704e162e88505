//! Corrections, and what they were laid over.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::correction;

use super::{Concept, Indicator};
use crate::{
    Error,
    load::{IndicatorId, required},
    page::Row,
    scalar::DateTime,
    vocabulary::{Comparator, Measure, Role},
};

/// An analyst's correction of a figure.
#[derive(Clone)]
pub(crate) struct Correction(Arc<correction::Model>);

impl From<Arc<correction::Model>> for Correction {
    fn from(row: Arc<correction::Model>) -> Self {
        Self(row)
    }
}

impl Row for Correction {
    type Table = correction::Entity;
}

/// An analyst's correction of a figure. It outlives every later crawl and extraction, until it is taken back or another
/// takes its place.
#[Object]
impl Correction {
    /// The figure.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Indicator, Error> {
        Ok(required(ctx, IndicatorId(self.0.indicator_id)).await?.into())
    }

    /// Why, in the analyst's words.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Name of the analyst's token.
    async fn by(&self) -> &str {
        &self.0.author
    }

    /// Since when it holds.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// When it was taken back, or another took its place; null while it is in force.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// Whether it takes the figure out of every answer.
    async fn reject(&self) -> bool {
        self.0.rejects
    }

    /// What the plan's text is read as without it.
    async fn original(&self) -> IndicatorReading {
        IndicatorReading(Arc::clone(&self.0))
    }
}

/// What the text of a figure was read as.
pub(crate) struct IndicatorReading(Arc<correction::Model>);

/// What the text of a figure that is corrected was read as.
#[Object]
impl IndicatorReading {
    /// The thing measured.
    async fn name(&self) -> &str {
        &self.0.reading.name
    }

    /// The number in `unit`; of a range, the lower end.
    async fn value(&self) -> f64 {
        self.0.reading.value.0
    }

    /// The upper end of a range.
    async fn value_max(&self) -> Option<f64> {
        self.0.reading.value_max.map(|max| max.0)
    }

    /// Unit; none for a bare number.
    async fn unit(&self) -> Option<&str> {
        self.0.reading.unit.as_deref()
    }

    /// How it binds.
    async fn comparator(&self) -> Comparator {
        self.0.reading.comparator.into()
    }

    /// What kind of quantity it is.
    async fn measure(&self) -> Measure {
        self.0.reading.measure.into()
    }

    /// Aimed at, or reached.
    async fn role(&self) -> Role {
        self.0.reading.role.into()
    }

    /// The year it is for.
    async fn year(&self) -> Option<i32> {
        self.0.reading.year
    }

    /// What it is limited to.
    async fn scope(&self) -> Option<&str> {
        self.0.reading.scope.as_deref()
    }

    /// The shared concept.
    async fn concept(&self, ctx: &Context<'_>) -> Result<Option<Concept>, Error> {
        match self.0.reading.concept_id {
            Some(id) => Ok(Some(Concept::of(ctx, id).await?)),
            None => Ok(None),
        }
    }

    /// How sure the reading is, from 0 to 1.
    async fn confidence(&self) -> f64 {
        self.0.reading.confidence.0
    }
}
