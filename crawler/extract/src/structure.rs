//! The text of a plan into its tree of sections.

use entity::value::PlanKind;

use crate::{Plan, split::Draft};

/// Reads the sections of a part.
pub(crate) fn read(draft: Draft) -> Plan {
    Plan {
        title: draft.article.title.unwrap_or_default(),
        kind: PlanKind::Other,
        region: draft.region,
        issuer: None,
        document_number: None,
        index_number: None,
        issued_on: None,
        published_on: None,
        period: None,
        origin: None,
        text: String::new(),
        sections: Vec::new(),
        indicators: Vec::new(),
        glossary: Vec::new(),
    }
}
