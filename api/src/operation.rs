//! Which operation of a document a request asks for, and whether it changes anything.

use async_graphql::{
    Positioned, Request,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet},
    },
};

use crate::nesting;

/// The operation that is asked for: the one of this name, or the first.
pub(crate) fn chosen<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a Positioned<OperationDefinition>> {
    match (&document.operations, name) {
        (DocumentOperations::Single(only), _) => Some(only),
        (DocumentOperations::Multiple(several), Some(name)) => several.get(name),
        (DocumentOperations::Multiple(several), None) => several.values().next(),
    }
}

/// Whether a document asks for the schema, wherever in it.
pub(crate) fn asks_for_schema(document: &ExecutableDocument) -> bool {
    names(document, &["__schema", "__type"])
}

/// Whether a document names one of these fields, wherever in it.
fn names(document: &ExecutableDocument, fields: &[&str]) -> bool {
    fn name(selections: &SelectionSet, fields: &[&str]) -> bool {
        selections.items.iter().any(|selection| match &selection.node {
            Selection::Field(field) => {
                fields.contains(&field.node.name.node.as_str()) || name(&field.node.selection_set.node, fields)
            }
            Selection::InlineFragment(fragment) => name(&fragment.node.selection_set.node, fields),
            Selection::FragmentSpread(_) => false,
        })
    }
    document.operations.iter().any(|(_, operation)| name(&operation.node.selection_set.node, fields))
        || document.fragments.values().any(|fragment| name(&fragment.node.selection_set.node, fields))
}

/// The table to take away that has the rows which a document asks for; the most detailed one, where it asks for several.
pub(crate) fn export(document: &ExecutableDocument) -> &'static str {
    const TABLES: [&str; 3] = ["indicators", "sections", "relations"];
    TABLES.into_iter().find(|table| names(document, &[table])).unwrap_or("plans")
}

/// What the operation calls itself that is asked for.
pub(crate) fn name<'a>(document: &'a ExecutableDocument, asked: Option<&'a str>) -> Option<&'a str> {
    match &document.operations {
        DocumentOperations::Single(_) => None,
        DocumentOperations::Multiple(several) => match asked {
            Some(asked) => several.contains_key(asked).then_some(asked),
            None => several.keys().next().map(|name| name.as_str()),
        },
    }
}

/// Whether a request asks for a mutation. One that cannot be read asks for nothing.
pub(crate) fn is_mutation(request: &Request) -> bool {
    nesting::check(&request.query).is_ok()
        && parse_query(&request.query).is_ok_and(|document| {
            chosen(&document, request.operation_name.as_deref())
                .is_some_and(|operation| operation.node.ty == OperationType::Mutation)
        })
}
