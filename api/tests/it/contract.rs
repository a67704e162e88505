//! The schema against the contract that analysts' queries are written against: everything it names is there, with the same
//! nullability. What the schema has beyond it must not stand in the way of a query that does not know it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use async_graphql::parser::{
    parse_schema,
    types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition},
};

/// What a schema says: each type, field, argument, value and member by its path, with its type.
type Said = BTreeMap<String, String>;

/// What the schema says, and which paths a query must give a value for.
#[derive(Default)]
struct Schema {
    said: Said,
    required: BTreeSet<String>,
}

impl Schema {
    fn read(sdl: &str) -> Self {
        let mut schema = Self::default();
        for definition in parse_schema(sdl).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            let kind = match definition.node.kind {
                TypeKind::Scalar => "scalar",
                TypeKind::Object(object) => {
                    for interface in object.implements {
                        schema.say(format!("{name} implements {}", interface.node), String::new());
                    }
                    schema.fields(&name, object.fields.into_iter().map(|field| field.node));
                    "type"
                }
                TypeKind::Interface(interface) => {
                    schema.fields(&name, interface.fields.into_iter().map(|field| field.node));
                    "interface"
                }
                TypeKind::Union(union) => {
                    for member in union.members {
                        schema.say(format!("{name} = {}", member.node), String::new());
                    }
                    "union"
                }
                TypeKind::Enum(values) => {
                    for value in values.values {
                        schema.say(format!("{name}.{}", value.node.value.node), String::new());
                    }
                    "enum"
                }
                TypeKind::InputObject(input) => {
                    for field in input.fields {
                        schema.input(&format!("{name}."), "", field.node);
                    }
                    "input"
                }
            };
            schema.say(name, kind.to_owned());
        }
        schema
    }

    fn say(&mut self, path: String, what: String) {
        self.said.insert(path, what);
    }

    fn fields(&mut self, of: &str, fields: impl Iterator<Item = FieldDefinition>) {
        for field in fields {
            let path = format!("{of}.{}", field.name.node);
            for argument in field.arguments {
                self.input(&format!("{path}("), ")", argument.node);
            }
            self.say(path, field.ty.node.to_string());
        }
    }

    fn input(&mut self, before: &str, behind: &str, value: InputValueDefinition) {
        let path = format!("{before}{}{behind}", value.name.node);
        if !value.ty.node.nullable && value.default_value.is_none() {
            self.required.insert(path.clone());
        }
        let default = value.default_value.map(|default| format!(" = {}", default.node)).unwrap_or_default();
        self.say(path, format!("{}{default}", value.ty.node));
    }
}

/// The contract, which spells a connection out only once, in a comment.
fn contract(text: &str) -> Schema {
    let mut schema = Schema::read(text);
    let connections: BTreeSet<String> = schema
        .said
        .values()
        .filter_map(|kind| Some(kind.strip_suffix('!')?.to_owned()))
        .filter(|kind| kind.ends_with("Connection"))
        .collect();
    assert!(connections.len() > 10, "the contract speaks of connections: {connections:?}");
    for name in connections {
        let node = name.trim_end_matches("Connection");
        let entry = if node == "Search" { "SearchHit" } else { node };
        let edge = format!("{node}Edge");
        schema.say(format!("{name}.edges"), format!("[{edge}!]!"));
        schema.say(format!("{name}.nodes"), format!("[{entry}!]!"));
        schema.say(format!("{name}.pageInfo"), "PageInfo!".to_owned());
        schema.say(format!("{name}.totalCount"), "Int!".to_owned());
        schema.say(format!("{edge}.cursor"), "String!".to_owned());
        schema.say(format!("{edge}.node"), format!("{entry}!"));
        schema.say(name, "type".to_owned());
        schema.say(edge, "type".to_owned());
    }
    schema
}

#[test]
fn the_schema_keeps_the_contract() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/design/schema.graphql");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there is no contract at {}", path.display());
        return;
    };
    let (contract, ours) = (contract(&text), Schema::read(&api::sdl()));
    let mut broken = Vec::new();
    for (path, wanted) in &contract.said {
        match ours.said.get(path) {
            Some(given) if given == wanted => {}
            Some(given) => broken.push(format!("{path} is {given} and must be {wanted}")),
            None => broken.push(format!("{path}: {wanted} is missing")),
        }
    }
    for path in &ours.required {
        let parent = path.split_once('(').map_or_else(|| path.split_once('.').unwrap().0, |(field, _)| field);
        if contract.said.contains_key(parent) && !contract.said.contains_key(path) {
            broken.push(format!("{path} is demanded, and the contract does not know it"));
        }
    }
    assert!(broken.is_empty(), "{} breaches of the contract:\n{}", broken.len(), broken.join("\n"));
}
