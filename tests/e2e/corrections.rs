//! A figure that an analyst corrects, through crawls.

use serde_json::{Value, json};
use sites::Sites;

use crate::{
    program::{Program, Server, texts},
    samples,
};

async fn send(server: &Server, token: &str, query: &str, figure: &Value) -> (u16, Value) {
    server.answer_to(token, query, json!({"id": figure})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_stays_through_crawls_until_it_is_taken_back() {
    for database in support::databases("corrections").await {
        let sites = Sites::start().await.unwrap();
        let program = Program::on(&database.url);
        let sources = samples::declarations(&program, &sites);
        samples::crawl(&program, &sources);
        let output = program.run(&["token", "create", "li"]);
        let token = texts(&output).0.trim().to_owned();
        assert!(token.starts_with("pg_"), "{token}");
        let server = program.serve();
        let figures = "{ indicators(filter: {regions: [\"330500\"], concepts: [\"life-expectancy\"]}) {
            nodes { id value valueText corrected confidence correction { by } } } }";
        let figure = async || server.ask(figures, json!({})).await["indicators"]["nodes"][0].take();
        let read = figure().await;

        let correct = "mutation($id: ID!) { correctIndicator(input: {indicator: $id, value: 82.9, reason: \"misread\"}) { value } }";
        let (status, answer) = send(&server, &token, correct, &read["id"]).await;
        assert_eq!((status, answer), (200, json!({"data": {"correctIndicator": {"value": 82.9}}})));
        sites.edit("huzhou", "AED设备152台", "AED设备180台");
        samples::crawl(&program, &sources);
        let shown = figure().await;
        assert_eq!(
            (&shown["id"], &shown["value"], &shown["valueText"]),
            (&read["id"], &json!(82.9), &read["valueText"])
        );
        assert_eq!((&shown["corrected"], &shown["correction"]["by"]), (&json!(true), &json!("li")));

        let revert = "mutation($id: ID!) { revertCorrection(indicator: $id) { value } }";
        assert_eq!(send(&server, &token, revert, &read["id"]).await.0, 200);
        assert_eq!(figure().await, read);

        assert!(texts(&program.run(&["token", "list"])).0.contains("li"));
        assert!(program.run(&["token", "revoke", "li"]).status.success());
        assert_eq!(send(&server, &token, revert, &read["id"]).await.0, 401);
        assert_eq!(program.run(&["token", "revoke", "nobody"]).status.code(), Some(1));
    }
}
