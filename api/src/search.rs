//! Full-text search: entries that the database finds, ranked here, so that both databases rank alike.
//!
//! What is found in very many places is not ranked in all of them: the latest [`RANKED`] entries are, and the latest
//! that hold it in a title, a heading or a name. Of what is rarer, all is.
//!
//! - `rank`: how well an entry fits.
//! - `snippet`: the piece of its text that shows why.

mod rank;
mod snippet;

use std::{cmp::Ordering, collections::HashMap, sync::Arc};

use async_graphql::Context;
use entity::{
    indicator, plan,
    search::{self, BadQuery, Document, Query},
    search_entry, section,
    value::SearchKind,
};
use futures::try_join;
use sea_orm::{
    Condition, ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, ExprTrait as _, FromQueryResult as _, Order,
    sea_query::{Asterisk, Expr, Func, Query as Statement, SelectStatement},
};

pub(crate) use self::snippet::snippet;
use crate::{
    Error,
    as_of::AsOf,
    load::{IndicatorId, PlanId, SectionId, loaders},
};

/// Entries that are ranked, of those with the query in a heading and of all.
const RANKED: u64 = 300;
/// Plans whose entries PostgreSQL is made to look at one after another before it searches all, and so many of them again
/// where it has found this many there.
const FEW: i64 = 40;
const SOME: i64 = 1_600;
const FREQUENT: u64 = 30;
/// How far matches are counted.
pub(crate) const COUNTED: u64 = 10_000;

/// What to search for, and where.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) query: Query,
    /// Only such entries.
    pub(crate) kinds: Option<Vec<SearchKind>>,
    /// Only entries of the plans that meet this.
    pub(crate) plans: Condition,
}

/// Something found.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) place: Place,
    pub(crate) item: Item,
}

/// Where a hit stands: the best first, and of equal ones the latest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    /// From 0 to 1.
    pub(crate) score: f64,
    /// The entry's id.
    pub(crate) entry: i64,
}

/// The row of a hit.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Plan(Arc<plan::Model>),
    Section(Arc<section::Model>),
    Indicator(Arc<indicator::Model>),
}

impl Place {
    pub(crate) fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(other.entry.cmp(&self.entry))
    }
}

impl Item {
    /// What was searched of it.
    pub(crate) fn document(&self) -> Document<'_> {
        match self {
            Self::Plan(row) => (&**row).into(),
            Self::Section(row) => (&**row).into(),
            Self::Indicator(row) => (&**row).into(),
        }
    }
}

impl From<BadQuery> for Error {
    fn from(error: BadQuery) -> Self {
        Self::BadInput(error.to_string())
    }
}

impl Search {
    /// What is found, the best first.
    pub(crate) async fn hits(&self, ctx: &Context<'_>) -> Result<Vec<Hit>, Error> {
        let mut entries = self.entries(ctx, false).await?;
        if entries.len() as u64 == RANKED {
            entries.extend(self.entries(ctx, true).await?);
        }
        // An item comes once, by the first of its passages.
        entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.id));
        let ids: HashMap<_, _> = entries.into_iter().map(|entry| ((entry.kind, entry.item_id), entry.id)).collect();
        let mut hits: Vec<Hit> = items(ctx, &ids)
            .await?
            .into_iter()
            .filter_map(|(entry, item)| {
                let score = rank::score(&self.query, &item.document())?;
                Some(Hit { place: Place { score, entry }, item })
            })
            .collect();
        hits.sort_unstable_by(|a, b| a.place.cmp(&b.place));
        Ok(hits)
    }

    /// How many items there are, counted as far as [`COUNTED`].
    pub(crate) async fn count(&self, ctx: &Context<'_>) -> Result<i64, Error> {
        let db = &loaders(ctx).loader().db;
        let (mut matching, _) = self.matching(db.get_database_backend(), false);
        matching.columns([column(search_entry::Column::Kind), column(search_entry::Column::ItemId)]);
        matching.distinct().limit(COUNTED);
        let mut count = Statement::select();
        count.expr_as(Func::count(Expr::col(Asterisk)), "found").from_subquery(matching, "matching");
        Ok(db.query_one(&count).await?.map_or(Ok(0), |row| row.try_get("", "found"))?)
    }

    /// The latest entries that hold the query, as many as are ranked.
    async fn entries(&self, ctx: &Context<'_>, headings: bool) -> Result<Vec<search_entry::Model>, DbErr> {
        let db = &loaders(ctx).loader().db;
        if db.get_database_backend() == DbBackend::Postgres {
            // What is frequent in a few plans is found soon enough in some more.
            for (plans, frequent) in [(FEW, FREQUENT), (SOME, RANKED)] {
                let found = self.latest(db, headings, Some(plans)).await?;
                let count = found.len() as u64;
                if count == RANKED {
                    return Ok(found);
                }
                if count < frequent {
                    break;
                }
            }
        }
        self.latest(db, headings, None).await
    }

    /// The same of the entries of so many plans, the latest, or of all.
    async fn latest(
        &self,
        db: &DatabaseConnection,
        headings: bool,
        plans: Option<i64>,
    ) -> Result<Vec<search_entry::Model>, DbErr> {
        use search_entry::Column;
        let (mut matching, latest) = self.matching(db.get_database_backend(), headings);
        if let Some(plans) = plans {
            matching.from_clear().from_subquery(search::latest(plans), search_entry::Entity);
        }
        matching
            .columns([Column::Id, Column::PlanId, Column::Kind, Column::ItemId].map(column))
            .order_by_expr(latest, Order::Desc)
            .limit(RANKED);
        db.query_all(&matching).await?.iter().map(|row| search_entry::Model::from_query_result(row, "")).collect()
    }

    /// The entries, without columns yet, and what to order them by.
    fn matching(&self, backend: DbBackend, headings: bool) -> (SelectStatement, Expr) {
        let (mut matching, latest) = search::matching(backend, &self.query, headings);
        if let Some(kinds) = &self.kinds {
            let kinds = kinds.iter().map(|kind| kind.as_str());
            matching.and_where(Expr::col(column(search_entry::Column::Kind)).is_in(kinds));
        }
        if !self.plans.is_empty() {
            let mut plans = Statement::select();
            plans.column(plan::Column::Id).from(plan::Entity).cond_where(self.plans.clone());
            matching.and_where(Expr::col(column(search_entry::Column::PlanId)).in_subquery(plans));
        }
        (matching, latest)
    }
}

/// The rows of entries, each with the entry's id.
async fn items(ctx: &Context<'_>, entries: &HashMap<(SearchKind, i64), i64>) -> Result<Vec<(i64, Item)>, Error> {
    let loaders = loaders(ctx);
    let of = |kind| entries.keys().filter(move |key| key.0 == kind).map(|key| key.1);
    let (plans, sections, figures) = try_join!(
        loaders.load_many(of(SearchKind::Plan).map(|id| PlanId(id, AsOf::NOW))),
        loaders.load_many(of(SearchKind::Section).map(SectionId)),
        loaders.load_many(of(SearchKind::Indicator).map(IndicatorId)),
    )?;
    let plans = plans.into_iter().map(|(key, row)| (SearchKind::Plan, key.0, Item::Plan(row)));
    let sections = sections.into_iter().map(|(key, row)| (SearchKind::Section, key.0, Item::Section(row)));
    let figures = figures.into_iter().map(|(key, row)| (SearchKind::Indicator, key.0, Item::Indicator(row)));
    Ok(plans
        .chain(sections)
        .chain(figures)
        .filter_map(|(kind, id, item)| Some((*entries.get(&(kind, id))?, item)))
        .collect())
}

/// Ids of the plans in which a text stands, be it in a section or in a figure.
pub(crate) fn plans_holding(backend: DbBackend, text: &str) -> Result<SelectStatement, Error> {
    let (mut matching, _) = search::matching(backend, &Query::parse(text)?, false);
    matching.column(column(search_entry::Column::PlanId));
    Ok(matching)
}

/// Ids of the figures in whose names or sentences a text stands.
pub(crate) fn figures_holding(backend: DbBackend, text: &str) -> Result<SelectStatement, Error> {
    let (mut matching, _) = search::matching(backend, &Query::parse(text)?, false);
    matching
        .column(column(search_entry::Column::ItemId))
        .and_where(Expr::col(column(search_entry::Column::Kind)).eq(SearchKind::Indicator.as_str()));
    Ok(matching)
}

const fn column(column: search_entry::Column) -> (search_entry::Entity, search_entry::Column) {
    (search_entry::Entity, column)
}
