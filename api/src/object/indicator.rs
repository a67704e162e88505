//! Figures.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::indicator;
use sea_orm::{ColumnTrait as _, prelude::DateTimeUtc};

use super::{Concept, Correction, Plan, Provenance, Region, Section, Span, plan::plan_of, provenance};
use crate::{
    Error,
    as_of::AsOf,
    id::GlobalId,
    load::{CorrectionOf, IndicatorId, SectionId, loaders, required},
    page::{self, Listing, OrderKey, Row, Under},
    scalar::DateTime,
    vocabulary::{Comparator, Measure, Obligation, Role},
};

/// A figure that stands, or stood, in a plan.
#[derive(Clone)]
pub(crate) struct Indicator(pub(crate) Arc<indicator::Model>, pub(crate) AsOf);

impl From<Arc<indicator::Model>> for Indicator {
    fn from(row: Arc<indicator::Model>) -> Self {
        Self(row, AsOf::NOW)
    }
}

impl Row for Indicator {
    type Table = indicator::Entity;

    fn of(row: Arc<indicator::Model>, as_of: AsOf) -> Self {
        Self(row, as_of)
    }
}

/// Figures that stand, or stood at a moment.
pub(crate) fn listing(name: &'static str, as_of: AsOf) -> Listing<indicator::Entity> {
    match as_of.0 {
        None => Listing::new(name).filtered(indicator::Column::GoneAt.is_null()),
        Some(_) => Listing::new(name).states_of(as_of),
    }
}

/// A figure of a plan: a number about the region that could be checked a year later, with the sentence it stands in.
#[Object]
impl Indicator {
    /// Global id. It stays the same over re-extraction, as long as the figure stands in the plan.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("Indicator", self.0.id)
    }

    /// The thing measured, as a table's row label would have it. Example: `"人均预期寿命"`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The number in `unit`; 万 and 亿 are multiplied out, %, ‰ and /10万 stay as written. Of a range, the lower end.
    async fn value(&self) -> f64 {
        self.0.value
    }

    /// The upper end of a range.
    async fn value_max(&self) -> Option<f64> {
        self.0.value_max
    }

    /// The number as printed, with its unit and suffix. Example: `"82.6岁以上"`.
    async fn value_text(&self) -> &str {
        &self.0.value_text
    }

    /// %, ‰, /10万, or a measure word (家, 分钟); none for a bare number.
    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// How it binds.
    async fn comparator(&self) -> Comparator {
        self.0.comparator.into()
    }

    /// What kind of quantity it is.
    async fn measure(&self) -> Measure {
        self.0.measure.into()
    }

    /// Aimed at, or reached.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Whether it binds, where the table it stands in says so (属性).
    async fn obligation(&self) -> Option<Obligation> {
        self.0.obligation.map(Into::into)
    }

    /// The year it is for, or was reached in.
    async fn year(&self) -> Option<i32> {
        self.0.year
    }

    /// The place, institution or group that it is limited to, where narrower than the region. Example: `"农村"`.
    async fn scope(&self) -> Option<&str> {
        self.0.scope.as_deref()
    }

    /// The shared concept, where it is one of the catalogue.
    async fn concept(&self, ctx: &Context<'_>) -> Result<Option<Concept>, Error> {
        match self.0.concept_id {
            Some(id) => Ok(Some(Concept::of(ctx, id).await?)),
            None => Ok(None),
        }
    }

    /// Whose figure it is.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region, Error> {
        Region::of(ctx, self.0.region_id).await
    }

    /// The plan it stands in.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan, Error> {
        plan_of(ctx, self.0.plan_id, self.1).await
    }

    /// The section it stands in.
    async fn section(&self, ctx: &Context<'_>) -> Result<Section, Error> {
        Ok(Section(required(ctx, SectionId(self.0.section_id)).await?, self.1))
    }

    /// The sentence it stands in.
    async fn sentence(&self) -> &str {
        &self.0.sentence
    }

    /// Where the number stands in the plan's text.
    async fn span(&self) -> Span {
        Span { start: self.0.span_start, end: self.0.span_end }
    }

    /// How sure the reading is, from 0 to 1; 1 where an analyst corrected it.
    async fn confidence(&self) -> f64 {
        self.0.confidence
    }

    /// Whether an analyst corrected it.
    async fn corrected(&self) -> bool {
        self.0.corrected
    }

    /// The correction: who made it and why, and what the plan's text was read as; null where there is none.
    async fn correction(&self, ctx: &Context<'_>) -> Result<Option<Correction>, Error> {
        if !self.0.corrected {
            return Ok(None);
        }
        Ok(loaders(ctx).load_one(CorrectionOf(self.0.id, self.1)).await?.map(Correction::from))
    }

    /// When it was first read.
    async fn first_seen_at(&self) -> DateTime {
        DateTime(self.0.first_seen_at)
    }

    /// When it was found gone from its plan, or an analyst rejected it; null while it stands there.
    async fn gone_at(&self) -> Option<DateTime> {
        self.stands_no_more().map(DateTime)
    }

    /// The figure in whose place it stands: the same sentence or the same name in the version before, with another value.
    async fn replaces(&self, ctx: &Context<'_>) -> Result<Option<Indicator>, Error> {
        match self.0.replaces_id {
            Some(id) => Ok(loaders(ctx).load_one(IndicatorId(id)).await?.map(Indicator::from)),
            None => Ok(None),
        }
    }

    /// The figure that took its place, where it does not stand any more.
    async fn replaced_by(&self, ctx: &Context<'_>) -> Result<Option<Indicator>, Error> {
        if self.stands_no_more().is_none() {
            return Ok(None);
        }
        let newest = Listing::<indicator::Entity>::new("Indicator.replacedBy")
            .by(indicator::Column::ReplacesId)
            .ordered([OrderKey::descending(indicator::Column::Id)]);
        page::first(ctx, newest, Under::Of(self.0.id)).await
    }

    /// Where it was read: the page, or the file of the page that it stands in.
    async fn provenance(&self, ctx: &Context<'_>) -> Result<Provenance, Error> {
        provenance::at(ctx, &plan_of(ctx, self.0.plan_id, self.1).await?.0, self.0.span_start).await
    }
}

impl Indicator {
    /// When it went, where it did before the moment that it speaks of.
    fn stands_no_more(&self) -> Option<DateTimeUtc> {
        self.0.gone_at.filter(|_| self.1 == AsOf::NOW)
    }
}
