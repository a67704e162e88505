//! Regions and concepts with all their names, kept in memory.
//!
//! Nearly every query names some and shows some. They are a few thousand rows, and only migrations write them: so they are
//! read as a whole and kept for [`FRESH`]. What is not among them is looked for in newer ones, since a migration of another
//! process may just have brought it.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use entity::{concept, concept_alias, region, region_alias};
use futures::try_join;
use sea_orm::{DatabaseConnection, EntityTrait as _, QueryOrder as _};
use tokio::sync::RwLock;

use crate::{Error, names};

/// For how long what was read is good.
const FRESH: Duration = Duration::from_secs(60);
/// How old it is at least when it is read again for what is not in it, or names that mean nothing would have it read
/// with every query.
const SEARCHED: Duration = Duration::from_secs(1);

/// The regions and concepts of a database.
pub(crate) struct Catalogue {
    db: DatabaseConnection,
    kept: RwLock<Option<(Instant, Arc<Rows>)>>,
}

/// What was read at one time.
struct Rows {
    regions: HashMap<i32, Arc<region::Model>>,
    /// By code and every name; several regions where a name is equally good for all of them.
    regions_named: HashMap<String, Vec<Arc<region::Model>>>,
    concepts: HashMap<i32, Arc<concept::Model>>,
    /// Ids by slug and every name.
    concepts_named: HashMap<String, i32>,
    /// Of each concept, in their order.
    aliases: HashMap<i32, Vec<String>>,
}

impl Catalogue {
    /// Of this database; nothing is read before it is asked for.
    pub(crate) fn new(db: DatabaseConnection) -> Self {
        Self { db, kept: RwLock::default() }
    }

    /// A region by its id.
    pub(crate) async fn region(&self, id: i32) -> Result<Option<Arc<region::Model>>, Error> {
        self.find(|rows| rows.regions.get(&id).cloned()).await
    }

    /// The regions that a code, a name or a chain of names may mean, all equally good.
    pub(crate) async fn regions_named(&self, name: &str) -> Result<Vec<Arc<region::Model>>, Error> {
        let look = |rows: &Rows| {
            let named = &rows.regions_named;
            named.get(name).cloned().or_else(|| names::region::behind(named, name))
        };
        Ok(self.find(look).await?.unwrap_or_default())
    }

    /// The first regions in use, by their ids, whose full names begin so.
    pub(crate) async fn regions_beginning(&self, start: &str, most: usize) -> Result<Vec<Arc<region::Model>>, Error> {
        let rows = self.rows(FRESH).await?;
        let in_use = rows.regions.values().filter(|region| region.until.is_none());
        let mut found: Vec<_> = in_use.filter(|region| region.name.starts_with(start)).cloned().collect();
        found.sort_by_key(|region| region.id);
        found.truncate(most);
        Ok(found)
    }

    /// A concept by its id.
    pub(crate) async fn concept(&self, id: i32) -> Result<Option<Arc<concept::Model>>, Error> {
        self.find(|rows| rows.concepts.get(&id).cloned()).await
    }

    /// A concept by its slug or a name.
    pub(crate) async fn concept_named(&self, name: &str) -> Result<Option<Arc<concept::Model>>, Error> {
        self.find(|rows| rows.concepts.get(rows.concepts_named.get(name)?).cloned()).await
    }

    /// The other names of a concept.
    pub(crate) async fn aliases(&self, concept: i32) -> Result<Vec<String>, Error> {
        Ok(self.rows(FRESH).await?.aliases.get(&concept).cloned().unwrap_or_default())
    }

    async fn find<T>(&self, look: impl Fn(&Rows) -> Option<T>) -> Result<Option<T>, Error> {
        Ok(match look(&*self.rows(FRESH).await?) {
            Some(found) => Some(found),
            None => look(&*self.rows(SEARCHED).await?),
        })
    }

    /// Rows that are younger than this.
    async fn rows(&self, age: Duration) -> Result<Arc<Rows>, Error> {
        let young = |kept: &Option<(Instant, Arc<Rows>)>| {
            kept.as_ref().filter(|(read, _)| read.elapsed() < age).map(|(_, rows)| Arc::clone(rows))
        };
        if let Some(rows) = young(&*self.kept.read().await) {
            return Ok(rows);
        }
        let mut kept = self.kept.write().await;
        // Others may have waited for the same.
        if let Some(rows) = young(&kept) {
            return Ok(rows);
        }
        let rows = Arc::new(Rows::read(&self.db).await?);
        *kept = Some((Instant::now(), Arc::clone(&rows)));
        Ok(rows)
    }
}

impl Rows {
    async fn read(db: &DatabaseConnection) -> Result<Self, Error> {
        let (regions, other_names, concepts, aliases) = try_join!(
            region::Entity::find().all(db),
            region_alias::Entity::find().all(db),
            concept::Entity::find().all(db),
            concept_alias::Entity::find().order_by_asc(concept_alias::Column::Alias).all(db),
        )?;
        let regions: HashMap<_, _> = regions.into_iter().map(|row| (row.id, Arc::new(row))).collect();
        let regions_named = names::of_regions(&regions, other_names);
        let concepts_named = names::of_concepts(&concepts, &aliases);
        let concepts = concepts.into_iter().map(|row| (row.id, Arc::new(row))).collect();
        let mut aliases_of: HashMap<i32, Vec<String>> = HashMap::new();
        for row in aliases {
            aliases_of.entry(row.concept_id).or_default().push(row.alias);
        }
        Ok(Self { regions, regions_named, concepts, concepts_named, aliases: aliases_of })
    }
}
