//! A publisher whose pages lose what they said: what is held back, and what is said of it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, http::StatusCode, routing::post};
use chrono::{Datelike, NaiveDate, TimeDelta, Utc};
use crawler::{
    Error,
    health::{Accepted, accept},
    webhook::Webhook,
};
use entity::{
    change, crawl_run, indicator, notification, plan,
    value::{ChangeKind, Health, PageState, RunStatus},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, sea_query::Expr,
};

use crate::{
    publisher::{Publisher, TITLES},
    site::{Crawler, Site, list_page},
};

const PATHS: [&str; 3] = ["/1.html", "/2.html", "/3.html"];
const FACILITIES: [&str; 10] = ["托育", "康复", "急救", "助产", "中医", "护理", "口腔", "体检", "筛查", "献血"];

/// A plan's page with so many figures, at most forty, in a text that is as long however many there are.
fn page(title: &str, figures: usize) -> String {
    let lines: String = (0..40)
        .map(|line| {
            let (facility, part) = (FACILITIES[line % 10], ["东片", "南片", "西片", "北片"][line / 10]);
            let number = if line < figures { format!("{}个", line + 2) } else { "一批".to_owned() };
            format!("<p>加快补齐{part}短板，年内新建{facility}服务点{number}，方便居民就近得到照护。</p>")
        })
        .collect();
    format!(
        "<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>\
         <div class='content'><p>一、夯实服务网络</p>{lines}</div></body></html>"
    )
}

/// A page that stands where a plan's was, and is none.
fn no_plan() -> String {
    page(&format!("{}解读", TITLES[0]), 0)
}

/// A publisher of three plans with forty figures each.
async fn publisher(database: support::TestDatabase, keys: &str) -> Publisher {
    let mut pages: Vec<_> = PATHS.into_iter().zip(TITLES).map(|(path, title)| (path, page(title, 40))).collect();
    pages.push(("/list", list_page(PATHS.into_iter().zip(TITLES))));
    let mut publisher = Publisher::on(support::sqlite().await, pages).await;
    publisher.crawler = Crawler::on(database, &publisher.site, &format!("list = ['SITE/list']\n{keys}")).await;
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.health, summary.plans, summary.indicators), (Health::Ok, 3, 120), "{summary:?}");
    publisher
}

impl Crawler {
    /// Figures that are published of a page.
    async fn figures(&self, path: &str) -> u64 {
        let plan = plan::Entity::find().filter(plan::Column::Url.ends_with(path)).one(self.db()).await.unwrap();
        let stands = indicator::Column::PlanId.eq(plan.unwrap().id).and(indicator::Column::GoneAt.is_null());
        indicator::Entity::find().filter(stands).count(self.db()).await.unwrap()
    }

    async fn counted(&self, kind: ChangeKind) -> u64 {
        change::Entity::find().filter(change::Column::Kind.eq(kind)).count(self.db()).await.unwrap()
    }

    async fn accept(&self, url: Option<&url::Url>) -> Result<Accepted, Error> {
        accept(self.db(), &self.options.snapshots, "site", url).await
    }
}

#[tokio::test]
async fn a_page_that_loses_most_of_its_figures_is_held_back_until_somebody_accepts_it() {
    for database in support::databases("held_back").await {
        let publisher = publisher(database, "min_plans = 3\nmin_indicators = 60").await;
        let crawler = &publisher.crawler;
        publisher.put("/1.html", page(TITLES[0], 3));
        let summary = crawler.crawl().await;
        assert_eq!((summary.health, summary.held, summary.stored), (Health::Degraded, 1, 0), "{summary:?}");
        let problem = summary.problem.unwrap();
        let url = publisher.site.at("/1.html");
        for part in [
            &format!("1 page held back: {url} had 40 figures and now 3 can be read"),
            &format!("sources accept site {url}"),
        ] {
            assert!(problem.contains(part), "{problem}");
        }
        let held = crawler.page("/1.html").await;
        assert_eq!(
            (held.state, held.last_error.as_deref()),
            (PageState::Held, Some("it had 40 figures and now 3 can be read"))
        );
        assert_eq!((crawler.figures("/1.html").await, crawler.versions().await.len()), (40, 3), "what was there stays");
        assert_eq!(crawler.snapshots(&held).await, 2, "what came is kept");

        // The next nights bring nothing new, and say so.
        for _ in 0..2 {
            let summary = crawler.crawl().await;
            assert_eq!((summary.unchanged, summary.held, summary.health), (4, 1, Health::Degraded), "{summary:?}");
        }
        assert_eq!(crawler.page("/1.html").await.last_error, held.last_error);
        assert_eq!((crawler.snapshots(&held).await, crawler.counted(ChangeKind::FigureGone).await), (2, 0));

        let elsewhere = publisher.site.at("/2.html");
        let error = crawler.accept(Some(&elsewhere)).await.unwrap_err();
        assert!(matches!(error, Error::NotHeld(_)), "{error}");
        let accepted = crawler.accept(Some(&url)).await.unwrap();
        assert_eq!((accepted.pages, accepted.problems), (vec![url.to_string()], vec![]));
        assert_eq!((accepted.health, accepted.problem), (Health::Ok, None));
        assert_eq!((crawler.figures("/1.html").await, crawler.counted(ChangeKind::FigureGone).await), (3, 37));
        let last = crawler.versions().await.pop().unwrap();
        assert!(!last.technical && last.version == 2, "the publisher changed it: {last:?}");
        assert_eq!(crawler.page("/1.html").await.state, PageState::Fresh);
        assert_eq!(crawler.source().await.health, Health::Ok);
        let summary = crawler.crawl().await;
        assert_eq!((summary.unchanged, summary.held, summary.health), (4, 0, Health::Ok), "{summary:?}");
    }
}

#[tokio::test]
async fn a_page_that_reads_well_again_is_held_back_no_more() {
    let publisher = publisher(support::sqlite().await, "min_plans = 3").await;
    let crawler = &publisher.crawler;
    for broken in [page(TITLES[0], 3), no_plan()] {
        publisher.put("/1.html", broken);
        assert_eq!(crawler.crawl().await.held, 1);
        publisher.put("/1.html", page(TITLES[0], 40));
        let summary = crawler.crawl().await;
        assert_eq!((summary.held, summary.health, summary.stored), (0, Health::Ok, 0), "{summary:?}");
        assert_eq!(crawler.page("/1.html").await.last_error, None);
    }
    assert!(crawler.accept(None).await.unwrap().pages.is_empty());
    assert_eq!(crawler.versions().await.len(), 3);
}

#[tokio::test]
async fn what_a_publisher_takes_out_of_a_page_is_published_when_the_run_ends() {
    let publisher = publisher(support::sqlite().await, "min_indicators = 110").await;
    let crawler = &publisher.crawler;
    publisher.put("/1.html", page(TITLES[0], 35));
    let summary = crawler.crawl().await;
    assert_eq!((summary.held, summary.health, summary.stored), (0, Health::Ok, 1), "{summary:?}");
    assert_eq!((crawler.figures("/1.html").await, crawler.counted(ChangeKind::FigureGone).await), (35, 5));
    assert_eq!(crawler.page("/1.html").await.state, PageState::Fresh);
}

#[tokio::test]
async fn many_small_losses_that_break_a_minimum_are_held_back_together() {
    for database in support::databases("held_together").await {
        let publisher = publisher(database, "min_indicators = 100").await;
        let crawler = &publisher.crawler;
        for (path, title) in PATHS.into_iter().zip(TITLES) {
            publisher.put(path, page(title, 30));
        }
        let summary = crawler.crawl().await;
        assert_eq!((summary.held, summary.health, summary.indicators), (3, Health::Broken, 120), "{summary:?}");
        let problem = summary.problem.unwrap();
        for part in ["3 pages held back, the first: ", "90 figures would be left, at least 100 are expected"] {
            assert!(problem.contains(part), "{problem}");
        }
        assert_eq!(crawler.versions().await.len(), 3, "none of it is published");

        // One is well again; what the others lose can be borne then, and the run that finds so publishes it.
        publisher.put("/1.html", page(TITLES[0], 40));
        let summary = crawler.crawl().await;
        assert_eq!((summary.held, summary.health, summary.indicators), (0, Health::Ok, 100), "{summary:?}");
        assert_eq!((summary.fetched, summary.unchanged), (1, 3), "the others were read from what is kept");
    }
}

#[tokio::test]
async fn a_page_that_holds_no_plan_any_more_is_withdrawn_when_that_is_accepted() {
    let publisher = publisher(support::sqlite().await, "min_plans = 1").await;
    let crawler = &publisher.crawler;
    publisher.put("/1.html", no_plan());
    let summary = crawler.crawl().await;
    assert_eq!((summary.status, summary.held, summary.plans), (RunStatus::Succeeded, 1, 3), "{summary:?}");
    assert!(summary.problem.unwrap().contains("had 1 plans and now 0 can be read"));
    let accepted = crawler.accept(None).await.unwrap();
    assert_eq!((accepted.pages.len(), accepted.health), (1, Health::Ok), "{accepted:?}");
    assert_eq!(crawler.page("/1.html").await.state, PageState::NoPlan);
    assert_eq!(crawler.counted(ChangeKind::PlanWithdrawn).await, 1);
    assert_eq!(crawler.crawl().await.plans, 2);
    publisher.put("/1.html", page(TITLES[0], 40));
    assert_eq!(crawler.crawl().await.plans, 3, "it is back");
    assert_eq!(crawler.figures("/1.html").await, 40);
}

/// A list of some news, with or without dates, so many in all, and of the plans.
fn list(news: usize, date: &str) -> String {
    let row = |path: &str, title: &str| format!("<li><a href='{path}'>{title}</a><span>{date}</span></li>");
    let news: String = (0..news).map(|n| row(&format!("/news/{n}.html"), &format!("第{n}号体检公告"))).collect();
    let plans: String = PATHS.into_iter().zip(TITLES).map(|(path, title)| row(path, title)).collect();
    format!("<html><body><ul>{plans}{news}</ul></body></html>")
}

#[tokio::test]
async fn a_list_that_is_not_what_it_used_to_be() {
    for database in support::databases("health_lists").await {
        let publisher = publisher(database, "min_plans = 3").await;
        let crawler = &publisher.crawler;
        publisher.put("/list", list(17, "2025-03-04"));
        for _ in 0..3 {
            let summary = crawler.crawl().await;
            assert_eq!((summary.health, summary.problem), (Health::Ok, None));
        }
        let nameless = (0..17).fold(list(17, "2025-03-04"), |list, n| list.replace(&format!("第{n}号"), "有关"));
        for (broken, needle) in [
            (list(0, "2025-03-04"), "has 3 entries and used to have 20"),
            (list(17, ""), "0 of the 20 entries"),
            (nameless, "no more than 4 titles"),
        ] {
            publisher.put("/list", broken);
            // The first time it has changed, the second time it is as it was.
            for _ in 0..2 {
                let summary = crawler.crawl().await;
                let problem = summary.problem.unwrap_or_default();
                assert!(summary.health == Health::Degraded && problem.contains(needle), "{problem}");
            }
            publisher.put("/list", list(17, "2025-03-04"));
            assert_eq!(crawler.crawl().await.health, Health::Ok);
        }
        publisher.put("/list", list(0, "2025-03-04"));
        assert_eq!(crawler.crawl().await.health, Health::Degraded);
        assert_eq!(crawler.accept(None).await.unwrap().health, Health::Ok, "it is usual now");
        assert_eq!(crawler.crawl().await.health, Health::Ok);
    }
}

#[tokio::test]
async fn a_source_that_has_fallen_silent() {
    for database in support::databases("health_silence").await {
        let publisher = publisher(database, "min_plans = 3").await;
        let crawler = &publisher.crawler;
        // As if its plans had come every January, the last of them the year before last.
        let this_year = Utc::now().year();
        for (row, back) in crawler.plans().await.into_iter().zip([4, 3, 2]) {
            let year = this_year - back;
            let mut row = row.into_active_model();
            row.start_year = Set(year);
            row.published_on = Set(NaiveDate::from_ymd_opt(year, 1, 20));
            row.update(crawler.db()).await.unwrap();
        }
        let summary = crawler.crawl().await;
        assert_eq!((summary.health, summary.problem), (Health::Ok, None), "it was so when it was first crawled");
        // As if it had been crawled for years.
        crawl_run::Entity::update_many()
            .col_expr(crawl_run::Column::StartedAt, Expr::value(Utc::now() - TimeDelta::days(3 * 366)))
            .exec(crawler.db())
            .await
            .unwrap();
        let summary = crawler.crawl().await;
        let problem = summary.problem.unwrap();
        assert_eq!(summary.health, Health::Degraded, "{problem}");
        assert!(
            problem.contains(&format!("no plan for {}", this_year - 1)) && problem.contains("20 January"),
            "{problem}"
        );
    }
}

/// Somebody who is told of changes in health, and takes no word while `deaf`.
struct Receiver {
    webhook: Webhook,
    deaf: Arc<AtomicBool>,
    /// How often it was asked to take some.
    asked: Arc<AtomicUsize>,
    taken: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Receiver {
    async fn start() -> Self {
        let (deaf, asked, taken) =
            (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let shared = (Arc::clone(&deaf), Arc::clone(&asked), Arc::clone(&taken));
        let take = async move |Json(word): Json<serde_json::Value>| {
            let (deaf, asked, taken) = &shared;
            asked.fetch_add(1, Ordering::SeqCst);
            if deaf.load(Ordering::SeqCst) {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            taken.lock().unwrap().push(word);
            StatusCode::NO_CONTENT
        };
        let site = Site::serve(Router::new().route("/hook", post(take))).await;
        let webhook = Webhook { url: site.at("/hook"), backoff: Duration::from_millis(1) };
        Self { webhook, deaf, asked, taken }
    }

    fn taken(&self) -> Vec<serde_json::Value> {
        self.taken.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_webhook_hears_of_each_change_in_health_once_and_again_until_it_takes_it() {
    for database in support::databases("webhook").await {
        let receiver = Receiver::start().await;
        let mut publisher = publisher(database, "min_plans = 3").await;
        publisher.crawler.options.webhook = Some(receiver.webhook.clone());
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        assert_eq!(receiver.asked.load(Ordering::SeqCst), 0, "a source that does well is no news");

        receiver.deaf.store(true, Ordering::SeqCst);
        publisher.put("/1.html", page(TITLES[0], 3));
        let summary = crawler.crawl().await;
        assert_eq!((summary.health, receiver.asked.load(Ordering::SeqCst)), (Health::Degraded, 1), "{summary:?}");
        publisher.put("/1.html", page(TITLES[0], 40));
        assert_eq!(crawler.crawl().await.health, Health::Ok, "a receiver that fails is no crawl's fault");
        assert_eq!(receiver.asked.load(Ordering::SeqCst), 2, "the older word goes first");

        receiver.deaf.store(false, Ordering::SeqCst);
        for _ in 0..2 {
            crawler.crawl().await;
            let taken = receiver.taken();
            let [bad, good] = &taken[..] else { panic!("{taken:#?}") };
            let text = |word: &serde_json::Value, key: &str| word[key].as_str().unwrap_or_default().to_owned();
            assert_eq!((text(bad, "source"), text(bad, "name")), ("site".to_owned(), "站".to_owned()));
            assert_eq!(text(bad, "url"), publisher.site.at("/list").to_string());
            assert_eq!((text(bad, "before"), text(bad, "health")), ("ok".to_owned(), "degraded".to_owned()));
            assert_eq!(
                (bad["run"].as_i64(), Some(text(bad, "problem"))),
                (Some(summary.run_id), summary.problem.clone())
            );
            assert!(text(bad, "at") < text(good, "at"));
            assert_eq!((text(good, "before"), text(good, "health")), ("degraded".to_owned(), "ok".to_owned()));
            assert_eq!(good["problem"], serde_json::Value::Null);
        }
        assert_eq!(notification::Entity::find().count(crawler.db()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn word_that_nobody_takes_in_a_week_is_given_up() {
    let receiver = Receiver::start().await;
    let mut publisher = publisher(support::sqlite().await, "min_plans = 3").await;
    publisher.put("/1.html", page(TITLES[0], 3));
    publisher.crawler.crawl().await;
    let crawler = &publisher.crawler;
    let aged = notification::Entity::update_many()
        .col_expr(notification::Column::At, Expr::value(Utc::now() - TimeDelta::days(8)))
        .exec(crawler.db())
        .await
        .unwrap();
    assert_eq!(aged.rows_affected, 1);
    publisher.crawler.options.webhook = Some(receiver.webhook.clone());
    publisher.crawler.crawl().await;
    assert_eq!(receiver.asked.load(Ordering::SeqCst), 0);
}
