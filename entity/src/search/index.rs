//! The index in the database. An entry is what can be found: a plan, a section, or a figure. All entries of a plan are
//! written again with every version; what stands in former versions is not found.
//!
//! PostgreSQL keeps the terms of an entry in the row itself, SQLite in the table `search_words`, which keeps no texts.

use std::{borrow::Cow, collections::HashMap};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, InsertStatement, Query as Statement, SelectStatement},
};

use super::{
    query::Query,
    terms,
    text::{Unit, units},
};
use crate::{indicator, plan, search_entry, section, value::SearchKind};

/// Ids of entries: a plan's begin with its own times this, in reading order. So entries of later plans have larger ids.
const ENTRIES: i64 = 1 << 20;
/// The most units of an entry; what is longer has several, each for a passage. PostgreSQL counts places up to 16,383,
/// and keeps 256 of a term.
const PASSAGE: usize = 4_000;
/// Units that a passage shares with the one before: more than any phrase has, so that none is cut.
const OVERLAP: usize = 200;
/// Entries that one statement writes.
const CHUNK: usize = 200;
/// Entries that one statement writes of the table of terms: SQLite binds up to 32,766 variables.
const WORDS_CHUNK: usize = 10_000;
/// The most plans that [`missing`] names at once.
const PLANS: u64 = 20;

/// SQLite's table of terms.
const WORDS: &str = "search_words";

/// What is searched of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    /// A title, a heading, a name.
    pub heading: &'a str,
    /// All else.
    pub body: Cow<'a, str>,
}

impl<'a> From<&'a plan::Model> for Document<'a> {
    fn from(row: &'a plan::Model) -> Self {
        let body: Vec<&str> = [&row.issuer, &row.document_number].into_iter().flatten().map(String::as_str).collect();
        Self { heading: &row.title, body: body.join("\n").into() }
    }
}

impl<'a> From<&'a section::Model> for Document<'a> {
    fn from(row: &'a section::Model) -> Self {
        Self { heading: row.heading.as_deref().unwrap_or_default(), body: (&*row.text).into() }
    }
}

impl<'a> From<&'a indicator::Model> for Document<'a> {
    fn from(row: &'a indicator::Model) -> Self {
        Self { heading: &row.name, body: (&*row.sentence).into() }
    }
}

/// An entry to write.
struct Entry {
    kind: SearchKind,
    item_id: i64,
    heading: Vec<Unit>,
    body: Vec<Unit>,
}

/// Writes the entries of plans as they stand now, in the place of those they had.
///
/// # Errors
/// When the database refuses a statement.
pub async fn index(db: &impl ConnectionTrait, plans: &[&plan::Model]) -> Result<(), DbErr> {
    let these = || plans.iter().map(|plan| plan.id);
    let sections: Vec<(i64, i64, Option<String>, String)> = section::Entity::find()
        .select_only()
        .columns([section::Column::PlanId, section::Column::Id, section::Column::Heading, section::Column::Text])
        .inner_join(plan::Entity)
        .filter(section::Column::PlanId.is_in(these()))
        .filter(Expr::col((section::Entity, section::Column::Version)).equals((plan::Entity, plan::Column::Version)))
        .order_by_asc(section::Column::PlanId)
        .order_by_asc(section::Column::Position)
        .into_tuple()
        .all(db)
        .await?;
    let figures: Vec<(i64, i64, String, String)> = indicator::Entity::find()
        .select_only()
        .column(indicator::Column::PlanId)
        .columns([indicator::Column::Id, indicator::Column::Name, indicator::Column::Sentence])
        .filter(indicator::Column::PlanId.is_in(these()))
        .filter(indicator::Column::GoneAt.is_null())
        .order_by_asc(indicator::Column::PlanId)
        .order_by_asc(indicator::Column::Position)
        .into_tuple()
        .all(db)
        .await?;

    let mut entries: HashMap<i64, Vec<Entry>> =
        plans.iter().map(|plan| (plan.id, passages(SearchKind::Plan, plan.id, &(*plan).into()))).collect();
    for (plan, id, heading, text) in &sections {
        let document = Document { heading: heading.as_deref().unwrap_or_default(), body: text.into() };
        entries.entry(*plan).or_default().extend(passages(SearchKind::Section, *id, &document));
    }
    for (plan, id, name, sentence) in &figures {
        let document = Document { heading: name, body: sentence.into() };
        entries.entry(*plan).or_default().extend(passages(SearchKind::Indicator, *id, &document));
    }
    remove(db, &these().collect::<Vec<_>>()).await?;
    let mut numbered = Vec::new();
    for plan in these() {
        let entries = entries.remove(&plan).unwrap_or_default();
        numbered.extend((plan * ENTRIES..(plan + 1) * ENTRIES).map(|id| (plan, id)).zip(entries));
    }
    write(db, &numbered).await
}

/// Takes out the entries of plans.
///
/// # Errors
/// When the database refuses a statement.
pub async fn remove(db: &impl ConnectionTrait, plans: &[i64]) -> Result<(), DbErr> {
    let own = search_entry::Column::PlanId.is_in(plans.iter().copied());
    let removed = search_entry::Entity::delete_many().filter(own).exec(db).await?.rows_affected;
    // Most plans are new and have none.
    if removed > 0 && db.get_database_backend() == DbBackend::Sqlite {
        for plan in plans {
            let own = Expr::col("rowid").between(plan * ENTRIES, (plan + 1) * ENTRIES - 1);
            let mut words = Statement::delete();
            words.from_table(WORDS).and_where(own);
            db.execute(&words).await?;
        }
    }
    Ok(())
}

/// Ids of plans behind one that have no entries yet, the first few.
///
/// # Errors
/// When the database refuses the statement.
pub async fn missing(db: &impl ConnectionTrait, behind: i64) -> Result<Vec<i64>, DbErr> {
    // Each plan has an entry of its own.
    let has_none = format!("NOT EXISTS (SELECT 1 FROM search_entry WHERE search_entry.id = plan.id * {ENTRIES})");
    plan::Entity::find()
        .select_only()
        .column(plan::Column::Id)
        .filter(plan::Column::Id.gt(behind))
        .filter(Expr::cust(has_none))
        .order_by_asc(plan::Column::Id)
        .limit(PLANS)
        .into_tuple()
        .all(db)
        .await
}

/// The entries that a query finds, without columns yet, and what to order them by so that the first are the latest. Not
/// all need be read for it. With `headings` only what stands in titles, headings and names is found.
#[must_use]
pub fn matching(backend: DbBackend, query: &Query, headings: bool) -> (SelectStatement, Expr) {
    let mut select = Statement::select();
    // The terms go into the statement itself, for the planner must know how frequent they are. They hold no quotation
    // mark but the language's own.
    if backend == DbBackend::Sqlite {
        let terms = terms::fts5_query(query);
        let terms = if headings { format!("heading : ({terms})") } else { terms };
        let same = Expr::col((search_entry::Entity, search_entry::Column::Id)).eq(Expr::col((WORDS, "rowid")));
        select
            .from(WORDS)
            // Which also keeps SQLite from starting at the entries.
            .cross_join(search_entry::Entity)
            .and_where(same)
            .and_where(Expr::cust(format!("{WORDS} MATCH '{terms}'")));
        (select, Expr::col((WORDS, "rowid")))
    } else {
        let column = if headings { "heading" } else { "words" };
        let terms = terms::tsquery(query).replace('\'', "''");
        select.from(search_entry::Entity).and_where(Expr::cust(format!("search_entry.{column} @@ '{terms}'::tsquery")));
        (select, Expr::col((search_entry::Entity, search_entry::Column::Id)))
    }
}

/// The entries of about so many plans, the latest, newest first, for PostgreSQL. It takes phrases for far rarer than they are
/// and looks for all their matches to keep a few; of these entries it looks at one after another, and no further than it
/// must. They stand for the table of entries.
#[must_use]
pub fn latest(plans: i64) -> SelectStatement {
    use search_entry::Column::{Id, Kind, PlanId};
    let mut newest = Statement::select();
    newest.expr(Expr::col(Id).max()).from(search_entry::Entity);
    let newest = Expr::SubQuery(None, Box::new(newest.into()));
    let mut latest = Statement::select();
    latest
        .columns([Id, PlanId, Kind, search_entry::Column::ItemId])
        .columns(["heading", "words"])
        .from(search_entry::Entity)
        .and_where(Expr::col(Id).gt(newest.sub(plans * ENTRIES)))
        .order_by(Id, Order::Desc)
        // Without it the planner would see through this.
        .offset(0);
    latest
}

/// What is to be found of a row: one entry, or several where it is long.
fn passages(kind: SearchKind, item_id: i64, document: &Document<'_>) -> Vec<Entry> {
    let body = units(&document.body);
    let mut entries = Vec::with_capacity(1);
    let mut start = 0;
    loop {
        let end = body.len().min(start + PASSAGE);
        let mut heading = units(document.heading);
        heading.truncate(PASSAGE);
        entries.push(Entry { kind, item_id, heading, body: body[start..end].to_vec() });
        if end == body.len() {
            return entries;
        }
        start = end - OVERLAP;
    }
}

/// An entry with its plan and its own id.
type Numbered = ((i64, i64), Entry);

/// Writes entries.
async fn write(db: &impl ConnectionTrait, entries: &[Numbered]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    for chunk in entries.chunks(CHUNK) {
        db.execute(&rows(backend, chunk)).await?;
    }
    if backend == DbBackend::Sqlite {
        // Last and at once: before each statement of several rows FTS5 flushes what it has gathered, and what is flushed in
        // small pieces is merged again and again.
        for chunk in entries.chunks(WORDS_CHUNK) {
            db.execute(&words(chunk)).await?;
        }
    }
    Ok(())
}

/// Rows of entries, on PostgreSQL with their terms.
fn rows(backend: DbBackend, entries: &[Numbered]) -> InsertStatement {
    let is_sqlite = backend == DbBackend::Sqlite;
    let mut rows = Statement::insert();
    rows.into_table(search_entry::Entity).columns(["id", "plan_id", "kind", "item_id"]);
    if !is_sqlite {
        rows.columns(["id", "plan_id", "kind", "item_id", "heading", "words"]);
    }
    for ((plan, id), entry) in entries {
        let mut row: Vec<Expr> = vec![(*id).into(), (*plan).into(), entry.kind.as_str().into(), entry.item_id.into()];
        if !is_sqlite {
            let mut whole = entry.heading.clone();
            let heading = whole.len();
            whole.extend_from_slice(&entry.body);
            if let Some(first) = whole.get_mut(heading) {
                first.parted = true;
            }
            for terms in [terms::tsvector(&entry.heading), terms::tsvector(&whole)] {
                row.push(Expr::value(terms).cast_as("tsvector"));
            }
        }
        rows.values_panic(row);
    }
    rows
}

/// What SQLite's table of terms holds of entries.
fn words(entries: &[Numbered]) -> InsertStatement {
    let mut words = Statement::insert();
    words.into_table(WORDS).columns(["rowid", "heading", "body"]);
    for ((_, id), entry) in entries {
        words.values_panic([(*id).into(), terms::fts5(&entry.heading).into(), terms::fts5(&entry.body).into()]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_several_entries_and_no_phrase_is_cut() {
        let text: String = ('一'..).take(PASSAGE * 2).collect();
        let document = Document { heading: "长", body: text.as_str().into() };
        let entries = passages(SearchKind::Section, 1, &document);
        assert_eq!(entries.len(), 3);
        for at in 0..PASSAGE * 2 - OVERLAP {
            let phrase: String = text.chars().skip(at).take(OVERLAP).collect();
            let query = Query::parse(&phrase).unwrap();
            if at % 97 == 0 || (PASSAGE - OVERLAP..=PASSAGE).contains(&at) {
                assert!(entries.iter().any(|entry| !query.find(&entry.body).is_empty()), "{at}");
            }
        }
        assert_eq!(passages(SearchKind::Plan, 1, &Document { heading: "", body: "".into() }).len(), 1);
    }
}
