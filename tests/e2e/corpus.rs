//! The source documents as five sites serve them: every plan with all that is known of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::program::{Program, client, declare, texts};

/// Where the documents lie when they are there.
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status().is_ok_and(|s| s.success());
    if folder.join("corpus/serve.py").exists() && python {
        return Some(folder);
    }
    eprintln!("skipped: the source documents, or python3 to serve them, are not here");
    None
}

/// The five sites, until dropped.
pub(crate) struct Sites(Child);

impl Drop for Sites {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that nobody has now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.11:0").unwrap().local_addr().unwrap().port()
}

/// Serves the documents on a port, and declares them as sources in a folder.
pub(crate) fn serve(corpus: &Path, port: u16, sources: &Path) -> Sites {
    let child = Command::new("python3")
        .arg(corpus.join("corpus/serve.py"))
        .args(["--port", &port.to_string()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let sites = Sites(child);
    let address = format!("127.0.0.15:{port}").parse().unwrap();
    let up = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok()
    });
    assert!(up, "the sites did not start");
    let declarations = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/sources");
    for entry in fs::read_dir(declarations).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap().replace(":8700", &format!(":{port}"));
        declare(sources, path.file_stem().unwrap().to_str().unwrap(), &text);
    }
    sites
}

/// What the sites were asked for since they started.
async fn log(port: u16) -> Vec<Value> {
    let answer = client().get(format!("http://127.0.0.11:{port}/__log")).send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

const PLANS: &str = "query($after: String) { plans(first: 100, after: $after) { totalCount nodes {
    title kind region { name code } issuer documentNumber indexNumber issuedOn publishedOn isReprint text
    period { startYear endYear } source { slug } outline { kind children { kind } }
    tasks: sections(kind: TASK, first: 100) { totalCount nodes { number responsible } }
    boxes: sections(kind: BOX) { totalCount }
    glossary { term formula }
} } }";

#[tokio::test]
async fn every_plan_holds() {
    let Some(corpus) = corpus() else { return };
    for database in support::databases("corpus_plans").await {
        let program = Program::on(&database.url);
        let sources = program.folder.path().join("sources");
        let _sites = serve(&corpus, free_port(), &sources);
        let crawl = program.run(&["crawl", "--sources", sources.to_str().unwrap()]);
        assert!(crawl.status.success(), "{}", texts(&crawl).1);

        let server = program.serve();
        let found = server.ask(PLANS, json!({})).await;
        assert_eq!(found["plans"]["totalCount"], 36);
        let found = found["plans"]["nodes"].as_array().unwrap();
        let known: Vec<Value> =
            serde_json::from_str(&fs::read_to_string(corpus.join("gold/plans.json")).unwrap()).unwrap();
        assert_eq!(known.len(), 36);
        let wrong: Vec<String> = known.iter().flat_map(|plan| differences(plan, found)).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// How a plan as it was found differs from what is known of it, a line each.
fn differences(known: &Value, found: &[Value]) -> Vec<String> {
    let name = format!("{} {}", known["doc"], known["region"]);
    let slug = known["doc"].as_str().unwrap().split('-').next().unwrap();
    let same = |plan: &&Value| plan["source"]["slug"] == slug && plan["region"]["name"] == known["region"];
    let Some(plan) = found.iter().find(same) else { return vec![format!("{name}: not found")] };

    let kinds = |sections: &Value, kind: &str| {
        sections.as_array().unwrap().iter().filter(|section| section["kind"] == kind).cloned().collect::<Vec<_>>()
    };
    let chapters = kinds(&plan["outline"], "HEADING");
    let groups: usize = chapters.iter().map(|chapter| kinds(&chapter["children"], "HEADING").len()).sum();
    let text = plan["text"].as_str().unwrap();
    let mut wrong = Vec::new();
    let mut check = |what: &str, expected: &Value, got: Value| {
        // What the description leaves open is null there.
        if !expected.is_null() && *expected != got {
            wrong.push(format!("{name}: {what} should be {expected}, is {got}"));
        }
    };
    for field in ["title", "kind", "issuer", "documentNumber", "indexNumber", "issuedOn", "publishedOn", "isReprint"] {
        check(field, &known[field], plan[field].clone());
    }
    check("code", &known["code"], plan["region"]["code"].clone());
    check("period", &known["period"], json!([plan["period"]["startYear"], plan["period"]["endYear"]]));
    if known["title"].is_string() {
        for (field, got) in [
            ("chapters", json!(chapters.len())),
            ("groups", json!(groups)),
            ("tasks", plan["tasks"]["totalCount"].clone()),
            ("boxes", plan["boxes"]["totalCount"].clone()),
            ("glossary", json!(plan["glossary"].as_array().unwrap().len())),
        ] {
            check(field, &known[field], got);
        }
    }
    for (number, units) in known["responsible"].as_object().into_iter().flatten() {
        let tasks = plan["tasks"]["nodes"].as_array().unwrap();
        let task =
            tasks.iter().find(|task| task["number"].as_str().unwrap_or_default().trim_end_matches('.') == number);
        check("responsible", units, task.map_or(Value::Null, |task| task["responsible"].clone()));
    }
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    for field in ["firstWords", "slogan"] {
        if let Some(words) = known[field].as_str() {
            let there = if field == "slogan" {
                bare(text).contains(&bare(words)) || bare(plan["title"].as_str().unwrap()).contains(&bare(words))
            } else {
                bare(text).starts_with(&bare(words))
            };
            check(field, &json!(true), json!(there));
        }
    }
    wrong
}

#[tokio::test]
async fn a_second_crawl_fetches_no_body_and_changes_nothing() {
    let Some(corpus) = corpus() else { return };
    let database = support::sqlite().await;
    let program = Program::on(&database.url);
    let sources = program.folder.path().join("sources");
    let port = free_port();
    let _sites = serve(&corpus, port, &sources);
    let crawl = || program.run(&["crawl", "--sources", sources.to_str().unwrap()]);
    assert!(crawl().status.success());
    let before = everything(&program).await;
    let asked = log(port).await.len();

    assert!(crawl().status.success());
    let second = log(port).await.split_off(asked);
    assert!(!second.is_empty());
    let bodies: Vec<_> = second
        .iter()
        .filter(|request| request["path"] != "/robots.txt" && request["method"] == "GET" && request["status"] != 304)
        .collect();
    assert!(bodies.is_empty(), "{bodies:#?}");
    assert_eq!(everything(&program).await, before);
}

const SHARED: &str = "{
    year: programmes(search: \"儿科、精神卫生服务年\", minRegions: 2) { nodes { name regionCount aliases regions { shortName } } }
    medicine: plans(filter: { programme: \"三明医改\", year: { ge: 2025, le: 2025 } }, first: 100) { nodes { region { shortName } } }
    citing: plans(first: 100) { nodes { citations { title plans { nodes { region { shortName } } } } } }
}";

#[tokio::test]
async fn what_plans_share() {
    let Some(corpus) = corpus() else { return };
    for database in support::databases("corpus_shared").await {
        let program = Program::on(&database.url);
        let sources = program.folder.path().join("sources");
        let _sites = serve(&corpus, free_port(), &sources);
        let crawl = program.run(&["crawl", "--sources", sources.to_str().unwrap()]);
        assert!(crawl.status.success(), "{}", texts(&crawl).1);
        let found = program.serve().ask(SHARED, json!({})).await;

        // Read in the documents. Shandong has a year each for children and minds, Tibet one with obstetrics too.
        let [year] = &found["year"]["nodes"].as_array().unwrap()[..] else { panic!("{}", found["year"]) };
        let regions = "河北 山西 吉林 上海 江苏 湖北 湖南 广东 四川 贵州 陕西 宁夏 湖州";
        assert_eq!(short_names(&year["regions"]), names(regions), "{year}");
        assert_eq!(year["regionCount"], 13);
        let regions = "河北 吉林 黑龙江 江西 山东 湖北 湖南 广东 广西 四川 西藏 陕西 甘肃 宁夏";
        let plans = found["medicine"]["nodes"].as_array().unwrap().iter().map(|plan| &plan["region"]);
        assert_eq!(short_names(&plans.cloned().collect()), names(regions));

        let citations = found["citing"]["nodes"].as_array().unwrap().iter();
        let shared: BTreeMap<&str, BTreeSet<String>> = citations
            .flat_map(|plan| plan["citations"].as_array().unwrap())
            .map(|cited| {
                let plans = cited["plans"]["nodes"].as_array().unwrap().iter().map(|plan| plan["region"].clone());
                (cited["title"].as_str().unwrap(), short_names(&plans.collect()))
            })
            .filter(|(_, regions)| regions.len() > 1)
            .collect();
        let all: Vec<_> = shared.into_iter().collect();
        assert_eq!(all, [("习近平关于健康中国论述摘编", names("北京 山西 内蒙古 江西"))]);
    }
}

fn short_names(regions: &Value) -> BTreeSet<String> {
    regions.as_array().unwrap().iter().map(|region| region["shortName"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn names(regions: &str) -> BTreeSet<String> {
    regions.split(' ').map(str::to_owned).collect()
}

/// All that the API shows of plans, sections and figures, with their ids.
async fn everything(program: &Program) -> Value {
    let server = program.serve();
    let query =
        "query($after: String) { indicators(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
        id name value unit sentence section { id } plan { id version text provenance { sha256 fetchedAt } } } } }";
    let (mut pages, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = server.ask(query, json!({ "after": after })).await["indicators"].take();
        after = page["pageInfo"]["endCursor"].clone();
        let more = page["pageInfo"]["hasNextPage"] == true;
        pages.push(page["nodes"].clone());
        if !more {
            return json!(pages);
        }
    }
}
