//! Facts about five real documents, where they stand beside the repository.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a test says why it fails or was skipped")]

mod sound;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use entity::value::SectionKind;
use extract::{Article, Context, Plan, Reader, html, plain};
use serde_json::Value;
use sound::unsound;

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")
}

/// The facts, or none where the documents are not there.
fn gold() -> Option<Vec<Value>> {
    let path = shared().join("gold/plans.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

fn expected(gold: &[Value], doc: &str) -> Vec<Value> {
    gold.iter().filter(|line| line["doc"] == doc).cloned().collect()
}

fn count(plan: &Plan, kind: SectionKind, depth: Option<u32>) -> usize {
    plan.sections.iter().filter(|s| s.kind == kind && depth.is_none_or(|depth| s.depth == depth)).count()
}

/// Every fact that `line` states and `plan` does not bear out.
fn differences(line: &Value, plan: &Plan, published: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |name: &str, is: Value| {
        if line[name] != is {
            found.push(format!("{} {}: {name} is {is}, not {}", line["doc"], line["region"], line[name]));
        }
    };
    if !line["title"].is_null() {
        check("title", plan.title.clone().into());
    }
    check("kind", plan.kind.as_str().to_uppercase().into());
    check("region", plan.region.as_ref().map(|r| r.name.clone()).into());
    if !line["code"].is_null() {
        check("code", plan.region.as_ref().and_then(|r| r.code).map(String::from).into());
    }
    check("issuer", plan.issuer.clone().into());
    check("documentNumber", plan.document_number.clone().into());
    if published {
        check("indexNumber", plan.index_number.clone().into());
        check("publishedOn", plan.published_on.map(|day| day.to_string()).into());
        check("issuedOn", plan.issued_on.map(|day| day.to_string()).into());
    }
    check("period", plan.period.map(|p| vec![p.start_year, p.end_year]).into());
    for (name, kind, depth) in [
        ("chapters", SectionKind::Heading, Some(1)),
        ("groups", SectionKind::Heading, Some(2)),
        ("tasks", SectionKind::Task, None),
        ("boxes", SectionKind::Box, None),
    ] {
        if !line[name].is_null() {
            check(name, count(plan, kind, depth).into());
        }
    }
    if !line["glossary"].is_null() {
        check("glossary", plan.glossary.len().into());
    }
    if let Some(responsible) = line["responsible"].as_object() {
        for (number, units) in responsible {
            let task = plan.sections.iter().find(|s| s.number.as_deref() == Some(&format!("{number}.")));
            let is = Value::from(task.map(|task| task.responsible.clone()));
            if is != *units {
                found.push(format!("{} task {number}: {is}, not {units}", line["doc"]));
            }
        }
    }
    if let Some(words) = line["firstWords"].as_str() {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        if !plain(&plan.text).starts_with(&plain(words)) {
            found.push(format!("{}: starts with {}", line["region"], plan.text.lines().next().unwrap_or_default()));
        }
        if let Some(slogan) = line["slogan"].as_str()
            && !plain(&plan.title).contains(&plain(slogan))
        {
            found.push(format!("{}: no slogan in {}", line["region"], plan.title));
        }
    }
    found
}

fn check(doc: &str, article: &Article, context: &Context, published: bool, gold: &[Value]) -> Vec<String> {
    let plans = Reader::builtin().read(article, context);
    let lines = expected(gold, doc);
    let mut found = Vec::new();
    if plans.len() != lines.len() {
        found.push(format!("{doc}: {} plans, not {}", plans.len(), lines.len()));
    }
    for (line, plan) in lines.iter().zip(&plans) {
        found.extend(differences(line, plan, published));
        found.extend(unsound(plan).into_iter().map(|fault| format!("{doc}: {fault}")));
    }
    found
}

#[test]
fn texts_bear_out_the_facts() {
    let Some(gold) = gold() else { return };
    let mut found = Vec::new();
    for (doc, region, year) in [
        ("huzhou-2025", Some("湖州市"), None),
        ("zhonglou-2025", Some("钟楼区"), None),
        ("hangzhou-14fyp", None, None),
        ("shaoxing-2024", None, None),
        ("provinces-2025", None, None),
    ] {
        let text = std::fs::read_to_string(shared().join(format!("corpus/text/{doc}.txt"))).unwrap();
        let context = Context { region: region.map(str::to_owned), year };
        let article = plain::article(&text);
        let mut gold = gold.clone();
        if article.title.is_none() {
            // The text of one page was copied without its title.
            gold.iter_mut().filter(|line| line["doc"] == doc).for_each(|line| line["title"] = Value::Null);
        }
        found.extend(check(doc, &article, &context, false, &gold));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn pages_bear_out_the_facts() {
    let Some(gold) = gold() else { return };
    let folder = std::env::temp_dir().join(format!("plangraph-pages-{}", std::process::id()));
    let served = Command::new("python3").arg(shared().join("corpus/serve.py")).arg("--pages").arg(&folder).status();
    if !served.is_ok_and(|status| status.success()) {
        eprintln!("skipped: python3 could not write the pages");
        return;
    }
    let mut found = Vec::new();
    for doc in ["huzhou-2025", "zhonglou-2025", "hangzhou-14fyp", "shaoxing-2024", "provinces-2025"] {
        let bytes = std::fs::read(folder.join(format!("{doc}.html"))).unwrap();
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::GB18030.decode(&bytes).0.into_owned(),
        };
        found.extend(check(doc, &html::article(&text), &Context::default(), true, &gold));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
