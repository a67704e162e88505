//! Answers that are not the page, and what a crawl makes of them.

use std::fmt::Write as _;

use axum::{Router, http::StatusCode, response::Html, routing::get};
use chrono::{TimeDelta, Utc};
use entity::value::{Health, PageState};

use crate::site::{Crawler, Site, list_page, plan_page};

const SHELL: &str = "<html><head><script>document.cookie='C3VK=0f1e2d';location.reload()</script></head></html>";

/// Crawls a site on which one article is an impostor, twice, and answers with the state of its page and why.
async fn crawl(status: u16, html: &'static str) -> (PageState, String) {
    let title = "2025年全县卫生健康工作要点";
    let list = list_page([("/good.html", title), ("/bad.html", title)]);
    let good = plan_page(title, 30, "");
    let router = Router::new()
        .route("/list", get(async move || Html(list.clone())))
        .route("/good.html", get(async move || Html(good.clone())))
        .route("/bad.html", get(async move || (StatusCode::from_u16(status).unwrap(), Html(html))));
    let site = Site::serve(router).await;
    let crawler = Crawler::of(&site, "list = ['SITE/list']").await;
    let summary = crawler.crawl().await;
    assert_eq!((summary.stored, summary.failed, summary.plans), (1, 1, 1), "{summary:?}");
    assert_eq!(summary.health, Health::Degraded);

    let page = crawler.page("/bad.html").await;
    let reason = page.last_error.clone().unwrap();
    assert_eq!(crawler.failures().await[0].reason, reason);
    assert!(crawler.source().await.problem.unwrap().contains(&reason));
    assert!(page.due_at > Utc::now() + TimeDelta::hours(19), "it is due again at {}", page.due_at);
    crawler.crawl().await;
    assert_eq!(site.asked("/bad.html"), 1, "it is left alone for now");
    assert_eq!(site.asked("/good.html"), 2);
    (page.state, reason)
}

#[tokio::test]
async fn a_challenge_with_its_own_status() {
    for status in [521, 412, 202] {
        let (state, reason) = crawl(status, "<script>var _$x=1</script>").await;
        assert!(state == PageState::Blocked && reason.contains(&status.to_string()), "{reason}");
    }
}

#[tokio::test]
async fn a_challenge_with_200() {
    let (state, reason) = crawl(200, SHELL).await;
    assert!(state == PageState::Blocked && reason.contains("C3VK"), "{reason}");
}

#[tokio::test]
async fn a_block_page() {
    let (state, reason) = crawl(200, "<h2>您的访问已被拦截</h2><p>如有疑问请联系管理员，并提供编号7788。</p>").await;
    assert!(state == PageState::Blocked && reason.contains("拦截"), "{reason}");
}

#[tokio::test]
async fn a_soft_404() {
    let (state, reason) = crawl(200, "<a href='/'>首页</a><p>对不起，您要访问的页面不存在，请返回首页。</p>").await;
    assert!(state == PageState::NotFound && reason.contains("不存在"), "{reason}");
}

#[tokio::test]
async fn the_index_page_in_place_of_an_article() {
    let index = "<ul><li><a href='/1'>全县卫生健康工作会议昨日召开部署推进重点任务</a>\
                 <li><a href='/bad.html'>2025年全县卫生健康工作要点</a><li><a href='/2'>加强学校传染病防控工作落实晨检制度</a>\
                 <li><a href='/3'>完善家庭医生签约服务提升群众满意度</a></ul><p>今日天气晴。</p>";
    let (state, reason) = crawl(200, index).await;
    assert!(state == PageState::NotFound && reason.contains("links"), "{reason}");
}

#[tokio::test]
async fn a_stub() {
    for stub in ["ok", "<html><body></body></html>"] {
        let (state, reason) = crawl(200, stub).await;
        assert!(state == PageState::NotFound && reason.contains("stub"), "{reason}");
    }
}

#[tokio::test]
async fn a_site_that_blocks_every_article_is_not_asked_for_all_of_them() {
    let titles: Vec<_> =
        (0..40).map(|n| (format!("/{n}.html"), format!("{}年全县卫生健康工作要点", 1985 + n))).collect();
    let list = list_page(titles.iter().map(|(path, title)| (path.as_str(), title.as_str())));
    let router = Router::new()
        .route("/list", get(async move || Html(list.clone())))
        .route("/{*path}", get(async || (StatusCode::from_u16(521).unwrap(), Html(SHELL))))
        .route("/robots.txt", get(async || ""));
    let site = Site::serve(router).await;
    let crawler = Crawler::of(&site, "list = ['SITE/list']\nmin_plans = 1").await;
    let summary = crawler.crawl().await;
    let asked: usize = titles.iter().map(|(path, _)| site.asked(path)).sum();
    assert_eq!((asked, summary.failed), (3, 3));
    assert_eq!(summary.health, Health::Broken);
    let reasons = crawler.failures().await.into_iter().fold(String::new(), |mut all, failure| {
        let _ = writeln!(all, "{}", failure.reason);
        all
    });
    assert_eq!(reasons.matches("left for the next crawl").count(), 1, "{reasons}");
    crawler.crawl().await;
    let asked: usize = titles.iter().map(|(path, _)| site.asked(path)).sum();
    assert_eq!(asked, 6, "the next crawl asks for three others");
}

#[tokio::test]
async fn a_list_that_is_a_challenge() {
    let site = Site::serve(Router::new().route("/list", get(async || Html(SHELL)))).await;
    let crawler = Crawler::of(&site, "list = ['SITE/list']").await;
    let summary = crawler.crawl().await;
    assert_eq!(summary.health, Health::Broken);
    assert!(summary.problem.unwrap().contains("C3VK"));
    assert_eq!(crawler.page("/list").await.state, PageState::Blocked);
}

#[tokio::test]
async fn a_later_page_of_a_list_that_is_a_challenge_is_not_taken_for_its_end() {
    let title = "2025年全县卫生健康工作要点";
    // Two pages are promised; where they are counted from is not.
    let list = list_page([("/1.html", title)]) + "<script>createPageHTML(2, 0, 'index', 'html')</script>";
    let plan = plan_page(title, 30, "");
    let router = Router::new()
        .route("/ghjh/", get(async move || Html(list.clone())))
        .route("/1.html", get(async move || Html(plan.clone())))
        .fallback(async || (StatusCode::NOT_FOUND, Html(SHELL)));
    let site = Site::serve(router).await;
    let crawler = Crawler::of(&site, "list = ['SITE/ghjh/']").await;
    let problem = crawler.crawl().await.problem.unwrap_or_default();
    assert!(problem.contains("only 1 entries") && problem.contains("C3VK"), "{problem}");
    assert_eq!(site.asked("/ghjh/index_2.html"), 0, "whoever is sent away does not try the next door");
}
