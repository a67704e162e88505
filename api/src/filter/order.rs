//! In which order.

use async_graphql::{Enum, InputObject};
use entity::{indicator, plan};

use crate::page::OrderKey;

/// From the smallest value up, or from the largest down. Rows without a value come last either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// From the smallest up: 1, 2, 3.
    #[default]
    Asc,
    /// From the largest down: 3, 2, 1.
    Desc,
}

/// What plans can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum PlanOrderField {
    /// 发布日期.
    PublishedOn,
    /// 成文日期.
    IssuedOn,
    /// The title, by Unicode code points.
    Title,
    /// The region's GB/T 2260 code, so that a province stands before its cities.
    Region,
    /// First year, then last year.
    Period,
}

/// One key to order plans by.
#[derive(Clone, Copy, Debug, InputObject)]
pub(crate) struct PlanOrder {
    /// What to order by.
    field: PlanOrderField,
    /// Which way.
    #[graphql(default)]
    direction: OrderDirection,
}

/// What figures can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum IndicatorOrderField {
    /// The number, whatever its unit; of a range, its lower end.
    Value,
    /// The year the figure is for.
    Year,
    /// The name, by Unicode code points.
    Name,
    /// The region's GB/T 2260 code, so that a province stands before its cities.
    Region,
    /// Where it stands: by plan, and within a plan as it reads.
    Position,
    /// How sure the reading is.
    Confidence,
}

/// One key to order figures by.
#[derive(Clone, Copy, Debug, InputObject)]
pub(crate) struct IndicatorOrder {
    /// What to order by.
    field: IndicatorOrderField,
    /// Which way.
    #[graphql(default)]
    direction: OrderDirection,
}

/// The columns that plans are ordered by; the order of ids where nothing is asked for.
pub(crate) fn plan_order(keys: &[PlanOrder]) -> Vec<OrderKey<plan::Column>> {
    use plan::Column;
    columns(keys.iter().map(|key| {
        let columns: &[_] = match key.field {
            PlanOrderField::PublishedOn => &[Column::PublishedOn],
            PlanOrderField::IssuedOn => &[Column::IssuedOn],
            PlanOrderField::Title => &[Column::Title],
            PlanOrderField::Region => &[Column::RegionId],
            PlanOrderField::Period => &[Column::StartYear, Column::EndYear],
        };
        (columns, key.direction)
    }))
}

/// The columns that figures are ordered by; the order of ids where nothing is asked for.
pub(crate) fn indicator_order(keys: &[IndicatorOrder]) -> Vec<OrderKey<indicator::Column>> {
    use indicator::Column;
    columns(keys.iter().map(|key| {
        let columns: &[_] = match key.field {
            IndicatorOrderField::Value => &[Column::Value],
            IndicatorOrderField::Year => &[Column::Year],
            IndicatorOrderField::Name => &[Column::Name],
            IndicatorOrderField::Region => &[Column::RegionId],
            IndicatorOrderField::Position => &[Column::PlanId, Column::Position],
            IndicatorOrderField::Confidence => &[Column::Confidence],
        };
        (columns, key.direction)
    }))
}

fn columns<'a, C: Copy + 'a>(keys: impl Iterator<Item = (&'a [C], OrderDirection)>) -> Vec<OrderKey<C>> {
    keys.flat_map(|(columns, direction)| {
        columns.iter().map(move |column| match direction {
            OrderDirection::Asc => OrderKey::ascending(*column),
            OrderDirection::Desc => OrderKey::descending(*column),
        })
    })
    .collect()
}
