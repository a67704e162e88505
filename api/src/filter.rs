//! Filters and orders: what a query says, and the conditions that the database gets.

mod indicator;
mod order;
mod plan;
mod region;
mod relation;

use async_graphql::InputObject;
use sea_orm::{
    ColumnTrait, Condition, Value,
    sea_query::{CaseStatement, Expr, ExprTrait as _},
};

pub(crate) use self::{
    indicator::IndicatorFilter,
    order::{IndicatorOrder, PlanOrder, indicator_order, plan_order},
    plan::PlanFilter,
    region::RegionFilter,
    relation::RelationFilter,
};
use crate::{Error, load::Loaders, scalar::Date};

/// Whole numbers between two bounds, both included; a bound left out is open. Example: `{ ge: 2025, le: 2030 }`.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub(crate) struct IntRange {
    /// At least this.
    ge: Option<i32>,
    /// At most this.
    le: Option<i32>,
}

/// Numbers between two bounds, both included; a bound left out is open. Example: `{ ge: 82.5 }`.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub(crate) struct FloatRange {
    /// At least this.
    ge: Option<f64>,
    /// At most this.
    le: Option<f64>,
}

/// Days between two bounds, both included; a bound left out is open. Example: `{ ge: "2025-01-01" }`.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub(crate) struct DateRange {
    /// Not before this day.
    ge: Option<Date>,
    /// Not after this day.
    le: Option<Date>,
}

impl IntRange {
    fn holds(self, column: impl ColumnTrait) -> Condition {
        between(column, self.ge, self.le)
    }
}

impl FloatRange {
    fn holds(self, column: impl ColumnTrait) -> Condition {
        between(column, self.ge, self.le)
    }
}

impl DateRange {
    fn holds(self, column: impl ColumnTrait) -> Condition {
        between(column, self.ge.map(|day| day.0), self.le.map(|day| day.0))
    }
}

fn between<C: ColumnTrait, V: Into<Value>>(column: C, ge: Option<V>, le: Option<V>) -> Condition {
    Condition::all().add_option(ge.map(|value| column.gte(value))).add_option(le.map(|value| column.lte(value)))
}

/// The condition is not met: false, or unknown because a value is missing. SQL's NOT would leave out the unknown.
fn unless(condition: Condition) -> Expr {
    Expr::Case(Box::new(CaseStatement::new().case(condition, 0).finally(1))).eq(1)
}

/// The most entries that the lists of a filter may hold in all, the filters inside it counted too. A statement that
/// names more is refused by SQLite, and one with thousands is no question of an analyst.
const MAX_ENTRIES: usize = 500;

/// Counts the entries of a filter, and refuses the one too many.
#[derive(Default)]
struct Entries(usize);

impl Entries {
    fn add<T>(&mut self, list: Option<&Vec<T>>) -> Result<(), Error> {
        self.0 += list.map_or(0, Vec::len);
        if self.0 <= MAX_ENTRIES {
            return Ok(());
        }
        Err(Error::BadInput(format!("a filter may hold {MAX_ENTRIES} entries in all; ask for them in several queries")))
    }
}

/// The plans that a filter leaves; all of them where there is none.
pub(crate) async fn plans(loaders: &Loaders, filter: Option<PlanFilter>) -> Result<Condition, Error> {
    let filter = filter.unwrap_or_default();
    filter.condition(&filter.names()?.find(loaders).await?)
}

/// The figures that a filter leaves; all of them where there is none.
pub(crate) async fn indicators(loaders: &Loaders, filter: Option<IndicatorFilter>) -> Result<Condition, Error> {
    let filter = filter.unwrap_or_default();
    filter.condition(&filter.names()?.find(loaders).await?)
}

/// The regions that a filter leaves; all of them where there is none.
pub(crate) async fn regions(loaders: &Loaders, filter: Option<RegionFilter>) -> Result<Condition, Error> {
    let filter = filter.unwrap_or_default();
    filter.condition(&filter.names().find(loaders).await?)
}

/// The relations that a filter leaves; all of them where there is none.
pub(crate) async fn relations(loaders: &Loaders, filter: Option<RelationFilter>) -> Result<Condition, Error> {
    let filter = filter.unwrap_or_default();
    filter.condition(&filter.names()?.find(loaders).await?)
}
