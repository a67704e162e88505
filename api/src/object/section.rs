//! Sections, the terms that plans explain, and spans of text.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{glossary_term, section, section_responsible};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _, sea_query::Expr,
};

use super::{Concept, Indicator, Plan, Relation, indicator, plan::plan_of, relation};
use crate::{
    Error,
    as_of::AsOf,
    cost,
    id::GlobalId,
    load::{SectionId, loaders},
    page::{self, Connection, Listing, OrderKey, PageArgs, Row, Under},
    text,
    vocabulary::{RelationKind, SectionKind},
};

/// A section of the current version of a plan.
#[derive(Clone)]
pub(crate) struct Section(pub(crate) Arc<section::Model>, pub(crate) AsOf);

impl From<Arc<section::Model>> for Section {
    fn from(row: Arc<section::Model>) -> Self {
        Self(row, AsOf::NOW)
    }
}

impl Row for Section {
    type Table = section::Entity;

    fn of(row: Arc<section::Model>, as_of: AsOf) -> Self {
        Self(row, as_of)
    }
}

/// Sections of the versions that plans had at a moment, as they read.
pub(super) fn listing(name: &'static str, as_of: AsOf) -> Listing<section::Entity> {
    Listing::new(name)
        .filtered(as_of.of_version(section::Entity))
        .ordered([OrderKey::ascending(section::Column::Position)])
        .speaking_of(as_of)
}

/// Sections for which a unit answers whose name holds this.
pub(super) fn answered_by(unit: &str) -> Expr {
    let answered = section_responsible::Entity::find()
        .select_only()
        .column(section_responsible::Column::SectionId)
        .filter(text::contains(section_responsible::Column::Unit, unit))
        .into_query();
    section::Column::Id.in_subquery(answered)
}

/// A section of the current version of a plan: a chapter, a task, a paragraph, a box, a glossary or a table.
#[Object]
impl Section {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("Section", self.0.id)
    }

    /// The plan it stands in.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan, Error> {
        plan_of(ctx, self.0.plan_id, self.1).await
    }

    /// What it is.
    async fn kind(&self) -> SectionKind {
        self.0.kind.into()
    }

    /// Number as printed: 一、 (一) 1. 专栏4.
    async fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// Heading, without its number.
    async fn heading(&self) -> Option<&str> {
        self.0.heading.as_deref()
    }

    /// Headings from the top down to this one.
    async fn path(&self) -> Vec<&str> {
        self.0.path.as_array().into_iter().flatten().filter_map(|heading| heading.as_str()).collect()
    }

    /// Level, 1 at the top.
    async fn depth(&self) -> i32 {
        self.0.depth
    }

    /// Its own text, children left out.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// Where it stands in the plan's text, its children with it.
    async fn span(&self) -> Span {
        Span { start: self.0.span_start, end: self.0.span_end }
    }

    /// The units that answer for it (责任单位), in the order printed.
    async fn responsible(&self, ctx: &Context<'_>) -> Result<Vec<String>, Error> {
        let units = Listing::<section_responsible::Entity>::new("Section.responsible")
            .by(section_responsible::Column::SectionId)
            .ordered([OrderKey::ascending(section_responsible::Column::Position)]);
        Ok(page::rows(ctx, units, Under::Of(self.0.id)).await?.iter().map(|row| row.unit.clone()).collect())
    }

    /// The section it stands in; none at the top.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Section>, Error> {
        match self.0.parent_id {
            Some(id) => Ok(loaders(ctx).load_one(SectionId(id)).await?.map(|row| Section(row, self.1))),
            None => Ok(None),
        }
    }

    /// The sections directly inside it, in reading order.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Section>, Error> {
        let inside = Listing::new("Section.children")
            .by(section::Column::ParentId)
            .ordered([OrderKey::ascending(section::Column::Position)])
            .speaking_of(self.1);
        page::all(ctx, inside, Under::Of(self.0.id)).await
    }

    /// How it relates to sections of other regions, from either side, the strongest first; and the regions that are named
    /// in it. As is known now.
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
        let relations = relation::listing("Section.relations", kind)
            .by_either(Column::FromSectionId, Column::ToSectionId)
            .ordered([OrderKey::descending(Column::Score)]);
        Connection::new(relations, Under::Of(self.0.id), &PageArgs { first, after, last, before })
    }

    /// The figures in its own text, in reading order.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn indicators(&self, ctx: &Context<'_>) -> Result<Vec<Indicator>, Error> {
        let figures = indicator::listing("Section.indicators", self.1)
            .by(entity::indicator::Column::SectionId)
            .ordered([OrderKey::ascending(entity::indicator::Column::Position)]);
        page::all(ctx, figures, Under::Of(self.0.id)).await
    }
}

/// A stretch of `Plan.text`, in Unicode code points from 0.
#[derive(Clone, Copy, SimpleObject)]
pub(crate) struct Span {
    /// First code point.
    pub(super) start: i32,
    /// One past the last code point.
    pub(super) end: i32,
}

/// A term that a plan explains.
pub(crate) struct GlossaryTerm(pub(crate) Arc<glossary_term::Model>);

/// A term that a plan explains (名词解释).
#[Object]
impl GlossaryTerm {
    /// The term as printed.
    async fn term(&self) -> &str {
        &self.0.term
    }

    /// Its explanation.
    async fn definition(&self) -> &str {
        &self.0.definition
    }

    /// How it is computed, where the explanation gives a formula.
    async fn formula(&self) -> Option<&str> {
        self.0.formula.as_deref()
    }

    /// The shared concept that it names, where there is one.
    async fn concept(&self, ctx: &Context<'_>) -> Result<Option<Concept>, Error> {
        match self.0.concept_id {
            Some(id) => Ok(Some(Concept::of(ctx, id).await?)),
            None => Ok(None),
        }
    }

    /// Where the entry stands in the plan's text.
    async fn span(&self) -> Span {
        Span { start: self.0.span_start, end: self.0.span_end }
    }
}
