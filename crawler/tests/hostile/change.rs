//! A site that changes between two crawls.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::Path, http::StatusCode, response::Html, routing::get};
use entity::value::{Health, PageState};

use crate::site::{Crawler, Site, list_page, plan_page};

const TITLES: [&str; 3] = ["2023年全县卫生健康工作要点", "2024年全县卫生健康工作要点", "2025年全县卫生健康工作要点"];

/// What stands at which path now.
type Pages = Arc<Mutex<Vec<(&'static str, String)>>>;

struct Publisher {
    site: Site,
    pages: Pages,
    crawler: Crawler,
}

impl Publisher {
    async fn new(pages: Vec<(&'static str, String)>) -> Self {
        let pages = Arc::new(Mutex::new(pages));
        let shown = Arc::clone(&pages);
        let show = async move |Path(path): Path<String>| {
            let pages = shown.lock().unwrap();
            let found = pages.iter().find(|(known, _)| known[1..] == path);
            found.map(|(_, html)| Html(html.clone())).ok_or(StatusCode::NOT_FOUND)
        };
        let site = Site::serve(Router::new().route("/{*path}", get(show))).await;
        let crawler = Crawler::of(&site, "list = ['SITE/list']\nmin_plans = 1").await;
        Self { site, pages, crawler }
    }

    fn put(&self, path: &'static str, html: String) {
        let mut pages = self.pages.lock().unwrap();
        pages.retain(|(known, _)| *known != path);
        pages.push((path, html));
    }

    fn remove(&self, path: &str) {
        self.pages.lock().unwrap().retain(|(known, _)| *known != path);
    }
}

#[tokio::test]
async fn a_list_that_reorders_while_it_is_read() {
    let mut paths = ["/1.html", "/2.html", "/3.html"];
    let mut pages: Vec<_> =
        paths.into_iter().zip(TITLES).map(|(path, title)| (path, plan_page(title, 30, ""))).collect();
    pages.push(("/list", list_page(paths.into_iter().zip(TITLES))));
    let publisher = Publisher::new(pages).await;
    for round in 1..=3 {
        let summary = publisher.crawler.crawl().await;
        assert_eq!((summary.failed, summary.plans), (0, 3), "{summary:?}");
        assert_eq!(publisher.crawler.pages().await, 4);
        for path in paths {
            assert_eq!(publisher.site.asked(path), round, "{path}");
        }
        paths.rotate_left(1);
        let mut titles = TITLES;
        titles.rotate_left(round);
        // The same entry twice, too, as where one slides from a page of a list to the next between two requests.
        let doubled = paths.into_iter().zip(titles).chain([(paths[0], titles[0])]);
        publisher.put("/list", list_page(doubled));
    }
    assert_eq!(publisher.crawler.versions().await.len(), 3, "nothing is new");
}

#[tokio::test]
async fn an_article_that_moves() {
    let html = plan_page(TITLES[0], 30, "");
    let publisher =
        Publisher::new(vec![("/list", list_page([("/old.html", TITLES[0])])), ("/old.html", html.clone())]).await;
    publisher.crawler.crawl().await;
    publisher.remove("/old.html");
    publisher.put("/new.html", html);
    publisher.put("/list", list_page([("/new.html", TITLES[0])]));
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.stored, summary.failed), (1, 1), "{summary:?}");
    let old = publisher.crawler.page("/old.html").await;
    assert!(old.state == PageState::NotFound && old.last_error.unwrap().contains("404"));
    assert_eq!(publisher.crawler.page("/new.html").await.state, PageState::Fresh);
    assert_eq!(publisher.crawler.plans().await[0].page_id, old.id, "what was read there is kept");
}

#[tokio::test]
async fn a_list_emptied_overnight() {
    let list = list_page([("/1.html", TITLES[0])]);
    let publisher = Publisher::new(vec![("/list", list.clone()), ("/1.html", plan_page(TITLES[0], 30, ""))]).await;
    assert_eq!(publisher.crawler.crawl().await.health, Health::Ok);
    publisher.put("/list", list_page([]));
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.health, summary.plans), (Health::Degraded, 1));
    assert!(summary.problem.unwrap().contains("/list"));
    publisher.put("/list", list);
    assert_eq!(publisher.crawler.crawl().await.health, Health::Ok);
    assert_eq!(publisher.crawler.versions().await.len(), 1);
}

#[tokio::test]
async fn an_article_edited_silently() {
    let list = list_page([("/1.html", TITLES[0])]);
    let publisher = Publisher::new(vec![("/list", list), ("/1.html", plan_page(TITLES[0], 30, ""))]).await;
    publisher.crawler.crawl().await;
    publisher.put("/1.html", plan_page(TITLES[0], 45, ""));
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.stored, summary.failed), (1, 0), "{summary:?}");
    let versions = publisher.crawler.versions().await;
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [1, 2]);
    assert!(versions[1].text.contains("45张") && versions[1].diff.as_ref().unwrap().contains("30张"));
    assert_eq!(publisher.crawler.plans().await.len(), 1);
}

#[tokio::test]
async fn one_byte_changed_in_the_footer_only() {
    let list = list_page([("/1.html", TITLES[0])]);
    let publisher = Publisher::new(vec![("/list", list), ("/1.html", plan_page(TITLES[0], 30, "您是第1位访客"))]).await;
    publisher.crawler.crawl().await;
    publisher.put("/1.html", plan_page(TITLES[0], 30, "您是第2位访客"));
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.fetched, summary.stored), (1, 0), "{summary:?}");
    assert_eq!(publisher.crawler.versions().await.len(), 1, "no new version");
    let page = publisher.crawler.page("/1.html").await;
    assert_eq!(publisher.crawler.snapshots(&page).await, 2, "but what came is kept");
}
