//! Plans in files beside their pages. The files are what some office programs save under the names of others: HTML. Those
//! in PDF, Word and Excel need the program itself, and are read in `tests/e2e`.

use crawler::{health, reextract::Reread};
use entity::{
    page_file, plan_version_snapshot, snapshot,
    value::{Health, PageState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    publisher::Publisher,
    site::{list_page, plan_page},
};

const TITLE: &str = "某县卫生健康局关于印发2025年全县卫生健康工作要点的通知";
const PLAN: &str = "2025年全县卫生健康工作要点";

/// A notice with what leads to its files.
fn notice(files: &str) -> String {
    format!(
        "<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body><ul><li><a href='/'>首页</a></li></ul>\
         <h1>{TITLE}</h1><div class='content'><p>某卫发〔2025〕9号</p><p>各乡镇卫生院：</p>\
         <p>现将《{PLAN}》印发给你们，请抓紧办理。</p><p>某县卫生健康局</p><p>2025年3月4日</p>{files}</div></body></html>"
    )
}

fn annex(rate: u32) -> String {
    format!(
        "<table><tr><td>指标</td><td>单位</td><td>2025年目标</td></tr><tr><td>居民健康素养水平</td><td>%</td><td>{rate}</td></tr>\
         <tr><td>老年人健康管理率</td><td>%</td><td>70</td></tr></table>"
    )
}

const LINK: &str = "<p><a href='/files/1.doc'>附件：2025年全县卫生健康工作要点.doc</a></p>";
const BOTH: &str = "<p><a href='/files/1.doc'>附件1：2025年全县卫生健康工作要点.doc</a></p>\
                    <p><a href='/files/2.xls'>附件2：主要指标表.xls</a></p>";

fn pages(page: String, files: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let list = list_page([("/1.html", TITLE)]);
    [("/list", list), ("/1.html", page)].into_iter().chain(files.iter().cloned()).collect()
}

async fn publishers(test: &str, page: &str, files: &[(&'static str, String)]) -> Vec<Publisher> {
    let mut publishers = Vec::new();
    for database in support::databases(test).await {
        publishers.push(Publisher::on(database, pages(page.to_owned(), files)).await);
    }
    publishers
}

async fn publisher(page: &str, files: &[(&'static str, String)]) -> Publisher {
    Publisher::new(pages(page.to_owned(), files)).await
}

impl Publisher {
    /// Where the last version was read: the paths of its bodies, that of its text last.
    async fn bodies(&self) -> Vec<String> {
        let version = self.crawler.versions().await.pop().unwrap();
        let parts = plan_version_snapshot::Entity::find()
            .filter(plan_version_snapshot::Column::PlanVersionId.eq(version.id))
            .order_by_asc(plan_version_snapshot::Column::Position)
            .all(self.crawler.db())
            .await
            .unwrap();
        let mut bodies = Vec::new();
        for id in parts.iter().map(|part| part.snapshot_id).chain([version.snapshot_id]) {
            let row = snapshot::Entity::find_by_id(id).one(self.crawler.db()).await.unwrap().unwrap();
            let bytes = self.crawler.options.snapshots.get(&row.sha256).await.unwrap();
            assert_eq!(bytes.len(), usize::try_from(row.size).unwrap());
            bodies.push(url::Url::parse(&row.url).unwrap().path().to_owned());
        }
        bodies
    }

    async fn files(&self) -> Vec<page_file::Model> {
        page_file::Entity::find().all(self.crawler.db()).await.unwrap()
    }

    async fn text(&self) -> String {
        self.crawler.versions().await.pop().unwrap().text
    }
}

#[tokio::test]
async fn a_notice_and_its_files_are_one_plan() {
    let files = [("/files/1.doc", plan_page(PLAN, 30, "")), ("/files/2.xls", annex(40))];
    for publisher in publishers("attached", &notice(BOTH), &files).await {
        let crawler = &publisher.crawler;
        let summary = crawler.crawl().await;
        assert_eq!((summary.failed, summary.health, summary.indicators), (0, Health::Ok, 3), "{summary:?}");
        let [plan] = &crawler.plans().await[..] else { panic!("one plan") };
        assert_eq!((plan.title.as_str(), plan.start_year), (PLAN, 2025));
        assert_eq!(plan.document_number.as_deref(), Some("某卫发〔2025〕9号"));
        assert_eq!(plan.issued_on.unwrap().to_string(), "2025-03-04");
        assert!(plan.url.ends_with("/1.html"), "it stands where its notice does");
        let text = publisher.text().await;
        assert!(text.starts_with("一、推进县域") && text.ends_with("老年人健康管理率\t%\t70"), "{text}");
        assert_eq!(publisher.bodies().await, ["/1.html", "/files/1.doc", "/files/2.xls", "/files/1.doc"]);

        let summary = crawler.crawl().await;
        assert_eq!((summary.unchanged, summary.stored, summary.failed), (2, 0, 0), "{summary:?}");
        assert_eq!(publisher.site.asked("/files/1.doc"), 2, "the file is asked for where its page has not changed");
        assert_eq!(crawler.snapshots(&crawler.page("/1.html").await).await, 3);
    }
}

#[tokio::test]
async fn a_file_that_is_replaced_in_its_place_makes_a_version() {
    let files = [("/files/1.doc", plan_page(PLAN, 30, "")), ("/files/2.xls", annex(40))];
    for publisher in publishers("replaced", &notice(BOTH), &files).await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        publisher.put("/files/1.doc", plan_page(PLAN, 45, ""));
        let summary = crawler.crawl().await;
        assert_eq!((summary.stored, summary.failed), (1, 0), "{summary:?}");
        publisher.put("/files/2.xls", annex(42));
        crawler.crawl().await;
        let versions = crawler.versions().await;
        assert_eq!(versions.len(), 3);
        assert!(versions[1].diff.as_ref().unwrap().contains("45张"), "{:?}", versions[1].diff);
        assert!(versions[2].diff.as_ref().unwrap().contains("42"), "{:?}", versions[2].diff);
        assert!(versions.iter().all(|version| !version.technical));
        // Bytes that say the same are no version.
        publisher.put("/files/1.doc", plan_page(PLAN, 45, "浏览次数：7"));
        assert_eq!(crawler.crawl().await.stored, 0);
        assert_eq!(crawler.crawl().await.unchanged, 2);
    }
}

#[tokio::test]
async fn a_file_that_is_lost_takes_nothing_away() {
    for publisher in publishers("lost_file", &notice(LINK), &[("/files/1.doc", plan_page(PLAN, 30, ""))]).await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        publisher.remove("/files/1.doc");
        for _ in 0..2 {
            let summary = crawler.crawl().await;
            let problem = summary.problem.unwrap_or_default();
            assert!(summary.health == Health::Degraded && problem.contains("/files/1.doc answered 404"), "{problem}");
            assert!(problem.contains("“附件：2025年全县卫生健康工作要点.doc”"), "{problem}");
        }
        assert_eq!(crawler.page("/1.html").await.state, PageState::Failed);
        assert_eq!((crawler.plans().await[0].withdrawn_at, crawler.versions().await.len()), (None, 1));
        publisher.put("/files/1.doc", plan_page(PLAN, 30, ""));
        let summary = crawler.crawl().await;
        assert_eq!((summary.health, summary.stored), (Health::Ok, 0), "{summary:?}");
        publisher.put("/files/1.doc", "<p>您的请求已被拦截</p>".to_owned());
        let problem = crawler.crawl().await.problem.unwrap_or_default();
        assert!(problem.contains("is blocked"), "{problem}");
        assert_eq!(crawler.versions().await.len(), 1);
    }
}

#[tokio::test]
async fn reading_again_reads_page_and_files_as_they_are_kept() {
    for publisher in publishers(
        "reread_file",
        &notice(BOTH),
        &[("/files/1.doc", plan_page(PLAN, 30, "")), ("/files/2.xls", annex(40))],
    )
    .await
    {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        let before = publisher.text().await;
        let asked = publisher.site.asked("/files/1.doc");
        crawler.read_by_others(&[crawler.plans().await[0].id]).await;
        assert_eq!(crawler.reextract().await, Reread { pages: 1, changed: 1, ..Reread::default() });
        let version = crawler.versions().await.pop().unwrap();
        assert_eq!((version.version, version.technical, &version.text), (2, true, &before));
        assert_eq!(publisher.bodies().await, ["/1.html", "/files/1.doc", "/files/2.xls", "/files/1.doc"]);
        assert_eq!(publisher.site.asked("/files/1.doc"), asked, "nothing is fetched");
        assert_eq!(crawler.crawl().await.unchanged, 2);
    }
}

#[tokio::test]
async fn files_that_were_never_asked_for_are_when_the_page_is_looked_at_again() {
    let publisher = publisher(&notice(LINK), &[("/files/1.doc", plan_page(PLAN, 30, ""))]).await;
    let crawler = &publisher.crawler;
    crawler.crawl().await;
    // As if rules that knew nothing of files had read the page.
    page_file::Entity::delete_many().exec(crawler.db()).await.unwrap();
    crawler.read_by_others(&[]).await;
    assert_eq!(crawler.reextract().await.failed, 1, "the plan is kept");
    let [file] = &publisher.files().await[..] else { panic!("one file") };
    assert_eq!(file.snapshot_id, None);
    crawler.crawl().await;
    assert!(publisher.files().await[0].used);
    assert_eq!(crawler.versions().await.len(), 1, "it is as it was");
}

#[tokio::test]
async fn a_file_in_a_viewer_is_found() {
    let frame = "<iframe src='/pdfjs/web/viewer.html?file=..%2F..%2Ffiles%2F1.doc'></iframe>";
    let publisher = publisher(&notice(frame), &[("/files/1.doc", plan_page(PLAN, 30, ""))]).await;
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.plans, summary.indicators), (1, 1), "{summary:?}");
    assert_eq!((publisher.site.asked("/files/1.doc"), publisher.site.asked("/pdfjs/web/viewer.html")), (1, 0));
}

#[tokio::test]
async fn a_file_on_a_host_that_is_not_named_is_not_asked_for() {
    let publisher = publisher("", &[("/files/1.doc", plan_page(PLAN, 30, ""))]).await;
    let port = publisher.site.url.port().unwrap();
    let link = format!("<a href='http://localhost:{port}/files/1.doc'>附件</a>");
    publisher.put("/1.html", notice(&link));
    let crawler = &publisher.crawler;
    let problem = crawler.crawl().await.problem.unwrap_or_default();
    assert!(problem.contains("“附件”") && problem.contains("add it to its `hosts`"), "{problem}");
    assert_eq!((publisher.site.asked("/files/1.doc"), crawler.plans().await.len()), (0, 0));
}

#[tokio::test]
async fn what_cannot_be_had_is_told_with_its_page() {
    let robots = "User-agent: *\nDisallow: /files/secret/\n".to_owned();
    let html = |text: &str| format!("<html><body>{text}</body></html>");
    for (link, needle) in [
        ("<a href='/files/large.doc'>附件</a>", "larger than"),
        ("<a href='/files/none.pdf'>附件</a>", "answered 404"),
        ("<a href='/files/secret/1.doc'>附件</a>", "robots.txt does not allow"),
        ("<a href='/files/blocked.doc'>附件</a>", "is blocked"),
        ("<a href='/files/1.rar'>附件</a>", "unpack it"),
    ] {
        let large = html(&"办好义诊。".repeat(40_000));
        let blocked = html("您的请求已被拦截");
        let archive = "Rar!\u{1a}\u{7}".to_owned();
        let files = [
            ("/robots.txt", robots.clone()),
            ("/files/large.doc", large),
            ("/files/blocked.doc", blocked),
            ("/files/1.rar", archive),
        ];
        let publisher = publisher(&notice(link), &files).await;
        let problem = publisher.crawler.crawl().await.problem.unwrap_or_default();
        assert!(problem.contains(needle) && problem.contains("“附件”"), "{link}: {problem}");
        let page = publisher.crawler.page("/1.html").await;
        assert_eq!((page.state, publisher.crawler.plans().await.len()), (PageState::Failed, 0));
    }
}

#[tokio::test]
async fn a_page_with_a_copy_of_its_plan_is_one_plan() {
    let page = plan_page(PLAN, 30, LINK);
    let publisher = publisher(&page, &[("/files/1.doc", plan_page(PLAN, 30, "另存为网页"))]).await;
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.plans, summary.indicators, summary.failed), (1, 1, 0), "{summary:?}");
    assert_eq!(publisher.bodies().await, ["/1.html"], "the page is where it was read");
    publisher.remove("/files/1.doc");
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.failed, summary.health), (0, Health::Ok), "nobody misses the copy");
}

#[tokio::test]
async fn who_explains_a_plan_does_not_publish_it() {
    let title = "《2025年全县卫生健康工作要点》解读";
    let page = notice(LINK).replace(TITLE, title);
    let publisher = publisher(&page, &[("/files/1.doc", plan_page(PLAN, 30, ""))]).await;
    publisher.put("/list", list_page([("/1.html", PLAN)]));
    let summary = publisher.crawler.crawl().await;
    assert_eq!((summary.plans, publisher.site.asked("/files/1.doc")), (0, 0), "{summary:?}");
}

#[tokio::test]
async fn what_cannot_be_read_is_kept() {
    let publisher =
        publisher(&notice("<a href='/files/1.rar'>附件</a>"), &[("/files/1.rar", "Rar!\u{1a}\u{7}".to_owned())]).await;
    let crawler = &publisher.crawler;
    for _ in 0..2 {
        crawler.crawl().await;
        assert_eq!(crawler.snapshots(&crawler.page("/1.html").await).await, 2, "the page and its file");
    }
    // A page that is itself such a file is kept, too, and once.
    publisher.put("/1.html", "Rar!\u{1a}\u{7}\u{1}".to_owned());
    for _ in 0..2 {
        let problem = crawler.crawl().await.problem.unwrap_or_default();
        assert!(problem.contains("unpack it"), "{problem}");
        assert_eq!(crawler.snapshots(&crawler.page("/1.html").await).await, 3);
    }
}

#[tokio::test]
async fn a_file_that_takes_everything_away_is_held_back_with_its_page() {
    let poor = plan_page(PLAN, 30, "").replace("30张", "若干");
    let more = "<p>五、推进智慧健康服务，完善预约渠道，加强数据共享，优化就诊流程，提升群众感受。</p>".repeat(12);
    let rich = plan_page(PLAN, 30, "").replace("</div>", &format!("{more}</div>"));
    for publisher in publishers("held_file", &notice(LINK), &[("/files/1.doc", rich)]).await {
        let crawler = &publisher.crawler;
        crawler.crawl().await;
        publisher.put("/files/1.doc", poor.clone());
        crawler.crawl().await;
        assert_eq!(crawler.page("/1.html").await.state, PageState::Held);
        assert!(publisher.text().await.contains("30张"));
        // Reading again reads what is published, not what is held back.
        crawler.read_by_others(&[crawler.plans().await[0].id]).await;
        assert_eq!(crawler.reextract().await, Reread { pages: 1, changed: 1, ..Reread::default() });
        assert!(publisher.text().await.contains("30张"));
        let accepted = health::accept(crawler.db(), &crawler.options.snapshots, "site", None).await.unwrap();
        assert_eq!((accepted.pages.len(), accepted.problems), (1, Vec::new()));
        assert!(publisher.text().await.contains("若干"));
        assert_eq!(crawler.crawl().await.unchanged, 2);
    }
}
