//! Pages with several addresses: one plan.

use axum::http::StatusCode;
use crawler::Sources;
use entity::{page, source, value::Health};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    publisher::{Publisher, TITLES},
    site::{declared, list_page, plan_page},
};

async fn publishers(test: &str) -> Vec<Publisher> {
    let mut publishers = Vec::new();
    for database in support::databases(test).await {
        let pages = vec![("/list", list_page([("/old.html", TITLES[0])])), ("/old.html", plan_page(TITLES[0], 30, ""))];
        publishers.push(Publisher::on(database, pages).await);
    }
    publishers
}

impl Publisher {
    fn moves(&self, status: StatusCode) {
        self.redirect("/old.html", status, "/new.html");
        self.put("/new.html", plan_page(TITLES[0], 30, ""));
    }

    /// The one plan, and how many rows stand for its page.
    async fn plan(&self) -> (i64, String, usize) {
        let plans = self.crawler.plans().await;
        let [plan] = &plans[..] else { panic!("{plans:#?}") };
        assert_eq!(plan.withdrawn_at, None);
        (plan.id, plan.url.rsplit('/').next().unwrap().to_owned(), self.crawler.pages().await - 1)
    }
}

#[tokio::test]
async fn an_article_that_moved_for_good_keeps_its_plan_under_its_new_address() {
    for publisher in publishers("moved_for_good").await {
        publisher.crawler.crawl().await;
        let (id, url, _) = publisher.plan().await;
        assert_eq!(url, "old.html");
        publisher.moves(StatusCode::MOVED_PERMANENTLY);
        publisher.crawler.crawl().await;
        assert_eq!(publisher.plan().await, (id, "new.html".to_owned(), 2));

        // The list now names the new address, and later both.
        publisher.put("/list", list_page([("/new.html", TITLES[0])]));
        publisher.crawler.crawl().await;
        publisher.put("/list", list_page([("/new.html", TITLES[0]), ("/old.html", TITLES[0])]));
        publisher.put("/new.html", plan_page(TITLES[0], 45, ""));
        let before = publisher.site.asked("/old.html");
        let summary = publisher.crawler.crawl().await;
        assert_eq!((summary.stored, summary.failed, summary.plans), (1, 0, 1), "{summary:?}");
        assert_eq!(publisher.plan().await, (id, "new.html".to_owned(), 2));
        assert_eq!(publisher.site.asked("/old.html"), before, "the old address is not asked for any more");
        assert_eq!(publisher.crawler.versions().await.len(), 2);
    }
}

#[tokio::test]
async fn an_article_whose_new_address_is_listed_when_it_moves_keeps_its_plan() {
    for publisher in publishers("moved_and_listed").await {
        publisher.crawler.crawl().await;
        let (id, ..) = publisher.plan().await;
        publisher.moves(StatusCode::FOUND);
        publisher.put("/list", list_page([("/new.html", TITLES[0])]));
        publisher.crawler.crawl().await;
        assert_eq!(publisher.plan().await, (id, "new.html".to_owned(), 2));
        publisher.crawler.crawl().await;
        assert_eq!(publisher.plan().await, (id, "new.html".to_owned(), 2));
    }
}

#[tokio::test]
async fn an_address_that_leads_to_a_known_plan_is_that_plan() {
    for publisher in publishers("moved_from").await {
        publisher.crawler.crawl().await;
        let (id, ..) = publisher.plan().await;
        publisher.redirect("/short.html", StatusCode::FOUND, "/old.html");
        publisher.put("/list", list_page([("/short.html", TITLES[0]), ("/old.html", TITLES[0])]));
        publisher.crawler.crawl().await;
        assert_eq!(publisher.plan().await, (id, "old.html".to_owned(), 2));
        publisher.crawler.crawl().await;
        assert_eq!(publisher.site.asked("/short.html"), 1);
    }
}

#[tokio::test]
async fn a_detour_for_now_changes_no_address() {
    for publisher in publishers("moved_for_now").await {
        publisher.crawler.crawl().await;
        publisher.moves(StatusCode::FOUND);
        publisher.crawler.crawl().await;
        assert_eq!(publisher.plan().await.1, "old.html");
    }
}

#[tokio::test]
async fn two_sources_with_the_same_list_store_its_plans_once() {
    for publisher in publishers("two_sources").await {
        let keys = "list = ['SITE/list']\nmin_plans = 1";
        let sources = Sources::new(["first", "second"].map(|slug| declared(&publisher.site, slug, keys)).to_vec());
        for round in 1..=2 {
            for summary in publisher.crawler.crawl_as(&sources).await {
                assert_eq!((summary.health, summary.failed), (Health::Ok, 0), "{summary:?}");
            }
            assert_eq!(publisher.site.asked("/old.html"), round);
        }
        let (id, ..) = publisher.plan().await;
        let counts = publisher.crawler.crawl_as(&sources).await;
        assert!(counts.iter().all(|summary| summary.plans == 1), "it counts for both: {counts:?}");

        // The source that has it is given up; the other takes it over.
        let owner = publisher.crawler.plans().await[0].source_id;
        source::Entity::update_many()
            .col_expr(source::Column::RetiredAt, Expr::current_timestamp())
            .filter(source::Column::Id.eq(owner))
            .exec(publisher.crawler.db())
            .await
            .unwrap();
        let left = source::Entity::find()
            .filter(source::Column::Id.ne(owner))
            .one(publisher.crawler.db())
            .await
            .unwrap()
            .unwrap();
        publisher.put("/old.html", plan_page(TITLES[0], 45, ""));
        let only = Sources::new(vec![declared(&publisher.site, &left.slug, keys)]);
        let summary = publisher.crawler.crawl_as(&only).await.remove(0);
        assert_eq!((summary.stored, summary.plans), (1, 1), "{summary:?}");
        assert_eq!(publisher.plan().await.0, id);
        let pages =
            page::Entity::find().filter(page::Column::SourceId.eq(left.id)).all(publisher.crawler.db()).await.unwrap();
        assert!(pages.iter().all(|page| page.same_as.is_none()));
    }
}
