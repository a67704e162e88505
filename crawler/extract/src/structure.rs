//! The text of a plan into its tree of sections.

mod halves;
mod line;
mod mark;
mod numbering;
mod responsible;
mod tasks;
mod tree;

pub(crate) use mark::{Style, annex, boxed, han_number, mark};

use crate::{Plan, split::Draft};

/// Reads the sections of a part.
pub(crate) fn read(draft: Draft) -> Plan {
    let (text, lines) = line::lay_out(&draft.blocks);
    // Behind the line break that parts it from what stands before.
    let annexes = draft.annexes.iter().map(|at| line::lay_out(&draft.blocks[..*at]).0.len() + 1).collect();
    let sections = tree::sections(&text, &lines, &draft.title, draft.opening.as_ref());
    Plan {
        title: draft.title,
        kind: draft.kind,
        region: draft.region,
        issuer: draft.issuer,
        document_number: draft.meta.document_number,
        index_number: draft.meta.index_number,
        issued_on: draft.meta.issued_on,
        published_on: draft.meta.published_on,
        period: draft.period,
        origin: draft.meta.origin,
        text,
        annexes,
        sections,
        indicators: Vec::new(),
        dropped: 0,
        glossary: Vec::new(),
        mentions: Vec::new(),
    }
}
