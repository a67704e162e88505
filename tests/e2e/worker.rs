//! Processes that share the schedule and its queue, and reading again what is kept.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    process::{Child, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use entity::{
    crawl_run, page, plan, plan_version,
    value::{PageKind, RunStatus},
};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use support::TestDatabase;

use crate::program::{Program, declare, texts};

/// Articles of each source.
const PAGES: usize = 20;

/// Many sources on one host: a list of articles each, and how often what was asked for.
#[derive(Clone, Default)]
struct Site {
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
    /// When it was asked for any of them.
    times: Arc<Mutex<Vec<Instant>>>,
    /// Lists are shown when so many of them were asked for.
    lists: usize,
}

impl Site {
    async fn start(&self) -> String {
        let router = Router::new()
            .route("/robots.txt", get(async || StatusCode::NOT_FOUND))
            .route("/{source}/{name}", get(show))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn lists_asked(&self) -> usize {
        self.asked.lock().unwrap().keys().filter(|path| path.ends_with("/list")).count()
    }
}

async fn show(State(site): State<Site>, Path((source, name)): Path<(String, String)>) -> Html<String> {
    site.times.lock().unwrap().push(Instant::now());
    *site.asked.lock().unwrap().entry(format!("{source}/{name}")).or_default() += 1;
    let title = |n: &str| format!("{source}区第{n}镇2025年卫生健康工作要点");
    if name == "list" {
        while site.lists_asked() < site.lists {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let row = |n: usize| {
            let title = title(&n.to_string());
            format!("<li><a href='/{source}/{n}.html'>{title}</a> <span>2025-02-03</span></li>")
        };
        return Html((0..PAGES).map(row).collect());
    }
    let n = name.trim_end_matches(".html");
    let title = title(n);
    Html(format!(
        "<html><head><title>{title}</title></head><body><h1>{title}</h1>\
         <p>一、推进镇卫生院扩建，加强门诊力量，完善急救网络，做好随访登记，年内新增床位{n}张。</p>\
         <p>二、实施健康家庭培育，落实控烟任务，提升居民健康素养，健全志愿队伍，巩固卫生镇成果。</p>\
         <p>三、优化老年照护服务，推动医养结合，开展上门巡诊，强化药品配送，确保签约居民满意。</p>\
         <p>四、深化分级诊疗，构建会诊平台，争取县级专家下沉，加快信息互通，探索夜间门诊。</p></body></html>"
    ))
}

/// A program that is to crawl so many sources of the site at its own pace.
fn program(database: &str, url: &str, sources: usize) -> Program {
    paced(database, url, sources, 0)
}

/// A program that is to crawl so many sources of the site, with so many milliseconds between two requests.
fn paced(database: &str, url: &str, sources: usize, delay_ms: u64) -> Program {
    let program = Program::on(database);
    for number in 0..sources {
        let text = format!(
            "name = 'x'\nregion = '330500'\nlist = ['{url}/s{number}/list']\nallow_private = true\ndelay_ms = {delay_ms}\n"
        );
        declare(&program.folder.path().join("sources"), &format!("s{number}"), &text);
    }
    program
}

/// A process that ends with this value.
struct Running(Child);

impl Running {
    fn start(program: &Program, args: &[&str]) -> Self {
        let mut command = program.command(args);
        Self(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn worker(program: &Program, lease: &str) -> Self {
        Self::start(program, &["worker", "--sources", "sources", "--lease", lease])
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn ended(db: &DatabaseConnection, runs: u64) {
    let over = crawl_run::Column::FinishedAt.is_not_null();
    while crawl_run::Entity::find().filter(over.clone()).count(db).await.unwrap() < runs {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_share_what_is_due() {
    let Some(database) = support::databases("workers").await.into_iter().nth(1) else { return };
    // A worker asks one host for two pages at once: the lists are shown when two workers are at work.
    let site = Site { lists: 3, ..Site::default() };
    let url = site.start().await;
    let programs = [(); 2].map(|()| program(&database.url, &url, 8));
    let _workers = programs.each_ref().map(|program| Running::worker(program, "60"));
    ended(&database.connection, 8).await;
    let asked = site.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 8 * (PAGES + 1));
    let often: Vec<_> = asked.iter().filter(|(_, times)| **times != 1).collect();
    assert!(often.is_empty(), "{often:?}");
    let runs = crawl_run::Entity::find().all(&database.connection).await.unwrap();
    assert!(runs.len() == 8 && runs.iter().all(|run| run.status == RunStatus::Succeeded && run.scheduled), "{runs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn four_workers_fetch_every_page_once_and_ask_no_host_faster_than_its_rate() {
    const SOURCES: usize = 16;
    const DELAY: Duration = Duration::from_millis(20);
    let Some(database) = support::databases("four_workers").await.into_iter().nth(1) else { return };
    let site = Site::default();
    let url = site.start().await;
    let programs = [(); 4].map(|()| paced(&database.url, &url, SOURCES, 20));
    let _workers = programs.each_ref().map(|program| Running::worker(program, "60"));
    ended(&database.connection, SOURCES as u64).await;
    let asked = site.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), SOURCES * (PAGES + 1));
    let often: Vec<_> = asked.iter().filter(|(_, times)| **times != 1).collect();
    assert!(often.is_empty(), "{often:?}");
    // All sources are on one host. How late a single request comes here is the system's affair; all of them together
    // can have taken no less than their turns, but for a second by which the first may have been late.
    let times = site.times.lock().unwrap().clone();
    let took = *times.iter().max().unwrap() - times[0];
    let turns = DELAY * u32::try_from(times.len() - 1).unwrap();
    assert!(took + Duration::from_secs(1) >= turns, "{} requests in {took:?}", times.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_had_is_done_by_another() {
    for database in support::databases("dead_worker").await {
        let site = Site::default();
        let url = site.start().await;
        let program = program(&database.url, &url, 2);
        let worker = Running::worker(&program, "1");
        while site.asked.lock().unwrap().len() < PAGES / 2 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        drop(worker);
        let _worker = Running::worker(&program, "1");
        ended(&database.connection, 2).await;
        let runs = crawl_run::Entity::find().all(&database.connection).await.unwrap();
        assert_eq!(runs.len(), 2, "the same runs");
        assert_eq!(plan::Entity::find().count(&database.connection).await.unwrap() as usize, 2 * PAGES);
        assert_eq!(plan_version::Entity::find().count(&database.connection).await.unwrap() as usize, 2 * PAGES);
    }
}

/// As if other rules had read all of it otherwise.
async fn read_by_others(database: &TestDatabase) {
    let db = &database.connection;
    let pages = page::Entity::update_many().col_expr(page::Column::ReadWith, Expr::value("0.0.1+1"));
    pages.exec(db).await.unwrap();
    plan_version::Entity::update_many()
        .col_expr(plan_version::Column::ExtractorVersion, Expr::value("0.0.1+1"))
        .col_expr(plan_version::Column::Digest, Expr::value("another"))
        .exec(db)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_again_that_is_killed_goes_on_where_it_stopped() {
    for database in support::databases("reextract_killed").await {
        let db = &database.connection;
        let site = Site::default();
        let program = program(&database.url, &site.start().await, 4);
        let output = program.run(&["crawl", "--sources", "sources"]);
        assert!(output.status.success(), "{}", texts(&output).1);
        read_by_others(&database).await;
        let asked = site.asked.lock().unwrap().values().sum::<usize>();

        let read = page::Column::ReadWith.eq(extract::VERSION).and(page::Column::Kind.eq(PageKind::Article));
        let done = async || page::Entity::find().filter(read.clone()).count(db).await.unwrap() as usize;
        let killed = Running::start(&program, &["reextract", "--lease", "1"]);
        while done().await < PAGES {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        drop(killed);
        let before = done().await;
        let output = program.run(&["reextract", "--lease", "1"]);
        assert!(output.status.success(), "{}", texts(&output).1);
        let (told, _) = texts(&output);
        let left = 4 * PAGES - before;
        assert_eq!(told, format!("{left} pages read again, {left} plans with a new version, 0 pages failed\n"));
        let versions = plan_version::Entity::find().all(db).await.unwrap();
        assert_eq!(versions.len(), 2 * 4 * PAGES);
        assert!(versions.iter().all(|version| version.technical == (version.version == 2)), "each has just one more");
        assert_eq!(site.asked.lock().unwrap().values().sum::<usize>(), asked, "nothing is fetched");
    }
}
