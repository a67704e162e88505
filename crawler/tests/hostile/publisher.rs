//! A publisher: pages that can be changed, and somebody who crawls them.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use support::TestDatabase;

use crate::site::{Crawler, Site};

pub(crate) const TITLES: [&str; 3] =
    ["2023年全县卫生健康工作要点", "2024年全县卫生健康工作要点", "2025年全县卫生健康工作要点"];

/// What stands at a path now.
#[derive(Clone)]
enum Answer {
    Html(String),
    Redirect(StatusCode, &'static str),
}

type Pages = Arc<Mutex<BTreeMap<&'static str, Answer>>>;

pub(crate) struct Publisher {
    pub(crate) site: Site,
    pages: Pages,
    pub(crate) crawler: Crawler,
}

impl Publisher {
    /// With a crawler on SQLite.
    pub(crate) async fn new(pages: Vec<(&'static str, String)>) -> Self {
        Self::on(support::sqlite().await, pages).await
    }

    /// With a crawler on some database.
    pub(crate) async fn on(database: TestDatabase, pages: Vec<(&'static str, String)>) -> Self {
        let pages: Pages =
            Arc::new(Mutex::new(pages.into_iter().map(|(path, html)| (path, Answer::Html(html))).collect()));
        let shown = Arc::clone(&pages);
        let show = async move |Path(path): Path<String>, headers: HeaderMap| -> Response {
            let answer = shown.lock().unwrap().get(&*format!("/{path}")).cloned();
            match answer {
                None => StatusCode::NOT_FOUND.into_response(),
                Some(Answer::Redirect(status, to)) => (status, [(header::LOCATION, to)]).into_response(),
                Some(Answer::Html(html)) => {
                    let mut hasher = DefaultHasher::new();
                    html.hash(&mut hasher);
                    let tag = format!("\"{:x}\"", hasher.finish());
                    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
                        return StatusCode::NOT_MODIFIED.into_response();
                    }
                    ([(header::ETAG, tag)], Html(html)).into_response()
                }
            }
        };
        let site = Site::serve(Router::new().route("/{*path}", get(show))).await;
        let crawler = Crawler::on(database, &site, "list = ['SITE/list']\nmin_plans = 1").await;
        Self { site, pages, crawler }
    }

    pub(crate) fn put(&self, path: &'static str, html: String) {
        self.pages.lock().unwrap().insert(path, Answer::Html(html));
    }

    pub(crate) fn redirect(&self, path: &'static str, status: StatusCode, to: &'static str) {
        self.pages.lock().unwrap().insert(path, Answer::Redirect(status, to));
    }

    pub(crate) fn remove(&self, path: &str) {
        self.pages.lock().unwrap().remove(path);
    }
}
