//! Relations.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::relation;
use sea_orm::{ColumnTrait as _, Condition};

use super::{Plan, Programme, Region, Section, plan::plan_of};
use crate::{
    Error,
    as_of::AsOf,
    id::GlobalId,
    load::{ProgrammeId, SectionId, required},
    page::{Listing, Row},
    vocabulary::{RegionRole, RelationKind},
};

/// How two plans, sections or regions relate.
#[derive(Clone)]
pub(crate) struct Relation(Arc<relation::Model>);

impl From<Arc<relation::Model>> for Relation {
    fn from(row: Arc<relation::Model>) -> Self {
        Self(row)
    }
}

impl Row for Relation {
    type Table = relation::Entity;
}

/// Relations of a kind, where one is asked for.
pub(super) fn listing(name: &'static str, kind: Option<RelationKind>) -> Listing<relation::Entity> {
    let of_kind = kind.map(|kind| relation::Column::Kind.eq(entity::value::RelationKind::from(kind)));
    Listing::new(name).filtered(Condition::all().add_option(of_kind))
}

/// How two plans, sections or regions relate, with the reason. Computed after each crawl from what is known now. A plan that
/// is a copy relates to its original alone, which has the other relations. What is alike or shared holds from both sides
/// and stands here once, from the region with the smaller code; what more than 40 regions share relates none of them, and
/// `Programme.regions` and `Citation.plans` tell who they are.
#[Object]
impl Relation {
    /// Global id. It stays the same as long as the two sides relate in this way.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::of("Relation", self.0.id)
    }

    /// How they relate.
    async fn kind(&self) -> RelationKind {
        self.0.kind.into()
    }

    /// The region that it starts from.
    #[expect(clippy::wrong_self_convention, reason = "the field is `from…`")]
    async fn from_region(&self, ctx: &Context<'_>) -> Result<Region, Error> {
        Region::of(ctx, self.0.from_region_id).await
    }

    /// The region that it leads to; the same one, where two plans of a region relate.
    async fn to_region(&self, ctx: &Context<'_>) -> Result<Region, Error> {
        Region::of(ctx, self.0.to_region_id).await
    }

    /// The plan that it starts from: the copy, of `REPRINT_OF`; the region's latest that names or cites it, of what is
    /// shared.
    #[expect(clippy::wrong_self_convention, reason = "the field is `from…`")]
    async fn from_plan(&self, ctx: &Context<'_>) -> Result<Option<Plan>, Error> {
        plan(ctx, self.0.from_plan_id).await
    }

    /// The plan that it leads to; none of `MENTIONS_REGION`. The original, of `REPRINT_OF`.
    async fn to_plan(&self, ctx: &Context<'_>) -> Result<Option<Plan>, Error> {
        plan(ctx, self.0.to_plan_id).await
    }

    /// The section that it starts from, where it is about sections; that of the evidence, of `MENTIONS_REGION`.
    #[expect(clippy::wrong_self_convention, reason = "the field is `from…`")]
    async fn from_section(&self, ctx: &Context<'_>) -> Result<Option<Section>, Error> {
        section(ctx, self.0.from_section_id).await
    }

    /// The section that it leads to, where it is about sections.
    async fn to_section(&self, ctx: &Context<'_>) -> Result<Option<Section>, Error> {
        section(ctx, self.0.to_section_id).await
    }

    /// The initiative that both sides name, of `SHARES_PROGRAMME`.
    async fn programme(&self, ctx: &Context<'_>) -> Result<Option<Programme>, Error> {
        match self.0.programme_id.and_then(|id| i32::try_from(id).ok()) {
            Some(id) => Ok(Some(Programme(required(ctx, ProgrammeId(id)).await?))),
            None => Ok(None),
        }
    }

    /// As what the plan names the region, of `MENTIONS_REGION`.
    async fn role(&self) -> Option<RegionRole> {
        self.0.role.map(Into::into)
    }

    /// How strong it is, from 0 to 1. Of `REPRINT_OF` and `SIMILAR_SECTION`, the share of what either text says that both
    /// say; of `PARENT_PLAN`, the share of the years of the two that both are for; of `SUCCEEDS`, from 0.5, how much the
    /// titles are alike; of `MENTIONS_REGION`, how surely the region itself is meant: 1 by its full name, 0.9 by its short
    /// name, 0.7 by a hospital of it, 0.6 by a name for several regions. What two regions share is shared: 1.
    async fn score(&self) -> f64 {
        self.0.score
    }

    /// Why: the sentence, or what the two sides share. A region that is named together with others, as in 京津冀, is said to
    /// be so.
    async fn evidence(&self) -> &str {
        &self.0.evidence
    }
}

async fn plan(ctx: &Context<'_>, id: Option<i64>) -> Result<Option<Plan>, Error> {
    match id {
        Some(id) => plan_of(ctx, id, AsOf::NOW).await.map(Some),
        None => Ok(None),
    }
}

async fn section(ctx: &Context<'_>, id: Option<i64>) -> Result<Option<Section>, Error> {
    match id {
        Some(id) => Ok(Some(Section::from(required(ctx, SectionId(id)).await?))),
        None => Ok(None),
    }
}
