//! The questions of `tests/questions`, each with what the source documents answer. Their sentences stay with them: of a
//! text, an answer may give a piece between dots, `…82.6岁…`.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use crate::{
    corpus::{corpus, free_port, serve},
    program::{Program, texts},
};

/// The files of a kind, by the names of their questions.
fn files(ending: &str) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/questions");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let of_kind = paths.filter(|path| path.extension().is_some_and(|found| found == ending));
    of_kind.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

/// Whether an answer is what is expected; lists in any order, where none was asked for.
fn fits(found: &Value, expected: &Value, ordered: bool) -> bool {
    match (found, expected) {
        (Value::String(found), Value::String(expected)) if expected.contains('…') => {
            let pieces: Vec<&str> = expected.split('…').collect();
            let mut rest = Some(found.as_str());
            for piece in &pieces {
                rest = rest.and_then(|text| text.split_once(piece)).map(|(_, rest)| rest);
            }
            let (first, last) = (pieces[0], pieces[pieces.len() - 1]);
            rest.is_some() && found.starts_with(first) && found.ends_with(last)
        }
        (Value::Array(found), Value::Array(expected)) => {
            let mut left: Vec<&Value> = found.iter().collect();
            let each = expected.iter().all(|expected| {
                let places = if ordered { left.len().min(1) } else { left.len() };
                let place = left[..places].iter().position(|found| fits(found, expected, ordered));
                place.map(|place| left.remove(place)).is_some()
            });
            each && left.is_empty()
        }
        (Value::Object(found), Value::Object(expected)) => {
            found.len() == expected.len()
                && expected.iter().all(|(key, value)| found.get(key).is_some_and(|found| fits(found, value, ordered)))
        }
        _ => found == expected,
    }
}

#[test]
fn dots_stand_for_what_is_left_out() {
    let holds = |found: &str, expected: &str| fits(&json!([{ "x": found }]), &json!([{ "x": expected }]), true);
    assert!(holds("a 82.6岁 b", "…82.6岁…") && holds("abc", "a…") && holds("abc", "…") && holds("abc", "abc"));
    assert!(!holds("a 82.5岁 b", "…82.6岁…") && !holds("abc", "b…") && !holds("abc", "…b") && !holds("abc", "ab"));
    let lists = |ordered| fits(&json!([1, 2]), &json!([2, 1]), ordered);
    assert!(lists(false) && !lists(true) && !fits(&json!([1, 1]), &json!([1, 2]), false));
}

#[test]
fn each_question_is_short_and_has_an_answer() {
    let (questions, answers) = (files("graphql"), files("json"));
    assert_eq!(questions.len(), 20);
    assert!(questions.keys().eq(answers.keys()));
    for (name, question) in questions {
        let (asked, query) = question.split_once('\n').unwrap();
        assert!(asked.starts_with("# ") && query.trim().lines().count() <= 15, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_has_the_answer_of_the_documents() {
    let Some(corpus) = corpus() else { return };
    for database in support::databases("questions").await {
        let program = Program::on(&database.url);
        let import = program.run(&["regions", "import", corpus.join("data/areacodes.csv").to_str().unwrap()]);
        assert!(import.status.success(), "{}", texts(&import).1);
        let sources = program.folder.path().join("sources");
        let _sites = serve(&corpus, free_port(), &sources);
        let crawl = program.run(&["crawl", "--sources", sources.to_str().unwrap()]);
        assert!(crawl.status.success(), "{}", texts(&crawl).1);
        let server = program.serve();
        let answers = files("json");
        for (name, query) in files("graphql") {
            let expected: Value = serde_json::from_str(&answers[&name]).unwrap();
            let found = server.ask(&query, json!({})).await;
            assert!(fits(&found, &expected, query.contains("orderBy")), "{name}\n{found:#}");
        }
    }
}
