//! Subscriptions, as a client on the network has them.

use std::time::Duration;

use entity::{
    crawl_run, source,
    value::{Health, RunStage, RunStatus},
};
use futures::{SinkExt as _, StreamExt as _};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, EntityTrait as _, QueryFilter as _,
};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _, protocol::CloseFrame},
};

use crate::support::{World, moment, worlds};

/// A client of the protocol `graphql-transport-ws`.
struct Client(WebSocketStream<TcpStream>);

impl Client {
    /// Connects to a server of its own, without a word.
    async fn silent(world: &World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(api::serve(listener, api::router(world.api.clone()), std::future::pending()));
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().unwrap());
        let (socket, answer) = client_async(request, TcpStream::connect(address).await.unwrap()).await.unwrap();
        assert_eq!(answer.headers()["sec-websocket-protocol"], "graphql-transport-ws");
        Self(socket)
    }

    async fn new(world: &World) -> Self {
        let mut client = Self::silent(world).await;
        client.say(json!({"type": "connection_init"})).await;
        assert_eq!(client.hear().await, json!({"type": "connection_ack"}));
        client
    }

    async fn say(&mut self, message: Value) {
        self.0.send(Message::Text(message.to_string().into())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({"id": id, "type": "subscribe", "payload": {"query": query}})).await;
    }

    async fn next(&mut self) -> Message {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(30), self.0.next()).await.unwrap().unwrap().unwrap();
            if !matches!(message, Message::Ping(_) | Message::Pong(_)) {
                return message;
            }
        }
    }

    async fn hear(&mut self) -> Value {
        serde_json::from_str(self.next().await.to_text().unwrap()).unwrap()
    }

    /// What is told next of a crawl.
    async fn progress(&mut self) -> Value {
        let message = self.hear().await;
        assert_eq!(message["type"], "next", "{message}");
        assert_eq!(message["payload"]["errors"], Value::Null, "{message}");
        message["payload"]["data"]["crawlProgress"].clone()
    }
}

/// The source that every world has.
async fn huzhou(world: &World) -> i32 {
    let slug = source::Column::Slug.eq("huzhou");
    source::Entity::find().filter(slug).one(&world.db).await.unwrap().unwrap().id
}

/// A run that waits.
async fn queued(world: &World, source_id: Option<i32>, parent_id: Option<i64>) -> i64 {
    let run = crawl_run::ActiveModel {
        source_id: Set(source_id),
        status: Set(RunStatus::Queued),
        queued_at: Set(moment("2025-06-01T18:00:00Z")),
        fetched: Set(0),
        unchanged: Set(0),
        stored: Set(0),
        failed: Set(0),
        scheduled: Set(false),
        parent_id: Set(parent_id),
        ..Default::default()
    };
    run.insert(&world.db).await.unwrap().id
}

/// Brings a run on.
async fn goes_on(world: &World, id: i64, status: RunStatus, stage: RunStage, fetched: i32) {
    let is_over = status != RunStatus::Running;
    let run = crawl_run::ActiveModel {
        id: Set(id),
        status: Set(status),
        stage: Set(Some(stage)),
        url: Set(Some(format!("https://wjw.example/{fetched}.html"))),
        fetched: Set(fetched),
        reported_at: Set(Some(moment(&format!("2025-06-01T18:00:{:02}Z", 10 + fetched)))),
        finished_at: if is_over { Set(Some(moment("2025-06-01T18:01:00Z"))) } else { NotSet },
        ..Default::default()
    };
    run.update(&world.db).await.unwrap();
}

const PROGRESS: &str = "stage url at run { status fetched source { slug health } }";

#[tokio::test]
async fn a_client_follows_one_run_to_its_end() {
    for world in worlds("subscription_run").await {
        let source_id = huzhou(&world).await;
        let run = queued(&world, Some(source_id), None).await;
        let id = world.ask("{ crawlRuns { nodes { id } } }").await["crawlRuns"]["nodes"][0]["id"].clone();
        let mut client = Client::new(&world).await;
        client.subscribe("1", &format!("subscription {{ crawlProgress(run: {id}) {{ {PROGRESS} }} }}")).await;

        let told = client.progress().await;
        assert_eq!((&told["stage"], &told["run"]["status"]), (&json!("queued"), &json!("QUEUED")));
        goes_on(&world, run, RunStatus::Running, RunStage::Lists, 0).await;
        assert_eq!(client.progress().await["stage"], "lists");
        // What a source is like is read anew each time.
        let broken = source::ActiveModel { id: Set(source_id), health: Set(Health::Broken), ..Default::default() };
        broken.update(&world.db).await.unwrap();
        goes_on(&world, run, RunStatus::Running, RunStage::Articles, 2).await;
        let told = client.progress().await;
        let expected = json!({
            "stage": "articles", "url": "https://wjw.example/2.html", "at": "2025-06-01T18:00:12Z",
            "run": {"status": "RUNNING", "fetched": 2, "source": {"slug": "huzhou", "health": "BROKEN"}},
        });
        assert_eq!(told, expected);
        goes_on(&world, run, RunStatus::Succeeded, RunStage::Articles, 3).await;
        let told = client.progress().await;
        assert_eq!((&told["stage"], &told["url"], &told["run"]["fetched"]), (&json!("ended"), &Value::Null, &json!(3)));
        assert_eq!(client.hear().await, json!({"type": "complete", "id": "1"}));

        client.subscribe("2", &format!("subscription {{ crawlProgress(run: {id}) {{ stage }} }}")).await;
        assert_eq!(client.progress().await, json!({"stage": "ended"}), "of a run that is over, its end is told");
        assert_eq!(client.hear().await["type"], "complete");
    }
}

#[tokio::test]
async fn a_client_follows_all_runs_or_the_parts_of_a_request() {
    for world in worlds("subscription_all").await {
        let source_id = huzhou(&world).await;
        let old = queued(&world, Some(source_id), None).await;
        goes_on(&world, old, RunStatus::Failed, RunStage::Lists, 1).await;
        let mut client = Client::new(&world).await;
        client.subscribe("all", "subscription { crawlProgress { stage run { fetched source { slug } } } }").await;
        tokio::time::sleep(Duration::from_millis(100)).await;

        let request = queued(&world, None, None).await;
        let told = client.progress().await;
        assert_eq!(told, json!({"stage": "queued", "run": {"fetched": 0, "source": null}}), "what is over is no news");
        let part = queued(&world, Some(source_id), Some(request)).await;
        assert_eq!(client.progress().await["run"]["source"]["slug"], "huzhou");
        client.say(json!({"id": "all", "type": "complete"})).await;

        let id = world.ask("{ crawlRuns { nodes { id source { slug } } } }").await;
        let id = id["crawlRuns"]["nodes"].as_array().unwrap().iter().find(|run| run["source"].is_null()).unwrap()["id"]
            .clone();
        let mut client = Client::new(&world).await;
        client.subscribe("1", &format!("subscription {{ crawlProgress(run: {id}) {{ {PROGRESS} }} }}")).await;
        assert_eq!(client.progress().await["run"]["source"], Value::Null);
        assert_eq!(client.progress().await["run"]["source"]["slug"], "huzhou");
        goes_on(&world, part, RunStatus::Succeeded, RunStage::Articles, 5).await;
        assert_eq!(client.progress().await["run"]["fetched"], 5);
        goes_on(&world, request, RunStatus::Succeeded, RunStage::Articles, 6).await;
        assert_eq!(client.progress().await["run"]["fetched"], 6);
        assert_eq!(client.hear().await["type"], "complete");
    }
}

#[tokio::test]
async fn queries_go_over_the_socket_too_and_refusals_say_why() {
    for world in worlds("subscription_query").await {
        let mut client = Client::new(&world).await;
        client.subscribe("1", "{ sources { nodes { slug } } }").await;
        let told = client.hear().await;
        assert_eq!(told["payload"]["data"], json!({"sources": {"nodes": [{"slug": "huzhou"}]}}));
        assert_eq!(client.hear().await, json!({"type": "complete", "id": "1"}));
        for (query, code) in [
            ("subscription { crawlProgress(run: \"x\") { stage } }", "BAD_ID"),
            ("subscription { crawlProgress(run: \"Q3Jhd2xSdW46OTk\") { stage } }", "BAD_INPUT"),
            ("subscription { weather }", "BAD_QUERY"),
            (&format!("{{{}", "a{".repeat(500)), "QUERY_TOO_LARGE"),
        ] {
            client.subscribe("2", query).await;
            let told = client.hear().await;
            let errors = if told["type"] == "error" { &told["payload"] } else { &told["payload"]["errors"] };
            assert_eq!(errors[0]["extensions"]["code"], code, "{told}");
            if told["type"] == "next" {
                assert_eq!(client.hear().await["type"], "complete");
            }
        }
    }
}

#[tokio::test]
async fn a_token_comes_with_the_first_message() {
    for world in worlds("subscription_token").await {
        let secret = api::token::create(&world.db, "li").await.unwrap();
        let begin = |header: String| json!({"type": "connection_init", "payload": {"Authorization": header}});
        let mut client = Client::silent(&world).await;
        client.say(begin(format!("Bearer {secret}"))).await;
        assert_eq!(client.hear().await["type"], "connection_ack");
        let start = "mutation { startCrawl(sources: [\"huzhou\"]) { status } }";
        client.subscribe("1", start).await;
        assert_eq!(client.hear().await["payload"]["data"], json!({"startCrawl": {"status": "QUEUED"}}));
        assert_eq!(client.hear().await["type"], "complete");
        api::token::revoke(&world.db, "li").await.unwrap();
        client.subscribe("2", start).await;
        assert_eq!(client.hear().await["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        let mut client = Client::silent(&world).await;
        client.say(begin(format!("Bearer {secret}"))).await;
        let Message::Close(Some(frame)) = client.next().await else { panic!("no close") };
        assert_eq!(u16::from(frame.code), 4403);
        assert!(frame.reason.contains("revoked"), "{}", frame.reason);
    }
}

#[tokio::test]
async fn a_client_that_does_not_keep_to_the_protocol_is_let_go() {
    let world = worlds("subscription_protocol").await.remove(0);
    let mut client = Client::silent(&world).await;
    client.subscribe("1", "{ sources { totalCount } }").await;
    assert!(matches!(client.next().await, Message::Close(Some(CloseFrame { .. }))));
    let mut client = Client::new(&world).await;
    client.say(json!({"type": "connection_init"})).await;
    let Message::Close(Some(frame)) = client.next().await else { panic!("no close") };
    assert_eq!(u16::from(frame.code), 4429);
}
