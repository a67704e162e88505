//! The doctor on a site of our own.

use axum::{Router, response::Html, routing::get};

use super::*;
use crate::Source;

const PLAN: &str = "<head><title>2025年全市健康事业工作安排</title><meta name='SiteName' content='湖州市卫生健康委员会'></head>
    <div class=TRS_Editor><p>一、推进基层服务。</p><p>全年新增托位300个，培训村医500人，加强基层能力，完善转诊制度，落实签约服务，强化质量管理。</p>
    <p>二、推进老年健康。</p><p>建设安宁疗护病区3个，开展老年人体检，推动医养结合，做好健康指导，健全长期照护，优化助餐服务，提升居家照料能力。</p>
    <p>三、推进妇幼健康。</p><p>巩固危急重症救治，实施早孕关爱行动，确保筛查应查尽查，深化科普宣传，加快标准化门诊建设，构建完整服务链条。</p></div>";

/// The site, a doctor, and the database that the doctor remembers in.
async fn site() -> (String, Doctor, support::TestDatabase) {
    let list = "<head><meta name='SiteName' content='湖州市卫生健康委员会'></head><ul>
        <li><a href='./202501/t20250102_1.html' title='2025年全市健康事业工作安排'>2025年…</a><span>2025-01-02</span></li>
        <li><a href='./202501/t20250101_2.html' title='2024年度信息公开年度报告'>2024年…</a><span>2025-01-01</span></li>
        <li><a href='http://www.huzhou.example/a.html' title='一图读懂新的安排'>一图…</a></li></ul>";
    let router = Router::new()
        .route("/ghjh/", get(async move || Html(list)))
        .route("/empty/", get(async || Html("<p>无</p>")))
        .route("/blocked/", get(async || Html("<p>您的请求已被拦截</p>")))
        .route(
            "/news/",
            get(async || Html("<title>义诊进社区</title><p>医生们昨天来到社区，为老人量血压、测血糖。</p>")),
        )
        .route("/ghjh/202501/t20250102_1.html", get(async || Html(PLAN)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let db = support::sqlite().await;
    let limits = Limits { backoff: std::time::Duration::from_millis(1), ..Limits::default() };
    let doctor = Doctor::new(&db.connection, None, limits).await.unwrap();
    (address, doctor, db)
}

const MANNERS: Manners = Manners { delay: std::time::Duration::ZERO, allow_private: true };

#[tokio::test]
async fn a_list_is_told_with_its_first_plan() {
    let (site, doctor, _db) = site().await;
    let url = Url::parse(&format!("{site}/ghjh/")).unwrap();
    let diagnosis = doctor.examine(&url, MANNERS).await.unwrap();
    let Finding::List(list) = &diagnosis.finding else { panic!("{diagnosis:?}") };
    assert_eq!((list.family, list.entries.len()), (Family::Trs, 2));
    assert!(list.entries[0].taken && !list.entries[1].taken);
    assert_eq!(list.elsewhere.iter().collect::<Vec<_>>(), ["www.huzhou.example"]);
    let article = list.article.as_ref().unwrap().as_ref().unwrap();
    assert!(article.plans[0].indicators.len() >= 2, "{article:?}");
    assert_eq!(diagnosis.region.as_ref().unwrap().name, "湖州市");

    let source = Source::parse("site", "site.toml", &diagnosis.declaration()).unwrap();
    assert_eq!(
        (source.name.as_str(), source.region.as_deref(), source.min_plans),
        ("湖州市卫生健康委员会", Some("330500"), 1)
    );
    assert_eq!((source.list, source.allow_private), (vec![url], true));
}

#[tokio::test]
async fn an_article_is_told_as_one() {
    let (site, doctor, _db) = site().await;
    let url = Url::parse(&format!("{site}/ghjh/202501/t20250102_1.html")).unwrap();
    let diagnosis = doctor.examine(&url, MANNERS).await.unwrap();
    let Finding::Article(article) = &diagnosis.finding else { panic!("{diagnosis:?}") };
    assert_eq!(article.plans.len(), 1);
    let source = Source::parse("site", "site.toml", &diagnosis.declaration()).unwrap();
    assert_eq!((source.list.len(), source.articles), (0, vec![url]));
}

#[tokio::test]
async fn a_check_says_what_broke() {
    let (site, doctor, _db) = site().await;
    let check = async |keys: &str| {
        let text = format!("name = 'x'\nallow_private = true\ndelay_ms = 0\n{}", keys.replace("SITE", &site));
        doctor.check(&Source::parse("x", "x.toml", &text).unwrap()).await.unwrap().join("; ")
    };
    assert_eq!(check("list = ['SITE/ghjh/']\narticles = ['SITE/ghjh/202501/t20250102_1.html']").await, "");
    for (keys, needle) in [
        ("list = ['SITE/empty/']", "no entries"),
        ("list = ['SITE/gone/']", "404"),
        ("list = ['SITE/blocked/']", "is blocked"),
        ("articles = ['SITE/empty/']", "there is no page"),
        ("articles = ['SITE/blocked/']", "is blocked"),
        ("articles = ['SITE/news/']", "holds no plan"),
    ] {
        let problems = check(keys).await;
        assert!(problems.contains(needle), "{keys}: {problems}");
    }
}

/// What is told of an article that says nothing.
fn of_article(url: &str) -> Diagnosis {
    let url = Url::parse(url).unwrap();
    let finding = ArticleFinding {
        url: url.clone(),
        title: None,
        meta: Metadata::default(),
        files: Vec::new(),
        verdict: Verdict::Unclear,
        plans: Vec::new(),
    };
    Diagnosis { url, site: None, region: None, manners: MANNERS, finding: Finding::Article(Box::new(finding)) }
}

#[test]
fn names_declarations_after_hosts() {
    for (url, slug) in [
        ("http://wjw.huzhou.gov.cn/a", "huzhou"),
        ("https://www.ahqy.gov.cn/", "ahqy"),
        ("http://127.0.0.1:80/", "site"),
    ] {
        assert_eq!(of_article(url).slug(), slug);
    }
}

#[test]
fn declares_no_region_that_is_not_known() {
    let gazetteer = Gazetteer::new(entity::reference::regions().iter().cloned());
    let of_site = |site: &str| Diagnosis {
        region: gazetteer.owner(site, None),
        site: Some(site.to_owned()),
        ..of_article("http://www.example.gov.cn/a")
    };
    let declared = |site: &str| {
        let text = of_site(site).declaration();
        (Source::parse("site", "site.toml", &text).unwrap().region, text)
    };
    assert_eq!(declared("湖州市卫生健康委员会").0.as_deref(), Some("330500"));
    let (region, text) = declared("湖州市桃源区人民政府");
    assert!(region.is_none() && text.contains("# region = \"桃源区\""), "{text}");
}
