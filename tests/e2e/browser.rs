//! The explorer in a real browser.

use std::process::{Command, Stdio};

use crate::program::Program;

/// A browser that is installed here.
fn browser() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    });
    if found.is_none() {
        eprintln!("skipped: no Chromium is installed");
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn the_explorer_runs_a_query_without_the_internet() {
    let Some(browser) = browser() else { return };
    let database = support::sqlite().await;
    let program = Program::on(&database.url);
    let server = program.serve();
    let profile = tempfile::tempdir().unwrap();
    let query = "%7B%20region(code%3A%20%22330500%22)%20%7B%20name%20ancestors%20%7B%20name%20%7D%20%7D%20%7D";
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--virtual-time-budget=20000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("{}#query={query}&run", server.url))
        .output()
        .unwrap();
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(page.contains("浙江省"), "the answer is not on the page:\n{page}");
    assert!(!page.contains("http://unpkg") && !page.contains("https://"), "the page asks for outside addresses");
}
