//! Crawls that are killed, and crawls that share their work: a site of 300 plans has to come out as one undisturbed
//! crawl would have it.

use std::{
    collections::{BTreeMap, hash_map::RandomState},
    hash::BuildHasher,
    net::SocketAddr,
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use entity::{
    crawl_run, indicator, page, plan, plan_version, section, snapshot,
    value::{PageState, RunStatus},
};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};

use crate::program::{Program, declare, texts};

/// Articles of the site.
const PAGES: usize = 300;
/// How often the crawl is killed.
const KILLS: usize = 20;

/// The site: a list of articles, each a plan, and how often what was asked for.
#[derive(Clone, Default)]
struct Site {
    asked: Arc<Mutex<BTreeMap<String, usize>>>,
    total: Arc<AtomicUsize>,
    /// The list is shown when this many workers are at work.
    workers: Arc<AtomicUsize>,
    /// Answers that were a body, not a 304.
    bodies: Arc<AtomicUsize>,
}

impl Site {
    async fn start(&self) -> String {
        let router = Router::new()
            .route("/robots.txt", get(async || StatusCode::NOT_FOUND))
            .route("/list", get(list))
            .route("/{name}", get(article))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn note(&self, path: &str) {
        *self.asked.lock().unwrap().entry(path.to_owned()).or_default() += 1;
        self.total.fetch_add(1, SeqCst);
    }
}

fn title(n: usize) -> String {
    format!("第{n}镇2025年卫生健康工作要点")
}

async fn list(State(site): State<Site>) -> Html<String> {
    site.note("list");
    while site.workers.load(SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let entries: String =
        (0..PAGES).map(|n| format!("<li><a href='/{n}.html'>{}</a> <span>2025-02-03</span></li>", title(n))).collect();
    Html(format!("<html><body><ul>{entries}</ul></body></html>"))
}

async fn article(State(site): State<Site>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    site.note(&name);
    let Some(n) = name.strip_suffix(".html").and_then(|n| n.parse::<usize>().ok()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if headers.contains_key(header::IF_NONE_MATCH) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    site.bodies.fetch_add(1, SeqCst);
    let title = title(n);
    let html = format!(
        "<html><head><title>{title}</title></head><body><h1>{title}</h1>\
         <p>一、推进镇卫生院扩建，加强门诊力量，完善急救网络，做好随访登记，年内新增床位{n}张。</p>\
         <p>二、实施健康家庭培育，落实控烟任务，提升居民健康素养，健全志愿队伍，巩固卫生镇成果。</p>\
         <p>三、优化老年照护服务，推动医养结合，开展上门巡诊，强化药品配送，确保签约居民满意。</p>\
         <p>四、深化分级诊疗，构建会诊平台，争取县级专家下沉，加快信息互通，探索夜间门诊。</p></body></html>"
    );
    ([(header::ETAG, format!("\"{n}\""))], Html(html)).into_response()
}

/// A program that is to crawl the site.
fn program(database: &str, url: &str) -> Program {
    let program = Program::on(database);
    let text = format!("name = 'x'\nregion = '330500'\nlist = ['{url}/list']\nallow_private = true\ndelay_ms = 0\n");
    declare(&program.folder.path().join("sources"), "x", &text);
    program
}

fn start(program: &Program) -> Child {
    let mut command = program.command(&["crawl", "--sources", "sources", "--lease", "1"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).env("RUST_LOG", "warn").spawn().unwrap()
}

/// What a crawl leaves, but for row ids and times: each page with its state, and each plan with all that was read.
async fn rows(db: &DatabaseConnection) -> Vec<String> {
    let mut rows = Vec::new();
    let path = |url: &str| url.rsplit('/').next().unwrap().to_owned();
    let mut pages = BTreeMap::new();
    for page in page::Entity::find().all(db).await.unwrap() {
        let kept = snapshot::Entity::find().filter(snapshot::Column::PageId.eq(page.id)).count(db).await.unwrap();
        let path = path(&page.url);
        rows.push(format!("{path} {:?} {:?} {:?} {kept}", page.state, page.lease_owner, page.last_error));
        pages.insert(page.id, path);
    }
    let mut plans = BTreeMap::new();
    for plan in plan::Entity::find().all(db).await.unwrap() {
        let page = pages[&plan.page_id].clone();
        rows.push(format!("{page} {} {} {}", plan.title, plan.version, plan.region_id));
        plans.insert(plan.id, page);
    }
    for version in plan_version::Entity::find().all(db).await.unwrap() {
        rows.push(format!("{} {} {}", plans[&version.plan_id], version.version, version.text));
    }
    for section in section::Entity::find().all(db).await.unwrap() {
        rows.push(format!("{} {} {} {}", plans[&section.plan_id], section.version, section.position, section.text));
    }
    for figure in indicator::Entity::find().all(db).await.unwrap() {
        rows.push(format!("{} {} {} {}", plans[&figure.plan_id], figure.fingerprint, figure.value, figure.sentence));
    }
    rows.sort();
    rows
}

async fn undisturbed(url: &str) -> Vec<String> {
    let database = support::sqlite().await;
    let status = start(&program(&database.url, url)).wait().unwrap();
    assert!(status.success(), "{status}");
    let rows = rows(&database.connection).await;
    assert!(rows.iter().filter(|row| row.contains(&format!("{:?}", PageState::Fresh))).count() == PAGES + 1);
    rows
}

/// A number below another by chance.
fn chance(below: usize) -> usize {
    usize::try_from(RandomState::new().hash_one(0) % 1_000_000).unwrap() % below
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_killed_at_twenty_moments_leaves_what_an_undisturbed_one_leaves_on_sqlite() {
    killed(&support::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawl_killed_at_twenty_moments_leaves_what_an_undisturbed_one_leaves_on_postgresql() {
    let Some(database) = support::databases("crash").await.into_iter().nth(1) else { return };
    killed(&database).await;
}

/// Kills a crawl at many moments, lets it go on each time, and compares what it leaves.
async fn killed(database: &support::TestDatabase) {
    let site = Site::default();
    site.workers.store(1, SeqCst);
    let url = site.start().await;
    let program = program(&database.url, &url);
    for round in 0..KILLS {
        let before = site.total.load(SeqCst);
        let mut child = start(&program);
        // Some are killed before they ask for anything, the others amid the work on some page.
        let pages = if round % 7 == 3 { 0 } else { 2 + chance(8) };
        let ended = loop {
            if child.try_wait().unwrap().is_some() {
                break true;
            }
            if site.total.load(SeqCst) - before >= pages {
                tokio::time::sleep(Duration::from_millis(u64::try_from(chance(30)).unwrap())).await;
                child.kill().unwrap();
                child.wait().unwrap();
                break false;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        };
        assert!(!ended, "the crawl was over before it was killed for the {round}th time");
    }
    let output = program.run(&["crawl", "--sources", "sources", "--lease", "1"]);
    assert!(output.status.success(), "{}", texts(&output).1);
    let bodies = site.bodies.load(SeqCst);
    // A crawl has three pages of a source in hand, sixteen that are stored together, and as many that wait for it.
    assert!(bodies <= PAGES + (3 + 16 + 16) * KILLS, "{bodies} bodies: what was done was done again");
    let expected = undisturbed(&url).await;
    let found = rows(&database.connection).await;
    assert!(found == expected, "{:#?}", difference(&found, &expected));
    let open = crawl_run::Column::Status.eq(RunStatus::Running);
    assert_eq!(crawl_run::Entity::find().filter(open).count(&database.connection).await.unwrap(), 0);
}

/// A plan of eight figures, or of seven where its publisher has taken one out.
fn edited(is_short: bool) -> String {
    let figures: String = (1..=if is_short { 7 } else { 8 }).map(|n| format!("第{n}所门诊新增床位{n}0张。")).collect();
    format!(
        "<html><head><title>湖州市2025年卫生健康工作要点</title></head><body><h1>湖州市2025年卫生健康工作要点</h1>\
         <p>一、推进门诊扩建，加强力量，完善急救网络，做好随访登记。{figures}</p>\
         <p>二、实施健康家庭培育，落实控烟任务，提升居民健康素养，健全志愿队伍，巩固卫生镇成果。</p></body></html>"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_crawl_held_back_is_judged_by_the_next() {
    for database in support::databases("crash_held").await {
        // 0: the plan is whole; 1: it has lost a figure, and another page does not answer; 2: that one answers.
        static DAY: AtomicUsize = AtomicUsize::new(0);
        DAY.store(0, SeqCst);
        let other = async || {
            while DAY.load(SeqCst) == 1 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Html("<html><body><h1>停电通知</h1><p>明日上午停电两小时，请各科室提前做好准备。</p></body></html>")
        };
        let router = Router::new()
            .route("/plan.html", get(async || Html(edited(DAY.load(SeqCst) > 0))))
            .route("/other.html", get(other));
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let program = Program::on(&database.url);
        let text = format!(
            "name = 'x'\nregion = '330500'\narticles = ['{url}/plan.html', '{url}/other.html']\nallow_private = true\ndelay_ms = 0\n"
        );
        declare(&program.folder.path().join("sources"), "x", &text);
        start(&program).wait().unwrap();
        let db = &database.connection;
        let state = async || {
            let pages = page::Entity::find().filter(page::Column::Url.ends_with("/plan.html"));
            let figures = indicator::Entity::find().filter(indicator::Column::GoneAt.is_null());
            (pages.one(db).await.unwrap().unwrap().state, figures.count(db).await.unwrap())
        };
        assert_eq!(state().await, (PageState::Fresh, 8));

        DAY.store(1, SeqCst);
        let mut child = start(&program);
        while state().await.0 != PageState::Held {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(state().await, (PageState::Held, 8));
        let (out, _) = texts(&program.run(&["sources", "held", "x"]));
        assert!(out.contains("had 8 figures and now 7 can be read") && out.contains("/plan.html"), "{out}");

        DAY.store(2, SeqCst);
        start(&program).wait().unwrap();
        assert_eq!(state().await, (PageState::Fresh, 7));
    }
}

/// The first rows that only one of two crawls has.
fn difference<'a>(found: &'a [String], expected: &'a [String]) -> Vec<&'a String> {
    let only = |these: &'a [String], others: &'a [String]| these.iter().filter(|row| !others.contains(row)).take(5);
    only(found, expected).chain(only(expected, found)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_fetch_every_page_once() {
    let Some(database) = support::databases("two_workers").await.into_iter().nth(1) else { return };
    let site = Site::default();
    let url = site.start().await;
    let programs = [program(&database.url, &url), program(&database.url, &url)];
    let mut children = programs.each_ref().map(start);
    // The list is held back until both are there, so that both have work.
    loop {
        let running = crawl_run::Entity::find().count(&database.connection).await.unwrap();
        if running == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    site.workers.store(2, SeqCst);
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    let asked = site.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), PAGES + 1);
    let often: Vec<_> = asked.iter().filter(|(_, times)| **times != 1).collect();
    assert!(often.is_empty(), "{often:?}");
    let fetched: Vec<i32> =
        crawl_run::Entity::find().all(&database.connection).await.unwrap().iter().map(|run| run.fetched).collect();
    assert!(fetched.iter().all(|fetched| *fetched > 20), "{fetched:?}: one did all the work");
    assert!(rows(&database.connection).await == undisturbed(&url).await);
}
