//! What is kept of pages that changed or vanished, and reading it again.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{TimeDelta, Utc};
use crawler::{
    Stop,
    progress::{Event, Progress},
    reextract::{Options, Reread, reextract},
};
use entity::{
    change, indicator, page, plan_version,
    value::{ChangeKind, Health, PageState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{
    publisher::{Publisher, TITLES},
    site::{Crawler, list_page, plan_page},
};

const PATHS: [&str; 3] = ["/1.html", "/2.html", "/3.html"];

pub(crate) async fn publishers(test: &str) -> Vec<Publisher> {
    let mut publishers = Vec::new();
    for database in support::databases(test).await {
        let mut pages: Vec<_> =
            PATHS.into_iter().zip(TITLES).map(|(path, title)| (path, plan_page(title, 30, ""))).collect();
        pages.push(("/list", list_page(PATHS.into_iter().zip(TITLES))));
        publishers.push(Publisher::on(database, pages).await);
    }
    publishers
}

impl Crawler {
    async fn changes(&self) -> Vec<change::Model> {
        change::Entity::find().order_by_asc(change::Column::Id).all(self.db()).await.unwrap()
    }

    /// As if the pages that are not there had been found so on an earlier day.
    async fn a_day_passes(&self) {
        page::Entity::update_many()
            .col_expr(page::Column::MissingSince, Expr::value(Utc::now() - TimeDelta::days(1)))
            .filter(page::Column::MissingSince.is_not_null())
            .exec(self.db())
            .await
            .unwrap();
        self.wake().await;
    }

    /// Makes pages due that rest.
    async fn wake(&self) {
        let all =
            page::Entity::update_many().col_expr(page::Column::DueAt, Expr::value(Utc::now() - TimeDelta::days(1)));
        all.exec(self.db()).await.unwrap();
    }

    /// As if other rules had read everything, and some plans otherwise.
    pub(crate) async fn read_by_others(&self, otherwise: &[i64]) {
        page::Entity::update_many()
            .col_expr(page::Column::ReadWith, Expr::value("0.0.1+1"))
            .filter(page::Column::ReadWith.is_not_null())
            .exec(self.db())
            .await
            .unwrap();
        plan_version::Entity::update_many()
            .col_expr(plan_version::Column::ExtractorVersion, Expr::value("0.0.1+1"))
            .exec(self.db())
            .await
            .unwrap();
        plan_version::Entity::update_many()
            .col_expr(plan_version::Column::Digest, Expr::value("another"))
            .filter(plan_version::Column::PlanId.is_in(otherwise.iter().copied()))
            .exec(self.db())
            .await
            .unwrap();
    }

    pub(crate) async fn reextract(&self) -> Reread {
        reextract(self.db(), &Options::new(self.options.snapshots.clone())).await.unwrap()
    }
}

#[tokio::test]
async fn a_figure_that_changed_points_at_the_old_one() {
    for publisher in publishers("figure_changed").await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        publisher.put("/1.html", plan_page(TITLES[0], 45, ""));
        crawler.crawl().await;
        let figures = indicator::Entity::find().order_by_asc(indicator::Column::Id).all(crawler.db()).await.unwrap();
        let old = figures.iter().find(|figure| figure.gone_at.is_some()).unwrap();
        let new = figures.iter().find(|figure| figure.replaces_id == Some(old.id)).unwrap();
        assert_eq!((old.value, new.value, new.gone_at), (30.0, 45.0, None));
        let changes = crawler.changes().await;
        let kinds: Vec<_> = changes.iter().map(|change| change.kind).collect();
        use ChangeKind::{FigureChanged, PlanChanged, PlanNew};
        assert_eq!(kinds, [PlanNew, PlanNew, PlanNew, PlanChanged, FigureChanged]);
        let figure = &changes[4];
        assert_eq!(figure.indicator_id, Some(new.id));
        assert_eq!((figure.before.as_deref(), figure.after.as_deref()), (Some("30张"), Some("45张")));
    }
}

#[tokio::test]
async fn a_page_that_vanished_is_withdrawn_on_another_day_and_comes_back() {
    for publisher in publishers("withdrawn").await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        let plan = async || crawler.plans().await.into_iter().find(|plan| plan.url.ends_with("/1.html")).unwrap();
        publisher.remove("/1.html");
        crawler.wake().await;
        crawler.crawl().await;
        crawler.wake().await;
        crawler.crawl().await;
        assert_eq!(plan().await.withdrawn_at, None, "twice on one day may be a passing fault");
        let rests = crawler.crawl().await;
        assert_eq!((rests.failed, rests.health), (0, Health::Degraded), "it is not asked for, and told all the same");
        assert!(rests.problem.unwrap().contains("not there any more: 1"));
        crawler.a_day_passes().await;
        let summary = crawler.crawl().await;
        assert_eq!((summary.plans, crawler.page("/1.html").await.state), (2, PageState::NotFound), "{summary:?}");
        let withdrawn = plan().await;
        assert!(withdrawn.withdrawn_at.is_some());
        assert_eq!(crawler.changes().await.last().unwrap().kind, ChangeKind::PlanWithdrawn);
        crawler.a_day_passes().await;
        let summary = crawler.crawl().await;
        assert_eq!((summary.failed, summary.health), (0, Health::Ok), "it was told once: {summary:?}");
        assert_eq!(plan().await.withdrawn_at, withdrawn.withdrawn_at, "it is withdrawn once");

        publisher.put("/1.html", plan_page(TITLES[0], 30, ""));
        crawler.wake().await;
        assert_eq!(crawler.crawl().await.plans, 3);
        assert_eq!((plan().await.withdrawn_at, plan().await.version), (None, 1), "it is as it was");
        assert_eq!(crawler.page("/1.html").await.missing_since, None);
        assert_eq!(crawler.changes().await.last().unwrap().kind, ChangeKind::PlanNew);
    }
}

#[tokio::test]
async fn a_body_that_was_lost_is_fetched_again() {
    for publisher in publishers("lost_body").await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        assert_eq!(crawler.crawl().await.unchanged, 4);
        std::fs::remove_dir_all(crawler.folder.path()).unwrap();
        std::fs::create_dir(crawler.folder.path()).unwrap();
        let summary = crawler.crawl().await;
        assert_eq!((summary.failed, summary.health), (0, Health::Ok), "{summary:?}");
        crawler.read_by_others(&[]).await;
        assert_eq!(crawler.reextract().await, Reread { pages: 3, ..Reread::default() }, "all bodies are there");
    }
}

#[tokio::test]
async fn other_rules_make_technical_versions_of_what_they_read_otherwise() {
    for publisher in publishers("reextract").await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        assert_eq!(crawler.reextract().await, Reread::default(), "these rules have read all of it");
        let plans = crawler.plans().await;
        let of = |path: &str| plans.iter().find(|plan| plan.url.ends_with(path)).unwrap().id;
        crawler.read_by_others(&[of("/1.html"), of("/3.html")]).await;
        // The body of the last is lost.
        let lost = crawler.page("/3.html").await;
        crawler.forget_body(&lost).await;
        assert_eq!(crawler.reextract().await, Reread { pages: 2, changed: 1, failed: 1, stopped: false });
        let technical: Vec<_> = crawler.versions().await.into_iter().filter(|version| version.technical).collect();
        let [version] = &technical[..] else { panic!("{technical:#?}") };
        assert_eq!((version.plan_id, version.version), (of("/1.html"), 2));
        assert!(version.diff.is_none(), "its text is the same");
        assert!(crawler.changes().await.iter().all(|change| change.kind == ChangeKind::PlanNew));
        assert_eq!(crawler.reextract().await, Reread { failed: 1, ..Reread::default() }, "only what failed is left");

        // What a publisher changed later is told from what other rules read otherwise.
        crawler.read_by_others(&[of("/1.html")]).await;
        publisher.put("/1.html", plan_page(TITLES[0], 45, ""));
        crawler.crawl().await;
        let versions: Vec<_> =
            crawler.versions().await.into_iter().filter(|version| version.plan_id == of("/1.html")).collect();
        assert_eq!(versions.iter().map(|version| version.technical).collect::<Vec<_>>(), [false, true, true, false]);
    }
}

impl Crawler {
    async fn forget_body(&self, page: &page::Model) {
        let row =
            entity::snapshot::Entity::find_by_id(page.snapshot_id.unwrap()).one(self.db()).await.unwrap().unwrap();
        let sha256 = row.sha256;
        let file = self.folder.path().join(&sha256[..2]).join(format!("{sha256}.zst"));
        std::fs::remove_file(file).unwrap();
    }
}

/// Asks to stop with the first page.
#[derive(Debug)]
struct Impatient(std::sync::Mutex<Option<tokio::sync::oneshot::Sender<()>>>, AtomicUsize);

impl Progress for Impatient {
    fn event(&self, _: &str, event: Event<'_>) {
        if let Event::Page { .. } = event {
            self.1.fetch_add(1, Ordering::SeqCst);
            if let Some(sender) = self.0.lock().unwrap().take() {
                sender.send(()).unwrap();
            }
        }
    }
}

#[tokio::test]
async fn reading_again_goes_on_where_it_was_stopped() {
    for publisher in publishers("reextract_stopped").await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        crawler.read_by_others(&[]).await;
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let mut options = Options::new(crawler.options.snapshots.clone());
        options.concurrency = 1;
        options.progress = std::sync::Arc::new(Impatient(std::sync::Mutex::new(Some(sender)), AtomicUsize::new(0)));
        options.stop = Stop::when(async move { receiver.await.unwrap() });
        let first = reextract(crawler.db(), &options).await.unwrap();
        assert!(first.stopped && (1..3).contains(&first.pages), "{first:?}");
        // A page that a dead worker held is waited for.
        page::Entity::update_many()
            .col_expr(page::Column::LeaseOwner, Expr::value("dead"))
            .col_expr(page::Column::LeaseUntil, Expr::value(Utc::now() + TimeDelta::milliseconds(300)))
            .exec(crawler.db())
            .await
            .unwrap();
        assert_eq!(crawler.reextract().await, Reread { pages: 3 - first.pages, ..Reread::default() });
    }
}
