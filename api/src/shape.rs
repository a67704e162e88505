//! The fields of an answer in the order in which the query names them.
//!
//! The executor writes fields down as they are ready, while the GraphQL specification (section 7.2.2, Serialized Map
//! Ordering) wants them as they were asked for, and people who compare two answers do too.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value,
    indexmap::IndexMap,
    parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet},
};

use crate::operation;

/// The fields that a selection names, each with those inside it.
#[derive(Debug, Default)]
pub(crate) struct Shape(IndexMap<Name, Shape>);

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

impl Shape {
    /// The shape of the answer to an operation of a document that was found valid, so that no fragment holds itself.
    pub(crate) fn of(document: &ExecutableDocument, operation: Option<&str>) -> Self {
        let mut shape = Self::default();
        if let Some(operation) = operation::chosen(document, operation) {
            shape.add(&operation.node.selection_set.node, &document.fragments);
        }
        shape
    }

    fn add(&mut self, selections: &SelectionSet, fragments: &Fragments) {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let inside = self.0.entry(field.node.response_key().node.clone()).or_default();
                    inside.add(&field.node.selection_set.node, fragments);
                }
                Selection::InlineFragment(fragment) => self.add(&fragment.node.selection_set.node, fragments),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = fragments.get(&spread.node.fragment_name.node) {
                        self.add(&fragment.node.selection_set.node, fragments);
                    }
                }
            }
        }
    }

    /// Puts the fields of a value, and of all values inside it, in order.
    pub(crate) fn order(&self, value: &mut Value) {
        match value {
            Value::List(entries) => entries.iter_mut().for_each(|entry| self.order(entry)),
            Value::Object(fields) => {
                let mut ordered = IndexMap::with_capacity(fields.len());
                for (name, inside) in &self.0 {
                    if let Some(mut value) = fields.swap_remove(name) {
                        inside.order(&mut value);
                        ordered.insert(name.clone(), value);
                    }
                }
                ordered.append(fields);
                *fields = ordered;
            }
            _ => {}
        }
    }
}
