//! The server, and somebody who asks it.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use crawler::{
    Error, Options, Snapshots, Source, SourceSummary, Sources, crawl,
    fetch::{Answer, Body, FetchError, Fetcher, Limits, Manners, Method, Validators},
};
use entity::{failure, page, plan, plan_version, snapshot, source};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

type Log = Arc<Mutex<Vec<(String, Instant)>>>;

/// A running server, which notes what it is asked.
pub(crate) struct Site {
    pub(crate) url: Url,
    log: Log,
}

async fn note(State(log): State<Log>, request: Request, next: Next) -> Response {
    log.lock().unwrap().push((request.uri().path().to_owned(), Instant::now()));
    next.run(request).await
}

async fn listener() -> (TcpListener, Url) {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    (listener, url)
}

impl Site {
    pub(crate) async fn serve(router: Router) -> Self {
        let (listener, url) = listener().await;
        let log = Log::default();
        let router = router.layer(middleware::from_fn_with_state(Arc::clone(&log), note));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, log }
    }

    /// A server that answers every request with what `answer` writes to its socket; robots.txt with nothing.
    pub(crate) async fn raw<F: Future<Output = ()> + Send + 'static>(answer: fn(TcpStream) -> F) -> Self {
        let (listener, url) = listener().await;
        let log = Log::default();
        let noted = Arc::clone(&log);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let log = Arc::clone(&noted);
                tokio::spawn(async move {
                    let mut request = vec![0; 4_096];
                    let Ok(length) = stream.read(&mut request).await else { return };
                    let request = String::from_utf8_lossy(&request[..length]).into_owned();
                    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                    let is_robots = path == "/robots.txt";
                    log.lock().unwrap().push((path, Instant::now()));
                    if is_robots {
                        let none = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                        let _ = stream.write_all(none).await;
                    } else {
                        answer(stream).await;
                    }
                });
            }
        });
        Self { url, log }
    }

    pub(crate) fn at(&self, path: &str) -> Url {
        self.url.join(path).unwrap()
    }

    /// When a path was asked for.
    pub(crate) fn times(&self, path: &str) -> Vec<Instant> {
        self.log.lock().unwrap().iter().filter(|(asked, _)| asked == path).map(|(_, at)| *at).collect()
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.times(path).len()
    }
}

/// Limits that no honest answer of a test meets, and no wait that a test would feel.
pub(crate) fn limits() -> Limits {
    Limits { body: 256 * 1_024, packed: 128 * 1_024, backoff: Duration::from_millis(2), ..Limits::default() }
}

/// Limits on time that a slow answer meets soon.
pub(crate) fn hasty() -> Limits {
    Limits {
        first_byte: Duration::from_millis(400),
        read: Duration::from_millis(400),
        total: Duration::from_millis(800),
        ..limits()
    }
}

/// Somebody who asks.
pub(crate) struct Asker {
    pub(crate) database: support::TestDatabase,
    fetcher: Fetcher,
}

impl Asker {
    pub(crate) async fn new(limits: Limits) -> Self {
        let database = support::sqlite().await;
        let fetcher = Fetcher::new(database.connection.clone(), None, limits).unwrap();
        Self { database, fetcher }
    }

    pub(crate) async fn ask(&self, url: &Url, delay: Duration) -> Result<Body, FetchError> {
        let manners = Manners { delay, allow_private: true };
        match self.fetcher.fetch(url, &Method::Get, &Validators::default(), manners).await {
            Ok(Answer::Body(body)) => Ok(*body),
            Ok(Answer::NotModified { .. }) => panic!("nobody asked whether it was modified"),
            Err(Error::Fetch(error)) => Err(error),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Asks a site once, with everything new.
pub(crate) async fn ask(site: &Site, path: &str, limits: Limits) -> Result<Body, FetchError> {
    Asker::new(limits).await.ask(&site.at(path), Duration::ZERO).await
}

/// A source on a site; `keys` are those of its declaration, with `SITE` for the site's address.
pub(crate) fn declared(site: &Site, slug: &str, keys: &str) -> Source {
    let keys = keys.replace("SITE", site.url.as_str().trim_end_matches('/'));
    let text = format!("name = '站'\nregion = '330500'\nallow_private = true\ndelay_ms = 0\n{keys}");
    Source::parse(slug, &format!("{slug}.toml"), &text).unwrap()
}

/// Somebody who crawls a site.
pub(crate) struct Crawler {
    pub(crate) database: support::TestDatabase,
    sources: Sources,
    pub(crate) options: Options,
    pub(crate) folder: tempfile::TempDir,
}

impl Crawler {
    /// `keys` are those of the source's declaration, with `SITE` for the site's address.
    pub(crate) async fn of(site: &Site, keys: &str) -> Self {
        Self::on(support::sqlite().await, site, keys).await
    }

    pub(crate) async fn on(database: support::TestDatabase, site: &Site, keys: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources::new(vec![declared(site, "site", keys)]);
        let mut options = Options::new(Snapshots::open(folder.path().to_str().unwrap()).unwrap());
        options.limits = limits();
        Self { database, sources, options, folder }
    }

    pub(crate) async fn crawl(&self) -> SourceSummary {
        self.crawl_as(&self.sources).await.remove(0)
    }

    pub(crate) async fn crawl_as(&self, sources: &Sources) -> Vec<SourceSummary> {
        crawl(self.db(), sources, &self.options).await.unwrap().sources
    }

    pub(crate) fn db(&self) -> &DatabaseConnection {
        &self.database.connection
    }

    pub(crate) async fn page(&self, path: &str) -> page::Model {
        let ends = page::Column::Url.ends_with(path);
        page::Entity::find().filter(ends).one(self.db()).await.unwrap().unwrap_or_else(|| panic!("no page {path}"))
    }

    pub(crate) async fn pages(&self) -> usize {
        page::Entity::find().all(self.db()).await.unwrap().len()
    }

    pub(crate) async fn plans(&self) -> Vec<plan::Model> {
        plan::Entity::find().order_by_asc(plan::Column::Id).all(self.db()).await.unwrap()
    }

    pub(crate) async fn versions(&self) -> Vec<plan_version::Model> {
        plan_version::Entity::find().order_by_asc(plan_version::Column::Id).all(self.db()).await.unwrap()
    }

    pub(crate) async fn snapshots(&self, page: &page::Model) -> usize {
        let of_page = snapshot::Column::PageId.eq(page.id);
        snapshot::Entity::find().filter(of_page).all(self.db()).await.unwrap().len()
    }

    pub(crate) async fn failures(&self) -> Vec<failure::Model> {
        failure::Entity::find().all(self.db()).await.unwrap()
    }

    pub(crate) async fn source(&self) -> source::Model {
        source::Entity::find().one(self.db()).await.unwrap().unwrap()
    }
}

/// A plan's page as the site would send it.
pub(crate) fn plan_page(title: &str, beds: u32, footer: &str) -> String {
    format!(
        "<html><head><meta charset='utf-8'><title>{title}</title></head><body>\
         <ul><li><a href='/'>首页</a></li><li><a href='/list'>规划计划</a></li></ul><h1>{title}</h1><div class='content'>\
         <p>一、推进县域医共体建设，加强乡镇卫生院能力，完善双向转诊，做好慢病随访，年内新增床位{beds}张。</p>\
         <p>二、实施健康县城行动，落实爱国卫生任务，提升居民健康素养水平，健全监测网络，巩固无烟单位成果。</p>\
         <p>三、优化托育服务供给，推动幼儿园办托班，开展从业人员培训，强化安全管理，确保家长放心。</p>\
         <p>四、深化人事薪酬改革，构建激励机制，落实值班补助，争取专项资金，加快人才引进，充实基层队伍。</p>\
         </div><p>{footer}</p></body></html>"
    )
}

/// A list's page.
pub(crate) fn list_page<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let rows: String = entries
        .into_iter()
        .map(|(path, title)| format!("<li><a href='{path}' title='{title}'>{title}</a><span>2025-03-04</span></li>"))
        .collect();
    format!("<html><body><ul>{rows}</ul></body></html>")
}
