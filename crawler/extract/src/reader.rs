//! The whole way from an article to plans.

use entity::reference::{concepts, regions};

use crate::{
    Article, Plan, concept::Catalogue, explain::Explanation, glossary, measure, mention, region::Gazetteer, split,
    structure,
};

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

    /// Whether a region is known by this code or name.
    #[must_use]
    pub fn knows_region(&self, name: &str) -> bool {
        self.gazetteer.find(name, None).is_some()
    }

    /// All plans that an article holds; none where it is something else.
    #[must_use]
    pub fn read(&self, article: &Article, context: &Context) -> Vec<Plan> {
        let mut plans = self.outline(article, context);
        for plan in &mut plans {
            plan.glossary = glossary::terms(plan, &self.catalogue);
            self.measure(plan);
            plan.mentions = mention::mentions(plan, &self.gazetteer);
        }
        plans
    }

    /// The plans of an article with their sections alone: no terms and no figures.
    #[must_use]
    pub fn outline(&self, article: &Article, context: &Context) -> Vec<Plan> {
        split::plans(article, context, &self.gazetteer).into_iter().map(structure::read).collect()
    }

    /// Reads the figures of a plan whose sections are read, in the place of those that it has.
    pub fn measure(&self, plan: &mut Plan) {
        let measured = measure::figures(plan, &self.catalogue);
        plan.indicators = measured.indicators;
        plan.dropped = measured.dropped;
    }

    /// How [`Self::measure`] reads every number of a plan whose sections are read, and why it leaves out those that it
    /// does: the sentences with numbers in them, in reading order.
    #[must_use]
    pub fn explain(&self, plan: &Plan) -> Vec<Explanation> {
        measure::explain(plan, &self.catalogue)
    }
}
