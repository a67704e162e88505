//! One article into the parts that are plans.

use crate::{Article, Context, plan::Region, region::Gazetteer};

/// A part of an article that is a plan, before its structure is read.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// The article, its blocks cut down to the part.
    pub(crate) article: Article,
    /// Whose plan it is.
    pub(crate) region: Option<Region>,
}

/// The plans in an article.
pub(crate) fn plans(article: &Article, context: &Context, gazetteer: &Gazetteer) -> Vec<Draft> {
    let region = context.region.as_deref().and_then(|name| gazetteer.find(name, context.year));
    vec![Draft { article: article.clone(), region }]
}
