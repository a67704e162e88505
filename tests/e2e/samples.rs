//! The sample sites: crawled over HTTP, asked over GraphQL, edited by their publisher, and crawled again.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use sites::Sites;

use crate::program::{Program, declare, texts};

/// Declares the running sites as sources in a folder of the program's, and answers with the arguments to crawl them.
pub(crate) fn declarations(program: &Program, sites: &Sites) -> Vec<String> {
    let folder = program.folder.path().join("sources");
    for (slug, text) in sites.declarations() {
        declare(&folder, slug, &text);
    }
    vec!["crawl".to_owned(), "--sources".to_owned(), folder.display().to_string()]
}

pub(crate) fn crawl(program: &Program, args: &[String]) {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = program.run(&args);
    assert!(output.status.success(), "{}", texts(&output).1);
}

const FIGURES: &str = "query($filter: IndicatorFilter) { indicators(filter: $filter, orderBy: [{field: REGION}, {field: POSITION}], first: 100) {
    totalCount nodes { id name value unit comparator measure role year concept { slug } region { name }
    sentence span { start end } valueText plan { text version title source { slug } } provenance { sha256 url } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn figures_can_be_asked_for_with_their_evidence() {
    for database in support::databases("samples_figures").await {
        let sites = Sites::start().await.unwrap();
        let program = Program::on(&database.url);
        crawl(&program, &declarations(&program, &sites));
        let server = program.serve();

        let filter = json!({ "concepts": ["人均预期寿命"], "within": "浙江省", "roles": ["TARGET"] });
        let answer = server.ask(FIGURES, json!({ "filter": filter })).await;
        let found: Vec<(&str, f64, &str, i64)> = answer["indicators"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| {
                (
                    node["region"]["name"].as_str().unwrap(),
                    node["value"].as_f64().unwrap(),
                    node["comparator"].as_str().unwrap(),
                    node["year"].as_i64().unwrap(),
                )
            })
            .collect();
        assert_eq!(found, [("杭州市", 83.88, "EQ", 2025), ("湖州市", 82.6, "GE", 2025)]);

        let answer = server.ask(FIGURES, json!({})).await;
        let nodes = answer["indicators"]["nodes"].as_array().unwrap();
        assert!(nodes.len() >= 60, "{}", nodes.len());
        for node in nodes {
            let text: Vec<char> = node["plan"]["text"].as_str().unwrap().chars().collect();
            let at = |field: &str| usize::try_from(node["span"][field].as_u64().unwrap()).unwrap();
            let printed: String = text[at("start")..at("end")].iter().collect();
            assert_eq!(node["valueText"], printed.as_str());
            assert!(node["sentence"].as_str().unwrap().contains(&printed), "{node:#}");
            assert_eq!(node["provenance"]["sha256"].as_str().unwrap().len(), 64);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_by_region() {
    for database in support::databases("samples_search").await {
        let sites = Sites::start().await.unwrap();
        let program = Program::on(&database.url);
        crawl(&program, &declarations(&program, &sites));
        let server = program.serve();
        let query =
            "query($within: String) { search(query: \"安宁疗护\", kinds: [SECTION], filter: {within: $within}) {
            totalCount nodes { snippet item { ... on Section { plan { region { name } } } } } } }";
        for (within, expected) in [(None, &["湖州市", "绍兴市"][..]), (Some("湖州"), &["湖州市"]), (Some("江苏"), &[])]
        {
            let answer = server.ask(query, json!({ "within": within })).await;
            let nodes = answer["search"]["nodes"].as_array().unwrap();
            let mut regions: Vec<&str> =
                nodes.iter().map(|node| node["item"]["plan"]["region"]["name"].as_str().unwrap()).collect();
            regions.sort_unstable();
            assert_eq!(regions, expected);
            assert_eq!(answer["search"]["totalCount"], expected.len());
            assert!(nodes.iter().all(|node| node["snippet"].as_str().unwrap().contains("<mark>安宁疗护</mark>")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_the_catalogue_lacks_are_candidates() {
    for database in support::databases("samples_candidates").await {
        let sites = Sites::start().await.unwrap();
        let program = Program::on(&database.url);
        crawl(&program, &declarations(&program, &sites));
        let list = |least: &str| texts(&program.run(&["concepts", "candidates", "--min-regions", least])).0;
        assert_eq!(list("2").lines().count(), 1, "{}", list("2"));
        let all = list("1");
        assert!(all.lines().count() > 20 && all.contains("\n体检率 ") && !all.contains("人均期望寿命"), "{all}");

        // The same of another region, in another spelling and another unit of the family.
        let edit = "UPDATE indicator SET name = '全市体检率', unit = '‰' WHERE name = '基层就诊率'";
        database.connection.execute_unprepared(edit).await.unwrap();
        let (out, _) = texts(&program.run(&["concepts", "candidates"]));
        let rows: Vec<Vec<&str>> = out.lines().skip(1).map(|row| row.split_whitespace().collect()).collect();
        assert_eq!(rows.len(), 1, "{out}");
        assert_eq!(rows[0][1..3], ["2", "2"], "{out}");
        assert!(rows[0][0].ends_with("体检率") && out.contains("% ‰"), "{out}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn decoys_are_no_plans_and_reprints_are_told() {
    let database = support::sqlite().await;
    let sites = Sites::start().await.unwrap();
    let program = Program::on(&database.url);
    crawl(&program, &declarations(&program, &sites));
    let query = "{ plans(first: 100, orderBy: [{field: REGION}]) { nodes { title kind isReprint reprintedFrom region { name } issuer publishedOn } } }";
    let answer = program.serve().ask(query, json!({})).await;
    let plans = answer["plans"]["nodes"].as_array().unwrap();
    let regions: Vec<&str> = plans.iter().map(|plan| plan["region"]["name"].as_str().unwrap()).collect();
    assert_eq!(
        regions,
        [
            "北京市",
            "山西省",
            "黑龙江省",
            "上海市",
            "钟楼区",
            "浙江省",
            "杭州市",
            "湖州市",
            "绍兴市",
            "山东省",
            "广西壮族自治区",
            "云南省",
            "甘肃省",
            "新疆生产建设兵团"
        ]
    );
    let of = |region: &str| plans.iter().find(|plan| plan["region"]["name"] == region).unwrap();
    assert_eq!(of("湖州市")["issuer"], "湖州市卫生健康委员会");
    assert_eq!(of("湖州市")["isReprint"], false);
    assert_eq!(of("杭州市")["kind"], "FIVE_YEAR_PLAN");
    assert_eq!(of("杭州市")["isReprint"], true);
    assert_eq!(of("上海市")["reprintedFrom"], "样例日报");
    assert_eq!(of("绍兴市")["title"], "2024年绍兴市卫生健康工作要点");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_edit_makes_a_new_version_and_leaves_the_other_figures_their_ids() {
    for database in support::databases("samples_edit").await {
        let sites = Sites::start().await.unwrap();
        let program = Program::on(&database.url);
        let args = declarations(&program, &sites);
        crawl(&program, &args);
        let server = program.serve();
        let filter = json!({ "filter": { "regions": ["湖州"] } });
        let ids = |answer: &Value, name: &str| {
            answer["indicators"]["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|node| node["name"].as_str().unwrap().contains(name))
                .map(|node| (node["id"].clone(), node["value"].clone()))
                .collect::<Vec<_>>()
        };
        let before = server.ask(FIGURES, filter.clone()).await;
        assert_eq!(before["indicators"]["nodes"][0]["plan"]["version"], 1);

        sites.edit("huzhou", "AED设备152台", "AED设备180台");
        crawl(&program, &args);
        let after = server.ask(FIGURES, filter.clone()).await;
        assert_eq!(after["indicators"]["nodes"][0]["plan"]["version"], 2);
        assert_eq!(after["indicators"]["totalCount"], before["indicators"]["totalCount"]);
        assert_eq!(ids(&before, "预期寿命"), ids(&after, "预期寿命"));
        let (old, new) = (ids(&before, "AED"), ids(&after, "AED"));
        assert_eq!((&old[0].1, &new[0].1), (&json!(152.0), &json!(180.0)));
        assert_ne!(old[0].0, new[0].0, "another figure");

        // Nothing happens to a plan whose page did not change.
        crawl(&program, &args);
        assert_eq!(server.ask(FIGURES, filter).await, after);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_goes_wrong_takes_nothing_away() {
    let database = support::sqlite().await;
    let sites = Sites::start().await.unwrap();
    let program = Program::on(&database.url);
    let args = declarations(&program, &sites);
    crawl(&program, &args);
    let server = program.serve();
    let count = "{ plans { totalCount } indicators { totalCount } }";
    let before = server.ask(count, json!({})).await;

    drop(sites);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = program.run(&args);
    assert_eq!(output.status.code(), Some(1), "no source could be read");
    assert_eq!(server.ask(count, json!({})).await, before);
    let health = "{ sources(first: 100) { nodes { slug health problem lastRun { status failed failures { nodes { url reason attempts } } } } } }";
    let answer = server.ask(health, json!({})).await;
    for source in answer["sources"]["nodes"].as_array().unwrap() {
        assert_eq!(source["health"], "BROKEN", "{source:#}");
        assert!(source["problem"].as_str().unwrap().len() > 20, "{source:#}");
        let failure = &source["lastRun"]["failures"]["nodes"][0];
        assert!(failure["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{source:#}");
        assert!(!failure["reason"].as_str().unwrap().is_empty(), "{source:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_taken_out_of_a_declaration_is_asked_for_no_more() {
    let database = support::sqlite().await;
    let sites = Sites::start().await.unwrap();
    let program = Program::on(&database.url);
    let folder = program.folder.path().join("sources");
    let (_, list) = sites.lists().find(|(slug, _)| *slug == "huzhou").unwrap();
    let declared = |list: &str| {
        let text = format!("name = '湖州'\nregion = '330500'\nlist = ['{list}']\nallow_private = true\ndelay_ms = 0\n");
        declare(&folder, "huzhou", &text);
        program.run(&["crawl", "--sources", folder.to_str().unwrap()])
    };
    let wrong = list.replace("index.html", "liebiao.html");
    assert_eq!(declared(&wrong).status.code(), Some(1), "there is no such list");
    let asked = sites.log().len();
    let output = declared(&list);
    assert!(output.status.success(), "{}", texts(&output).1);
    assert!(sites.log()[asked..].iter().all(|request| !request.path.contains("liebiao")));

    // Back in the declaration, it is asked for again.
    let asked = sites.log().len();
    assert_ne!(declared(&wrong).status.code(), Some(0));
    assert!(sites.log()[asked..].iter().any(|request| request.path.contains("liebiao")));
}
