//! What new versions of plans hold: sections, figures, terms, names, the entries for search, and the news of them. Those of all
//! plans that are stored together are written together, for a statement costs more than a row.

use std::collections::HashMap;

use entity::{
    glossary_term, plan, search,
    value::{ChangeKind, Span},
};
use extract::{Plan, text::CharIndex};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DbErr, EntityTrait,
};

use super::{changes, indicators, mentions, sections};
use crate::db;

/// A new version of a plan.
pub(super) struct Version<'a> {
    /// The plan's row, as it is now.
    pub(super) row: plan::Model,
    /// What was read.
    pub(super) plan: &'a Plan,
    pub(super) spans: CharIndex,
    /// Row ids of concepts by slug.
    pub(super) concepts: &'a HashMap<String, i32>,
    /// What its publisher did, where it was he who did something.
    pub(super) news: Option<ChangeKind>,
}

/// Writes what versions hold. Each is of another plan.
pub(super) async fn fill(db: &impl ConnectionTrait, versions: &[Version<'_>]) -> Result<(), DbErr> {
    if versions.is_empty() {
        return Ok(());
    }
    let sections = sections::store(db, versions).await?;
    let figures = indicators::store(db, versions, &sections).await?;
    glossary(db, versions, &sections).await?;
    mentions::store(db, versions, &sections).await?;
    search::index(db, &versions.iter().map(|version| &version.row).collect::<Vec<_>>()).await?;
    let news = versions.iter().zip(figures).filter_map(|(version, figures)| {
        let row = &version.row;
        let plan = changes::plan(row, version.news?, row.since);
        Some(std::iter::once(plan).chain(changes::figures(row, figures)))
    });
    changes::store(db, news.flatten().collect()).await
}

/// Writes the terms of versions whose sections have these row ids.
async fn glossary(db: &impl ConnectionTrait, versions: &[Version<'_>], sections: &[Vec<i64>]) -> Result<(), DbErr> {
    let terms = versions.iter().zip(sections).flat_map(|(version, sections)| {
        let Version { row, plan, spans, concepts, .. } = version;
        plan.glossary.iter().zip(0..).filter_map(|(term, position)| {
            let Span { start, end } = spans.span(term.range.clone());
            Some(glossary_term::ActiveModel {
                id: NotSet,
                plan_id: Set(row.id),
                version: Set(row.version),
                section_id: Set(*sections.get(term.section)?),
                concept_id: Set(term.concept.as_ref().and_then(|slug| concepts.get(slug).copied())),
                position: Set(position),
                term: Set(term.term.clone()),
                definition: Set(term.definition.clone()),
                formula: Set(term.formula.clone()),
                span_start: Set(start.cast_signed()),
                span_end: Set(end.cast_signed()),
            })
        })
    });
    for rows in db::inserts(terms.collect(), 11) {
        glossary_term::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}
