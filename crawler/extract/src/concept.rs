//! Names of indicators into the catalogue of shared concepts.

use entity::reference::ConceptRecord;

/// Finds concepts by name.
#[derive(Debug)]
pub struct Catalogue {
    records: Vec<ConceptRecord>,
}

impl Catalogue {
    /// A catalogue of these concepts.
    #[must_use]
    pub fn new(records: &[ConceptRecord]) -> Self {
        Self { records: records.to_vec() }
    }

    /// The slug of the concept that a term of a glossary names.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.records.iter().find(|r| r.name_zh == name).map(|r| r.slug.as_str())
    }
}
