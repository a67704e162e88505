//! Figures in groups, worked out by the database.

use async_graphql::{Context, Enum, Object};
use entity::{indicator, value};
use sea_orm::{
    ColumnTrait as _, Condition, DbErr, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QueryResult, QuerySelect as _, QueryTrait as _,
    sea_query::{Asterisk, Expr},
};

use super::{Concept, Region};
use crate::{
    Error,
    load::loaders,
    vocabulary::{Measure, PlanKind, Role},
};

/// The most groups of one answer.
const MAX_GROUPS: u64 = 1_000;

/// What figures are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum IndicatorGroupKey {
    /// The region.
    Region,
    /// The shared concept; figures without one are a group.
    Concept,
    /// The year the figure is for.
    Year,
    /// Target or actual.
    Role,
    /// Level, new, increase, decrease or rank.
    Measure,
    /// The unit; values in different units say nothing together.
    Unit,
    /// The kind of the plan.
    PlanKind,
}

impl IndicatorGroupKey {
    const fn column(self) -> indicator::Column {
        match self {
            Self::Region => indicator::Column::RegionId,
            Self::Concept => indicator::Column::ConceptId,
            Self::Year => indicator::Column::Year,
            Self::Role => indicator::Column::Role,
            Self::Measure => indicator::Column::Measure,
            Self::Unit => indicator::Column::Unit,
            Self::PlanKind => indicator::Column::PlanKind,
        }
    }
}

/// Figures with the same keys.
#[derive(Debug, Default)]
pub(crate) struct IndicatorGroup {
    region_id: Option<i32>,
    concept_id: Option<i32>,
    year: Option<i32>,
    role: Option<value::Role>,
    measure: Option<value::Measure>,
    unit: Option<String>,
    plan_kind: Option<value::PlanKind>,
    count: i64,
    min: Option<f64>,
    max: Option<f64>,
    avg: Option<f64>,
}

/// Groups the figures that meet a condition, in the order of the keys.
pub(crate) async fn stats(
    ctx: &Context<'_>,
    condition: Condition,
    keys: &[IndicatorGroupKey],
) -> Result<Vec<IndicatorGroup>, Error> {
    use indicator::Column;
    let mut groups = indicator::Entity::find()
        .select_only()
        .expr_as(Expr::col(Asterisk).count(), "figures")
        .expr_as(Column::Value.into_expr().min(), "least")
        .expr_as(Column::Value.into_expr().max(), "most")
        .expr_as(Column::Value.into_expr().avg(), "mean")
        .filter(condition.clone())
        .filter(Column::GoneAt.is_null())
        .limit(MAX_GROUPS + 1);
    for (_, key) in keys.iter().enumerate().filter(|(at, key)| !keys[..*at].contains(key)) {
        let column = key.column();
        groups = groups.column(column).group_by(column).order_by_asc(column);
    }
    let database = loaders(ctx).loader();
    let counted = || indicator::Entity::find().select_only().column(Column::PlanId).filter(condition).into_query();
    database.counted(counted).await?;
    let rows = sea_orm::ConnectionTrait::query_all(&database.db, groups.as_query()).await?;
    if rows.len() as u64 > MAX_GROUPS {
        return Err(Error::BadInput(format!(
            "these are more than {MAX_GROUPS} groups; narrow the filter, or group by fewer keys"
        )));
    }
    Ok(rows.iter().map(|row| IndicatorGroup::read(row, keys)).collect::<Result<_, _>>()?)
}

impl IndicatorGroup {
    fn read(row: &QueryResult, keys: &[IndicatorGroupKey]) -> Result<Self, DbErr> {
        let mut group = Self {
            count: row.try_get("", "figures")?,
            min: row.try_get("", "least")?,
            max: row.try_get("", "most")?,
            avg: row.try_get("", "mean")?,
            ..Self::default()
        };
        for key in keys {
            match key {
                IndicatorGroupKey::Region => group.region_id = row.try_get("", "region_id")?,
                IndicatorGroupKey::Concept => group.concept_id = row.try_get("", "concept_id")?,
                IndicatorGroupKey::Year => group.year = row.try_get("", "year")?,
                IndicatorGroupKey::Role => group.role = row.try_get("", "role")?,
                IndicatorGroupKey::Measure => group.measure = row.try_get("", "measure")?,
                IndicatorGroupKey::Unit => group.unit = row.try_get("", "unit")?,
                IndicatorGroupKey::PlanKind => group.plan_kind = row.try_get("", "plan_kind")?,
            }
        }
        Ok(group)
    }
}

/// Figures with the same keys. A key that was not grouped by is null, and so is one that the figures have no value for.
#[Object]
impl IndicatorGroup {
    /// Their region.
    async fn region(&self, ctx: &Context<'_>) -> Result<Option<Region>, Error> {
        match self.region_id {
            Some(id) => Ok(Some(Region::of(ctx, id).await?)),
            None => Ok(None),
        }
    }

    /// Their concept.
    async fn concept(&self, ctx: &Context<'_>) -> Result<Option<Concept>, Error> {
        match self.concept_id {
            Some(id) => Ok(Some(Concept::of(ctx, id).await?)),
            None => Ok(None),
        }
    }

    /// The year they are for.
    async fn year(&self) -> Option<i32> {
        self.year
    }

    /// Whether they are aimed at or were reached.
    async fn role(&self) -> Option<Role> {
        self.role.map(Into::into)
    }

    /// What kind of quantity they are.
    async fn measure(&self) -> Option<Measure> {
        self.measure.map(Into::into)
    }

    /// Their unit.
    async fn unit(&self) -> Option<&str> {
        self.unit.as_deref()
    }

    /// The kind of their plans.
    async fn plan_kind(&self) -> Option<PlanKind> {
        self.plan_kind.map(Into::into)
    }

    /// How many they are.
    async fn count(&self) -> i64 {
        self.count
    }

    /// The least value; of ranges, the lower end counts.
    async fn min(&self) -> Option<f64> {
        self.min
    }

    /// The largest value.
    async fn max(&self) -> Option<f64> {
        self.max
    }

    /// The mean value.
    async fn avg(&self) -> Option<f64> {
        self.avg
    }
}
