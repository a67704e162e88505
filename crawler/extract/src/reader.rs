//! The whole way from an article to plans.

use entity::reference::{concepts, regions};

use crate::{Article, Plan, concept::Catalogue, glossary, measure, region::Gazetteer, split, structure};

/// What is known of a text beside the text.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Whose plans the source publishes: a code, or a full or short name.
    pub region: Option<String>,
    /// The year of an annual plan that does not say it.
    pub year: Option<i32>,
}

/// Reads articles with one gazetteer and one catalogue. Made once and shared: making it builds the automata.
#[derive(Debug)]
pub struct Reader {
    gazetteer: Gazetteer,
    catalogue: Catalogue,
}

impl Reader {
    /// A reader that knows the regions and concepts built into the program.
    #[must_use]
    pub fn builtin() -> Self {
        Self::new(Gazetteer::new(regions().iter().cloned()), Catalogue::new(concepts()))
    }

    /// A reader that knows these regions and concepts.
    #[must_use]
    pub const fn new(gazetteer: Gazetteer, catalogue: Catalogue) -> Self {
        Self { gazetteer, catalogue }
    }

    /// All plans that an article holds; none where it is something else.
    #[must_use]
    pub fn read(&self, article: &Article, context: &Context) -> Vec<Plan> {
        split::plans(article, context, &self.gazetteer)
            .into_iter()
            .map(|draft| {
                let mut plan = structure::read(draft);
                plan.glossary = glossary::terms(&plan, &self.catalogue);
                plan.indicators = measure::indicators(&plan, &self.catalogue);
                plan
            })
            .collect()
    }
}
