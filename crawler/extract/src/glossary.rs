//! The explanations of terms behind a plan.

use crate::{Plan, Term, concept::Catalogue};

/// The terms that a plan explains.
pub(crate) fn terms(_plan: &Plan, _catalogue: &Catalogue) -> Vec<Term> {
    Vec::new()
}
