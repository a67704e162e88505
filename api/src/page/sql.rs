//! A stretch of a listing as one SQL statement.

use std::str::FromStr as _;

use sea_orm::{
    ColumnTrait as _, Condition, EntityName as _, ExprTrait as _, QueryFilter as _, QueryTrait as _, Value,
    sea_query::{
        Asterisk, Expr, Func, NullOrdering, Order, OrderedStatement, OverStatement as _, Query, SelectStatement,
        WindowStatement,
    },
};

use super::{
    listing::{Listing, OrderKey, Table, Under},
    window::Window,
};
use crate::{as_of::out_of, load::padded};

/// Whose row it is: [`Under::key`].
pub(super) const PARENT: &str = "of_parent";
/// How many rows a parent has.
pub(super) const COUNT: &str = "row_count";
/// A row's place among its parent's.
const RANK: &str = "row_rank";
/// The ranges of a batch, as a table.
const RANGES: &str = "ranges";

/// The page of one parent.
pub(super) fn page<E: Table>(listing: &Listing<E>, window: &Window, under: &Under) -> SelectStatement {
    let mut select = stretch(listing, window).filter(belongs(listing, under)).into_query();
    sort(&mut select, listing, window);
    if let Some(count) = fetched(window) {
        select.limit(count);
    }
    select
}

/// The pages of several parents of one kind at once: the rows of each are ranked among themselves, and each keeps its
/// first ones.
pub(super) fn pages<E: Table>(listing: &Listing<E>, window: &Window, parents: &[Under]) -> SelectStatement {
    let mut ranked = stretch(listing, window).into_query();
    let parent = shared(&mut ranked, listing, parents);
    let mut ranking = WindowStatement::new();
    ranking.add_partition_by(parent.clone());
    sort(&mut ranking, listing, window);
    ranked.expr_as(parent.cast_as("bigint"), PARENT).expr_window_as(Func::cust("ROW_NUMBER"), ranking, RANK);

    let mut select = Query::select();
    select.column(Asterisk).from_subquery(ranked, "ranked").order_by(PARENT, Order::Asc).order_by(RANK, Order::Asc);
    if let Some(count) = fetched(window) {
        select.and_where(Expr::col(RANK).lte(count));
    }
    select
}

/// How many rows one parent has.
pub(super) fn count<E: Table>(listing: &Listing<E>, under: &Under) -> SelectStatement {
    let mut select = rows(listing).filter(belongs(listing, under)).into_query();
    select.clear_selects().expr_as(Func::count(Expr::cust("*")), COUNT);
    select
}

/// How many rows each of several parents of one kind has; parents without rows are left out.
pub(super) fn counts<E: Table>(listing: &Listing<E>, parents: &[Under]) -> SelectStatement {
    let mut select = rows(listing).into_query();
    let parent = shared(&mut select, listing, parents);
    select
        .clear_selects()
        .expr_as(Func::count(Expr::cust("*")), COUNT)
        .expr_as(parent.clone().cast_as("bigint"), PARENT)
        .add_group_by([parent]);
    select
}

/// The column that says which plan a row is in, or is.
pub(super) fn plan<E: Table>() -> Option<E::Column> {
    let id = if E::default().table_name() == entity::plan::Entity.table_name() { "id" } else { "plan_id" };
    E::Column::from_str(id).ok()
}

/// The plans that one parent's rows are in.
pub(super) fn plans<E: Table>(listing: &Listing<E>, under: &Under, plan: E::Column) -> SelectStatement {
    let mut select = rows(listing).filter(belongs(listing, under)).into_query();
    select.clear_selects().expr(plan.into_expr());
    select
}

/// One entry more than the window holds, which tells whether another page follows.
fn fetched(window: &Window) -> Option<u64> {
    window.limit.map(|limit| u64::from(limit) + 1)
}

/// All rows of a listing.
fn rows<E: Table>(listing: &Listing<E>) -> sea_orm::Select<E> {
    let select = listing.states.clone().map_or_else(E::find, out_of);
    select.filter(listing.condition.clone())
}

fn stretch<E: Table>(listing: &Listing<E>, window: &Window) -> sea_orm::Select<E> {
    let mut select = rows(listing);
    for (place, behind) in [(&window.after, true), (&window.before, false)] {
        if let Some(values) = place {
            select = select.filter(beyond::<E>(&listing.order, values, behind));
        }
    }
    select
}

/// What makes a row one of this parent's.
fn belongs<E: Table>(listing: &Listing<E>, under: &Under) -> Condition {
    if listing.parents.is_empty() || *under == Under::Everything {
        return Condition::all();
    }
    listing.parents.iter().fold(Condition::any(), |any, column| match under {
        Under::Everything => any,
        Under::Of(id) => any.add(column.eq(*id)),
        Under::Within(ids) => any.add(column.between(*ids.start(), *ids.end())),
    })
}

/// Leaves the rows of these parents, and gives what tells whose a row is. Ranges may lie in one another, as a province
/// and its cities do, and the two sides of a row may be two parents', so that a row comes once for each that it belongs
/// to.
fn shared<E: Table>(select: &mut SelectStatement, listing: &Listing<E>, parents: &[Under]) -> Expr {
    let has_ranges = parents.iter().any(|under| matches!(under, Under::Within(_)));
    match &listing.parents[..] {
        [] => Expr::val(0),
        [column] if !has_ranges => {
            select.and_where(column.is_in(padded(parents.iter().map(Under::key))));
            column.into_expr()
        }
        columns => {
            let ranges = parents.iter().map(|under| match under {
                Under::Within(ids) => (i64::from(*ids.start()), i64::from(*ids.end())),
                Under::Of(_) | Under::Everything => (under.key(), under.key()),
            });
            // Both databases call the columns of a list of values column1, column2.
            let [first, last] = ["column1", "column2"].map(|name| Expr::col((RANGES, name)));
            let lies_in = |column: &E::Column| column.into_expr().between(first.clone(), last.clone());
            let any = columns.iter().fold(Condition::any(), |any, column| any.add(lies_in(column)));
            select.from_values(ranges, RANGES).cond_where(any);
            first
        }
    }
}

/// Orders a statement or a window by the listing's order, the other way round where the window counts from the end.
fn sort<E: Table>(statement: &mut impl OrderedStatement, listing: &Listing<E>, window: &Window) {
    for key in &listing.order {
        let order = if key.descending == window.backwards { Order::Asc } else { Order::Desc };
        if key.column.def().is_null() {
            // SQLite takes null for the smallest value and PostgreSQL for the largest; here it is always the last.
            let nulls = if window.backwards { NullOrdering::First } else { NullOrdering::Last };
            statement.order_by_expr_with_nulls(key.column.into_expr(), order, nulls);
        } else {
            statement.order_by_expr(key.column.into_expr(), order);
        }
    }
}

/// What comes behind these values in an order, or before them.
fn beyond<E: Table>(order: &[OrderKey<E::Column>], values: &[Value], behind: bool) -> Condition {
    if let [first, ..] = order
        && order.iter().all(|key| key.descending == first.descending && !key.column.def().is_null())
    {
        // Said so, a database finds the place in an index of these columns.
        let columns = Expr::tuple(order.iter().map(|key| key.column.into_expr()));
        let place = Expr::tuple(values.iter().cloned().map(Expr::value));
        return Condition::all().add(if first.descending == behind { columns.lt(place) } else { columns.gt(place) });
    }
    order.iter().zip(values).rev().fold(Condition::any(), |later, (key, value)| {
        let column = key.column;
        let missing = *value == value.as_null();
        let equal = if missing { column.is_null() } else { column.eq(value.clone()) };
        let mut here = Condition::any();
        if !missing {
            let larger = key.descending != behind;
            here = here.add(if larger { column.gt(value.clone()) } else { column.lt(value.clone()) });
        }
        // A missing value comes behind all others.
        if column.def().is_null() {
            match (behind, missing) {
                (true, false) => here = here.add(column.is_null()),
                (false, true) => here = here.add(column.is_not_null()),
                (true, true) | (false, false) => {}
            }
        }
        if later.is_empty() { here } else { here.add(Condition::all().add(equal).add(later)) }
    })
}
