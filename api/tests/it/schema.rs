//! The schema as it is published.

use std::{collections::BTreeSet, path::Path};

use crate::support::worlds;

#[test]
fn the_published_schema_is_this_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    let sdl = api::sdl();
    if published != sdl {
        let fresh = std::env::temp_dir().join("schema.graphql");
        std::fs::write(&fresh, sdl).unwrap();
        panic!("the schema changed: look at it, then copy {} to {}", fresh.display(), path.display());
    }
}

#[tokio::test]
async fn everything_is_described() {
    let query = "{ __schema { types { name kind description
        fields { name description args { name description } }
        inputFields { name description }
        enumValues { name description } } } }";
    let world = &worlds("described").await[0];
    let schema = world.ask(query).await;
    let mut bare = BTreeSet::new();
    let mut check = |thing: &serde_json::Value, name: String| {
        if thing["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            bare.insert(name);
        }
    };
    for kind in schema["__schema"]["types"].as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        // The language's own: what reflects the schema, and the scalar that async-graphql leaves bare.
        if name.starts_with("__") || name == "ID" {
            continue;
        }
        check(kind, name.to_owned());
        for member in ["fields", "inputFields", "enumValues"] {
            for field in kind[member].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", field["name"].as_str().unwrap());
                for argument in field["args"].as_array().into_iter().flatten() {
                    check(argument, format!("{path}({})", argument["name"].as_str().unwrap()));
                }
                check(field, path);
            }
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}
