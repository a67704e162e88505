//! The questions of the README, with the answers it shows.

use serde_json::{Value, json};
use sites::Sites;

use crate::{program::Program, samples};

/// Each query of the README with the answer that stands under it.
pub(crate) fn examples() -> Vec<(&'static str, &'static str)> {
    include_str!("../../README.md")
        .split("```graphql\n")
        .skip(1)
        .map(|rest| {
            let (query, rest) = rest.split_once("```").expect("the end of a query");
            let answer = rest.trim_start().strip_prefix("```json\n").expect("an answer under each query");
            (query, answer.split_once("```").expect("the end of an answer").0)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_of_the_readme_has_the_answer_it_shows() {
    let examples = examples();
    assert_eq!(examples.len(), 10);
    let database = support::sqlite().await;
    let sites = Sites::start().await.unwrap();
    let program = Program::on(&database.url);
    samples::crawl(&program, &samples::declarations(&program, &sites));
    let server = program.serve();
    for (query, shown) in examples {
        let answer = server.ask(query, json!({})).await;
        let shown: Value = serde_json::from_str(shown).unwrap_or_else(|e| panic!("{e} in the answer to {query}"));
        assert_eq!(answer, shown, "{query}");
    }
}
