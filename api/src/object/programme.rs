//! Named initiatives, and where plans name them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::{mention, plan, programme};
use futures::future::try_join_all;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    RelationTrait as _,
    sea_query::{Expr, ExprTrait as _, SelectStatement},
};

use super::{Plan, Region, Section, Span, plan::plan_of};
use crate::{
    Error,
    as_of::AsOf,
    cost,
    id::GlobalId,
    load::{RegionsNaming, SectionId, SpellingsOf, loaders, required},
    page::{Connection, Listing, OrderKey, PageArgs, Row, Under},
    text,
};

/// A named initiative that plans share.
#[derive(Clone)]
pub(crate) struct Programme(pub(crate) Arc<programme::Model>);

impl From<Arc<programme::Model>> for Programme {
    fn from(row: Arc<programme::Model>) -> Self {
        Self(row)
    }
}

impl Row for Programme {
    type Table = programme::Entity;
}

/// Where it is named in plans that stand.
fn standing() -> sea_orm::Select<mention::Entity> {
    mention::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, mention::Relation::Plan.def())
        .filter(Expr::col((mention::Entity, mention::Column::Version)).equals((plan::Entity, plan::Column::Version)))
        .filter(plan::Column::WithdrawnAt.is_null())
        .filter(
            Expr::col((mention::Entity, mention::Column::ProgrammeId))
                .equals((programme::Entity, programme::Column::Id)),
        )
}

/// Programmes that stand in at least so many regions.
pub(crate) fn in_regions(least: i32) -> Condition {
    let regions: SelectStatement = standing().expr(plan::Column::RegionId.into_expr().count_distinct()).into_query();
    Condition::all().add(Expr::SubQuery(None, Box::new(regions.into())).gte(least))
}

/// What counts as a programme: what stands in two regions, or in one with its name between quotation marks.
pub(crate) fn counted() -> Condition {
    let quoted = standing().column(mention::Column::Id).filter(mention::Column::Quoted.eq(true)).into_query();
    Condition::any().add(Expr::exists(quoted)).add(in_regions(2))
}

/// The ids of all that count.
pub(super) fn counting() -> SelectStatement {
    programme::Entity::find().select_only().column(programme::Column::Id).filter(counted()).into_query()
}

/// Programmes with this in their names.
pub(crate) fn speaking_of(piece: &str) -> Condition {
    Condition::all().add(text::contains(programme::Column::Key, &extract::programme::key(piece)))
}

/// A named initiative (行动, 工程, 计划, 改革, 试点, 年 …) that plans name: one that stands in two regions or more, or in one
/// with its name between quotation marks. Spellings that differ in marks, in what joins words, or in 行动 and 活动 at the
/// end are one. Example: 儿科和精神卫生服务年.
#[Object]
impl Programme {
    /// Global id; it stays as long as some plan ever named it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("Programme", self.0.id)
    }

    /// Its commonest spelling.
    async fn name(&self, ctx: &Context<'_>) -> Result<String, Error> {
        let spellings = self.spellings(ctx).await?;
        Ok(spellings.into_iter().next().unwrap_or_else(|| self.0.key.clone()))
    }

    /// Its other spellings, the commonest first.
    async fn aliases(&self, ctx: &Context<'_>) -> Result<Vec<String>, Error> {
        Ok(self.spellings(ctx).await?.into_iter().skip(1).collect())
    }

    /// In how many regions plans name it.
    async fn region_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        let regions = loaders(ctx).load_one(RegionsNaming(self.0.id)).await?.unwrap_or_default();
        Ok(i32::try_from(regions.len()).unwrap_or(i32::MAX))
    }

    /// The regions whose plans name it, by code.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn regions(&self, ctx: &Context<'_>) -> Result<Vec<Region>, Error> {
        let regions = loaders(ctx).load_one(RegionsNaming(self.0.id)).await?.unwrap_or_default();
        try_join_all(regions.into_iter().map(|id| Region::of(ctx, id))).await
    }

    /// Where plans name it, in the order in which they were read.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn mentions(
        &self,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Mention>, Error> {
        let withdrawn = plan::Entity::find()
            .select_only()
            .column(plan::Column::Id)
            .filter(plan::Column::WithdrawnAt.is_not_null())
            .into_query();
        let mentions = Listing::<mention::Entity>::new("Programme.mentions")
            .by(mention::Column::ProgrammeId)
            .filtered(AsOf::NOW.of_version(mention::Entity))
            .filtered(mention::Column::PlanId.not_in_subquery(withdrawn))
            .ordered([OrderKey::ascending(mention::Column::PlanId), OrderKey::ascending(mention::Column::Position)]);
        Connection::new(mentions, Under::Of(self.0.id.into()), &PageArgs { first, after, last, before })
    }
}

impl Programme {
    async fn spellings(&self, ctx: &Context<'_>) -> Result<Vec<String>, Error> {
        Ok(loaders(ctx).load_one(SpellingsOf(self.0.id)).await?.unwrap_or_default())
    }
}

/// A place where a plan names an initiative.
pub(crate) struct Mention(Arc<mention::Model>);

impl From<Arc<mention::Model>> for Mention {
    fn from(row: Arc<mention::Model>) -> Self {
        Self(row)
    }
}

impl Row for Mention {
    type Table = mention::Entity;
}

/// A place where a plan names an initiative.
#[Object]
impl Mention {
    /// The plan.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan, Error> {
        plan_of(ctx, self.0.plan_id, AsOf::NOW).await
    }

    /// The innermost section that it stands in.
    async fn section(&self, ctx: &Context<'_>) -> Result<Section, Error> {
        Ok(Section::from(required(ctx, SectionId(self.0.section_id)).await?))
    }

    /// The sentence it stands in.
    async fn sentence(&self) -> &str {
        &self.0.sentence
    }

    /// Where the name stands in the plan's text.
    async fn span(&self) -> Span {
        Span { start: self.0.span_start, end: self.0.span_end }
    }
}
