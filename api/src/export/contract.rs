//! The schema as a document: what types it has, and what it says about their fields.

use std::sync::LazyLock;

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{BaseType, ServiceDocument, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
    },
};

use crate::sdl;

/// The schema; empty only if it could not be read, which a test rules out.
static SCHEMA: LazyLock<ServiceDocument> =
    LazyLock::new(|| parse_schema(sdl()).unwrap_or_else(|_| ServiceDocument { definitions: Vec::new() }));

/// A field of an object or of an input, or an entry of an enum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Described {
    pub(super) name: &'static str,
    /// As Markdown, a paragraph without line breaks in its source.
    pub(super) description: &'static str,
    /// Its type; none of an entry of an enum.
    pub(super) ty: Option<&'static Type>,
}

/// The fields or entries of a type, in the order of the schema; none of a type that is not there.
pub(super) fn members(of: &str) -> Vec<Described> {
    let Some(definition) = definition(of) else { return Vec::new() };
    match &definition.kind {
        TypeKind::Object(object) => object
            .fields
            .iter()
            .map(|field| described(&field.node.name.node, field.node.description.as_ref(), Some(&field.node.ty.node)))
            .collect(),
        TypeKind::InputObject(input) => input
            .fields
            .iter()
            .map(|field| described(&field.node.name.node, field.node.description.as_ref(), Some(&field.node.ty.node)))
            .collect(),
        TypeKind::Enum(entries) => entries
            .values
            .iter()
            .map(|entry| described(&entry.node.value.node, entry.node.description.as_ref(), None))
            .collect(),
        TypeKind::Scalar | TypeKind::Interface(_) | TypeKind::Union(_) => Vec::new(),
    }
}

/// A field by its type and name: `Region.code`.
pub(super) fn field(path: &str) -> Option<Described> {
    let (of, name) = path.split_once('.')?;
    members(of).into_iter().find(|member| member.name == name)
}

/// Whether there is an enum of this name.
pub(super) fn is_enum(name: &str) -> bool {
    definition(name).is_some_and(|definition| matches!(definition.kind, TypeKind::Enum(_)))
}

/// The name of a type, what surrounds it left out.
pub(super) fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(entry) => base(entry),
    }
}

fn described(
    name: &'static str,
    description: Option<&'static Positioned<String>>,
    ty: Option<&'static Type>,
) -> Described {
    Described { name, description: description.map_or("", |text| text.node.as_str()), ty }
}

fn definition(name: &str) -> Option<&'static TypeDefinition> {
    SCHEMA.definitions.iter().find_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) if ty.node.name.node == name => Some(&ty.node),
        _ => None,
    })
}
