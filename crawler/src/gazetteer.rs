//! What the database knows of regions and concepts, for the extractor: the built-in tables and what was imported.

use std::collections::HashMap;

use entity::{
    concept,
    reference::{RegionRecord, concepts},
    region, region_alias, region_successor,
};
use extract::{Reader, concept::Catalogue, region::Gazetteer};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// What is needed to read pages and to store what was read.
#[derive(Debug)]
pub(crate) struct Knowledge {
    /// Reads articles.
    pub(crate) reader: Reader,
    /// Row ids of concepts by slug.
    pub(crate) concepts: HashMap<String, i32>,
}

impl Knowledge {
    pub(crate) async fn new(db: &impl ConnectionTrait, gazetteer: Gazetteer) -> Result<Self, DbErr> {
        let reader = Reader::new(gazetteer, Catalogue::new(concepts()));
        let concepts = concept::Entity::find().all(db).await?.into_iter().map(|row| (row.slug, row.id)).collect();
        Ok(Self { reader, concepts })
    }
}

/// The divisions in the database.
pub(crate) async fn gazetteer(db: &impl ConnectionTrait) -> Result<Gazetteer, DbErr> {
    let mut aliases: HashMap<i32, Vec<String>> = HashMap::new();
    for row in region_alias::Entity::find().all(db).await? {
        aliases.entry(row.region_id).or_default().push(row.alias);
    }
    let mut successors: HashMap<i32, Vec<_>> = HashMap::new();
    for row in region_successor::Entity::find().all(db).await? {
        if let Ok(code) = row.code.parse() {
            successors.entry(row.region_id).or_default().push((code, row.year));
        }
    }
    let rows = region::Entity::find().all(db).await?;
    Ok(Gazetteer::new(rows.into_iter().map(|row| RegionRecord {
        code: row.region_code(),
        aliases: aliases.remove(&row.id).unwrap_or_default(),
        successors: successors.remove(&row.id).unwrap_or_default(),
        name: row.name,
        level: row.level,
        since: row.since,
        until: row.until,
    })))
}
