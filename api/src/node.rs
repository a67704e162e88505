//! Whatever has a global id.

use async_graphql::{Context, ID, Interface};

use crate::{
    Error,
    as_of::AsOf,
    id::GlobalId,
    load::{CrawlRunId, IndicatorId, PlanId, ProgrammeId, RelationId, SectionId, SourceId, catalogue, loaders},
    object::{Concept, CrawlRun, Indicator, Plan, Programme, Region, Relation, Section, Source},
};

/// Anything that has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id, opaque and stable."))]
pub(crate) enum Node {
    Plan(Plan),
    Section(Section),
    Indicator(Indicator),
    Region(Region),
    Concept(Concept),
    Programme(Programme),
    Source(Source),
    CrawlRun(CrawlRun),
    Relation(Relation),
}

/// What has this id. Nothing has it where its type is unknown, where there is no such row, and where a section or a
/// figure does not stand any more.
pub(crate) async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Error> {
    let GlobalId { kind, row } = GlobalId::parse(id)?;
    let loaders = loaders(ctx);
    // Some tables have short ids; an id that is too long for them is nobody's.
    let short = i32::try_from(row).ok();
    Ok(match (kind.as_str(), short) {
        ("Plan", _) => loaders.load_one(PlanId(row, AsOf::NOW)).await?.map(|found| Plan::from(found).into()),
        ("Section", _) => standing_section(ctx, row).await?.map(Node::from),
        ("Indicator", _) => {
            let figure = loaders.load_one(IndicatorId(row)).await?;
            figure.filter(|figure| figure.gone_at.is_none()).map(|found| Indicator::from(found).into())
        }
        ("CrawlRun", _) => loaders.load_one(CrawlRunId(row)).await?.map(|found| CrawlRun(found).into()),
        ("Relation", _) => loaders.load_one(RelationId(row)).await?.map(|found| Relation::from(found).into()),
        ("Region", Some(row)) => catalogue(ctx).region(row).await?.map(|found| Region(found).into()),
        ("Concept", Some(row)) => catalogue(ctx).concept(row).await?.map(|found| Concept(found).into()),
        ("Programme", Some(row)) => loaders.load_one(ProgrammeId(row)).await?.map(|found| Programme(found).into()),
        ("Source", Some(row)) => loaders.load_one(SourceId(row)).await?.map(|found| Source(found).into()),
        _ => None,
    })
}

async fn standing_section(ctx: &Context<'_>, row: i64) -> Result<Option<Section>, Error> {
    let Some(section) = loaders(ctx).load_one(SectionId(row)).await? else { return Ok(None) };
    let plan = loaders(ctx).load_one(PlanId(section.plan_id, AsOf::NOW)).await?;
    Ok(plan.filter(|plan| plan.version == section.version).map(|_| Section::from(section)))
}
