//! The frontier on both databases.

use entity::{source, value::Health};
use sea_orm::ActiveModelTrait;

use super::*;

/// A database with a source and two articles of it, due now.
async fn database(test: &support::TestDatabase) -> (DatabaseConnection, i32, DateTime<Utc>) {
    let db = test.connection.clone();
    let source = source::ActiveModel {
        id: NotSet,
        slug: Set("x".to_owned()),
        name: Set("x".to_owned()),
        region_id: Set(None),
        url: Set(String::new()),
        schedule: Set(String::new()),
        next_run_at: Set(None),
        min_plans: Set(0),
        min_indicators: Set(0),
        health: Set(Health::NeverRun),
        problem: Set(None),
        retired_at: Set(None),
    };
    let source = source.insert(&db).await.unwrap().id;
    let urls = ["http://a.example/1", "http://a.example/2"].map(|url| Url::parse(url).unwrap());
    let due = db::now();
    for _ in 0..2 {
        let new = |url| NewPage { url, kind: PageKind::Article, title: None, listed_on: None };
        let txn = db::begin(&db).await.unwrap();
        add(&txn, source, &urls.each_ref().map(new), due).await.unwrap();
        txn.commit().await.unwrap();
    }
    (db, source, due)
}

#[tokio::test]
async fn a_page_is_one_workers_until_it_is_done_or_the_worker_dies() {
    for test in support::databases("crawler_frontier").await {
        let (db, source, due) = database(&test).await;
        let known = ["http://a.example/1", "http://a.example/3"].map(|url| Url::parse(url).unwrap());
        assert_eq!(super::known(&db, source, &known.each_ref()).await.unwrap(), 1);
        let take = async |owner| claim(&db, source, Batch::New, due, owner, LEASE, 1).await.unwrap().pop();
        let (first, second) = (take("a").await.unwrap(), take("b").await.unwrap());
        assert_ne!(first.page.id, second.page.id);
        assert!(take("c").await.is_none());
        assert!(is_at_work(&db, source).await.unwrap());

        assert!(finish(&db, &first, Done::Unchanged).await.unwrap());
        assert!(take("c").await.is_none(), "what is done is not due again in this run");
        assert_eq!(super::due(&db, source, Batch::New, due).await.unwrap(), 1);

        page::Entity::update_many()
            .col_expr(page::Column::LeaseUntil, Expr::value(Some(due - TimeDelta::seconds(1))))
            .exec(&db)
            .await
            .unwrap();
        let third = take("c").await.unwrap();
        assert_eq!(third.page.id, second.page.id, "the dead worker's page");
        assert!(!finish(&db, &second, Done::Unchanged).await.unwrap(), "the dead worker comes back too late");
        assert!(
            finish(&db, &third, Done::Failed { state: PageState::NotFound, snapshot_id: None, reason: "gone" })
                .await
                .unwrap()
        );
        let page = page::Entity::find_by_id(third.page.id).one(&db).await.unwrap().unwrap();
        assert_eq!((page.state, page.attempts, page.last_error.as_deref()), (PageState::NotFound, 1, Some("gone")));
        assert_eq!(validators(&page), Validators::default());
        let rest = page.due_at - db::now();
        assert!(rest > TimeDelta::hours(19) && rest <= revisit::REST, "{rest}");
        let again = Claim { page, ..third };
        let gone = Done::Failed { state: PageState::NotFound, snapshot_id: None, reason: "gone" };
        assert_eq!(revisit::next(&again, &gone, due), due + TimeDelta::microseconds(1) + revisit::REST * 2);
        assert!(!is_at_work(&db, source).await.unwrap());
    }
}

#[tokio::test]
async fn what_is_being_stored_is_taken_by_nobody_though_its_lease_is_over() {
    // SQLite has one writer at a time: there a second one waits for the first.
    for test in support::databases("crawler_frontier_hold").await.into_iter().skip(1) {
        let (db, source, due) = database(&test).await;
        let take = async |owner| claim(&db, source, Batch::New, due, owner, LEASE, 1).await.unwrap().pop();
        let (first, _) = (take("a").await.unwrap(), take("b").await.unwrap());
        page::Entity::update_many()
            .col_expr(page::Column::LeaseUntil, Expr::value(Some(due - TimeDelta::seconds(1))))
            .filter(first.is_mine())
            .exec(&db)
            .await
            .unwrap();
        let storing = db::begin(&db).await.unwrap();
        assert!(hold_on_to(&storing, &[&first]).await.unwrap());
        assert!(take("c").await.is_none());
        storing.rollback().await.unwrap();

        assert_eq!(take("c").await.unwrap().page.id, first.page.id);
        let late = db::begin(&db).await.unwrap();
        assert!(!hold_on_to(&late, &[&first]).await.unwrap(), "somebody else has it by now");
    }
}
