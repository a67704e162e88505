//! Concepts by slug, name or alias.

use std::collections::HashMap;

use entity::{concept, concept_alias};

use crate::{Error, catalogue::Catalogue};

/// The ids of concepts by all that they are called. Where two are called the same, a slug wins over a name, a name over
/// an alias, and the concept with the lowest id over others.
pub(crate) fn of_concepts(concepts: &[concept::Model], aliases: &[concept_alias::Model]) -> HashMap<String, i32> {
    let mut named = HashMap::new();
    for column in [|row: &concept::Model| &row.slug, |row| &row.name_zh, |row| &row.name_en] as [fn(&_) -> &String; 3] {
        let mut rows: Vec<_> = concepts.iter().collect();
        rows.sort_by_key(|row| row.id);
        for row in rows {
            named.entry(column(row).clone()).or_insert(row.id);
        }
    }
    let mut aliases: Vec<_> = aliases.iter().collect();
    aliases.sort_by_key(|row| row.concept_id);
    for row in aliases {
        named.entry(row.alias.clone()).or_insert(row.concept_id);
    }
    named
}

/// The ids of concepts; a name that none has is an error.
pub(super) async fn find_all(catalogue: &Catalogue, names: Vec<String>) -> Result<HashMap<String, i32>, Error> {
    let mut found = HashMap::with_capacity(names.len());
    for name in names {
        match catalogue.concept_named(&name).await? {
            Some(concept) => found.insert(name, concept.id),
            None => return Err(Error::UnknownConcept { name }),
        };
    }
    Ok(found)
}
