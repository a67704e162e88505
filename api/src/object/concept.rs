//! Shared concepts.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{concept, concept_alias, glossary_term};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    sea_query::ExprTrait as _,
};

use super::{
    GlossaryTerm, Indicator,
    comparison::{self, CascadeNode},
    indicator,
};
use crate::{
    Error,
    as_of::AsOf,
    cost,
    filter::{self, IndicatorFilter, IndicatorOrder},
    id::GlobalId,
    load::{RegionCountOf, catalogue, loaders, missing},
    page::{self, Connection, Listing, PageArgs, Row, Under},
    text,
    vocabulary::Direction,
};

/// A quantity that several regions set targets for.
#[derive(Clone)]
pub(crate) struct Concept(pub(crate) Arc<concept::Model>);

impl Concept {
    /// The concept that another row points at.
    pub(crate) async fn of(ctx: &Context<'_>, id: i32) -> Result<Self, Error> {
        catalogue(ctx).concept(id).await?.map(Self).ok_or_else(|| missing(("Concept", id)))
    }
}

impl From<Arc<concept::Model>> for Concept {
    fn from(row: Arc<concept::Model>) -> Self {
        Self(row)
    }
}

impl Row for Concept {
    type Table = concept::Entity;
}

/// Concepts whose names, aliases or explanations hold this.
pub(crate) fn speaking_of(piece: &str) -> Condition {
    let aliases = concept_alias::Entity::find()
        .select_only()
        .column(concept_alias::Column::ConceptId)
        .filter(text::contains(concept_alias::Column::Alias, piece))
        .into_query();
    let definitions = glossary_term::Entity::find()
        .select_only()
        .column(glossary_term::Column::ConceptId)
        .filter(glossary_term::Column::ConceptId.is_not_null())
        .filter(text::contains(glossary_term::Column::Definition, piece))
        .filter(AsOf::NOW.of_version(glossary_term::Entity))
        .into_query();
    Condition::any()
        .add(text::contains(concept::Column::NameZh, piece))
        .add(text::contains(concept::Column::NameEn, piece))
        .add(concept::Column::Id.in_subquery(aliases))
        .add(concept::Column::Id.in_subquery(definitions))
}

/// Concepts with figures in at least so many regions.
pub(crate) fn in_regions(least: i32) -> Condition {
    use entity::indicator::Column;
    let common = entity::indicator::Entity::find()
        .select_only()
        .column(Column::ConceptId)
        .filter(Column::ConceptId.is_not_null())
        .filter(Column::GoneAt.is_null())
        .group_by(Column::ConceptId)
        .having(Column::RegionId.into_expr().count_distinct().gte(least))
        .into_query();
    // Nobody's concept counts in no region, and is wanted where none need be.
    Condition::any()
        .add_option((least <= 0).then(|| concept::Column::Id.is_not_null()))
        .add(concept::Column::Id.in_subquery(common))
}

/// A quantity that several regions set targets for, such as life expectancy, under one identifier.
#[Object]
impl Concept {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("Concept", self.0.id)
    }

    /// Stable identifier. Example: `"life-expectancy"`.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Chinese name. Example: `"人均预期寿命"`.
    async fn name_zh(&self) -> &str {
        &self.0.name_zh
    }

    /// English name. Example: `"Life expectancy"`.
    async fn name_en(&self) -> &str {
        &self.0.name_en
    }

    /// The unit its figures are compared in; none for an index.
    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// Which way is better.
    async fn better(&self) -> Direction {
        self.0.better.into()
    }

    /// Other Chinese names it goes by.
    async fn aliases(&self, ctx: &Context<'_>) -> Result<Vec<String>, Error> {
        catalogue(ctx).aliases(self.0.id).await
    }

    /// How plans explain it.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn definitions(&self, ctx: &Context<'_>) -> Result<Vec<GlossaryTerm>, Error> {
        let terms = Listing::<glossary_term::Entity>::new("Concept.definitions")
            .by(glossary_term::Column::ConceptId)
            .filtered(AsOf::NOW.of_version(glossary_term::Entity));
        Ok(page::rows(ctx, terms, self.under()).await?.into_iter().map(GlossaryTerm).collect())
    }

    /// In how many regions it has figures.
    async fn region_count(&self, ctx: &Context<'_>) -> Result<i64, Error> {
        Ok(loaders(ctx).load_one(RegionCountOf(self.0.id)).await?.unwrap_or(0))
    }

    /// Its figures.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection, a filter and an order")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all unless said.")] filter: Option<IndicatorFilter>,
        #[graphql(desc = "By what to order, the most important key first.")] order_by: Option<Vec<IndicatorOrder>>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Indicator>, Error> {
        let figures = indicator::listing("Concept.indicators", AsOf::NOW)
            .by(entity::indicator::Column::ConceptId)
            .filtered(filter::indicators(loaders(ctx), filter).await?)
            .ordered(filter::indicator_order(&order_by.unwrap_or_default()));
        Connection::new(figures, self.under(), &PageArgs { first, after, last, before })
    }

    /// The targets of all regions under one, which is the first of them: those that state one and those between them,
    /// depth first, each against the nearest region above that has one for the same year.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn cascade(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A code or name. Example: \"浙江省\".")] root: String,
        #[graphql(desc = "Only targets for this year; the latest of each region unless said.")] year: Option<i32>,
    ) -> Result<Vec<CascadeNode>, Error> {
        comparison::cascade(ctx, &self.0, root, year).await
    }
}

impl Concept {
    fn under(&self) -> Under {
        Under::Of(self.0.id.into())
    }
}
