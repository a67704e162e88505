//! A site that changes between two crawls.

use entity::value::{Health, PageState};

use crate::{
    publisher::{Publisher, TITLES},
    site::{list_page, plan_page},
};

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
