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
    fn asks(selections: &SelectionSet) -> bool {
        selections.items.iter().any(|selection| match &selection.node {
            Selection::Field(field) => {
                matches!(field.node.name.node.as_str(), "__schema" | "__type") || asks(&field.node.selection_set.node)
            }
            Selection::InlineFragment(fragment) => asks(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => false,
        })
    }
    document.operations.iter().any(|(_, operation)| asks(&operation.node.selection_set.node))
        || document.fragments.values().any(|fragment| asks(&fragment.node.selection_set.node))
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
