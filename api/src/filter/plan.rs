//! Which plans.

use async_graphql::{ID, InputObject};
use entity::{citation, mention, plan::Column, programme};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    RelationTrait as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::{DateRange, Entries, IntRange};
use crate::{
    Error,
    id::GlobalId,
    names::{Names, Wanted},
    search, text,
    vocabulary::PlanKind,
};

/// Which plans. All that is given must hold; a list holds where one of its entries does, and an empty list holds nowhere.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct PlanFilter {
    /// These plans.
    ids: Option<Vec<ID>>,
    /// Plans of these regions themselves, by GB/T 2260 code or by full or short name. Example: `["湖州市", "330100"]`.
    regions: Option<Vec<String>>,
    /// Plans of this region and of all below it, by code or name. Example: `"浙江"`.
    within: Option<String>,
    /// Of these kinds.
    kinds: Option<Vec<PlanKind>>,
    /// The plan's period overlaps these years. Example: `{ ge: 2025, le: 2025 }`.
    year: Option<IntRange>,
    /// Published between these days; plans whose page does not say when are left out.
    published_on: Option<DateRange>,
    /// A piece of the title, whatever the case of Latin letters. Example: `"工作要点"`.
    title_contains: Option<String>,
    /// A piece of the issuing body's name. Example: `"卫生健康委"`.
    issuer: Option<String>,
    /// The slug of the source it was found at. Example: `"huzhou"`.
    source: Option<String>,
    /// Plans in which these words stand: in title, issuer or number, in a section, or in a figure's sentence, all of them in
    /// the same; as the query of `search`. It looks at what stands now. Example: `"安宁疗护"`.
    search: Option<String>,
    /// An initiative that the plan names, in any spelling. Example: `"儿科、精神卫生服务年"`.
    programme: Option<String>,
    /// A piece of the title of a document that the plan names in 《》. Example: `"健康中国论述摘编"`.
    cites: Option<String>,
    /// `true`: only reprints, as `isReprint` has it; `false`: only what its issuer published itself.
    reprints: Option<bool>,
    /// `true`: only plans whose page is gone; `false`: only those that are still published.
    withdrawn: Option<bool>,
}

impl PlanFilter {
    /// The names in it.
    pub(super) fn names(&self) -> Result<Wanted, Error> {
        let mut entries = Entries::default();
        entries.add(self.ids.as_ref())?;
        entries.add(self.regions.as_ref())?;
        entries.add(self.kinds.as_ref())?;
        Ok(Wanted {
            regions: self.regions.iter().flatten().chain(&self.within).cloned().collect(),
            sources: self.source.iter().cloned().collect(),
            ..Wanted::default()
        })
    }

    /// The rows that it leaves.
    pub(super) fn condition(&self, names: &Names) -> Result<Condition, Error> {
        let mut all = Condition::all();
        if let Some(ids) = &self.ids {
            let rows = ids.iter().map(|id| GlobalId::row_of("Plan", id)).collect::<Result<Vec<_>, _>>()?;
            all = all.add(Column::Id.is_in(rows));
        }
        if let Some(regions) = &self.regions {
            all = all.add(super::region::any_of(Column::RegionId, regions, names)?);
        }
        if let Some(region) = &self.within {
            let ids = names.within(region)?;
            all = all.add(Column::RegionId.between(*ids.start(), *ids.end()));
        }
        if let Some(kinds) = &self.kinds {
            all = all.add(Column::Kind.is_in(kinds.iter().map(|kind| entity::value::PlanKind::from(*kind))));
        }
        if let Some(year) = self.year {
            all = all
                .add_option(year.le.map(|last| Column::StartYear.lte(last)))
                .add_option(year.ge.map(|first| Column::EndYear.gte(first)));
        }
        if let Some(slug) = &self.source {
            all = all.add(Column::SourceId.eq(names.source(slug)?));
        }
        if let Some(text) = &self.search {
            all = all.add(Column::Id.in_subquery(search::plans_holding(names.backend, text)?));
        }
        Ok(all
            .add_option(self.published_on.map(|days| days.holds(Column::PublishedOn)))
            .add_option(self.title_contains.as_ref().map(|piece| text::contains(Column::Title, piece)))
            .add_option(self.issuer.as_ref().map(|piece| text::contains(Column::Issuer, piece)))
            .add_option(self.programme.as_deref().map(names_programme))
            .add_option(self.cites.as_deref().map(cites))
            .add_option(self.reprints.map(|reprints| Column::IsReprint.eq(reprints)))
            .add_option(self.withdrawn.map(|withdrawn| {
                if withdrawn { Column::WithdrawnAt.is_not_null() } else { Column::WithdrawnAt.is_null() }
            })))
    }
}

/// Plans that name an initiative.
fn names_programme(name: &str) -> Expr {
    let naming = mentions()
        .join(JoinType::InnerJoin, mention::Relation::Programme.def())
        .filter(programme::Column::Key.eq(extract::programme::key(name)));
    Column::Id.in_subquery(naming.into_query())
}

/// Plans that name a document whose title holds this.
fn cites(piece: &str) -> Expr {
    let citing = mentions()
        .join(JoinType::InnerJoin, mention::Relation::Citation.def())
        .filter(text::contains(citation::Column::Key, &extract::citation::key(piece)));
    Column::Id.in_subquery(citing.into_query())
}

/// The plans of the places where the version that a plan has at the moment of the answer names something.
fn mentions() -> sea_orm::Select<mention::Entity> {
    mention::Entity::find()
        .select_only()
        .column(mention::Column::PlanId)
        .filter(Expr::col((mention::Entity, mention::Column::Version)).equals((entity::plan::Entity, Column::Version)))
}
