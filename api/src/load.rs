//! Rows by their ids and a few of what hangs on them, those of equal fields in one statement.
//!
//! Each request has its own [`Loaders`]: what is read once is kept for the request and no longer.

use std::{any::Any, collections::HashMap, sync::Arc};

use async_graphql::Context;
use entity::{
    citation, correction, crawl_run, indicator, mention, plan, plan_version, plan_version_snapshot, programme,
    relation, section, snapshot, source,
};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseConnection, EntityTrait as _, ExprTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _, Select, prelude::DateTimeUtc,
    sea_query::SelectStatement,
};

use crate::{
    Error,
    as_of::AsOf,
    batch::{Key, Loader, Loads},
    catalogue::Catalogue,
    coverage::Read,
};

/// The database, as what the loaders load from, and what is to be known of what they read.
pub(crate) struct Database {
    pub(crate) db: DatabaseConnection,
    /// What is read, where the answer is to say so.
    pub(crate) read: Option<Arc<Read>>,
    pub(crate) catalogue: Arc<Catalogue>,
}

impl Database {
    /// A row that was read for the answer.
    pub(crate) fn read<M: Any>(&self, row: M) -> Arc<M> {
        if let Some(read) = &self.read {
            read.note(&row);
        }
        Arc::new(row)
    }

    /// Rows that were counted for the answer, by a statement that gives the ids of their plans.
    pub(crate) async fn counted(&self, plans: impl FnOnce() -> SelectStatement) -> Result<(), Error> {
        match &self.read {
            Some(read) => Ok(read.note_plans(&self.db, plans()).await?),
            None => Ok(()),
        }
    }
}

/// The loaders of one request.
pub(crate) type Loaders = Loads<Database>;

/// The loaders of the request that a field belongs to.
pub(crate) fn loaders<'ctx>(ctx: &Context<'ctx>) -> &'ctx Loaders {
    ctx.data_unchecked()
}

/// The regions and concepts, for the request that a field belongs to.
pub(crate) fn catalogue<'ctx>(ctx: &Context<'ctx>) -> &'ctx Catalogue {
    &loaders(ctx).loader().catalogue
}

/// A row that another row points at, which a foreign key makes sure of.
pub(crate) async fn required<K, V>(ctx: &Context<'_>, key: K) -> Result<V, Error>
where
    K: Key + std::fmt::Debug,
    Database: Loader<K, Value = V>,
{
    let missing = missing(&key);
    loaders(ctx).load_one(key).await?.ok_or(missing)
}

/// There is no row that another row points at.
pub(crate) fn missing(key: impl std::fmt::Debug) -> Error {
    Error::Internal(format!("{key:?} is pointed at, but there is none"))
}

/// Declares a key that loads a row by its id.
macro_rules! by_id {
    ($($(#[$doc:meta])* $name:ident($id:ty) of $table:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) struct $name(pub(crate) $id);

        impl Loader<$name> for Database {
            type Value = Arc<$table::Model>;

            async fn load(&self, keys: &[$name]) -> Result<HashMap<$name, Self::Value>, Error> {
                let rows = $table::Entity::find()
                    .filter($table::Column::Id.is_in(padded(keys.iter().map(|key| key.0))))
                    .all(&self.db)
                    .await?;
                Ok(rows.into_iter().map(|row| ($name(row.id), self.read(row))).collect())
            }
        }
    )+};
}

by_id! {
    /// A section of any version of its plan.
    SectionId(i64) of section;
    /// A figure, whether it still stands or not.
    IndicatorId(i64) of indicator;
    /// A source.
    SourceId(i32) of source;
    /// An initiative, whether it counts as a programme or not.
    ProgrammeId(i32) of programme;
    /// A document that plans cite.
    CitationId(i32) of citation;
    /// A run.
    CrawlRunId(i64) of crawl_run;
    /// A relation.
    RelationId(i64) of relation;
}

/// A version of a plan with the body it was read from; without its text, which may be long.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Version {
    pub(crate) id: i64,
    pub(crate) plan_id: i64,
    pub(crate) version: i32,
    pub(crate) seen_at: DateTimeUtc,
    pub(crate) technical: bool,
    pub(crate) extractor_version: String,
    pub(crate) diff: Option<String>,
    #[sea_orm(nested)]
    pub(crate) body: Body,
}

/// A body that was fetched, without its bytes.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Body {
    pub(crate) url: String,
    pub(crate) fetched_at: DateTimeUtc,
    pub(crate) sha256: String,
    pub(crate) media_type: Option<String>,
}

const BODY: [snapshot::Column; 4] =
    [snapshot::Column::Url, snapshot::Column::FetchedAt, snapshot::Column::Sha256, snapshot::Column::MediaType];

/// All versions of a plan, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct VersionsOf(pub(crate) i64);

impl Loader<VersionsOf> for Database {
    type Value = Vec<Arc<Version>>;

    async fn load(&self, keys: &[VersionsOf]) -> Result<HashMap<VersionsOf, Self::Value>, Error> {
        use plan_version::Column;
        let rows = plan_version::Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::PlanId,
                Column::Version,
                Column::SeenAt,
                Column::Technical,
                Column::ExtractorVersion,
                Column::Diff,
            ])
            .columns(BODY)
            .join(JoinType::InnerJoin, plan_version::Relation::Snapshot.def())
            .filter(Column::PlanId.is_in(padded(keys.iter().map(|key| key.0))))
            .order_by_asc(Column::Version)
            .into_model::<Version>()
            .all(&self.db)
            .await?;
        let mut found: HashMap<VersionsOf, Self::Value> = HashMap::new();
        for row in rows {
            found.entry(VersionsOf(row.plan_id)).or_default().push(Arc::new(row));
        }
        Ok(found)
    }
}

/// One of several bodies that a version was read from.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Part {
    plan_version_id: i64,
    /// Where in the version's text what is from it begins; none where nothing is.
    pub(crate) span_start: Option<i32>,
    #[sea_orm(nested)]
    pub(crate) body: Body,
}

/// The bodies that a version, by its row, was read from, in order; none where it is one only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PartsOf(pub(crate) i64);

impl Loader<PartsOf> for Database {
    type Value = Vec<Part>;

    async fn load(&self, keys: &[PartsOf]) -> Result<HashMap<PartsOf, Self::Value>, Error> {
        use plan_version_snapshot::Column;
        let rows = plan_version_snapshot::Entity::find()
            .select_only()
            .columns([Column::PlanVersionId, Column::SpanStart])
            .columns(BODY)
            .join(JoinType::InnerJoin, plan_version_snapshot::Relation::Snapshot.def())
            .filter(Column::PlanVersionId.is_in(padded(keys.iter().map(|key| key.0))))
            .order_by_asc(Column::Position)
            .into_model::<Part>()
            .all(&self.db)
            .await?;
        let mut found: HashMap<PartsOf, Self::Value> = HashMap::new();
        for row in rows {
            found.entry(PartsOf(row.plan_version_id)).or_default().push(row);
        }
        Ok(found)
    }
}

/// A plan as it was at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PlanId(pub(crate) i64, pub(crate) AsOf);

impl Loader<PlanId> for Database {
    type Value = Arc<plan::Model>;

    async fn load(&self, keys: &[PlanId]) -> Result<HashMap<PlanId, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (as_of, ids) in by_moment(keys.iter().map(|key| (key.1, key.0))) {
            let plans = as_of.rows::<plan::Entity>().filter(plan::Column::Id.is_in(padded(ids)));
            found.extend(plans.all(&self.db).await?.into_iter().map(|row| (PlanId(row.id, as_of), self.read(row))));
        }
        Ok(found)
    }
}

/// The text of the version that a plan had at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TextOf(pub(crate) i64, pub(crate) AsOf);

impl Loader<TextOf> for Database {
    type Value = Arc<str>;

    async fn load(&self, keys: &[TextOf]) -> Result<HashMap<TextOf, Arc<str>>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for (as_of, ids) in by_moment(keys.iter().map(|key| (key.1, key.0))) {
            let rows: Vec<(i64, String)> = plan_version::Entity::find()
                .select_only()
                .columns([plan_version::Column::PlanId, plan_version::Column::Text])
                .filter(plan_version::Column::PlanId.is_in(padded(ids)))
                .filter(as_of.of_version(plan_version::Entity))
                .into_tuple()
                .all(&self.db)
                .await?;
            found.extend(rows.into_iter().map(|(plan, text)| (TextOf(plan, as_of), text.into())));
        }
        Ok(found)
    }
}

/// The correction of a figure that was in force at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CorrectionOf(pub(crate) i64, pub(crate) AsOf);

impl Loader<CorrectionOf> for Database {
    type Value = Arc<correction::Model>;

    async fn load(&self, keys: &[CorrectionOf]) -> Result<HashMap<CorrectionOf, Self::Value>, Error> {
        use correction::Column;
        let mut found = HashMap::with_capacity(keys.len());
        for (as_of, ids) in by_moment(keys.iter().map(|key| (key.1, key.0))) {
            let open = Condition::any().add(Column::EndedAt.is_null());
            let in_force = match as_of.0 {
                Some(moment) => Condition::all().add(Column::At.lte(moment)).add(open.add(Column::EndedAt.gt(moment))),
                None => open,
            };
            let rows = correction::Entity::find().filter(Column::IndicatorId.is_in(padded(ids))).filter(in_force);
            let rows = rows.all(&self.db).await?.into_iter();
            found.extend(rows.map(|row| (CorrectionOf(row.indicator_id, as_of), Arc::new(row))));
        }
        Ok(found)
    }
}

/// The same ids, the last as often as makes their number a power of two: so a few statements serve lists of any length, and
/// a connection that knows them need not have them parsed again.
pub(crate) fn padded<T: Clone>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.into_iter().collect();
    if let Some(last) = ids.last().cloned() {
        ids.resize(ids.len().next_power_of_two(), last);
    }
    ids
}

/// The ids of keys, those of one moment together.
fn by_moment(keys: impl Iterator<Item = (AsOf, i64)>) -> HashMap<AsOf, Vec<i64>> {
    let mut ids: HashMap<AsOf, Vec<i64>> = HashMap::new();
    for (as_of, id) in keys {
        ids.entry(as_of).or_default().push(id);
    }
    ids
}

/// In how many regions a concept has figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RegionCountOf(pub(crate) i32);

impl Loader<RegionCountOf> for Database {
    type Value = i64;

    async fn load(&self, keys: &[RegionCountOf]) -> Result<HashMap<RegionCountOf, i64>, Error> {
        use indicator::Column;
        let rows: Vec<(i32, i64)> = indicator::Entity::find()
            .select_only()
            .column(Column::ConceptId)
            .expr(Column::RegionId.into_expr().count_distinct())
            .filter(Column::ConceptId.is_in(padded(keys.iter().map(|key| key.0))))
            .filter(Column::GoneAt.is_null())
            .group_by(Column::ConceptId)
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(|(concept, count)| (RegionCountOf(concept), count)).collect())
    }
}

/// The spellings of an initiative in the plans that stand, the commonest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SpellingsOf(pub(crate) i32);

impl Loader<SpellingsOf> for Database {
    type Value = Vec<String>;

    async fn load(&self, keys: &[SpellingsOf]) -> Result<HashMap<SpellingsOf, Vec<String>>, Error> {
        use mention::Column::{Id, Name, ProgrammeId};
        let mut rows: Vec<(i32, String, i64)> = naming(keys.iter().map(|key| key.0))
            .columns([ProgrammeId, Name])
            .expr(Id.into_expr().count())
            .group_by(ProgrammeId)
            .group_by(Name)
            .into_tuple()
            .all(&self.db)
            .await?;
        rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
        let mut found: HashMap<SpellingsOf, Vec<String>> = HashMap::new();
        for (programme, name, _) in rows {
            found.entry(SpellingsOf(programme)).or_default().push(name);
        }
        Ok(found)
    }
}

/// The regions with plans that stand and name an initiative, by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RegionsNaming(pub(crate) i32);

impl Loader<RegionsNaming> for Database {
    type Value = Vec<i32>;

    async fn load(&self, keys: &[RegionsNaming]) -> Result<HashMap<RegionsNaming, Vec<i32>>, Error> {
        let rows: Vec<(i32, i32)> = naming(keys.iter().map(|key| key.0))
            .column(mention::Column::ProgrammeId)
            .column(plan::Column::RegionId)
            .distinct()
            .order_by_asc(plan::Column::RegionId)
            .into_tuple()
            .all(&self.db)
            .await?;
        let mut found: HashMap<RegionsNaming, Vec<i32>> = HashMap::new();
        for (programme, region) in rows {
            found.entry(RegionsNaming(programme)).or_default().push(region);
        }
        Ok(found)
    }
}

/// Where some initiatives are named in plans that stand.
fn naming(programmes: impl Iterator<Item = i32>) -> Select<mention::Entity> {
    mention::Entity::find()
        .select_only()
        .join(JoinType::InnerJoin, mention::Relation::Plan.def())
        .filter(AsOf::NOW.of_version(mention::Entity))
        .filter(plan::Column::WithdrawnAt.is_null())
        .filter(mention::Column::ProgrammeId.is_in(padded(programmes)))
}
