//! Names in arguments into rows: regions by code or name, concepts by slug or name, sources by slug.
//!
//! A filter says which names it [`Wanted`]; they are looked up together, and the filter's condition is then made from
//! [`Names`]. A name that means nothing is an error that says so, never an empty answer.

mod concept;
pub(crate) mod region;

use std::{collections::HashMap, ops::RangeInclusive, sync::Arc};

use entity::source;
use futures::try_join;
use sea_orm::{ColumnTrait as _, DbBackend, EntityTrait as _, QueryFilter as _};

pub(crate) use self::{
    concept::of_concepts,
    region::{find as find_region, of_regions},
};
use crate::{
    Error,
    batch::Loader,
    load::{Database, Loaders},
};

/// The names that a filter speaks of.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// Codes or names.
    pub(crate) regions: Vec<String>,
    /// Slugs, names or aliases.
    pub(crate) concepts: Vec<String>,
    /// Slugs.
    pub(crate) sources: Vec<String>,
}

/// What the names mean.
#[derive(Debug)]
pub(crate) struct Names {
    /// Which database they are of, for conditions that each has in words of its own.
    pub(crate) backend: DbBackend,
    regions: HashMap<String, Arc<entity::region::Model>>,
    concepts: HashMap<String, i32>,
    sources: HashMap<String, i32>,
}

impl Wanted {
    /// Looks all of them up.
    pub(crate) async fn find(self, loaders: &Loaders) -> Result<Names, Error> {
        let catalogue = &loaders.loader().catalogue;
        let (regions, concepts, sources) = try_join!(
            region::find_all(catalogue, self.regions),
            concept::find_all(catalogue, self.concepts),
            find_sources(loaders, self.sources)
        )?;
        let backend = loaders.loader().db.get_database_backend();
        Ok(Names { backend, regions, concepts, sources })
    }
}

impl Names {
    /// The ids of a region: where it was named by code, of all that ever had the code.
    pub(crate) fn region(&self, name: &str) -> Result<RangeInclusive<i32>, Error> {
        let region = self.found(name)?;
        Ok(if region.code == name.trim() {
            let code = region.region_code();
            entity::region::id(code, 0)..=entity::region::id(code, 9)
        } else {
            region.id..=region.id
        })
    }

    /// The ids of a region and of all that lies below it.
    pub(crate) fn within(&self, name: &str) -> Result<RangeInclusive<i32>, Error> {
        Ok(entity::region::ids_within(self.found(name)?.region_code()))
    }

    fn found(&self, name: &str) -> Result<&entity::region::Model, Error> {
        let unknown = || Error::UnknownRegion { name: name.to_owned(), near: Vec::new() };
        self.regions.get(name).map(AsRef::as_ref).ok_or_else(unknown)
    }

    /// The id of a concept.
    pub(crate) fn concept(&self, name: &str) -> Result<i32, Error> {
        self.concepts.get(name).copied().ok_or_else(|| Error::UnknownConcept { name: name.to_owned() })
    }

    /// The id of a source.
    pub(crate) fn source(&self, slug: &str) -> Result<i32, Error> {
        self.sources.get(slug).copied().ok_or_else(|| Error::UnknownSource { slug: slug.to_owned() })
    }
}

/// A source by its slug.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SourceSlug(pub(crate) String);

impl Loader<SourceSlug> for Database {
    type Value = Arc<source::Model>;

    async fn load(&self, keys: &[SourceSlug]) -> Result<HashMap<SourceSlug, Self::Value>, Error> {
        let rows = source::Entity::find()
            .filter(source::Column::Slug.is_in(keys.iter().map(|key| key.0.as_str())))
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(|row| (SourceSlug(row.slug.clone()), Arc::new(row))).collect())
    }
}

async fn find_sources(loaders: &Loaders, slugs: Vec<String>) -> Result<HashMap<String, i32>, Error> {
    if slugs.is_empty() {
        return Ok(HashMap::new());
    }
    let found = loaders.load_many(slugs.iter().cloned().map(SourceSlug)).await?;
    slugs
        .into_iter()
        .map(|slug| match found.get(&SourceSlug(slug.clone())) {
            Some(source) => Ok((slug, source.id)),
            None => Err(Error::UnknownSource { slug }),
        })
        .collect()
}
