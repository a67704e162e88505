//! Questions that are answered from a streaming replica, while changes go to the database that it follows.

use std::time::Duration;

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use sites::Sites;

use crate::{
    postgres::{Postgres, free_port},
    program::{Program, Server, client, texts},
    progress, readme, samples,
};

/// Waits until a server says this about itself.
async fn says(server: &Server, status: u16, words: &str) {
    loop {
        let (is, said) = server.get("/readyz").await;
        if is == status && said.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_go_to_the_replica_and_changes_to_the_database() {
    let Some(primary) = Postgres::start("replica") else { return };
    let replica = primary.follower();
    let sites = Sites::start().await.unwrap();
    let program = Program::on(&primary.url());
    samples::crawl(&program, &samples::declarations(&program, &sites));
    let token = texts(&program.run(&["token", "create", "li"])).0.trim().to_owned();
    let metrics = format!("127.0.0.1:{}", free_port());
    let server = program.serve_with(&["--database-replica-url", &replica.url(), "--metrics", &metrics]);
    says(&server, 200, "ready").await;

    // What follows replays what it is sent in order: once the token is there, so is all that was crawled.
    let follower = migration::open(&replica.url()).await.unwrap();
    while follower.query_all_raw(sql("SELECT 1 FROM token")).await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (query, shown) in readme::examples() {
        let shown: Value = serde_json::from_str(shown).unwrap();
        assert_eq!(server.ask(query, json!({})).await, shown, "{query}");
    }
    for file in ["plans.csv", "indicators.jsonl", "sections.csv", "relations.csv"] {
        assert_eq!(server.get(&format!("/export/{file}")).await.0, 200, "{file}");
    }

    // Whatever is written from now on, the replica does not know.
    follower.execute_unprepared("SELECT pg_wal_replay_pause()").await.unwrap();
    let figures =
        "{ indicators(filter: {regions: [\"330500\"], concepts: [\"life-expectancy\"]}) { nodes { id value } } }";
    let figure = async || server.ask(figures, json!({})).await["indicators"]["nodes"][0].take();
    let read = figure().await;
    let correct =
        "mutation($id: ID!) { correctIndicator(input: {indicator: $id, value: 82.9, reason: \"misread\"}) { value } }";
    let revert = "mutation($id: ID!) { revertCorrection(indicator: $id) { value } }";
    let change = async |query: &str| server.answer_to(&token, query, json!({"id": read["id"]})).await.1;
    assert_eq!(change(correct).await, json!({"data": {"correctIndicator": {"value": 82.9}}}), "it sees what it did");
    assert_eq!(figure().await, read, "the answer is the replica's");
    let start = "mutation { startCrawl(sources: [\"huzhou\"]) { id } }";
    let run = server.answer_to(&token, start, json!({})).await.1["data"]["startCrawl"]["id"].take();
    let follow = format!("subscription {{ crawlProgress(run: {run}) {{ stage }} }}");
    let told = progress::next(&mut progress::subscribe(&server, &follow).await).await;
    assert_eq!(told["data"]["crawlProgress"]["stage"], "queued", "{told}");
    loop {
        let measures = client().get(format!("http://{metrics}/metrics")).send().await.unwrap().text().await.unwrap();
        let behind = measures.lines().find_map(|line| line.strip_prefix("plangraph_replica_behind_seconds "));
        if (1e-3..1e3).contains(&behind.unwrap().parse::<f64>().unwrap()) {
            break;
        }
    }
    follower.execute_unprepared("SELECT pg_wal_replay_resume()").await.unwrap();
    while figure().await["value"] != 82.9 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // Away, it is told which of the two, and what can be done is done.
    follower.close().await.unwrap();
    replica.stop();
    says(&server, 503, "the read replica does not answer").await;
    assert_eq!(server.answer(figures, json!({})).await["errors"][0]["extensions"]["code"], "INTERNAL");
    assert_eq!(change(revert).await["data"]["revertCorrection"]["value"], read["value"]);
    replica.resume();
    says(&server, 200, "ready").await;
    while figure().await != read {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    primary.stop();
    says(&server, 200, "ready for queries").await;
    assert_eq!(figure().await, read);
    assert_eq!(change(correct).await["errors"][0]["extensions"]["code"], "INTERNAL");
    primary.resume();
    while server.get("/readyz").await.1 != "ready" {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(change(correct).await["data"]["correctIndicator"]["value"], 82.9);
}

#[tokio::test]
async fn only_a_postgres_is_followed() {
    let program = Program::on("sqlite://a.db?mode=rwc");
    let serve = |replica: &str| {
        let output = program.run(&["serve", "--bind", "127.0.0.1:0", "--database-replica-url", replica]);
        (output.status.code(), texts(&output).1)
    };
    let (code, told) = serve("postgres://me:s3cret@127.0.0.1:1/x");
    assert!(code == Some(1) && told.contains("DATABASE_URL names no PostgreSQL"), "{told}");
    assert!(!told.contains("s3cret"));
    assert_eq!(serve("sqlite://b.db").0, Some(2));
}

fn sql(query: &str) -> sea_orm::Statement {
    sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, query)
}
