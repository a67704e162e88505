//! Relations.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::relation;
use sea_orm::{ColumnTrait as _, Condition};

use super::{Plan, Region, Section, plan::plan_of};
use crate::{
    Error,
    as_of::AsOf,
    id::GlobalId,
    load::{RegionId, SectionId, required},
    page::{Listing, Row},
    vocabulary::RelationKind,
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

/// How two plans, sections or regions relate, with the reason. Computed after each crawl from what is known now.
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
        Ok(Region(required(ctx, RegionId(self.0.from_region_id)).await?))
    }

    /// The region that it leads to; the same one, where two plans of a region relate.
    async fn to_region(&self, ctx: &Context<'_>) -> Result<Region, Error> {
        Ok(Region(required(ctx, RegionId(self.0.to_region_id)).await?))
    }

    /// The plan that it starts from; none where it is about regions as such. The copy, of `REPRINT_OF`.
    #[expect(clippy::wrong_self_convention, reason = "the field is `from…`")]
    async fn from_plan(&self, ctx: &Context<'_>) -> Result<Option<Plan>, Error> {
        plan(ctx, self.0.from_plan_id).await
    }

    /// The plan that it leads to; none where it is about regions as such. The original, of `REPRINT_OF`.
    async fn to_plan(&self, ctx: &Context<'_>) -> Result<Option<Plan>, Error> {
        plan(ctx, self.0.to_plan_id).await
    }

    /// The section that it starts from, where it is about sections.
    #[expect(clippy::wrong_self_convention, reason = "the field is `from…`")]
    async fn from_section(&self, ctx: &Context<'_>) -> Result<Option<Section>, Error> {
        section(ctx, self.0.from_section_id).await
    }

    /// The section that it leads to, where it is about sections.
    async fn to_section(&self, ctx: &Context<'_>) -> Result<Option<Section>, Error> {
        section(ctx, self.0.to_section_id).await
    }

    /// How strong it is, from 0 to 1. Of `REPRINT_OF`, the share of what either text says that both say.
    async fn score(&self) -> f64 {
        self.0.score
    }

    /// Why: the sentence, or what the two sides share.
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
