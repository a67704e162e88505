//! The catalogue of concepts that several regions report on.

use std::sync::LazyLock;

use crate::value::Direction;

/// A quantity that several regions set targets for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConceptRecord {
    /// Stable identifier: `life-expectancy`.
    pub slug: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// The unit figures are compared in; none for an index.
    pub unit: Option<String>,
    /// Which way is better.
    pub better: Direction,
    /// Other Chinese names it goes by.
    pub aliases: Vec<String>,
}

static CONCEPTS: LazyLock<Vec<ConceptRecord>> = LazyLock::new(Vec::new);

/// The built-in catalogue.
#[must_use]
pub fn concepts() -> &'static [ConceptRecord] {
    &CONCEPTS
}
