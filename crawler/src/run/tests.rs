//! Whole crawls of a site of our own on loopback.

use std::{
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{Router, http::StatusCode, response::Html, routing::get};
use entity::{
    crawl_run, failure, page, source,
    value::{Health, PageState, RunStatus},
};
use sea_orm::{ColumnTrait, ConnectOptions, Database, EntityTrait, QueryFilter};

use super::*;
use crate::{Source, Stop, progress::Event};

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn database() -> DatabaseConnection {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1);
    let db = Database::connect(options).await.unwrap();
    migration::up(&db).await.unwrap();
    db
}

fn options(folder: &tempfile::TempDir) -> Options {
    let mut options = Options::new(Snapshots::open(folder.path().to_str().unwrap()).unwrap());
    options.limits.backoff = std::time::Duration::from_millis(1);
    options
}

fn sources(site: &str, keys: &str) -> Sources {
    let text = format!("name = '站'\nallow_private = true\ndelay_ms = 0\n{}", keys.replace("SITE", site));
    Sources::new(vec![Source::parse("site", "site.toml", &text).unwrap()])
}

async fn reasons(db: &DatabaseConnection) -> Vec<String> {
    failure::Entity::find().all(db).await.unwrap().into_iter().map(|row| row.reason).collect()
}

#[tokio::test]
async fn every_bad_page_is_named_and_the_source_is_broken() {
    let router = Router::new()
        .route("/empty", get(async || Html("<html><body><ul></ul></body></html>")))
        .route("/down", get(async || StatusCode::INTERNAL_SERVER_ERROR))
        .route("/news", get(async || Html("<html><body><h1>食堂今日菜单</h1><p>红烧肉、清蒸鱼、炒青菜、番茄蛋汤和一碗米饭。</p></body></html>")));
    let site = serve(router).await;
    let (db, folder) = (database().await, tempfile::tempdir().unwrap());
    let keys = "list = ['SITE/empty', 'SITE/down']\narticles = ['SITE/gone', 'SITE/news']\nmin_plans = 1";
    let summary = crawl(&db, &sources(&site, keys), &options(&folder)).await.unwrap();
    let source = &summary.sources[0];
    assert_eq!((source.status, source.health, source.failed), (RunStatus::PartlyFailed, Health::Broken, 4));
    assert_eq!(summary.outcome(), Outcome::Partial);
    let reasons = reasons(&db).await;
    for (path, word) in [("/empty", "no entries"), ("/down", "500"), ("/gone", "404"), ("/news", "holds no plan")] {
        assert!(
            reasons.iter().any(|r| r.contains(&format!("{site}{path}")) && r.contains(word)),
            "{path}: {reasons:?}"
        );
    }
    let row = source::Entity::find().one(&db).await.unwrap().unwrap();
    assert!(row.problem.unwrap().contains("0 plans"));
    let gone = page::Entity::find().filter(page::Column::Url.ends_with("/gone")).one(&db).await.unwrap().unwrap();
    assert_eq!((gone.state, gone.lease_owner), (PageState::NotFound, None));
    let run = crawl_run::Entity::find().one(&db).await.unwrap().unwrap();
    assert_eq!((run.status, run.failed, run.fetched), (RunStatus::PartlyFailed, 4, 2));
    assert!(run.finished_at.is_some());
}

#[tokio::test]
async fn an_unreachable_source_is_broken_and_an_unknown_region_ends_the_crawl() {
    let (db, folder) = (database().await, tempfile::tempdir().unwrap());
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let site = format!("http://{nobody}");
    let summary = crawl(&db, &sources(&site, "list = ['SITE/']"), &options(&folder)).await.unwrap();
    assert_eq!((summary.outcome(), summary.sources[0].health), (Outcome::Nothing, Health::Broken));
    assert!(summary.sources[0].problem.as_ref().unwrap().contains(&site));

    let error = crawl(&db, &sources(&site, "list = ['SITE/']\nregion = '亚特兰蒂斯市'"), &options(&folder)).await;
    let message = error.unwrap_err().to_string();
    assert!(message.contains("site") && message.contains("亚特兰蒂斯市"), "{message}");
}

#[tokio::test]
async fn an_emptied_list_takes_nothing_away() {
    static EMPTY: AtomicBool = AtomicBool::new(false);
    let list = async || {
        let row = "<li><a href='/a'>2025年全县健康工作要点</a> 2025-01-02</li>";
        Html(if EMPTY.load(Ordering::SeqCst) { "<ul></ul>".to_owned() } else { format!("<ul>{row}</ul>") })
    };
    let site = serve(Router::new().route("/list", get(list)).route("/a", get(async || Html("<p>无</p>")))).await;
    let (db, folder) = (database().await, tempfile::tempdir().unwrap());
    let sources = sources(&site, "list = ['SITE/list']");
    crawl(&db, &sources, &options(&folder)).await.unwrap();
    EMPTY.store(true, Ordering::SeqCst);
    let summary = crawl(&db, &sources, &options(&folder)).await.unwrap();
    assert_eq!(summary.sources[0].health, Health::Degraded);
    assert_eq!(page::Entity::find().all(&db).await.unwrap().len(), 2);
}

/// Asks to stop as soon as the crawl begins.
#[derive(Debug)]
struct Impatient(Mutex<Option<tokio::sync::oneshot::Sender<()>>>);

impl Progress for Impatient {
    fn event(&self, _: &str, event: Event<'_>) {
        if let (Event::Started, Some(sender)) = (event, self.0.lock().unwrap().take()) {
            sender.send(()).unwrap();
        }
    }
}

#[tokio::test]
async fn a_crawl_that_is_stopped_says_so_and_holds_no_page() {
    let slow = async || tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let site = serve(Router::new().route("/slow", get(slow))).await;
    let (db, folder) = (database().await, tempfile::tempdir().unwrap());
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let mut options = options(&folder);
    options.progress = Arc::new(Impatient(Mutex::new(Some(sender))));
    options.drain = std::time::Duration::ZERO;
    options.stop = Stop::when(async {
        receiver.await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    });
    let summary = crawl(&db, &sources(&site, "list = ['SITE/slow']"), &options).await.unwrap();
    assert_eq!((summary.sources[0].status, summary.sources[0].health), (RunStatus::Cancelled, Health::NeverRun));
    assert_eq!(page::Entity::find().one(&db).await.unwrap().unwrap().lease_owner, None);
}

#[tokio::test]
async fn a_crawl_that_is_stopped_ends_the_page_at_hand_and_begins_no_other() {
    static ASKED: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let (asked, mut come) = tokio::sync::mpsc::unbounded_channel();
    let page = async move |uri: axum::http::Uri| {
        ASKED.lock().unwrap().push(uri.to_string());
        let _ = asked.send(());
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        Html(PLAN[0].replace("createPageHTML", ""))
    };
    let site = serve(Router::new().route("/{name}", get(page)).route("/robots.txt", get(async || ""))).await;
    let (db, folder) = (database().await, tempfile::tempdir().unwrap());
    let mut options = options(&folder);
    options.stop = Stop::when(async move {
        come.recv().await.unwrap();
    });
    let articles: Vec<_> = (0..9).map(|n| format!("'SITE/{n}.html'")).collect();
    let sources = sources(&site, &format!("articles = [{}]\nregion = '330500'", articles.join(",")));
    let summary = crawl(&db, &sources, &options).await.unwrap();
    assert_eq!((summary.sources[0].status, summary.sources[0].fetched), (RunStatus::Cancelled, 1));
    assert_eq!(ASKED.lock().unwrap().len(), 1, "a host that has not answered yet is asked for one page");
    let pages = page::Entity::find().all(&db).await.unwrap();
    assert!(pages.len() == 9 && pages.iter().all(|page| page.lease_owner.is_none()), "{pages:?}");
}

/// A plan of two pages, or the first of them only, and whatever else a list leads to.
const PLAN: [&str; 2] = [
    "<title>2025年全县健康事业工作安排</title><div class=TRS_Editor><p>一、推进基层服务。</p><p>全年新增托位300个，加强基层能力，完善转诊制度，落实签约服务，强化质量管理，提升服务水平，做好健康指导，健全长期照护，优化助餐服务，深化科普宣传，加快标准化建设，构建完整服务链条，推动医养结合，巩固救治能力，实施早孕关爱行动，确保筛查应查尽查。</p></div><script>createPageHTML(2,0,'t20250102_1','html')</script>",
    "<title>2025年全县健康事业工作安排</title><div class=TRS_Editor><p>二、推进老年健康。</p><p>建设安宁疗护病区3个，开展老年人体检，推动医养结合，做好健康指导，健全长期照护，优化助餐服务。</p></div>",
];

#[tokio::test]
async fn an_article_in_several_pages_is_one_plan() {
    let router = Router::new()
        .route("/t20250102_1.html", get(async || Html(PLAN[0])))
        .route("/t20250102_1_1.html", get(async || Html(PLAN[1])));
    let site = serve(router).await;
    let (db, folder) = (database().await, tempfile::tempdir().unwrap());
    let sources = sources(&site, "articles = ['SITE/t20250102_1.html']\nregion = '330500'");
    let summary = crawl(&db, &sources, &options(&folder)).await.unwrap();
    assert_eq!((summary.sources[0].plans, summary.sources[0].failed), (1, 0), "{:?}", reasons(&db).await);
    let text = entity::plan_version::Entity::find().one(&db).await.unwrap().unwrap().text;
    assert!(text.contains("托位300个") && text.contains("病区3个"), "{text}");
    let again = crawl(&db, &sources, &options(&folder)).await.unwrap();
    assert_eq!((again.sources[0].unchanged, again.sources[0].stored), (1, 0));
}

#[tokio::test]
async fn a_list_is_followed_to_what_is_known_and_no_further() {
    static NEW: AtomicBool = AtomicBool::new(false);
    static ASKED: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let list = async |uri: axum::http::Uri| {
        ASKED.lock().unwrap().push(uri.to_string());
        let page: u32 = uri.query().and_then(|query| query.strip_prefix("page=")?.parse().ok()).unwrap_or(1);
        let row =
            |n: u32, day: &str| format!("<li><a href='/a/{n}.html'>第{n}号健康事业工作安排</a><span>{day}</span></li>");
        let top = row(0, "2019-01-01");
        let new = if NEW.load(Ordering::SeqCst) && page == 1 { row(99, "2025-06-01") } else { String::new() };
        let rows = row(page, &format!("2024-0{}-01", 9 - page));
        let next = if page < 4 { format!("<a href='/list?page={}'>下一页</a>", page + 1) } else { String::new() };
        Html(format!("<ul>{top}{new}{rows}</ul>{next}"))
    };
    let site = serve(Router::new().route("/list", get(list))).await;
    let (db, folder) = (database().await, tempfile::tempdir().unwrap());
    let sources = sources(&site, "list = ['SITE/list']");
    crawl(&db, &sources, &options(&folder)).await.unwrap();
    assert_eq!(ASKED.lock().unwrap().len(), 4);
    NEW.store(true, Ordering::SeqCst);
    ASKED.lock().unwrap().clear();
    crawl(&db, &sources, &options(&folder)).await.unwrap();
    assert_eq!(ASKED.lock().unwrap().as_slice(), ["/list", "/list?page=2"], "the first page had something new");
    assert_eq!(page::Entity::find().filter(page::Column::Url.ends_with("/a/99.html")).all(&db).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_that_its_script_fills_is_read_although_its_page_stays_the_same() {
    static NEW: AtomicBool = AtomicBool::new(false);
    let page = async |headers: axum::http::HeaderMap| {
        let tag = [(axum::http::header::ETAG, "\"shell\"")];
        let shell = "<ul id=list></ul><script>ask('/info/infolist.jsp?cid=1&pagesize=9&callback=?')</script>";
        match headers.get(axum::http::header::IF_NONE_MATCH) {
            Some(_) => (StatusCode::NOT_MODIFIED, tag, Html("")),
            None => (StatusCode::OK, tag, Html(shell)),
        }
    };
    let entries = async || {
        let row =
            |n: u32| format!(r#"{{"url":"/a/{n}.html","title":"第{n}号健康事业工作安排","daytime":"2025-01-0{n}"}}"#);
        let new = if NEW.load(Ordering::SeqCst) { format!(",{}", row(2)) } else { String::new() };
        format!(r#"list({{"infolist":[{}{new}]}})"#, row(1))
    };
    let site = serve(Router::new().route("/list", get(page)).route("/info/infolist.jsp", get(entries))).await;
    let (db, folder) = (database().await, tempfile::tempdir().unwrap());
    let sources = sources(&site, "list = ['SITE/list']");
    let articles = async || {
        crawl(&db, &sources, &options(&folder)).await.unwrap();
        page::Entity::find().filter(page::Column::Url.contains("/a/")).all(&db).await.unwrap().len()
    };
    assert_eq!(articles().await, 1);
    NEW.store(true, Ordering::SeqCst);
    assert_eq!(articles().await, 2);
}
