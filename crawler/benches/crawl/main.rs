//! How fast a whole crawl is, from requests to rows, and how much memory it takes: `cargo bench -p crawler --bench crawl`.
//!
//! A local site of lists and plans is crawled without a delay. The site is a process of its own, so that what is counted
//! is the crawler alone. Options stand behind `--`:
//!
//! - `--pages N`: how many plans the site has; 5,000 and then 50,000 unless said.
//! - `--hosts N`: over how many hosts, each a source, they are spread.
//! - `--delay MS`: the pace of each host.
//! - `--workers N`: how many processes crawl, sharing a PostgreSQL.
//! - `--postgresql`: into a schema of the server that `TEST_DATABASE_URL` names, not into SQLite.
//! - `--scrapy PYTHON`: the same work done by Scrapy, which that Python has (`benches/scrapy/plans.py`).
//!
//! CPU time is that of the crawling processes, user and system, as `/proc` tells; a database server's is not in it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on panics, and says what it measured"
)]

mod site;
mod worker;

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use entity::{crawl_run, indicator, plan};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};
use support::TestDatabase;
use worker::Usage;

/// What is crawled, and how.
#[derive(Clone, Debug)]
struct Load {
    pages: usize,
    hosts: usize,
    delay_ms: u16,
    workers: usize,
    postgresql: bool,
}

/// What came of it.
#[derive(Debug)]
struct Figures {
    wall: Duration,
    usage: Vec<Usage>,
    plans: u64,
    figures: u64,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match args.first().map(String::as_str) {
        Some("site") => runtime.block_on(site::serve(args[1].parse().unwrap(), args[2].parse().unwrap())),
        Some("worker") => println!("{}", runtime.block_on(worker::crawl(&args[1..]))),
        _ => runtime.block_on(measure(&args)),
    }
}

async fn measure(args: &[String]) {
    let value = |name: &str| args.iter().position(|arg| arg == name).map(|at| args[at + 1].clone());
    let number = |name: &str| value(name).map(|number| number.parse::<usize>().unwrap());
    let load = |pages| {
        let workers = number("--workers").unwrap_or(1);
        Load {
            pages,
            hosts: number("--hosts").unwrap_or(1),
            delay_ms: number("--delay").unwrap_or(0).try_into().unwrap(),
            workers,
            postgresql: workers > 1 || args.iter().any(|arg| arg == "--postgresql"),
        }
    };
    for pages in number("--pages").map_or(vec![5_000, 50_000], |pages| vec![pages]) {
        let load = load(pages);
        let site = Site::start(&load);
        let (name, figures) = match value("--scrapy") {
            Some(python) => ("Scrapy", scrapy(&python, &site)),
            None => ("plangraph", plangraph(&load, &site).await),
        };
        print(name, &load, &figures);
    }
}

#[expect(clippy::cast_precision_loss, reason = "these are not so many")]
fn print(name: &str, load: &Load, figures: &Figures) {
    let (pages, wall) = (load.pages as f64, figures.wall.as_secs_f64());
    let sum = |of: fn(&Usage) -> Duration| figures.usage.iter().map(|usage| of(usage).as_secs_f64()).sum::<f64>();
    let (cpu, stored) = (sum(|usage| usage.cpu), sum(|usage| usage.stored));
    let peak = figures.usage.iter().map(|usage| usage.peak_kib).max().unwrap_or_default() / 1_024;
    let Load { hosts, delay_ms, workers, postgresql, .. } = load;
    let database = if *postgresql { "PostgreSQL" } else { "SQLite" };
    println!(
        "{name}: {pages} pages of {hosts} hosts, {delay_ms} ms between requests to each, {workers} processes, {database}"
    );
    println!("  {} plans and {} figures stored", figures.plans, figures.figures);
    println!("  {wall:.1} s, {:.0} pages a second", pages / wall);
    println!("  {cpu:.1} s of CPU, {:.0} pages a second of CPU, {:.2} ms a page", pages / cpu, 1_000.0 * cpu / pages);
    println!(
        "  {:.0} pages a second of CPU until all were stored, {:.2} ms a page",
        pages / stored,
        1_000.0 * stored / pages
    );
    println!("  {peak} MiB at most in a process");
}

/// The site in a process of its own, which ends with this value.
struct Site {
    process: Child,
    /// Addresses of lists by host.
    lists: Vec<Vec<String>>,
}

impl Site {
    fn start(load: &Load) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("site").args([load.pages, load.hosts].map(|number| number.to_string()));
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let lists = lines.take(load.hosts).map(|line| line.split(' ').map(ToOwned::to_owned).collect()).collect();
        Self { process, lists }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn plangraph(load: &Load, site: &Site) -> Figures {
    let database = if load.postgresql {
        support::databases("bench_crawl").await.into_iter().nth(1).unwrap()
    } else {
        support::sqlite().await
    };
    let TestDatabase { url, connection, .. } = &database;
    let folder = tempfile::tempdir().unwrap();
    let mut workers: Vec<Child> = (0..load.workers)
        .map(|_| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["worker", url, folder.path().to_str().unwrap(), &load.delay_ms.to_string()]);
            command.args(site.lists.iter().map(|lists| lists.join(" ")));
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let wall = ended(connection, load.hosts).await;
    // They stop when their standard input does.
    for worker in &mut workers {
        drop(worker.stdin.take());
    }
    Figures {
        wall,
        usage: workers.into_iter().map(usage).collect(),
        plans: plan::Entity::find().count(connection).await.unwrap(),
        figures: indicator::Entity::find().count(connection).await.unwrap(),
    }
}

/// Waits until so many runs have ended, and answers how long they took together.
async fn ended(db: &DatabaseConnection, runs: usize) -> Duration {
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let ended = crawl_run::Column::FinishedAt.is_not_null();
        let rows = crawl_run::Entity::find().filter(ended).all(db).await.unwrap();
        if rows.len() == runs {
            let began: DateTime<Utc> = rows.iter().filter_map(|run| run.started_at).min().unwrap();
            return (rows.iter().filter_map(|run| run.finished_at).max().unwrap() - began).to_std().unwrap();
        }
    }
}

fn scrapy(python: &str, site: &Site) -> Figures {
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let mut command = Command::new(python);
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/scrapy/plans.py")).arg(folder.path());
    command.args(site.lists.iter().flatten());
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut told = String::new();
    process.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(process.wait().unwrap().success());
    let (usage, rows) = told.trim().split_once('\n').unwrap();
    let (plans, figures) = rows.split_once(' ').unwrap();
    Figures {
        wall: began.elapsed(),
        usage: vec![usage.parse().unwrap()],
        plans: plans.parse().unwrap(),
        figures: figures.parse().unwrap(),
    }
}

/// What a worker that has ended says that it used.
fn usage(mut worker: Child) -> Usage {
    let mut told = String::new();
    worker.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(worker.wait().unwrap().success());
    told.trim().parse().unwrap()
}
