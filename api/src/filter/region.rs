//! Which regions.

use async_graphql::InputObject;
use entity::{plan, region::Column};
use sea_orm::{ColumnTrait, Condition, EntityTrait as _, QuerySelect as _, QueryTrait as _, sea_query::Expr};

use crate::{
    Error,
    names::{Names, Wanted},
    text,
    vocabulary::RegionLevel,
};

/// Which regions. All that is given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct RegionFilter {
    /// Of these ranks.
    levels: Option<Vec<RegionLevel>>,
    /// This region and all below it, by GB/T 2260 code or by full or short name. Example: `"江苏"`.
    within: Option<String>,
    /// A piece of the full name. Example: `"州"`.
    name_contains: Option<String>,
    /// `true`: only former regions, that were renamed, merged or given up; only those in use unless said.
    former: Option<bool>,
    /// `true`: only regions that have a plan of their own; `false`: only those that have none.
    has_plans: Option<bool>,
}

impl RegionFilter {
    /// The names in it.
    pub(super) fn names(&self) -> Wanted {
        Wanted { regions: self.within.iter().cloned().collect(), ..Wanted::default() }
    }

    /// The rows that it leaves.
    pub(super) fn condition(&self, names: &Names) -> Result<Condition, Error> {
        let former = self.former.unwrap_or(false);
        let mut all = Condition::all().add(if former { Column::Until.is_not_null() } else { Column::Until.is_null() });
        if let Some(levels) = &self.levels {
            all = all.add(Column::Level.is_in(levels.iter().map(|level| entity::value::RegionLevel::from(*level))));
        }
        if let Some(region) = &self.within {
            let ids = names.within(region)?;
            all = all.add(Column::Id.between(*ids.start(), *ids.end()));
        }
        if let Some(piece) = &self.name_contains {
            all = all.add(text::contains(Column::Name, piece));
        }
        if let Some(has_plans) = self.has_plans {
            let with_plans = plan::Entity::find().select_only().column(plan::Column::RegionId).distinct().into_query();
            all = all.add(if has_plans {
                Column::Id.in_subquery(with_plans)
            } else {
                Column::Id.not_in_subquery(with_plans)
            });
        }
        Ok(all)
    }
}

/// The column holds one of these regions.
pub(super) fn any_of(column: impl ColumnTrait, regions: &[String], names: &Names) -> Result<Condition, Error> {
    let mut any = Condition::any().add(Expr::val(false));
    for name in regions {
        let ids = names.region(name)?;
        any = any.add(column.between(*ids.start(), *ids.end()));
    }
    Ok(any)
}
