//! A crawl by one process, followed through the API of another.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use sites::Sites;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::program::{Program, Server, declare};

/// Begins to listen to a server.
pub(crate) async fn subscribe(server: &Server, query: &str) -> WebSocketStream<TcpStream> {
    let mut request = server.url.replace("http:", "ws:").into_client_request().unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().unwrap());
    let address = request.uri().authority().unwrap().to_string();
    let (mut socket, _) = client_async(request, TcpStream::connect(address).await.unwrap()).await.unwrap();
    for message in
        [json!({"type": "connection_init"}), json!({"type": "subscribe", "id": "1", "payload": {"query": query}})]
    {
        socket.send(Message::Text(message.to_string().into())).await.unwrap();
    }
    socket
}

/// What is told next.
pub(crate) async fn next(socket: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(60), socket.next()).await.unwrap().unwrap().unwrap();
        let mut message: Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
        if message["type"] == "next" {
            return message["payload"].take();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_can_be_followed_from_elsewhere() {
    for database in support::databases("progress").await {
        let sites = Sites::start().await.unwrap();
        let program = Program::on(&database.url);
        let folder = program.folder.path().join("sources");
        let (slug, text) = sites.declarations().find(|(slug, _)| *slug == "huzhou").unwrap();
        // So slow that somebody can look on.
        let text: String =
            text.lines().filter(|line| !line.starts_with("delay_ms")).map(|l| format!("{l}\n")).collect();
        declare(&folder, slug, &format!("delay_ms = 700\n{text}"));
        let server = program.serve();

        let query = "subscription { crawlProgress { stage url run { id fetched stored source { slug } } } }";
        let mut socket = subscribe(&server, query).await;

        let mut crawl = program.command(&["crawl", "--sources", "sources"]);
        let crawl = tokio::task::spawn_blocking(move || crawl.output().unwrap());
        let mut told: Vec<Value> = Vec::new();
        while told.last().is_none_or(|progress| progress["stage"] != "ended") {
            told.push(next(&mut socket).await["data"]["crawlProgress"].take());
        }
        assert!(crawl.await.unwrap().status.success());

        assert!(told.iter().all(|progress| progress["run"]["source"]["slug"] == "huzhou"), "{told:?}");
        let mut stages: Vec<_> = told.iter().map(|progress| progress["stage"].as_str().unwrap()).collect();
        stages.dedup();
        assert_eq!(stages, ["lists", "articles", "ended"]);
        let at_work = told.iter().filter(|progress| progress["stage"] == "articles");
        assert!(at_work.clone().all(|progress| progress["url"].as_str().unwrap().contains("/")), "{told:?}");
        let counts: Vec<_> = told.iter().map(|progress| progress["run"]["fetched"].as_i64().unwrap()).collect();
        assert!(counts.is_sorted() && counts.last() > counts.first(), "{counts:?}");
        let id = &told[0]["run"]["id"];
        let run = server.ask("query($id: ID!) { crawlRun(id: $id) { fetched stored } }", json!({"id": id})).await;
        let last = told.last().unwrap();
        assert_eq!(run["crawlRun"], json!({"fetched": last["run"]["fetched"], "stored": last["run"]["stored"]}));
    }
}
