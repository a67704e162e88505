//! An answer as the GraphQL specification has it, made of what the executor gives.
//!
//! The executor writes fields down as they are ready; the specification (section 7.2.2, Serialized Map Ordering) wants them
//! as they were asked for, and people who compare two answers do too. And the executor leaves a field out that failed; the
//! specification (section 6.4.4, Handling Execution Errors) wants null there, or, where the field is never null, in the
//! place of the nearest thing above it that may be.

use std::{collections::HashMap, sync::LazyLock};

use async_graphql::{
    Name, PathSegment, Positioned, Value,
    indexmap::IndexMap,
    parser::{
        parse_schema,
        types::{
            BaseType, ExecutableDocument, FragmentDefinition, OperationType, Selection, SelectionSet, Type, TypeKind,
            TypeSystemDefinition,
        },
    },
};

use crate::operation;

/// A selection: what its value is, and the fields that it names, in order.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// None for what the language itself has, which does not fail.
    kind: Option<&'static Type>,
    fields: IndexMap<Name, Shape>,
}

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// The fields of each type that has some, each with its type.
static FIELDS: LazyLock<HashMap<Name, HashMap<Name, Type>>> = LazyLock::new(|| {
    let definitions = parse_schema(crate::sdl()).map(|document| document.definitions).unwrap_or_default();
    let fields = |definition| {
        let TypeSystemDefinition::Type(definition) = definition else { return None };
        let fields = match definition.node.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            _ => return None,
        };
        let typed = fields.into_iter().map(|field| (field.node.name.node, field.node.ty.node)).collect();
        Some((definition.node.name.node, typed))
    };
    definitions.into_iter().filter_map(fields).collect()
});

impl Shape {
    /// The shape of the answer to an operation of a document. It means something only where the document is valid, so
    /// that no fragment holds itself.
    pub(crate) fn of(document: &ExecutableDocument, operation: Option<&str>) -> Self {
        let mut shape = Self::default();
        if let Some(operation) = operation::chosen(document, operation) {
            let root = match operation.node.ty {
                OperationType::Query => "Query",
                OperationType::Mutation => "Mutation",
                OperationType::Subscription => "Subscription",
            };
            shape.add(&operation.node.selection_set.node, root, &document.fragments);
        }
        shape
    }

    /// Adds the fields of a selection of a type.
    fn add(&mut self, selections: &SelectionSet, of: &str, fragments: &Fragments) {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => {
                    let kind = FIELDS.get(of).and_then(|fields| fields.get(&field.node.name.node));
                    let inside = self.fields.entry(field.node.response_key().node.clone()).or_default();
                    inside.kind = inside.kind.or(kind);
                    let of = kind.map_or("", |kind| entry(&kind.base));
                    inside.add(&field.node.selection_set.node, of, fragments);
                }
                Selection::InlineFragment(fragment) => {
                    let of = fragment.node.type_condition.as_ref().map_or(of, |on| on.node.on.node.as_str());
                    self.add(&fragment.node.selection_set.node, of, fragments);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = fragments.get(&spread.node.fragment_name.node) {
                        let of = fragment.node.type_condition.node.on.node.as_str();
                        self.add(&fragment.node.selection_set.node, of, fragments);
                    }
                }
            }
        }
    }

    /// Puts the fields of a value, and of all values inside it, in order.
    pub(crate) fn order(&self, value: &mut Value) {
        match value {
            Value::List(entries) => entries.iter_mut().for_each(|entry| self.order(entry)),
            // As most are: what the executor need not wait for is ready in the order in which it was asked for.
            Value::Object(fields) if self.is_ordered(fields) => {
                let mut wanted = self.fields.iter();
                for (name, value) in fields {
                    if let Some((_, inside)) = wanted.find(|(wanted, _)| *wanted == name) {
                        inside.order(value);
                    }
                }
            }
            Value::Object(fields) => {
                let mut ordered = IndexMap::with_capacity(fields.len());
                for (name, inside) in &self.fields {
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

    fn is_ordered(&self, fields: &IndexMap<Name, Value>) -> bool {
        let mut wanted = self.fields.keys();
        fields.keys().all(|name| wanted.any(|wanted| wanted == name))
    }

    /// Writes null where a field failed, of an answer.
    pub(crate) fn fail(&self, answer: &mut Value, path: &[PathSegment]) {
        if !path.is_empty() && self.is_lost(answer, None, path) {
            *answer = Value::Null;
        }
    }

    /// Writes null where a field failed, below a value. Whether the value itself is lost: because what failed is it, or
    /// something in it that is never null.
    fn is_lost(&self, value: &mut Value, kind: Option<&Type>, path: &[PathSegment]) -> bool {
        let Some((step, below)) = path.split_first() else { return true };
        match (step, value) {
            (PathSegment::Field(name), Value::Object(fields)) => {
                let Some(inside) = self.fields.get(name.as_str()) else { return false };
                let is_lost = match fields.get_mut(name.as_str()) {
                    Some(value) => inside.is_lost(value, inside.kind, below),
                    None => true,
                };
                if !is_lost {
                    return false;
                }
                if inside.kind.is_some_and(|kind| !kind.nullable) {
                    return true;
                }
                fields.insert(Name::new(name), Value::Null);
                false
            }
            (PathSegment::Index(at), Value::List(entries)) => {
                let kind =
                    kind.and_then(|kind| if let BaseType::List(entry) = &kind.base { Some(&**entry) } else { None });
                let Some(entry) = entries.get_mut(*at) else { return false };
                if !self.is_lost(entry, kind, below) {
                    return false;
                }
                if kind.is_some_and(|kind| !kind.nullable) {
                    return true;
                }
                *entry = Value::Null;
                false
            }
            // It is null already.
            _ => false,
        }
    }
}

/// The name of what a list holds, or of the type itself.
fn entry(kind: &BaseType) -> &str {
    match kind {
        BaseType::Named(name) => name,
        BaseType::List(entries) => entry(&entries.base),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{parser::parse_query, value};

    use super::*;

    fn failed(query: &str, mut answer: Value, path: &[&str]) -> Value {
        let shape = Shape::of(&parse_query(query).unwrap(), None);
        let step = |step: &&str| match step.parse() {
            Ok(at) => PathSegment::Index(at),
            Err(_) => PathSegment::Field((*step).to_owned()),
        };
        shape.fail(&mut answer, &path.iter().map(step).collect::<Vec<_>>());
        answer
    }

    #[test]
    fn what_failed_is_null_where_it_may_be() {
        let query = "{ one: plan(id: 1) { id } sources { totalCount } }";
        let rest = value!({ "sources": { "totalCount": 1 } });
        assert_eq!(failed(query, rest, &["one"]), value!({ "sources": { "totalCount": 1 }, "one": null }));
        let query = "{ plans { nodes { region { parent { name } } } } }";
        let given = value!({ "plans": { "nodes": [{ "region": {} }, { "region": { "parent": null } }] } });
        let wanted =
            value!({ "plans": { "nodes": [{ "region": { "parent": null } }, { "region": { "parent": null } }] } });
        assert_eq!(failed(query, given, &["plans", "nodes", "0", "region", "parent"]), wanted);
    }

    #[test]
    fn what_is_never_null_takes_away_what_it_is_in() {
        assert_eq!(failed("{ plans { totalCount } }", value!({ "plans": {} }), &["plans", "totalCount"]), Value::Null);
        let query = "query Q { region(code: 1) { ...F } } fragment F on Region { plans { nodes { title } } }";
        let given = value!({ "region": { "plans": { "nodes": [{}] } } });
        let path = ["region", "plans", "nodes", "0", "title"];
        assert_eq!(failed(query, given, &path), value!({ "region": null }));
        let query = "{ nodes(ids: [1, 2]) { ... on Plan { title } } }";
        let given = value!({ "nodes": [{}, { "title": "a" }] });
        assert_eq!(failed(query, given, &["nodes", "0", "title"]), value!({ "nodes": [null, { "title": "a" }] }));
        // Another field of the same thing failed before.
        assert_eq!(failed(query, value!({ "nodes": null }), &["nodes", "0", "title"]), value!({ "nodes": null }));
    }
}
