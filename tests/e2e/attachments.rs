//! Notices whose plans are in files of the kinds that programs write.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::PathBuf,
};

use serde_json::json;

use crate::program::{Program, declare, texts};

const TITLE: &str = "湖州市卫生健康委员会关于印发湖州市卫生健康事业发展“十四五”规划的通知";

fn notice(links: &str) -> Vec<u8> {
    format!(
        "<meta charset=utf-8><title>{TITLE}</title><div class=TRS_Editor><p>湖卫发〔2021〕31号</p><p>各区县卫生健康局：</p>\
         <p>现将规划印发给你们，请抓紧办理。</p><p>湖州市卫生健康委员会</p><p>2021年9月1日</p>{links}</div>"
    )
    .into_bytes()
}

fn document(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/e2e/documents", name].iter().collect();
    std::fs::read(path).unwrap()
}

/// Serves some files, and nothing else.
fn serve(files: &[(&str, Vec<u8>)]) -> String {
    let files: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(path, body)| ((*path).to_owned(), body.clone())).collect();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let path = first.split(' ').nth(1).unwrap_or_default();
            let (status, body) = files.get(path).map_or(("404 None", &[][..]), |body| ("200 OK", body));
            let kind = if path.ends_with("html") { "text/html" } else { "application/octet-stream" };
            let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
            let _ = stream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes());
            let _ = stream.write_all(body);
        }
    });
    address
}

/// The program on a database of its own, and the folder of a source that names the page of a site.
fn source(site: &str) -> (Program, String) {
    let program = Program::on("");
    let database = format!("sqlite://{}?mode=rwc", program.folder.path().join("plangraph.db").display());
    let program = Program { database, ..program };
    let folder = program.folder.path().join("sources");
    let keys = "region = '330500'\nallow_private = true\ndelay_ms = 0\n";
    declare(&folder, "notice", &format!("name = '湖州'\narticles = ['{site}/1.html']\n{keys}"));
    (program, folder.display().to_string())
}

#[tokio::test]
async fn plans_are_read_from_word_and_pdf_files() {
    for (name, link) in [
        ("plan.docx", "<a href='/plan.docx'>附件：湖州市卫生健康事业发展“十四五”规划.docx</a>"),
        ("plan.doc", "<a href='/plan.doc'>附件</a>"),
        ("plan.pdf", "<iframe src='/pdfjs/viewer.html?file=%2Fplan.pdf'></iframe>"),
    ] {
        let site = serve(&[("/1.html", notice(link)), (&format!("/{name}"), document(name))]);
        let (program, folder) = source(&site);
        let output = program.run(&["crawl", "--sources", &folder]);
        assert!(output.status.success(), "{name}: {:?}", texts(&output));
        let query = "{ plans { nodes { title documentNumber issuedOn url provenance { url } snapshots { url }
                       indicators { totalCount nodes { provenance { url } } } } } }";
        let data = program.serve().ask(query, json!({})).await;
        let [plan] = &data["plans"]["nodes"].as_array().unwrap()[..] else { panic!("{name}: {data:#}") };
        let (page, file) = (json!({"url": format!("{site}/1.html")}), json!({"url": format!("{site}/{name}")}));
        assert_eq!(plan["title"], "湖州市卫生健康事业发展“十四五”规划", "{name}");
        assert_eq!((&plan["documentNumber"], &plan["issuedOn"]), (&json!("湖卫发〔2021〕31号"), &json!("2021-09-01")));
        assert_eq!((&plan["url"], &plan["provenance"]), (&page["url"], &file), "{name}");
        assert_eq!(plan["snapshots"], json!([page, file]), "{name}");
        assert_eq!(plan["indicators"]["totalCount"], 7, "{name}");
        assert_eq!(plan["indicators"]["nodes"][0]["provenance"], file, "{name}");
    }
}

#[tokio::test]
async fn a_table_of_indicators_follows_the_plan_on_its_page() {
    let plan: String = ["推进县域医共体建设，加强卫生院能力，完善双向转诊", "实施健康城市行动，提升素养，健全监测网络"]
        .iter()
        .zip(["一", "二"])
        .map(|(task, number)| format!("<p>{number}、{}。</p>", [*task; 5].join("，")))
        .collect();
    let links = "<p><a href='/table.xlsx'>附件2：主要指标表.xlsx</a></p>";
    let page = format!("<p>湖州市卫生健康事业发展“十四五”规划</p>{plan}<p>三、落实责任。</p>{links}");
    let site = serve(&[("/1.html", notice(&page)), ("/table.xlsx", document("table.xlsx"))]);
    let (program, folder) = source(&site);
    let output = program.run(&["crawl", "--sources", &folder]);
    assert!(output.status.success(), "{:?}", texts(&output));
    let query = "{ plans { nodes { text provenance { url } snapshots { url }
                   indicators(first: 1) { totalCount nodes { name provenance { url } section { heading path } } } } } }";
    let data = program.serve().ask(query, json!({})).await;
    let plan = &data["plans"]["nodes"][0];
    let (page, file) = (json!({"url": format!("{site}/1.html")}), json!({"url": format!("{site}/table.xlsx")}));
    assert_eq!((&plan["provenance"], &plan["snapshots"]), (&page, &json!([page, file])), "{data:#}");
    assert!(plan["text"].as_str().unwrap().contains("附件2：主要指标表\n"), "{data:#}");
    assert_eq!(plan["indicators"]["totalCount"], 6);
    assert_eq!(plan["indicators"]["nodes"][0]["provenance"], file);
    assert_eq!(plan["indicators"]["nodes"][0]["section"]["path"][0], "主要指标表");
}

#[test]
fn files_without_text_are_named_with_their_page() {
    for (name, needle) in [("scanned.pdf", "the PDF is a scan"), ("encrypted.pdf", "is encrypted")] {
        let link = format!("<a href='/{name}'>附件</a>");
        let site = serve(&[("/1.html", notice(&link)), (&format!("/{name}"), document(name))]);
        let (program, folder) = source(&site);
        let output = program.run(&["crawl", "--sources", &folder]);
        let (out, error) = texts(&output);
        assert_eq!(output.status.code(), Some(1), "{out}{error}");
        let (list, _) = texts(&program.run(&["sources", "list", "--sources", &folder]));
        assert!(format!("{error}{list}").contains(needle), "{error}{list}");
        let kept = program.folder.path().join("snapshots");
        let bodies = std::fs::read_dir(&kept).unwrap().count();
        assert_eq!(bodies, 2, "page and file are kept");
    }
}

#[test]
fn looking_at_a_notice_tells_what_came_of_its_files() {
    let links = "<a href='/plan.docx'>附件1：规划</a><a href='/scanned.pdf'>附件2</a><a href='/none.doc'>附件3</a>";
    let files =
        [("/1.html", notice(links)), ("/plan.docx", document("plan.docx")), ("/scanned.pdf", document("scanned.pdf"))];
    let site = serve(&files);
    let (program, _) = source(&site);
    let output = program.run(&["sources", "try", &format!("{site}/1.html"), "--allow-private"]);
    let (out, error) = texts(&output);
    assert!(output.status.success(), "{out}{error}");
    for needle in ["as the plan", "the PDF is a scan", "answered 404", "湖卫发〔2021〕31号", "7 figures"] {
        assert!(out.contains(needle), "{needle}: {out}");
    }
}
