//! Plans.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{glossary_term, mention, plan};
use futures::future::try_join_all;
use sea_orm::{ColumnTrait as _, Condition};

use super::{
    Citation, GlossaryTerm, Indicator, PlanVersion, Programme, Provenance, Region, Relation, Section, Source, citation,
    indicator, programme, provenance, relation, section,
};
use crate::{
    Error,
    as_of::AsOf,
    cost,
    filter::{self, IndicatorFilter, IndicatorOrder},
    id::GlobalId,
    load::{PlanId, ProgrammeId, SourceId, TextOf, VersionsOf, loaders, required},
    page::{self, Connection, Listing, OrderKey, PageArgs, Row, Under},
    scalar::{Date, DateTime},
    vocabulary::{PlanKind, RelationKind, SectionKind},
};

/// A plan of a health authority: one a page, or one a region where a page holds the plans of many.
#[derive(Clone)]
pub(crate) struct Plan(pub(crate) Arc<plan::Model>, pub(crate) AsOf);

impl From<Arc<plan::Model>> for Plan {
    fn from(row: Arc<plan::Model>) -> Self {
        Self(row, AsOf::NOW)
    }
}

impl Row for Plan {
    type Table = plan::Entity;

    fn of(row: Arc<plan::Model>, as_of: AsOf) -> Self {
        Self(row, as_of)
    }
}

/// A plan as it was at a moment.
pub(super) async fn plan_of(ctx: &Context<'_>, id: i64, as_of: AsOf) -> Result<Plan, Error> {
    Ok(Plan(required(ctx, PlanId(id, as_of)).await?, as_of))
}

/// The years a plan is for, both ends included: 2025 to 2025 for an annual plan, 2021 to 2025 for the 14th five-year plan.
#[derive(Clone, Copy, SimpleObject)]
pub(crate) struct Period {
    /// First year.
    pub(super) start_year: i32,
    /// Last year, not before the first.
    pub(super) end_year: i32,
}

/// A plan of a health authority: one a page, or one a region where a page holds the plans of many.
#[Object]
impl Plan {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("Plan", self.0.id)
    }

    /// Title as printed.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What kind of plan it is.
    async fn kind(&self) -> PlanKind {
        self.0.kind.into()
    }

    /// Whose plan it is.
    async fn region(&self, ctx: &Context<'_>) -> Result<Region, Error> {
        Region::of(ctx, self.0.region_id).await
    }

    /// The issuing body (发布机构), by its full name where that can be told.
    async fn issuer(&self) -> Option<&str> {
        self.0.issuer.as_deref()
    }

    /// Document number (文号), as in 浙卫发〔2025〕1号.
    async fn document_number(&self) -> Option<&str> {
        self.0.document_number.as_deref()
    }

    /// Index number (索引号) in the register of government information.
    async fn index_number(&self) -> Option<&str> {
        self.0.index_number.as_deref()
    }

    /// The day it was made (成文日期), or the date under its signature.
    async fn issued_on(&self) -> Option<Date> {
        self.0.issued_on.map(Date)
    }

    /// The day it was published (发布日期).
    async fn published_on(&self) -> Option<Date> {
        self.0.published_on.map(Date)
    }

    /// The years it is for.
    async fn period(&self) -> Period {
        Period { start_year: self.0.start_year, end_year: self.0.end_year }
    }

    /// Where it was found.
    async fn source(&self, ctx: &Context<'_>) -> Result<Source, Error> {
        Ok(Source(required(ctx, SourceId(self.0.source_id)).await?))
    }

    /// Address of the page it stands on.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// The site it was first published on, where this copy is a reprint: as it says itself, or else the name of the source
    /// of the original. `relations(kind: REPRINT_OF)` leads to the original where it is known.
    async fn reprinted_from(&self) -> Option<&str> {
        self.0.reprinted_from.as_deref()
    }

    /// Whether the page is not its issuer's own, or the original is known to stand on another site.
    async fn is_reprint(&self) -> bool {
        self.0.is_reprint
    }

    /// The whole text of the version, a paragraph a line. Spans point into it. Long: ask for it only where needed.
    async fn text(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(required(ctx, TextOf(self.0.id, self.1)).await?.to_string())
    }

    /// The sections at the top level, in reading order.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn outline(&self, ctx: &Context<'_>) -> Result<Vec<Section>, Error> {
        let top = section::listing("Plan.outline", self.1).by(entity::section::Column::PlanId);
        page::all(ctx, top.filtered(entity::section::Column::ParentId.is_null()), self.under()).await
    }

    /// The sections of the current version at every level, in reading order.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection and two of a filter")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn sections(
        &self,
        #[graphql(desc = "Only sections of this kind.")] kind: Option<SectionKind>,
        #[graphql(
            desc = "Only sections for which a unit (责任单位) answers whose name holds this. Example: \"信息科\"."
        )]
        responsible: Option<String>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Section>, Error> {
        let chosen = Condition::all()
            .add_option(kind.map(|kind| entity::section::Column::Kind.eq(entity::value::SectionKind::from(kind))))
            .add_option(responsible.as_deref().map(section::answered_by));
        let sections = section::listing("Plan.sections", self.1).by(entity::section::Column::PlanId).filtered(chosen);
        Connection::new(sections, self.under(), &PageArgs { first, after, last, before })
    }

    /// The figures of the current version, as the plan reads unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection, a filter and an order")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all unless said.")] filter: Option<IndicatorFilter>,
        #[graphql(desc = "By what to order, the most important key first; by position unless said.")] order_by: Option<
            Vec<IndicatorOrder>,
        >,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Indicator>, Error> {
        let by_position = || vec![OrderKey::ascending(entity::indicator::Column::Position)];
        let order = order_by.map_or_else(by_position, |keys| filter::indicator_order(&keys));
        let figures = indicator::listing("Plan.indicators", self.1)
            .by(entity::indicator::Column::PlanId)
            .filtered(filter::indicators(loaders(ctx), filter).await?)
            .ordered(order);
        Connection::new(figures, self.under(), &PageArgs { first, after, last, before })
    }

    /// The terms that the plan explains, in reading order.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn glossary(&self, ctx: &Context<'_>) -> Result<Vec<GlossaryTerm>, Error> {
        let terms = Listing::<glossary_term::Entity>::new("Plan.glossary")
            .by(glossary_term::Column::PlanId)
            .filtered(self.1.of_version(glossary_term::Entity))
            .ordered([OrderKey::ascending(glossary_term::Column::Position)]);
        let rows = page::rows(ctx, terms, self.under()).await?;
        Ok(rows.into_iter().map(GlossaryTerm).collect())
    }

    /// The initiatives that it names and that count as programmes, in the order in which it first names them.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn programmes(&self, ctx: &Context<'_>) -> Result<Vec<Programme>, Error> {
        let mut ids = Vec::new();
        let named = Listing::<mention::Entity>::new("Plan.programmes")
            .by(mention::Column::PlanId)
            .filtered(mention::Column::ProgrammeId.is_not_null())
            .filtered(self.1.of_version(mention::Entity))
            .filtered(mention::Column::ProgrammeId.in_subquery(programme::counting()))
            .ordered([OrderKey::ascending(mention::Column::Position)]);
        for row in page::rows(ctx, named, self.under()).await? {
            ids.extend(row.programme_id.filter(|id| !ids.contains(id)));
        }
        try_join_all(ids.into_iter().map(async |id| Ok(Programme(required(ctx, ProgrammeId(id)).await?)))).await
    }

    /// The documents that it names in 《》, in the order in which it first names them.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn citations(&self, ctx: &Context<'_>) -> Result<Vec<Citation>, Error> {
        citation::of_plan(ctx, self.0.id, self.1).await
    }

    /// How it relates to other plans and regions, from either side, as is known now.
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
        let relations = relation::listing("Plan.relations", kind).by_either(Column::FromPlanId, Column::ToPlanId);
        Connection::new(relations, self.under(), &PageArgs { first, after, last, before })
    }

    /// Number of the current version, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the plan said over time, oldest first.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn versions(&self, ctx: &Context<'_>) -> Result<Vec<PlanVersion>, Error> {
        let versions = loaders(ctx).load_one(VersionsOf(self.0.id)).await?.unwrap_or_default();
        let known = |seen_at| self.1.0.is_none_or(|moment| seen_at <= moment);
        Ok(versions.into_iter().filter(|version| known(version.seen_at)).map(PlanVersion).collect())
    }

    /// When the page was found gone, where it was.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.withdrawn_at.map(DateTime)
    }

    /// Where the text of the current version was read: the page, or the file that a notice sends it out in.
    async fn provenance(&self, ctx: &Context<'_>) -> Result<Provenance, Error> {
        provenance::of(ctx, &self.0).await
    }

    /// All that the current version was read from: the page, then those of its files that the text is from, in their
    /// order.
    async fn snapshots(&self, ctx: &Context<'_>) -> Result<Vec<Provenance>, Error> {
        provenance::all(ctx, &self.0).await
    }
}

impl Plan {
    fn under(&self) -> Under {
        Under::Of(self.0.id)
    }
}
