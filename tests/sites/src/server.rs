//! The five sites over HTTP.

use std::{
    collections::HashMap,
    fmt::Write as _,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinSet};

use crate::pages::{SITES, Site};

/// The running sites; they stop when this is dropped.
#[derive(Debug)]
pub struct Sites {
    addresses: Vec<(&'static Site, SocketAddr)>,
    shared: Arc<Shared>,
    _servers: JoinSet<io::Result<()>>,
}

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The site's slug.
    pub site: &'static str,
    /// GET, HEAD or POST.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
}

#[derive(Debug, Default)]
struct Shared {
    edits: Mutex<HashMap<&'static str, Vec<(String, String)>>>,
    log: Mutex<Vec<Request>>,
}

/// A request handler never leaves the shared state half written, so a poisoned lock is as good as a whole one.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sites {
    /// Starts all sites, each on a free loopback port.
    ///
    /// # Errors
    /// When a port cannot be had.
    pub async fn start() -> io::Result<Self> {
        Self::on((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts all sites from a port on, each on the next; each on a free one where the port is 0.
    ///
    /// # Errors
    /// When a port cannot be had.
    pub async fn on(first: SocketAddr) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let mut addresses = Vec::new();
        let mut servers = JoinSet::new();
        for (site, nth) in SITES.iter().zip(0..) {
            let port = if first.port() == 0 { 0 } else { first.port().saturating_add(nth) };
            let listener = TcpListener::bind((first.ip(), port)).await?;
            addresses.push((site, listener.local_addr()?));
            let router = Router::new().fallback(answer).with_state((site, Arc::clone(&shared)));
            servers.spawn(async move { axum::serve(listener, router).await });
        }
        Ok(Self { addresses, shared, _servers: servers })
    }

    /// Slug and list address of every site.
    pub fn lists(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.addresses.iter().map(|(site, address)| (site.slug, format!("http://{address}{}", site.list)))
    }

    /// Slug and declaration of every site, as an operator would write it for a crawl of this machine.
    pub fn declarations(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.declarations_at(None)
    }

    /// The same for a crawl from another machine, which knows this one by a name.
    pub fn declarations_at(&self, host: Option<&str>) -> impl Iterator<Item = (&'static str, String)> {
        self.addresses.iter().map(move |(site, address)| {
            let at = host.map_or_else(|| address.to_string(), |host| format!("{host}:{}", address.port()));
            let (slug, list) = (site.slug, format!("http://{at}{}", site.list));
            let region = site.region.map(|code| format!("region = '{code}'\n")).unwrap_or_default();
            let name = site.name;
            let rest = "min_plans = 1\nallow_private = true\ndelay_ms = 0\n";
            (slug, format!("name = '{name}'\n{region}list = ['{list}']\n{rest}"))
        })
    }

    /// Replaces a text on a site's plan page from now on, as a publisher would who edits silently.
    pub fn edit(&self, site: &'static str, from: &str, to: &str) {
        locked(&self.shared.edits).entry(site).or_default().push((from.to_owned(), to.to_owned()));
    }

    /// The requests answered so far, robots.txt left out.
    #[must_use]
    pub fn log(&self) -> Vec<Request> {
        locked(&self.shared.log).clone()
    }
}

async fn answer(
    State((site, shared)): State<(&'static Site, Arc<Shared>)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    if uri.path() == "/robots.txt" {
        return "User-agent: *\nDisallow: /admin/\n".into_response();
    }
    let path = uri.path_and_query().map_or("/", |p| p.as_str());
    let mut text = site.text.to_owned();
    for (from, to) in locked(&shared.edits).get(site.slug).into_iter().flatten() {
        text = text.replace(from.as_str(), to);
    }
    let page = (site.answer)(path, &String::from_utf8_lossy(&form), &text);
    let response = match page {
        None => (StatusCode::NOT_FOUND, "<h1>404</h1>").into_response(),
        Some(page) => {
            let tag = tag(&page.body);
            let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value == tag.as_str());
            let mut response = if known && method != Method::POST {
                StatusCode::NOT_MODIFIED.into_response()
            } else {
                ([(header::CONTENT_TYPE, page.media_type)], page.body).into_response()
            };
            if let Ok(value) = HeaderValue::from_str(&tag) {
                response.headers_mut().insert(header::ETAG, value);
            }
            response
        }
    };
    locked(&shared.log).push(Request {
        site: site.slug,
        method: method.to_string(),
        path: path.to_owned(),
        status: response.status().as_u16(),
    });
    response
}

/// A strong validator of a body.
fn tag(body: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in &Sha256::digest(body)[..12] {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}
