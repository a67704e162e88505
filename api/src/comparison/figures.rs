//! The figures that a comparison is made of.

use std::{collections::BTreeSet, ops::RangeInclusive};

use async_graphql::Context;
use entity::{indicator, plan, region, value::Role};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, RelationTrait as _,
};

use super::Figure;
use crate::{Error, load::loaders};

/// Which figures of a concept.
pub(crate) struct Question {
    /// Row id of the concept.
    pub(crate) concept: i32,
    /// Targets or what was reached.
    pub(crate) role: Role,
    /// Only of this year; of every year unless said.
    pub(crate) year: Option<i32>,
    /// Of these regions, by their ids; all regions where there is none.
    pub(crate) regions: Vec<RangeInclusive<i32>>,
}

/// The figures that stand in plans that are not withdrawn, of the regions asked for and of those above them.
pub(crate) async fn figures(ctx: &Context<'_>, question: &Question) -> Result<Vec<Figure>, Error> {
    use indicator::Column;
    let above: BTreeSet<i32> = question.regions.iter().flat_map(|ids| region::ids_above(*ids.start())).collect();
    let asked = |any: Condition, ids: &RangeInclusive<i32>| any.add(Column::RegionId.between(*ids.start(), *ids.end()));
    let regions = match &question.regions[..] {
        [] => Condition::all(),
        regions => regions.iter().fold(Condition::any().add(Column::RegionId.is_in(above)), asked),
    };
    let found = indicator::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::RegionId,
            Column::Name,
            Column::Year,
            Column::Value,
            Column::ValueMax,
            Column::Unit,
            Column::Comparator,
            Column::Measure,
            Column::Scope,
            Column::Position,
        ])
        .column(plan::Column::PublishedOn)
        .join(JoinType::InnerJoin, indicator::Relation::Plan.def())
        .filter(Column::ConceptId.eq(question.concept))
        .filter(Column::Role.eq(question.role))
        .filter(Column::GoneAt.is_null())
        .filter(plan::Column::WithdrawnAt.is_null())
        .filter(Condition::all().add_option(question.year.map(|year| Column::Year.eq(year))))
        .filter(regions)
        .order_by_asc(Column::Id);
    let database = loaders(ctx).loader();
    let plans = || found.clone().select_only().column(Column::PlanId).into_query();
    database.counted(plans).await?;
    Ok(found.into_model::<Figure>().all(&database.db).await?)
}
