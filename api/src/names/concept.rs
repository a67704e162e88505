//! Concepts by slug, name or alias.

use std::collections::HashMap;

use entity::{concept, concept_alias};
use futures::try_join;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{
    Error,
    batch::Loader,
    load::{Database, Loaders},
};

/// A concept by its slug, its Chinese or English name, or an alias.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ConceptName(pub(super) String);

impl Loader<ConceptName> for Database {
    type Value = i32;

    async fn load(&self, keys: &[ConceptName]) -> Result<HashMap<ConceptName, i32>, Error> {
        let names: Vec<&str> = keys.iter().map(|key| key.0.as_str()).collect();
        let aliases = concept_alias::Entity::find()
            .filter(concept_alias::Column::Alias.is_in(names.clone()))
            .order_by_desc(concept_alias::Column::ConceptId);
        let named = Condition::any()
            .add(concept::Column::Slug.is_in(names.clone()))
            .add(concept::Column::NameZh.is_in(names.clone()))
            .add(concept::Column::NameEn.is_in(names));
        let concepts = concept::Entity::find().filter(named);
        let (aliases, concepts) = try_join!(aliases.all(&self.0), concepts.all(&self.0))?;

        // What stands later here wins: a slug over a name, a name over an alias.
        let mut found: HashMap<ConceptName, i32> =
            aliases.into_iter().map(|row| (ConceptName(row.alias), row.concept_id)).collect();
        for column in [|row: &concept::Model| &row.name_en, |row| &row.name_zh, |row| &row.slug] as [fn(&_) -> &_; 3] {
            found.extend(concepts.iter().map(|row| (ConceptName(String::clone(column(row))), row.id)));
        }
        Ok(found)
    }
}

/// The ids of concepts; a name that none has is an error.
pub(super) async fn find_all(loaders: &Loaders, names: Vec<String>) -> Result<HashMap<String, i32>, Error> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let found = loaders.load_many(names.iter().cloned().map(ConceptName)).await?;
    names
        .into_iter()
        .map(|name| match found.get(&ConceptName(name.clone())) {
            Some(id) => Ok((name, *id)),
            None => Err(Error::UnknownConcept { name }),
        })
        .collect()
}
