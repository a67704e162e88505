//! The moment that an answer speaks of.

use entity::{
    past::{self, Temporal},
    plan, plan_version,
};
use sea_orm::{
    EntityTrait, QueryTrait, Select,
    prelude::DateTimeUtc,
    sea_query::{Expr, ExprTrait as _, Query, SelectStatement},
};

use crate::scalar::DateTime;

/// The moment that an answer speaks of; none for what is known now. What hangs on a plan, a section or a figure speaks of
/// the same moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct AsOf(pub(crate) Option<DateTimeUtc>);

impl AsOf {
    /// What is known now.
    pub(crate) const NOW: Self = Self(None);

    /// The rows of a table as they stood then, those that were published; all there are now, for now.
    pub(crate) fn rows<E: Temporal>(self) -> Select<E> {
        self.0.map_or_else(E::find, |moment| out_of(past::at::<E>(moment)))
    }

    /// The version that a plan had then, for rows of a table that say whose they are in `plan_id`.
    pub(crate) fn version_of_plan(self, table: &'static str) -> SelectStatement {
        let mut version = Query::select();
        let of_row = Expr::col((table, plan_version::Column::PlanId));
        match self.0 {
            None => version
                .column((plan::Entity, plan::Column::Version))
                .from(plan::Entity)
                .and_where(Expr::col((plan::Entity, plan::Column::Id)).eq(of_row)),
            Some(moment) => {
                let newest = |column| Expr::col(("newest", column));
                version
                    .expr(newest(plan_version::Column::Version).max())
                    .from_as(plan_version::Entity, "newest")
                    .and_where(newest(plan_version::Column::PlanId).eq(of_row))
                    .and_where(newest(plan_version::Column::SeenAt).lte(moment))
            }
        };
        version
    }

    /// The rows of a table that belong to the version that their plan had then; it says which in `version`.
    pub(crate) fn of_version(self, table: impl EntityTrait) -> Expr {
        let table = table.table_name();
        Expr::col((table, plan_version::Column::Version))
            .eq(Expr::SubQuery(None, Box::new(self.version_of_plan(table).into())))
    }
}

/// Rows out of a statement with the table's columns in the place of the table. It goes under the table's name, so that
/// conditions and orders need not know.
pub(crate) fn out_of<E: EntityTrait>(states: SelectStatement) -> Select<E> {
    let mut select = E::find();
    QueryTrait::query(&mut select).from_clear().from_subquery(states, E::default().table_name());
    select
}

impl From<Option<DateTime>> for AsOf {
    fn from(moment: Option<DateTime>) -> Self {
        Self(moment.map(|moment| moment.0))
    }
}
