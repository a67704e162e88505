//! robots.txt in all its cases.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Redirect},
    routing::get,
};
use crawler::fetch::FetchError;

use crate::site::{Asker, Site, ask, hasty, limits};

async fn with(status: StatusCode, robots: impl Into<String>) -> Site {
    let robots = robots.into();
    let answer = get(async move || (status, robots.clone()));
    Site::serve(Router::new().route("/robots.txt", answer).fallback(async || "page")).await
}

async fn allows(site: &Site, path: &str) -> bool {
    match ask(site, path, limits()).await {
        Ok(_) => true,
        Err(FetchError::Disallowed { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn the_longest_match_counts_with_stars_and_ends() {
    let rules = "User-agent: *\nDisallow: /d/\nAllow: /d/open/\nDisallow: /*.php$\nDisallow: /查询\nDisallow: /e/*/x\n";
    let site = with(StatusCode::OK, rules).await;
    for (path, allowed) in [
        ("/list", true),
        ("/d/x", false),
        ("/d/open/x", true),
        ("/a.php", false),
        ("/a.php?x=1", true),
        ("/查询", false),
        ("/e/1/2/x", false),
    ] {
        assert_eq!(allows(&site, path).await, allowed, "{path}");
    }
}

#[tokio::test]
async fn the_group_of_the_crawler_counts_alone() {
    let site = with(StatusCode::OK, "User-agent: *\nDisallow: /\n\nUser-agent: PlanGraph\nDisallow: /x\n").await;
    assert!(allows(&site, "/list").await && !allows(&site, "/x").await);
    let site = with(StatusCode::OK, "\u{feff}User-agent: a\r\nUser-agent: plangraph\r\nDisallow: / # all\r\n").await;
    assert!(!allows(&site, "/list").await);
}

#[tokio::test]
async fn a_client_error_allows_all() {
    for status in [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED, StatusCode::GONE] {
        let site = with(status, "User-agent: *\nDisallow: /\n").await;
        assert!(allows(&site, "/x").await, "{status}");
    }
}

#[tokio::test]
async fn a_server_error_allows_nothing_now() {
    for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE, StatusCode::TOO_MANY_REQUESTS] {
        let site = with(status, "").await;
        let error = ask(&site, "/x", limits()).await.unwrap_err();
        assert!(matches!(error, FetchError::NoRobots { .. }), "{error}");
        assert_eq!(site.asked("/x"), 0);
    }
}

#[tokio::test]
async fn silence_allows_nothing_now() {
    let silent = get(async || tokio::time::sleep(Duration::from_secs(30)).await);
    let site = Site::serve(Router::new().route("/robots.txt", silent).fallback(async || "page")).await;
    let error = ask(&site, "/x", hasty()).await.unwrap_err();
    assert!(matches!(error, FetchError::NoRobots { .. }), "{error}");
}

#[tokio::test]
async fn a_page_served_as_robots_is_none() {
    for page in ["<html>Disallow: /</html>", "\n <!DOCTYPE html>\nUser-agent: *\nDisallow: /"] {
        assert!(allows(&with(StatusCode::OK, page).await, "/x").await, "{page}");
    }
}

#[tokio::test]
async fn redirects_of_robots_are_followed_and_a_loop_is_none() {
    let router = Router::new()
        .route("/robots.txt", get(async || Redirect::permanent("/real.txt")))
        .route("/real.txt", get(async || "User-agent: *\nDisallow: /x"))
        .fallback(async || "page");
    let site = Site::serve(router).await;
    assert!(!allows(&site, "/x").await && allows(&site, "/y").await);
    let router = Router::new().route("/robots.txt", get(async || Redirect::permanent("/robots.txt")));
    let site = Site::serve(router.fallback(async || "page")).await;
    assert!(allows(&site, "/x").await);
}

#[tokio::test]
async fn only_the_beginning_of_a_huge_one_is_read() {
    let endless = get(async || {
        let first = futures::stream::iter([Ok::<_, std::io::Error>("User-agent: *\nDisallow: /x\n".to_owned())]);
        let rest = futures::stream::repeat_with(|| Ok("# nothing\n".repeat(1_000)));
        Body::from_stream(futures::StreamExt::chain(first, rest)).into_response()
    });
    // A body of that size would be refused, were it a page.
    let site = Site::serve(Router::new().route("/robots.txt", endless).fallback(async || "page")).await;
    let wide = || crawler::fetch::Limits { packed: 1_024 * 1_024, ..limits() };
    assert!(matches!(ask(&site, "/x", wide()).await, Err(FetchError::Disallowed { .. })));
    assert!(ask(&site, "/y", wide()).await.is_ok());
}

#[tokio::test]
async fn crawl_delay_is_kept() {
    let site = with(StatusCode::OK, "User-agent: *\nCrawl-delay: 1\n").await;
    let asker = Asker::new(limits()).await;
    for path in ["/a", "/b"] {
        asker.ask(&site.at(path), Duration::ZERO).await.unwrap();
    }
    let gap = site.times("/b")[0] - site.times("/a")[0];
    // The first may have been long on its way.
    assert!(gap >= Duration::from_millis(600), "{gap:?}");
}

#[tokio::test]
async fn it_is_asked_for_once_by_all_crawls() {
    let site = with(StatusCode::OK, "User-agent: *\nDisallow: /x\n").await;
    let first = Asker::new(limits()).await;
    first.ask(&site.at("/a"), Duration::ZERO).await.unwrap();
    let again = crawler::fetch::Fetcher::new(first.database.connection.clone(), None, limits()).unwrap();
    let manners = crawler::fetch::Manners { delay: Duration::ZERO, allow_private: true };
    let (get, none) = (crawler::fetch::Method::Get, crawler::fetch::Validators::default());
    assert!(again.fetch(&site.at("/b"), &get, &none, manners).await.is_ok());
    assert!(again.fetch(&site.at("/x"), &get, &none, manners).await.is_err());
    assert_eq!(site.asked("/robots.txt"), 1);
}
