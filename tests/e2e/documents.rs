//! Files of every kind, and those that cannot be read. How they were made tells `documents/README.md`.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::PathBuf,
};

use serde_json::{Value, json};

use crate::program::{Program, declare, texts};

fn file(name: &str) -> String {
    [env!("CARGO_MANIFEST_DIR"), "tests/e2e/documents", name].iter().collect::<PathBuf>().display().to_string()
}

/// The figures of a file as `name value unit comparator role year obligation`.
fn figures(name: &str) -> Vec<String> {
    let output = Program::on("").run(&["extract", &file(name)]);
    let (out, error) = texts(&output);
    assert!(output.status.success(), "{name}: {error}");
    out.lines()
        .map(|line| {
            let figure: Value = serde_json::from_str(line).unwrap();
            let text = |field: &str| figure[field].as_str().unwrap_or_default().to_owned();
            assert!(text("sentence").contains(&text("value_text")), "{line}");
            assert_eq!(figure["region"], "湖州市", "{line}");
            let [unit, comparator, role] = ["unit", "comparator", "role"].map(text);
            let obligation = text("obligation");
            format!("{} {}{unit} {comparator} {role} {} {obligation}", text("name"), figure["value"], figure["year"])
                .trim_end()
                .to_owned()
        })
        .collect()
}

const TABLE: [&str; 6] = [
    "人均预期寿命 81.6岁 eq actual 2020 expected",
    "人均预期寿命 82.5岁 ge target 2025 expected",
    "孕产妇死亡率 5.3/10万 eq actual 2020 binding",
    "孕产妇死亡率 7.0/10万 lt target 2025 binding",
    "居民健康素养水平 33.5% eq actual 2020 expected",
    "居民健康素养水平 40.0% approx target 2025 expected",
];

#[test]
fn reads_documents_with_their_tables() {
    for name in ["plan.docx", "plan.doc", "plan.pdf"] {
        let found = figures(name);
        assert_eq!(found[0], "托位 3200.0个 eq target 2025", "{name}");
        assert_eq!(found[1..], TABLE, "{name}");
    }
}

#[test]
fn reads_sheets_with_merged_cells() {
    for name in ["table.xlsx", "table.xls"] {
        let found = figures(name);
        assert_eq!(found[..4], TABLE[..4], "{name}");
        assert_eq!(found.len(), 6, "{name}");
        assert_eq!(found[5], "居民健康素养水平 40.0% eq target 2025 expected", "{name}");
    }
}

#[test]
fn tells_why_a_file_cannot_be_read() {
    let program = Program::on("");
    let damaged = program.folder.path().join("damaged.docx");
    std::fs::write(&damaged, &std::fs::read(file("plan.docx")).unwrap()[..2_000]).unwrap();
    for (name, word) in [
        (file("encrypted.pdf"), "without a password"),
        (file("scanned.pdf"), "2 pages with 0 characters"),
        (damaged.display().to_string(), "damaged"),
    ] {
        let output = program.run(&["extract", &name]);
        let (out, error) = texts(&output);
        assert_eq!((output.status.code(), out.as_str()), (Some(1), ""), "{error}");
        assert!(error.contains(word) && error.contains(&name), "{error}");
    }
}

/// Serves a Word file under every address but that of robots.txt, and says nothing of its kind.
fn serve_file() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let body = std::fs::read(file("plan.docx")).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let (status, body) =
                if first.contains("robots.txt") { ("404 None", &[][..]) } else { ("200 OK", &body[..]) };
            let kind = "application/octet-stream";
            let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
            let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes());
            let _ = stream.write_all(body);
        }
    });
    port
}

#[tokio::test]
async fn crawls_a_plan_that_is_a_file() {
    let program = Program::on("");
    let database = format!("sqlite://{}?mode=rwc", program.folder.path().join("plangraph.db").display());
    let program = Program { database, ..program };
    let folder = program.folder.path().join("sources");
    let article = format!("http://127.0.0.1:{}/P0201.bin", serve_file());
    declare(&folder, "files", &format!("name = 'Files'\narticles = ['{article}']\nallow_private = true\n"));
    let output = program.run(&["crawl", "--sources", &folder.display().to_string()]);
    assert!(output.status.success(), "{:?}", texts(&output));
    let query = "{ plans { nodes { title indicators { nodes { valueText } } } } }";
    let data = program.serve().ask(query, json!({})).await;
    let plan = &data["plans"]["nodes"][0];
    assert_eq!(plan["title"], "湖州市卫生健康事业发展“十四五”规划");
    let values = plan["indicators"]["nodes"].as_array().unwrap();
    assert_eq!((values.len(), &values[2]["valueText"]), (7, &json!("≥82.5")));
}
