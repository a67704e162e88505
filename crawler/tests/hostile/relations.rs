//! The same text in several places: on several sites, in several years, at several addresses of one site.

use chrono::{TimeDelta, Utc};
use crawler::{Source, Sources, relate::relate};
use entity::{
    change, page, plan, relation,
    value::{ChangeKind, RelationKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{publisher::Publisher, site::list_page};

/// A plan's page: `head` and `foot` are what the site adds.
fn plan_page(region: &str, year: u32, beds: u32, head: &str, foot: &str) -> String {
    let title = format!("{year}年{region}卫生健康工作要点");
    format!(
        "<html><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1><div class='content'>{head}\
         <p>一、让乡亲在家门口看上病。给每个乡镇添一台彩超，请城里的大夫每周来坐诊两天，年内新增床位{beds}张。</p>\
         <p>二、把老人照看好。为独居老人装上呼叫铃，组织邻居轮流探望，给失能老人办两期护理班，家里人也能来听。</p>\
         <p>三、让孩子少生病。春秋两季进学校查视力和牙齿，查出问题当天告诉家长，第二个月再打电话问一问。</p>\
         <p>四、把急救跑快一些。给救护车装上定位，和交警约好让路的口令，在菜市场和车站放上除颤仪并教会保安。</p>\
         <p>五、把账目晒出来。药价贴在门诊大厅，每季度请村民代表来查一次进货单，有人多收钱就在会上说清楚。</p>\
         {foot}</div></body></html>"
    )
}

/// A source on the publisher's site whose list is `/SLUG`.
pub(crate) fn source(publisher: &Publisher, slug: &str, region: Option<&str>) -> Source {
    let region = region.map_or_else(String::new, |code| format!("region = '{code}'\n"));
    let list = publisher.site.at(slug);
    let text = format!("name = '{slug}网'\n{region}list = ['{list}']\nallow_private = true\ndelay_ms = 0\n");
    Source::parse(slug, &format!("{slug}.toml"), &text).unwrap()
}

pub(crate) async fn publishers(test: &str, pages: &[(&'static str, String)]) -> Vec<Publisher> {
    let mut publishers = Vec::new();
    for database in support::databases(test).await {
        publishers.push(Publisher::on(database, pages.to_vec()).await);
    }
    publishers
}

impl Publisher {
    pub(crate) async fn crawl_sources(&self, sources: &[Source]) {
        let all = page::Entity::update_many()
            .col_expr(page::Column::DueAt, Expr::value(Utc::now() - TimeDelta::days(1)))
            .filter(page::Column::SameAs.is_null());
        all.exec(self.crawler.db()).await.unwrap();
        for summary in self.crawler.crawl_as(&Sources::new(sources.to_vec())).await {
            assert_eq!(summary.failed, 0, "{summary:?}");
        }
    }

    pub(crate) async fn relations(&self) -> Vec<relation::Model> {
        relation::Entity::find().order_by_asc(relation::Column::Id).all(self.crawler.db()).await.unwrap()
    }

    pub(crate) async fn plan_at(&self, path: &str) -> plan::Model {
        self.crawler.plans().await.into_iter().find(|plan| plan.url.ends_with(path)).unwrap()
    }

    /// Each reprint with its original, by their paths.
    async fn reprints(&self) -> Vec<(String, String)> {
        let plans = self.crawler.plans().await;
        let path = |id: Option<i64>| {
            let plan = plans.iter().find(|plan| Some(plan.id) == id).unwrap();
            format!("/{}", plan.url.rsplit('/').next().unwrap())
        };
        let mut rows = self.relations().await;
        rows.retain(|row| row.kind == RelationKind::ReprintOf);
        let mut pairs: Vec<_> = rows.iter().map(|row| (path(row.from_plan_id), path(row.to_plan_id))).collect();
        pairs.sort();
        pairs
    }

    async fn kinds_of_changes(&self) -> Vec<ChangeKind> {
        let rows = change::Entity::find().order_by_asc(change::Column::Id).all(self.crawler.db()).await.unwrap();
        rows.into_iter().map(|row| row.kind).collect()
    }
}

fn entry(path: &'static str, day: &str) -> String {
    list_page([(path, "2025年湖州市卫生健康工作要点")]).replace("2025-03-04", day)
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
}

#[tokio::test]
async fn a_plan_on_three_sites_is_one_original_and_two_reprints() {
    let news = "<p>本网记者从有关部门获悉，今年的安排已经定了，现在把全文登在下面，供大家对照着看。</p>";
    let imprint = "<p>责任编辑：某某　校对：某某　投稿请寄本网编辑部，转载要写明出处。</p>";
    let pages = [
        ("/first", entry("/first.html", "2025-04-02")),
        ("/first.html", plan_page("湖州市", 2025, 30, "", imprint)),
        ("/second", entry("/second.html", "2025-04-01")),
        ("/second.html", plan_page("湖州市", 2025, 30, news, imprint)),
        ("/official", entry("/official.html", "2025-04-09")),
        ("/official.html", plan_page("湖州市", 2025, 30, "", "")),
    ];
    for publisher in publishers("reprints", &pages).await {
        let [first, second] = ["first", "second"].map(|slug| source(&publisher, slug, None));
        let official = source(&publisher, "official", Some("330500"));
        publisher.crawl_sources(std::slice::from_ref(&first)).await;
        assert_eq!(publisher.reprints().await, []);
        let alone = publisher.plan_at("/first.html").await;
        assert_eq!((alone.is_reprint, alone.reprinted_from), (true, None), "it is not the issuer's own page");

        // Of two copies, the one that was published first.
        publisher.crawl_sources(&[second.clone(), first.clone()]).await;
        assert_eq!(publisher.reprints().await, pairs(&[("/first.html", "/second.html")]));
        assert_eq!(publisher.plan_at("/first.html").await.reprinted_from.as_deref(), Some("second网"));

        // The issuer's own page is the original, however late it is found.
        let all = [first, second, official];
        publisher.crawl_sources(&all).await;
        let found = pairs(&[("/first.html", "/official.html"), ("/second.html", "/official.html")]);
        assert_eq!(publisher.reprints().await, found);
        let (copy, original) = (publisher.plan_at("/second.html").await, publisher.plan_at("/official.html").await);
        assert_eq!((copy.is_reprint, copy.reprinted_from.as_deref()), (true, Some("official网")));
        assert_eq!((original.is_reprint, original.reprinted_from), (false, None));
        let relations = publisher.relations().await;
        let is_reprint =
            |row: &&relation::Model| row.kind == RelationKind::ReprintOf && row.from_plan_id == Some(copy.id);
        let row = relations.iter().find(is_reprint).unwrap();
        assert!((0.6..1.0).contains(&row.score), "{row:?}");
        assert!(row.evidence.contains("% of the reprint stands in the original"), "{row:?}");

        // Nothing has changed, so nothing is written; and what was done is found so when it is done from nothing.
        publisher.crawl_sources(&all).await;
        relate(publisher.crawler.db()).await.unwrap();
        assert_eq!(publisher.relations().await, relations);
        let before = publisher.crawler.plans().await;
        let forget = entity::plan_signature::Entity::delete_many();
        forget.exec(publisher.crawler.db()).await.unwrap();
        relate(publisher.crawler.db()).await.unwrap();
        assert_eq!((publisher.relations().await, publisher.crawler.plans().await), (relations, before));

        // The original is withdrawn, and comes back.
        publisher.remove("/official.html");
        let vanish = async || {
            let since = Expr::value(Utc::now() - TimeDelta::days(1));
            let pages = page::Entity::update_many().col_expr(page::Column::MissingSince, since);
            pages.filter(page::Column::Url.ends_with("/official.html")).exec(publisher.crawler.db()).await.unwrap();
            let wake =
                page::Entity::update_many().col_expr(page::Column::DueAt, Expr::value(Utc::now() - TimeDelta::days(1)));
            wake.exec(publisher.crawler.db()).await.unwrap();
            publisher.crawler.crawl_as(&Sources::new(all.to_vec())).await;
        };
        vanish().await;
        assert_eq!(publisher.reprints().await, pairs(&[("/first.html", "/second.html")]));
        let second = publisher.plan_at("/second.html").await;
        assert_eq!((second.is_reprint, second.reprinted_from), (true, None));
        publisher.put("/official.html", plan_page("湖州市", 2025, 30, "", ""));
        publisher.crawl_sources(&all).await;
        assert_eq!(publisher.reprints().await, found);

        // A copy turns into another text.
        publisher.put("/second.html", plan_page("湖州市", 2024, 30, "", ""));
        publisher.crawl_sources(&all).await;
        assert_eq!(publisher.reprints().await, pairs(&[("/first.html", "/official.html")]));
        let kinds = publisher.kinds_of_changes().await;
        assert_eq!(kinds.iter().filter(|kind| **kind == ChangeKind::PlanChanged).count(), 1, "{kinds:?}");
    }
}

#[tokio::test]
async fn the_same_words_of_another_year_or_another_place_are_no_reprint() {
    let pages = [
        ("/official", entry("/official.html", "2025-04-09")),
        ("/official.html", plan_page("湖州市", 2025, 30, "", "")),
        ("/old", entry("/old.html", "2024-04-09")),
        ("/old.html", plan_page("湖州市", 2024, 20, "", "")),
        ("/zhonglou", entry("/zhonglou.html", "2025-04-01")),
        ("/zhonglou.html", plan_page("钟楼区", 2025, 30, "", "")),
    ];
    for publisher in publishers("no_reprints", &pages).await {
        let sources = [
            source(&publisher, "official", Some("330500")),
            source(&publisher, "old", None),
            source(&publisher, "zhonglou", Some("320404")),
        ];
        publisher.crawl_sources(&sources).await;
        assert_eq!(publisher.crawler.plans().await.len(), 3);
        assert_eq!(publisher.reprints().await, []);
    }
}

#[tokio::test]
async fn an_article_and_its_twin_for_telephones_are_one_page() {
    const DESKTOP: &str = "/art/1.html";
    const MOBILE: &str = "/wap/1.html";
    let page = |beds| plan_page("湖州市", 2025, beds, "", "");
    let mobile = plan_page("湖州市", 2025, 30, "", "<p>扫码在电脑上看</p>");
    let title = "2025年湖州市卫生健康工作要点";
    let both = list_page([(MOBILE, title), (DESKTOP, title)]);
    let pages = [("/official", both.clone()), (DESKTOP, page(30)), (MOBILE, mobile)];
    for publisher in publishers("mobile_twin", &pages).await {
        let sources = [source(&publisher, "official", Some("330500"))];
        publisher.crawl_sources(&sources).await;
        let plans = publisher.crawler.plans().await;
        assert_eq!(plans.len(), 1, "{plans:#?}");
        assert!(plans[0].url.ends_with(DESKTOP) && !plans[0].is_reprint);
        assert_eq!(publisher.reprints().await, []);
        assert_eq!(publisher.kinds_of_changes().await, [ChangeKind::PlanNew], "it was published once");
        let (kept, twin) = (publisher.crawler.page(DESKTOP).await, publisher.crawler.page(MOBILE).await);
        assert_eq!((kept.same_as, twin.same_as), (None, Some(kept.id)));

        publisher.put(DESKTOP, page(45));
        publisher.crawl_sources(&sources).await;
        assert_eq!(publisher.site.asked(MOBILE), 1, "a twin is asked for once");
        let [plan] = &publisher.crawler.plans().await[..] else { panic!() };
        assert_eq!((plan.id, plan.version), (plans[0].id, 2));
    }
    // The twin was known long before.
    let pages = [("/official", entry(MOBILE, "2025-03-04")), (MOBILE, page(30))];
    for publisher in publishers("mobile_twin_first", &pages).await {
        let sources = [source(&publisher, "official", Some("330500"))];
        publisher.crawl_sources(&sources).await;
        let known = publisher.plan_at(MOBILE).await;
        publisher.put("/official", both.clone());
        publisher.put(DESKTOP, page(30));
        publisher.crawl_sources(&sources).await;
        let [plan] = &publisher.crawler.plans().await[..] else { panic!() };
        assert!(plan.id == known.id && plan.url.ends_with(DESKTOP), "{plan:?}");
        assert_eq!(plan.first_seen_at, known.first_seen_at);
        assert_eq!(publisher.kinds_of_changes().await, [ChangeKind::PlanNew]);
    }
}

#[tokio::test]
async fn a_revision_beside_the_plan_is_another_page() {
    let title = "2025年湖州市卫生健康工作要点";
    let revision = plan_page("湖州市", 2025, 30, "", "").replace(title, "2025年湖州市卫生健康工作要点（修订稿）");
    let pages = [
        ("/official", list_page([("/plan.html", title), ("/revision.html", "2025年湖州市卫生健康工作要点（修订稿）")])),
        ("/plan.html", plan_page("湖州市", 2025, 30, "", "")),
        ("/revision.html", revision),
    ];
    for publisher in publishers("revision", &pages).await {
        publisher.crawl_sources(&[source(&publisher, "official", Some("330500"))]).await;
        assert_eq!(publisher.crawler.plans().await.len(), 2);
        assert_eq!(publisher.reprints().await, [], "a reprint stands on another site");
    }
}

#[tokio::test]
async fn a_plan_whose_address_leads_to_another_page_is_not_told_as_withdrawn() {
    let title = "2025年湖州市卫生健康工作要点";
    let pages = [
        ("/official", list_page([("/old.html", title), ("/new.html", title)])),
        ("/old.html", plan_page("湖州市", 2025, 30, "", "")),
        (
            "/new.html",
            plan_page(
                "湖州市",
                2025,
                30,
                "",
                "<p>六、让年轻大夫愿意留下来。给他们修宿舍，帮他们的孩子上学，评职称时先看病人怎么说，再看写了几篇文章。</p>",
            ),
        ),
    ];
    for publisher in publishers("redirected_twin", &pages).await {
        let sources = [source(&publisher, "official", Some("330500"))];
        publisher.crawl_sources(&sources).await;
        assert_eq!(publisher.crawler.plans().await.len(), 2);
        publisher.redirect("/old.html", axum::http::StatusCode::MOVED_PERMANENTLY, "/new.html");
        publisher.crawl_sources(&sources).await;
        let [plan] = &publisher.crawler.plans().await[..] else { panic!() };
        assert!(plan.withdrawn_at.is_none() && plan.url.ends_with("/new.html"));
        let kinds = publisher.kinds_of_changes().await;
        assert!(!kinds.contains(&ChangeKind::PlanWithdrawn), "{kinds:?}");
    }
}
