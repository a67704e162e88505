//! Queries that could be asked of a released version can be asked of this one. `releases/VERSION.graphql` is the schema of a
//! release; one that breaks with it drops its file, gets a new number, and says so in CHANGELOG.md.

use std::{collections::BTreeMap, fs, path::Path};

use async_graphql::parser::{
    parse_schema,
    types::BaseType,
    types::{FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};

type Types = BTreeMap<String, TypeDefinition>;

fn types(sdl: &str) -> Types {
    let definitions = parse_schema(sdl).unwrap().definitions;
    let types = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(ty) => Some((ty.node.name.node.to_string(), ty.node)),
        _ => None,
    });
    types.collect()
}

/// What was possible with the old types and is not with the new ones.
fn breaks(old: &Types, new: &Types) -> Vec<String> {
    let mut found = Vec::new();
    for (name, was) in old {
        let Some(is) = new.get(name) else {
            found.push(format!("type {name} is gone"));
            continue;
        };
        match (&was.kind, &is.kind) {
            (TypeKind::Scalar, TypeKind::Scalar) => {}
            (TypeKind::Object(was), TypeKind::Object(is)) => {
                found.extend(of_fields(name, was.fields.iter().map(|f| &f.node), is.fields.iter().map(|f| &f.node)));
                let lost = was.implements.iter().filter(|i| !is.implements.iter().any(|j| j.node == i.node));
                found.extend(lost.map(|i| format!("{name} is no {} any more", i.node)));
            }
            (TypeKind::Interface(was), TypeKind::Interface(is)) => {
                found.extend(of_fields(name, was.fields.iter().map(|f| &f.node), is.fields.iter().map(|f| &f.node)));
            }
            (TypeKind::Union(was), TypeKind::Union(is)) => {
                let lost = was.members.iter().filter(|m| !is.members.iter().any(|n| n.node == m.node));
                found.extend(lost.map(|m| format!("{name} holds no {} any more", m.node)));
            }
            (TypeKind::Enum(was), TypeKind::Enum(is)) => {
                let has = |v: &str| is.values.iter().any(|w| w.node.value.node == v);
                let lost = was.values.iter().filter(|v| !has(&v.node.value.node));
                found.extend(lost.map(|v| format!("{name}.{} is gone", v.node.value.node)));
            }
            (TypeKind::InputObject(was), TypeKind::InputObject(is)) => {
                found.extend(of_inputs(name, was.fields.iter().map(|f| &f.node), is.fields.iter().map(|f| &f.node)));
            }
            _ => found.push(format!("{name} is of another kind")),
        }
    }
    found
}

fn of_fields<'a>(
    of: &str,
    was: impl Iterator<Item = &'a FieldDefinition>,
    is: impl Iterator<Item = &'a FieldDefinition>,
) -> Vec<String> {
    let is: Vec<_> = is.collect();
    let mut found = Vec::new();
    for was in was {
        let name = format!("{of}.{}", was.name.node);
        let Some(is) = is.iter().find(|is| is.name.node == was.name.node) else {
            found.push(format!("{name} is gone"));
            continue;
        };
        if !gives(&is.ty.node, &was.ty.node) {
            found.push(format!("{name} was {} and is {}", was.ty.node, is.ty.node));
        }
        found.extend(of_inputs(&name, was.arguments.iter().map(|a| &a.node), is.arguments.iter().map(|a| &a.node)));
    }
    found
}

fn of_inputs<'a>(
    of: &str,
    was: impl Iterator<Item = &'a InputValueDefinition>,
    is: impl Iterator<Item = &'a InputValueDefinition>,
) -> Vec<String> {
    let (was, is): (Vec<_>, Vec<_>) = (was.collect(), is.collect());
    let mut found = Vec::new();
    for was in &was {
        match is.iter().find(|is| is.name.node == was.name.node) {
            None => found.push(format!("{of}({}:) is gone", was.name.node)),
            // What takes as much as it did gives it back the other way round.
            Some(is) if !gives(&was.ty.node, &is.ty.node) => {
                found.push(format!("{of}({}:) took {} and takes {}", was.name.node, was.ty.node, is.ty.node));
            }
            Some(_) => {}
        }
    }
    let is_new = |is: &&&InputValueDefinition| !was.iter().any(|was| was.name.node == is.name.node);
    let must_be_given = |is: &&&InputValueDefinition| !is.ty.node.nullable && is.default_value.is_none();
    let demanded = is.iter().filter(is_new).filter(must_be_given);
    found.extend(demanded.map(|is| format!("{of}({}:) must be given now", is.name.node)));
    found
}

/// Whether whoever expects one type can do with another: the same, or null less often.
fn gives(given: &Type, expected: &Type) -> bool {
    (expected.nullable || !given.nullable)
        && match (&given.base, &expected.base) {
            (BaseType::Named(given), BaseType::Named(expected)) => given == expected,
            (BaseType::List(given), BaseType::List(expected)) => gives(given, expected),
            _ => false,
        }
}

#[test]
fn what_could_be_asked_of_a_release_can_be_asked_still() {
    let new = types(&api::sdl());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("releases");
    let releases: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!releases.is_empty());
    for release in releases {
        let broken = breaks(&types(&fs::read_to_string(&release).unwrap()), &new);
        assert!(broken.is_empty(), "breaks with {}:\n{}", release.display(), broken.join("\n"));
    }
}

#[test]
fn a_break_is_seen_and_an_addition_is_none() {
    let old = types("type A { a(x: Int): String b: [Int!]! } enum E { P Q } input I { i: Int }");
    let told = |new: &str| breaks(&old, &types(new));
    let added = "type A { a(x: Int, y: Int): String! b: [Int!]! c: Int } enum E { P Q R } input I { i: Int j: Int k: Int! = 1 }";
    assert_eq!(told(added), [] as [&str; 0]);
    let broken = "type A { a(x: Int!, y: Int!): String b: [Int]! } enum E { P } input I { i: String j: Int! }";
    assert_eq!(
        told(broken),
        [
            "A.a(x:) took Int and takes Int!",
            "A.a(y:) must be given now",
            "A.b was [Int!]! and is [Int]!",
            "E.Q is gone",
            "I(i:) took Int and takes String",
            "I(j:) must be given now",
        ]
    );
    assert_eq!(told("scalar A"), ["A is of another kind", "type E is gone", "type I is gone"]);
}
