//! Which rows of a table, in which order.

use std::{fmt::Write as _, ops::RangeInclusive};

use entity::past::{self, Temporal};
use sea_orm::{
    Condition, EntityTrait, IdenStatic as _, Iterable as _, PrimaryKeyToColumn as _,
    sea_query::{IntoCondition, SelectStatement},
};

use crate::as_of::AsOf;

/// A table whose rows can be listed.
pub(crate) trait Table: EntityTrait<Model: Send + Sync + 'static> {}
impl<E: EntityTrait<Model: Send + Sync + 'static>> Table for E {}

/// A column to order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OrderKey<C> {
    /// The column. Rows that have no value in it come last, whatever the direction.
    pub(crate) column: C,
    /// From the largest value to the smallest.
    pub(crate) descending: bool,
}

impl<C> OrderKey<C> {
    /// From the smallest value to the largest.
    pub(crate) const fn ascending(column: C) -> Self {
        Self { column, descending: false }
    }

    /// From the largest value to the smallest.
    pub(crate) const fn descending(column: C) -> Self {
        Self { column, descending: true }
    }
}

/// Rows of a table that meet a condition, in an order that leaves no ties.
#[derive(Clone, Debug)]
pub(crate) struct Listing<E: EntityTrait> {
    /// Tells its cursors from those of other lists: `Plan.sections`.
    pub(super) name: &'static str,
    pub(super) condition: Condition,
    pub(super) order: Vec<OrderKey<E::Column>>,
    /// The columns that say whose a row is; none where it is nobody's, two where it has two sides.
    pub(super) parents: Vec<E::Column>,
    /// The moment that its rows speak of.
    pub(super) as_of: AsOf,
    /// What stands in the place of the table, where its rows are those of a moment.
    pub(super) states: Option<SelectStatement>,
}

impl<E: Table> Listing<E> {
    /// All rows of the table in the order of their keys.
    pub(crate) fn new(name: &'static str) -> Self {
        let as_of = AsOf::NOW;
        let (condition, parents) = (Condition::all(), Vec::new());
        Self { name, condition, order: Vec::new(), parents, as_of, states: None }.ordered([])
    }

    /// What hangs on the rows speaks of this moment.
    pub(crate) const fn speaking_of(mut self, as_of: AsOf) -> Self {
        self.as_of = as_of;
        self
    }

    /// Only those rows that meet this condition too.
    pub(crate) fn filtered(mut self, condition: impl IntoCondition) -> Self {
        self.condition = self.condition.add(condition.into_condition());
        self
    }

    /// Each row belongs to the parent whose id stands in this column.
    pub(crate) fn by(mut self, parent: E::Column) -> Self {
        self.parents = vec![parent];
        self
    }

    /// Each row belongs to the parents whose ids stand in these two columns.
    pub(crate) fn by_either(mut self, one: E::Column, other: E::Column) -> Self {
        self.parents = vec![one, other];
        self
    }

    /// In this order; what is equal in all of it comes in the order of the primary key, in the direction of the last
    /// column, so that an index of both holds the order. A column counts where it is named first.
    pub(crate) fn ordered(mut self, order: impl IntoIterator<Item = OrderKey<E::Column>>) -> Self {
        self.order.clear();
        for key in order {
            self.then_by(key);
        }
        let descending = self.order.last().is_some_and(|key| key.descending);
        for key in E::PrimaryKey::iter() {
            self.then_by(OrderKey { column: key.into_column(), descending });
        }
        self
    }

    fn then_by(&mut self, key: OrderKey<E::Column>) {
        if self.order.iter().all(|earlier| earlier.column.as_str() != key.column.as_str()) {
            self.order.push(key);
        }
    }

    /// The order as text: `-published_on,id`.
    pub(super) fn signature(&self) -> String {
        let mut text = String::new();
        for key in &self.order {
            let (comma, sign) = (if text.is_empty() { "" } else { "," }, if key.descending { "-" } else { "" });
            // Writing to a string cannot fail.
            let _ = write!(text, "{comma}{sign}{}", key.column.as_str());
        }
        text
    }
}

impl<E: Table + Temporal> Listing<E> {
    /// The rows as they stood at a moment, those that were published then; unchanged for now.
    pub(crate) fn states_of(mut self, as_of: AsOf) -> Self {
        self.states = as_of.0.map(past::at::<E>);
        self.speaking_of(as_of)
    }
}

/// Whose rows of a listing, by the columns that [`Listing::by`] or [`Listing::by_either`] name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Under {
    /// Everybody's.
    Everything,
    /// Those with this id.
    Of(i64),
    /// Those whose value lies in this range: a region and all that lies below it.
    Within(RangeInclusive<i32>),
}

impl Under {
    /// Tells parents of one kind apart.
    pub(super) fn key(&self) -> i64 {
        match self {
            Self::Everything => 0,
            Self::Of(id) => *id,
            Self::Within(ids) => i64::from(*ids.start()),
        }
    }
}

#[cfg(test)]
mod tests {
    use entity::plan;

    use super::*;

    #[test]
    fn an_order_ends_in_the_key_and_names_no_column_twice() {
        let listing = Listing::<plan::Entity>::new("plans")
            .ordered([OrderKey::descending(plan::Column::PublishedOn), OrderKey::ascending(plan::Column::PublishedOn)]);
        assert_eq!(listing.signature(), "-published_on,-id");
        let by_id = Listing::<plan::Entity>::new("plans").ordered([OrderKey::descending(plan::Column::Id)]);
        assert_eq!(by_id.signature(), "-id");
    }
}
