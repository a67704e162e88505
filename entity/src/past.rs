//! What rows were before. A table with a past has a column `since`, and a twin whose rows are states that are over, each
//! with the moment `until` which it was so. A state holds from `since` on and ends just before `until`.

use sea_orm::{
    Condition, EntityTrait, IdenStatic, Iterable, QueryFilter, QuerySelect, QueryTrait,
    prelude::DateTimeUtc,
    sea_query::{Expr, ExprTrait, InsertStatement, Query, SelectStatement, UnionType},
};

use crate::{indicator, plan};

/// A table with a past.
pub trait Temporal: EntityTrait {
    /// The table of its former states: its own columns, and `until`.
    const PAST: &'static str;
    /// Since when a row is as it is.
    const SINCE: Self::Column;

    /// Which of the states of a moment were published then.
    fn published(moment: DateTimeUtc) -> Condition;
}

impl Temporal for plan::Entity {
    const PAST: &'static str = "plan_past";
    const SINCE: plan::Column = plan::Column::Since;

    fn published(_: DateTimeUtc) -> Condition {
        Condition::all().add(Expr::col("withdrawn_at").is_null())
    }
}

impl Temporal for indicator::Entity {
    const PAST: &'static str = "indicator_past";
    const SINCE: indicator::Column = indicator::Column::Since;

    /// It stood in its plan, and its plan was not withdrawn.
    fn published(moment: DateTimeUtc) -> Condition {
        let stands = Condition::any().add(Expr::col("gone_at").is_null()).add(Expr::col("gone_at").gt(moment));
        let withdrawn = states::<plan::Entity>(moment, &[plan::Column::Id], &withdrawn());
        Condition::all().add(stands).add(Expr::col("plan_id").not_in_subquery(withdrawn))
    }
}

fn withdrawn() -> Condition {
    Condition::all().add(Expr::col("withdrawn_at").is_not_null())
}

/// The rows of a table as they were at a moment, those that were published then. It has the table's columns and stands
/// in a statement where the table would.
#[must_use]
pub fn at<E: Temporal>(moment: DateTimeUtc) -> SelectStatement {
    let columns: Vec<_> = E::Column::iter().collect();
    states::<E>(moment, &columns, &E::published(moment))
}

/// A row's state at a moment, published then or not.
#[must_use]
pub fn state<E: Temporal>(moment: DateTimeUtc, rows: &Condition) -> SelectStatement {
    let columns: Vec<_> = E::Column::iter().collect();
    states::<E>(moment, &columns, rows)
}

fn states<E: Temporal>(moment: DateTimeUtc, columns: &[E::Column], rows: &Condition) -> SelectStatement {
    let names = || columns.iter().map(IdenStatic::as_str);
    let began = || Expr::col(E::SINCE.as_str()).lte(moment);
    let mut now = Query::select();
    now.columns(names()).from(E::default().table_ref()).and_where(began()).cond_where(rows.clone());
    let mut past = Query::select();
    past.columns(names())
        .from(E::PAST)
        .and_where(began())
        .and_where(Expr::col("until").gt(moment))
        .cond_where(rows.clone());
    now.union(UnionType::All, past);
    now
}

/// Keeps the present state of some rows as one that is over from a moment on. Whoever changes them sets their `since` to
/// the same moment.
#[must_use]
pub fn archive<E: Temporal>(rows: Condition, until: Expr) -> InsertStatement {
    let names = || E::Column::iter().map(|column| column.as_str());
    let states = E::find().select_only().columns(E::Column::iter()).filter(rows).expr(until).into_query();
    let mut insert = Query::insert();
    insert.into_table(E::PAST).columns(names().chain(["until"]));
    // As many columns as names: both come from the same list.
    let _ = insert.select_from(states);
    insert
}
