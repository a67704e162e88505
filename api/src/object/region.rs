//! Regions.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{plan, region};
use sea_orm::{ColumnTrait as _, Condition};

use super::{Indicator, Plan, Relation, indicator, relation};
use crate::{
    Error,
    as_of::AsOf,
    cost,
    filter::{self, IndicatorFilter, IndicatorOrder, PlanFilter},
    id::GlobalId,
    load::{catalogue, loaders, missing},
    page::{Connection, Listing, PageArgs, Row, Under},
    vocabulary::{RegionLevel, RelationKind},
};

/// An administrative division.
#[derive(Clone)]
pub(crate) struct Region(pub(crate) Arc<region::Model>);

impl Region {
    /// The region that another row points at.
    pub(crate) async fn of(ctx: &Context<'_>, id: i32) -> Result<Self, Error> {
        catalogue(ctx).region(id).await?.map(Self).ok_or_else(|| missing(("Region", id)))
    }
}

impl From<Arc<region::Model>> for Region {
    fn from(row: Arc<region::Model>) -> Self {
        Self(row)
    }
}

impl Row for Region {
    type Table = region::Entity;
}

/// An administrative division of China, by its code in GB/T 2260.
#[Object]
impl Region {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("Region", self.0.id)
    }

    /// GB/T 2260 code, six digits. Example: `"330500"`.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Full official name. Example: `"湖州市"`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Name without the word for its rank. Example: `"湖州"`.
    async fn short_name(&self) -> &str {
        &self.0.short_name
    }

    /// Rank.
    async fn level(&self) -> RegionLevel {
        self.0.level.into()
    }

    /// First year under this code and name, where known.
    async fn since(&self) -> Option<i32> {
        self.0.since
    }

    /// Year in which code or name went out of use; null while in use.
    async fn until(&self) -> Option<i32> {
        self.0.until
    }

    /// The division above it; none for the country.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Region>, Error> {
        match self.0.parent_id {
            Some(id) => Ok(catalogue(ctx).region(id).await?.map(Region)),
            None => Ok(None),
        }
    }

    /// The divisions above it, the nearest first and the country last.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn ancestors(&self, ctx: &Context<'_>) -> Result<Vec<Region>, Error> {
        let mut above = Vec::new();
        for code in self.0.region_code().above() {
            above.extend(catalogue(ctx).region(region::id(code, 0)).await?.map(Region));
        }
        Ok(above)
    }

    /// The divisions in use directly below it, by code.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn children(
        &self,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Region>, Error> {
        let below = Listing::new("Region.children")
            .by(region::Column::ParentId)
            .filtered(Condition::all().add(region::Column::Until.is_null()));
        Connection::new(below, Under::Of(self.0.id.into()), &PageArgs { first, after, last, before })
    }

    /// Its plans.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection, a filter and a switch")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which plans; all unless said.")] filter: Option<PlanFilter>,
        #[graphql(desc = "Whether to take in every region below.", default_with = "Some(false)")] within: Option<bool>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Plan>, Error> {
        let plans = Listing::new("Region.plans")
            .by(plan::Column::RegionId)
            .filtered(filter::plans(loaders(ctx), filter).await?);
        Connection::new(plans, self.under(within), &PageArgs { first, after, last, before })
    }

    /// Its figures.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection, a filter, an order and a switch")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all unless said.")] filter: Option<IndicatorFilter>,
        #[graphql(desc = "Whether to take in every region below.", default_with = "Some(false)")] within: Option<bool>,
        #[graphql(desc = "By what to order, the most important key first.")] order_by: Option<Vec<IndicatorOrder>>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Indicator>, Error> {
        let figures = indicator::listing("Region.indicators", AsOf::NOW)
            .by(entity::indicator::Column::RegionId)
            .filtered(filter::indicators(loaders(ctx), filter).await?)
            .ordered(filter::indicator_order(&order_by.unwrap_or_default()));
        Connection::new(figures, self.under(within), &PageArgs { first, after, last, before })
    }

    /// How it and its plans relate to others, from either side, as is known now.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn relations(
        &self,
        #[graphql(desc = "Only relations of this kind.")] kind: Option<RelationKind>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Relation>, Error> {
        use entity::relation::Column;
        let relations = relation::listing("Region.relations", kind).by_either(Column::FromRegionId, Column::ToRegionId);
        Connection::new(relations, self.under(None), &PageArgs { first, after, last, before })
    }
}

impl Region {
    fn under(&self, within: Option<bool>) -> Under {
        if within == Some(true) {
            Under::Within(region::ids_within(self.0.region_code()))
        } else {
            Under::Of(self.0.id.into())
        }
    }
}
