//! Whole tables as files, by the command and by the server.

use sites::Sites;

use crate::{
    program::{Program, client, texts},
    samples,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_command_writes_what_the_server_sends() {
    let database = support::sqlite().await;
    let sites = Sites::start().await.unwrap();
    let program = Program::on(&database.url);
    let sources = samples::declarations(&program, &sites);
    samples::crawl(&program, &sources);

    let names = ["plans.csv", "indicators.parquet", "sections.jsonl", "dictionary.md"];
    let paths = names.map(|name| format!("out/{name}"));
    let output = program.run(&[&["export"][..], &paths.each_ref().map(String::as_str)].concat());
    assert!(output.status.success(), "{}", texts(&output).1);
    let server = program.serve();
    for (name, path) in names.iter().zip(&paths) {
        let url = server.url.replace("/graphql", &format!("/export/{name}"));
        let sent = client().get(url).send().await.unwrap().bytes().await.unwrap();
        assert!(std::fs::read(program.folder.path().join(path)).unwrap() == sent, "{name}");
    }

    let output = program.run(&["export", "huzhou.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(texts(&output).1.contains("there is no file “huzhou.jsonl”"), "{}", texts(&output).1);
    let output = program.run(&["export", "indicators.jsonl", "--where", "regions=湖州市", "--where", "units=岁"]);
    assert!(output.status.success(), "{}", texts(&output).1);
    let rows = std::fs::read_to_string(program.folder.path().join("indicators.jsonl")).unwrap();
    assert!(!rows.is_empty() && rows.lines().all(|row| row.contains("\"unit\":\"岁\"")), "{rows}");
    let output = program.run(&["export", "plans.csv", "--where", "regoin=湖州市"]);
    let told = texts(&output).1;
    assert!(told.contains("there is no parameter `regoin`") && told.contains("asOf"), "{told}");
    assert!(!program.folder.path().join("plans.csv").exists(), "what could not be written is not there");
}
