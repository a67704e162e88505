//! Which figures.

use async_graphql::{ID, InputObject};
use entity::{indicator::Column, value};
use sea_orm::{ColumnTrait as _, Condition, sea_query::Expr};

use super::{Entries, FloatRange, IntRange, unless};
use crate::{
    Error,
    id::GlobalId,
    names::{Names, Wanted},
    search, text,
    vocabulary::{Comparator, Measure, PlanKind, Role},
};

/// How deep `and`, `or` and `not` may stand in one another.
const MAX_DEPTH: usize = 5;

/// Which figures. All that is given must hold; a list holds where one of its entries does, and an empty list holds
/// nowhere.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct IndicatorFilter {
    /// These figures.
    ids: Option<Vec<ID>>,
    /// Figures of these plans.
    plans: Option<Vec<ID>>,
    /// Figures of these regions themselves, by GB/T 2260 code or by full or short name. Example: `["湖州市"]`.
    regions: Option<Vec<String>>,
    /// Figures of this region and of all below it, by code or name. Example: `"330000"`.
    within: Option<String>,
    /// Figures of these concepts, by slug, name or alias. Example: `["life-expectancy", "健康素养水平"]`.
    concepts: Option<Vec<String>>,
    /// A piece of the figure's name, whatever the case of Latin letters. Example: `"签约率"`.
    name_contains: Option<String>,
    /// In one of these units as printed. Example: `["%", "岁"]`.
    units: Option<Vec<String>>,
    /// Binding in one of these ways.
    comparators: Option<Vec<Comparator>>,
    /// Of these kinds of quantity.
    measures: Option<Vec<Measure>>,
    /// Aimed at, or reached.
    roles: Option<Vec<Role>>,
    /// The year the figure is for lies between these; figures without a year are left out.
    year: Option<IntRange>,
    /// The number lies between these, in the figure's own unit; of a range, its lower end.
    value: Option<FloatRange>,
    /// From plans of these kinds.
    plan_kinds: Option<Vec<PlanKind>>,
    /// These words stand in its name or its sentence, all of them; as the query of `search`. It looks at what stands now.
    /// Example: `"家庭医生 签约"`.
    search: Option<String>,
    /// At least this confidence, from 0 to 1. Example: `0.8`.
    min_confidence: Option<f64>,
    /// `true`: only figures that an analyst corrected; `false`: only those as they were read.
    corrected: Option<bool>,
    /// All of these hold. Filters may stand in one another five deep.
    and: Option<Vec<IndicatorFilter>>,
    /// One of these holds.
    or: Option<Vec<IndicatorFilter>>,
    /// This does not hold.
    not: Option<Box<IndicatorFilter>>,
}

impl IndicatorFilter {
    /// The names in it and in the filters inside it.
    pub(super) fn names(&self) -> Result<Wanted, Error> {
        let mut wanted = Wanted::default();
        self.collect(&mut wanted, &mut Entries::default(), MAX_DEPTH)?;
        Ok(wanted)
    }

    fn collect(&self, wanted: &mut Wanted, entries: &mut Entries, depth: usize) -> Result<(), Error> {
        for list in [&self.regions, &self.concepts, &self.units] {
            entries.add(list.as_ref())?;
        }
        for list in [&self.ids, &self.plans] {
            entries.add(list.as_ref())?;
        }
        for list in [&self.and, &self.or] {
            entries.add(list.as_ref())?;
        }
        entries.add(self.comparators.as_ref())?;
        entries.add(self.measures.as_ref())?;
        entries.add(self.roles.as_ref())?;
        entries.add(self.plan_kinds.as_ref())?;
        wanted.regions.extend(self.regions.iter().flatten().chain(&self.within).cloned());
        wanted.concepts.extend(self.concepts.iter().flatten().cloned());
        for inner in self.and.iter().flatten().chain(self.or.iter().flatten()).chain(self.not.as_deref()) {
            let left = depth.checked_sub(1).ok_or_else(|| {
                Error::BadInput(format!("`and`, `or` and `not` may stand in one another {MAX_DEPTH} deep, not more"))
            })?;
            inner.collect(wanted, entries, left)?;
        }
        Ok(())
    }

    /// The rows that it leaves.
    pub(super) fn condition(&self, names: &Names) -> Result<Condition, Error> {
        let mut all = Condition::all();
        for (column, kind, ids) in [(Column::Id, "Indicator", &self.ids), (Column::PlanId, "Plan", &self.plans)] {
            if let Some(ids) = ids {
                let rows = ids.iter().map(|id| GlobalId::row_of(kind, id)).collect::<Result<Vec<_>, _>>()?;
                all = all.add(column.is_in(rows));
            }
        }
        if let Some(regions) = &self.regions {
            all = all.add(super::region::any_of(Column::RegionId, regions, names)?);
        }
        if let Some(region) = &self.within {
            let ids = names.within(region)?;
            all = all.add(Column::RegionId.between(*ids.start(), *ids.end()));
        }
        if let Some(concepts) = &self.concepts {
            let ids = concepts.iter().map(|name| names.concept(name)).collect::<Result<Vec<_>, _>>()?;
            all = all.add(Column::ConceptId.is_in(ids));
        }
        if let Some(comparators) = &self.comparators {
            all = all.add(Column::Comparator.is_in(comparators.iter().map(|one| value::Comparator::from(*one))));
        }
        if let Some(measures) = &self.measures {
            all = all.add(Column::Measure.is_in(measures.iter().map(|one| value::Measure::from(*one))));
        }
        if let Some(roles) = &self.roles {
            all = all.add(Column::Role.is_in(roles.iter().map(|one| value::Role::from(*one))));
        }
        if let Some(kinds) = &self.plan_kinds {
            all = all.add(Column::PlanKind.is_in(kinds.iter().map(|one| value::PlanKind::from(*one))));
        }
        if let Some(text) = &self.search {
            all = all.add(Column::Id.in_subquery(search::figures_holding(names.backend, text)?));
        }
        for inner in self.and.iter().flatten() {
            all = all.add(inner.condition(names)?);
        }
        if let Some(alternatives) = &self.or {
            let mut any = Condition::any().add(Expr::val(false));
            for inner in alternatives {
                any = any.add(inner.condition(names)?);
            }
            all = all.add(any);
        }
        if let Some(inner) = &self.not {
            all = all.add(unless(inner.condition(names)?));
        }
        Ok(all
            .add_option(self.name_contains.as_ref().map(|piece| text::contains(Column::Name, &folded(piece))))
            .add_option(self.units.as_ref().map(|units| Column::Unit.is_in(units.iter().map(|unit| folded(unit)))))
            .add_option(self.year.map(|years| years.holds(Column::Year)))
            .add_option(self.value.map(|values| values.holds(Column::Value)))
            .add_option(self.min_confidence.map(|least| Column::Confidence.gte(least)))
            .add_option(self.corrected.map(|corrected| Column::Corrected.eq(corrected))))
    }
}

/// As names and units are kept: ＡＥＤ is AED.
fn folded(text: &str) -> String {
    text.chars().map(extract::text::half_width).collect()
}
