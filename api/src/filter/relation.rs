//! Which relations.

use async_graphql::InputObject;
use entity::relation::Column;
use sea_orm::{ColumnTrait as _, Condition};

use super::{Entries, region::any_of};
use crate::{
    Error,
    names::{Names, Wanted},
    vocabulary::{RegionRole, RelationKind},
};

/// What holds from both sides, and is stored from one.
const BOTH_WAYS: [entity::value::RelationKind; 3] = [
    entity::value::RelationKind::SimilarSection,
    entity::value::RelationKind::SharesProgramme,
    entity::value::RelationKind::SharesCitation,
];

/// Which relations. All that is given must hold; a list holds where one of its entries does, and an empty list holds
/// nowhere.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct RelationFilter {
    /// Of these kinds. Example: `[REPRINT_OF]`.
    kinds: Option<Vec<RelationKind>>,
    /// As what a region is named, of `MENTIONS_REGION`. Example: `[MODEL, PARTNER]`.
    roles: Option<Vec<RegionRole>>,
    /// From this region, or from its plans and their sections, by GB/T 2260 code or by full or short name. What holds from
    /// both sides (`SIMILAR_SECTION`, `SHARES_PROGRAMME`, `SHARES_CITATION`) is from either. Example: `"湖州市"`.
    from: Option<String>,
    /// To this region, or to its plans and their sections, by code or name. Example: `"330000"`.
    to: Option<String>,
    /// One side at least is this region or lies below it, by code or name. Example: `"浙江"`.
    within: Option<String>,
    /// At least so strong, from 0 to 1. Example: `0.9`.
    min_score: Option<f64>,
}

impl RelationFilter {
    /// The names in it.
    pub(super) fn names(&self) -> Result<Wanted, Error> {
        let mut entries = Entries::default();
        entries.add(self.kinds.as_ref())?;
        entries.add(self.roles.as_ref())?;
        let regions = [&self.from, &self.to, &self.within].into_iter().flatten().cloned().collect();
        Ok(Wanted { regions, ..Wanted::default() })
    }

    /// The rows that it leaves.
    pub(super) fn condition(&self, names: &Names) -> Result<Condition, Error> {
        let mut all = Condition::all();
        if let Some(kinds) = &self.kinds {
            all = all.add(Column::Kind.is_in(kinds.iter().map(|kind| entity::value::RelationKind::from(*kind))));
        }
        if let Some(roles) = &self.roles {
            all = all.add(Column::Role.is_in(roles.iter().map(|role| entity::value::RegionRole::from(*role))));
        }
        let sides = |from: Column, to: Column| -> Result<Condition, Error> {
            let mut both = Condition::all();
            for (region, column) in [(&self.from, from), (&self.to, to)] {
                if let Some(region) = region {
                    both = both.add(any_of(column, std::slice::from_ref(region), names)?);
                }
            }
            Ok(both)
        };
        if self.from.is_some() || self.to.is_some() {
            let turned = sides(Column::ToRegionId, Column::FromRegionId)?.add(Column::Kind.is_in(BOTH_WAYS));
            all = all.add(Condition::any().add(sides(Column::FromRegionId, Column::ToRegionId)?).add(turned));
        }
        if let Some(region) = &self.within {
            let ids = names.within(region)?;
            let side = |column: Column| column.between(*ids.start(), *ids.end());
            all = all.add(Condition::any().add(side(Column::FromRegionId)).add(side(Column::ToRegionId)));
        }
        Ok(all.add_option(self.min_score.map(|score| Column::Score.gte(score))))
    }
}
