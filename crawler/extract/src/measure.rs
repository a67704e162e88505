//! Sections into figures.

use crate::{Indicator, Plan, concept::Catalogue, region::Gazetteer};

/// The figures of a plan.
pub(crate) fn indicators(_plan: &Plan, _catalogue: &Catalogue, _gazetteer: &Gazetteer) -> Vec<Indicator> {
    Vec::new()
}
