//! Crawls the five corpus sites over HTTP, twice. Skipped, and says so, where they are not there.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crawler::{Options, Outcome, Snapshots, Source, Sources, crawl};
use entity::{indicator, plan, plan_version, section};
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};

/// The five sites, ended with the test.
struct Sites {
    process: Child,
    port: u16,
}

impl Sites {
    fn start() -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/serve.py");
        let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status();
        if !script.exists() || !python.is_ok_and(|status| status.success()) {
            eprintln!("SKIPPED: the corpus test needs python3 and {}", script.display());
            return None;
        }
        let port = TcpListener::bind("127.0.0.11:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("python3").arg(script).args(["--port", &port.to_string()]).spawn().unwrap();
        Some(Self { process, port })
    }

    /// The declarations of the sites, on this port.
    fn sources(&self) -> Sources {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/sources");
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let source = |path: &PathBuf| {
            let text = std::fs::read_to_string(path).unwrap().replace(":8700/", &format!(":{}/", self.port));
            Source::parse(path.file_stem().unwrap().to_str().unwrap(), &path.display().to_string(), &text).unwrap()
        };
        Sources::new(files.iter().map(source).collect())
    }

    /// The requests served so far, robots.txt left out: method, path and status.
    async fn log(&self) -> Vec<Request> {
        let url = format!("http://127.0.0.11:{}/__log", self.port);
        let text = reqwest::get(url).await.unwrap().bytes().await.unwrap();
        let log: Vec<serde_json::Value> = serde_json::from_slice(&text).unwrap();
        let word = |entry: &serde_json::Value, key: &str| entry[key].as_str().unwrap().to_owned();
        log.iter()
            .map(|entry| (word(entry, "method"), word(entry, "path"), entry["status"].as_u64().unwrap()))
            .filter(|(_, path, _)| path != "/robots.txt")
            .collect()
    }

    async fn ready(&self) {
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.15", self.port)).is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the sites did not start");
    }
}

impl Drop for Sites {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

type Request = (String, String, u64);

fn gets(log: &[Request]) -> Vec<&Request> {
    log.iter().filter(|(method, _, _)| method == "GET").collect()
}

type Tables = (Vec<plan::Model>, Vec<plan_version::Model>, Vec<section::Model>, Vec<indicator::Model>);

async fn tables(db: &DatabaseConnection) -> Tables {
    (
        plan::Entity::find().order_by_asc(plan::Column::Id).all(db).await.unwrap(),
        plan_version::Entity::find().order_by_asc(plan_version::Column::Id).all(db).await.unwrap(),
        section::Entity::find().order_by_asc(section::Column::Id).all(db).await.unwrap(),
        indicator::Entity::find().order_by_asc(indicator::Column::Id).all(db).await.unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn five_sites_hold_36_plans_and_a_second_crawl_changes_nothing() {
    for database in support::databases("crawler_corpus").await {
        let Some(sites) = Sites::start() else { return };
        sites.ready().await;
        crawl_twice(&sites, &database.connection).await;
    }
}

async fn crawl_twice(sites: &Sites, db: &DatabaseConnection) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::new(Snapshots::open(folder.path().join("snapshots").to_str().unwrap()).unwrap());
    let sources = sites.sources();

    let first = crawl(db, &sources, &options).await.unwrap();
    let stored = tables(db).await;
    let titles: Vec<String> = stored.0.iter().map(|plan| format!("{} {}", plan.region_id, plan.title)).collect();
    assert_eq!(titles.len(), 36, "{first:#?}\n{titles:#?}");
    assert_eq!(first.outcome(), Outcome::Complete, "{first:#?}");

    let log = sites.log().await;
    assert_eq!(gets(&log).len(), 10, "five lists and five articles, none of the decoys: {log:?}");
    let served = log.len();
    let second = crawl(db, &sources, &options).await.unwrap();
    assert_eq!(second.outcome(), Outcome::Complete, "{second:#?}");
    for source in &second.sources {
        assert_eq!((source.fetched, source.stored), (0, 0), "{source:?}");
        assert!(source.unchanged >= 2, "{source:?}");
    }
    let log = sites.log().await.split_off(served);
    assert_eq!(gets(&log).len(), 10, "{log:?}");
    assert!(gets(&log).iter().all(|(_, _, status)| *status == 304), "{log:?}");
    assert!(log.iter().all(|(method, _, _)| method == "GET"), "an unchanged list is not paged through: {log:?}");
    assert!(tables(db).await == stored, "the second crawl changed the database");
}
