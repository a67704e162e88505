//! What a query may cost: each value that it may answer with counts one, a list as many times as it may have entries.
//! The sum is worked out before anything is read, so that a query is refused for what it asks and not for what it finds.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, ServerError,
    parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
};

use crate::page::{DEFAULT_PAGE, MAX_PAGE};

/// The most values that a query may answer with.
pub(crate) const MAX_COST: usize = 100_000;
/// How deep fields may stand in one another. What tools ask of a schema to show it goes 15 deep.
pub(crate) const MAX_DEPTH: usize = 16;
/// How many fields a query may name, each counted as often as it is named.
const MAX_FIELDS: usize = 1_000;
/// How many fields may have another name in the answer.
const MAX_ALIASES: usize = 100;
/// How deep fields and fragments may stand in one another, so that the stack holds them.
const MAX_CHAIN: usize = 200;
/// How many entries a list is taken to have that is not paged: sections under another, terms of a plan.
const LIST: usize = 5;

/// What a transaction that writes counts.
const CHANGE: usize = 5_000;

/// What a page may cost.
pub(crate) fn page(first: Option<i32>, last: Option<i32>, entry: usize) -> usize {
    let asked = first.or(last).and_then(|size| usize::try_from(size).ok());
    // One that asks for more than a page may hold is told so by the list itself.
    let size = asked.unwrap_or(DEFAULT_PAGE as usize).clamp(1, MAX_PAGE as usize);
    size.saturating_mul(entry).saturating_add(1)
}

/// What a list may cost that is short by nature.
pub(crate) const fn list(entry: usize) -> usize {
    LIST.saturating_mul(entry).saturating_add(1)
}

/// What a mutation costs: a transaction, and what it answers with.
pub(crate) const fn change(answer: usize) -> usize {
    CHANGE.saturating_add(answer)
}

/// Refuses a document that names more fields than anybody asks for. A fragment counts wherever it is used: a few that
/// use one another twice make millions of fields, which nothing that walks through the query would see the end of.
pub(crate) fn check(document: &ExecutableDocument) -> Result<(), ServerError> {
    let mut counted = Counted { fragments: &document.fragments, known: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        let Size { fields, aliases } = counted.of(&operation.node.selection_set.node, 0);
        if fields > MAX_FIELDS {
            return Err(refused(format!(
                "the query names more than {MAX_FIELDS} fields, each counted as often as a fragment brings it; ask in several queries"
            )));
        }
        if aliases > MAX_ALIASES {
            return Err(refused(format!(
                "the query gives more than {MAX_ALIASES} fields another name; ask in several queries, or for a list: filters take many entries"
            )));
        }
    }
    Ok(())
}

/// A query that is too much.
pub(crate) fn refused(message: String) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", "QUERY_TOO_LARGE");
    error
}

/// What the executor says of a query that it finds too deep or too dear, in words that say the limit and what to do.
/// `export` is the table that has its rows.
pub(crate) fn explained(message: &str, export: &str) -> Option<ServerError> {
    match message {
        "Query is too complex." => Some(refused(format!(
            "the query may answer with more than {MAX_COST} values, lists counted with all the entries that a page may hold; ask for smaller pages or fewer fields, or take all rows away with the filter's fields as parameters: /export/{export}.csv, .jsonl or .parquet"
        ))),
        "Query is nested too deep." => {
            Some(refused(format!("fields may stand in one another {MAX_DEPTH} deep in a query, not more")))
        }
        _ => None,
    }
}

/// What a selection names.
#[derive(Clone, Copy, Default)]
struct Size {
    fields: usize,
    aliases: usize,
}

/// Counts fields, each fragment once.
struct Counted<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    known: HashMap<&'a Name, Size>,
}

impl<'a> Counted<'a> {
    fn of(&mut self, selections: &'a SelectionSet, depth: usize) -> Size {
        let mut size = Size::default();
        // Brackets are not that deep, so it is fragments that bring in fragments; the executor ends at 32 of them.
        if depth > MAX_CHAIN {
            return Size { fields: usize::MAX, aliases: 0 };
        }
        for selection in &selections.items {
            let inside = match &selection.node {
                Selection::Field(field) => {
                    size.fields = size.fields.saturating_add(1);
                    size.aliases = size.aliases.saturating_add(usize::from(field.node.alias.is_some()));
                    self.of(&field.node.selection_set.node, depth + 1)
                }
                Selection::InlineFragment(fragment) => self.of(&fragment.node.selection_set.node, depth + 1),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, depth + 1),
            };
            size.fields = size.fields.saturating_add(inside.fields);
            size.aliases = size.aliases.saturating_add(inside.aliases);
        }
        size
    }

    fn fragment(&mut self, name: &Name, depth: usize) -> Size {
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Size::default() };
        if let Some(size) = self.known.get(name) {
            return *size;
        }
        // While it is being counted it counts nothing: one that holds itself is refused by the executor.
        self.known.insert(name, Size::default());
        let size = self.of(&fragment.node.selection_set.node, depth);
        self.known.insert(name, size);
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str) -> Result<(), String> {
        super::check(&async_graphql::parser::parse_query(query).unwrap()).map_err(|error| error.message)
    }

    #[test]
    fn a_page_costs_its_entries() {
        assert_eq!([page(Some(50), None, 3), page(None, Some(2), 3), page(None, None, 2)], [151, 7, 41]);
        assert_eq!([page(Some(-3), None, 5), page(Some(0), None, 5)], [101, 6]);
        assert_eq!(page(Some(100), None, usize::MAX), usize::MAX);
    }

    #[test]
    fn fragments_count_wherever_they_are_used() {
        let mut query = "{ ...F0 } ".to_owned();
        for at in 0..60 {
            query.push_str(&format!("fragment F{at} on Query {{ ...F{} ...F{} }} ", at + 1, at + 1));
        }
        query.push_str("fragment F60 on Query { sources { totalCount } }");
        assert!(check(&query).unwrap_err().contains("1000 fields"));
        assert!(
            check("{ ...A } fragment A on Query { a ...B } fragment B on Query { b ...A }").is_ok(),
            "refused elsewhere"
        );
        let aliases: String = (0..101).map(|at| format!("a{at}: x ")).collect();
        assert!(check(&format!("{{ {aliases} }}")).unwrap_err().contains("another name"));
        assert!(check("{ a: x b { c } ...F } fragment F on Query { d }").is_ok());
    }
}
