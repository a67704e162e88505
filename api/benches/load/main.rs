//! How quickly the API answers over a large database, under load: `cargo bench -p api --bench load`. See the `README.md` beside.
//!
//! Six shapes of queries are asked over HTTP by several clients at once, of plangraph and of two yardsticks in turn. Options
//! stand behind `--`:
//!
//! - `--plans N`: of how many plans the database is, each of 20 sections and 30 figures; 1,000 unless said.
//! - `--database-url URL`: which database is filled, or was filled before; a temporary SQLite file unless said.
//! - `--postgraphile DIR`: a folder with the packages of `postgraphile/package.json`, for PostgreSQL.
//! - `--clients N`, `--seconds N`: how many ask at once, 8, and how long each is asked for a shape, 10.
//! - `--shape NAME`: only shapes whose names hold that.
//! - `--explain`: writes down how the database finds the rows of each shape, into `plans/`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on panics, and says what it measured"
)]

mod client;
mod explain;
mod seed;
mod shapes;
mod yardsticks;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use api::{Api, Settings};
use client::{Client, Taken, Target};
use sea_orm::{DatabaseConnection, DbBackend};
use serde_json::{Value, json};
use shapes::{Shape, WORDS};
use tokio::net::TcpListener;
use yardsticks::{Asked, Floor, PostGraphile, Statements};

/// How often the three are measured in turn.
const ROUNDS: u32 = 5;

struct Options {
    plans: u64,
    url: String,
    postgraphile: Option<String>,
    clients: usize,
    time: Duration,
    shape: Option<String>,
    explain: bool,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // Which only `cargo bench` says: as a test it does nothing.
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    let value = |name: &str| args.iter().position(|arg| arg == name).map(|at| args[at + 1].clone());
    let number = |name: &str, usual: u64| value(name).map_or(usual, |number| number.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = || format!("sqlite://{}?mode=rwc", folder.path().join("load.db").display());
    let options = Options {
        plans: number("--plans", 1_000),
        url: value("--database-url").unwrap_or_else(file),
        postgraphile: value("--postgraphile"),
        clients: usize::try_from(number("--clients", 8)).unwrap(),
        time: Duration::from_secs(number("--seconds", 10)),
        shape: value("--shape"),
        explain: args.iter().any(|arg| arg == "--explain"),
    };
    tokio::runtime::Runtime::new().unwrap().block_on(measure(&options));
}

async fn measure(options: &Options) {
    let writer = migration::open_writer(&options.url).await.unwrap();
    seed::seed(&writer, options.plans).await.unwrap();
    writer.close().await.unwrap();

    let settings = Settings { rate: None, token_rate: None, time: Duration::from_secs(60), ..Settings::default() };
    let db = migration::open_reader(&options.url, settings.time).await.unwrap();
    let made = |db: DatabaseConnection| Api::with(db, Arc::new(extract::Reader::builtin()), settings.clone());
    let shapes = shapes::shapes(&made(db.clone()), &db, options.plans, options.plans * seed::FIGURES).await.unwrap();

    let statements = recorded(&db, &made, &shapes).await;
    if options.explain || options.plans >= LARGE {
        explained(&db, &shapes, &statements, options.explain).await;
    }

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let plangraph = listener.local_addr().unwrap();
    tokio::spawn(api::serve(listener, api::router(made(db.clone())), std::future::pending()));
    let asked = shapes.iter().zip(statements).map(|(shape, questions)| Asked { columns: shape.columns, questions });
    let floor = Floor::open(&options.url).await.unwrap().serve(asked.collect()).await.unwrap();
    let postgraphile = match &options.postgraphile {
        Some(folder) => Some(PostGraphile::start(Path::new(folder), &options.url).await.unwrap()),
        None => None,
    };

    let Options { plans, clients, .. } = options;
    println!("{plans} plans, {:?}, {clients} clients\n", db.get_database_backend());
    println!(
        "| shape | plangraph: requests a second, p50, p99 | bare handler | PostGraphile | times the bare handler | times quicker than PostGraphile |"
    );
    println!("| --- | --- | --- | --- | --- | --- |");
    let is_wanted = |shape: &Shape| options.shape.as_ref().is_none_or(|wanted| shape.name.contains(wanted.as_str()));
    for (at, shape) in shapes.iter().enumerate().filter(|(_, shape)| is_wanted(shape)) {
        let mut targets = vec![of_plangraph(plangraph, shape), of_floor(floor, at, shape)];
        if let Some(server) = &postgraphile {
            targets.extend(of_postgraphile(server.address, shape).await);
        }
        println!("{}", line(shape.name, &targets, options).await);
    }
    if options.shape.is_none() {
        words(plangraph, options).await;
    }
}

/// From how many plans on a database is large.
const LARGE: u64 = 50_000;

/// The statements that plangraph sends for each question of each shape.
async fn recorded(
    db: &DatabaseConnection,
    made: &impl Fn(DatabaseConnection) -> Api,
    shapes: &[Shape],
) -> Vec<Vec<Statements>> {
    let seen: Arc<Mutex<Statements>> = Arc::default();
    let mut watched = db.clone();
    watched.set_metric_callback({
        let seen = Arc::clone(&seen);
        move |info| seen.lock().unwrap().push(info.statement.clone())
    });
    let api = made(watched);
    let mut recorded = Vec::new();
    for shape in shapes {
        let mut questions = Vec::new();
        for (variables, _) in &shape.questions {
            shapes::answer(&api, shape.document, variables).await;
            questions.push(std::mem::take(&mut *seen.lock().unwrap()));
        }
        recorded.push(questions);
    }
    recorded
}

/// Makes sure that no large table is read from end to end, and writes the plans down.
async fn explained(db: &DatabaseConnection, shapes: &[Shape], statements: &[Vec<Statements>], write: bool) {
    let engine = if db.get_database_backend() == DbBackend::Postgres { "postgresql" } else { "sqlite" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/load/plans").join(engine);
    for (shape, questions) in shapes.iter().zip(statements) {
        let (text, scanned) = explain::explain(db, &questions[0]).await.unwrap();
        assert!(scanned.is_empty(), "{}: {scanned:?} read from end to end:\n{text}", shape.name);
        if write {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(format!("{}.txt", shape.name.replace(' ', "-"))), text).unwrap();
        }
    }
}

fn of_plangraph(address: SocketAddr, shape: &Shape) -> Target {
    let requests = shape.questions.iter().map(|(variables, _)| post(shape.document, variables)).collect();
    Target { address, requests }
}

fn of_floor(address: SocketAddr, at: usize, shape: &Shape) -> Target {
    let get = |question| format!("GET /{at}/{question} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes();
    Target { address, requests: (0..shape.questions.len()).map(get).collect() }
}

async fn of_postgraphile(address: SocketAddr, shape: &Shape) -> Option<Target> {
    let document = shape.postgraphile?;
    let mut requests = Vec::new();
    let mut client = Client::connect(address).await.unwrap();
    for (plangraph, variables) in &shape.questions {
        // It has cursors of its own.
        let variables = if plangraph.get("after").is_some() {
            let found = client.ask(&post(shapes::CURSOR_POSTGRAPHILE, variables)).await.unwrap();
            let found: Value = serde_json::from_slice(&found).unwrap();
            json!({ "after": found["data"]["allIndicators"]["pageInfo"]["endCursor"] })
        } else {
            variables.clone()
        };
        requests.push(post(document, &variables));
    }
    Some(Target { address, requests })
}

/// A query as a request.
fn post(document: &str, variables: &Value) -> Vec<u8> {
    let body = json!({ "query": document, "variables": variables }).to_string();
    let length = body.len();
    format!("POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
}

/// Measures the targets of a shape in turn: plangraph first.
async fn line(name: &str, targets: &[Target], options: &Options) -> String {
    for target in targets {
        target.check().await.unwrap();
    }
    let mut taken: Vec<Taken> = targets.iter().map(|_| Taken::default()).collect();
    for _ in 0..ROUNDS {
        for (target, taken) in targets.iter().zip(&mut taken) {
            target.load(options.clients, options.time / ROUNDS, taken).await.unwrap();
        }
    }
    let rates: Vec<f64> = taken.iter().map(Taken::rate).collect();
    let cell = |taken: Option<&mut Taken>| {
        taken.map_or("–".to_owned(), |it| {
            format!("{:.0}, {:.1} ms, {:.1} ms", it.rate(), it.within(50), it.within(99))
        })
    };
    let mut of = taken.iter_mut();
    let cells = [cell(of.next()), cell(of.next()), cell(of.next())].join(" | ");
    let quicker = rates.get(2).map_or("–".to_owned(), |rate| format!("{:.1}", rates[0] / rate));
    format!("| {name} | {cells} | {:.2} | {quicker} |", rates[1] / rates[0])
}

/// Searches by one client alone, word by word.
async fn words(address: SocketAddr, options: &Options) {
    println!("\n| search of one client for | a page: p50, p99 | how many: p50, p99 |\n| --- | --- | --- |");
    for word in WORDS {
        let mut cells = Vec::new();
        for fields in ["nodes { score snippet item { __typename ... on Section { heading } } }", "totalCount"] {
            let document = format!("query($query: String!) {{ search(query: $query) {{ {fields} }} }}");
            let target = Target { address, requests: vec![post(&document, &json!({ "query": word }))] };
            target.check().await.unwrap();
            let mut taken = Taken::default();
            target.load(1, options.time / 10, &mut taken).await.unwrap();
            cells.push(format!("{:.1} ms, {:.1} ms", taken.within(50), taken.within(99)));
        }
        println!("| {word} | {} |", cells.join(" | "));
    }
}
