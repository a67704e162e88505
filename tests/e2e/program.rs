//! Starting the program and asking it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

/// The program with some settings.
pub(crate) struct Program {
    pub(crate) database: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Program {
    /// On a database of its own, snapshots in a folder of its own.
    pub(crate) fn on(database: &str) -> Self {
        Self { database: database.to_owned(), folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plangraph"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env("DATABASE_URL", &self.database)
            .env("PLANGRAPH_SNAPSHOTS", self.folder.path().join("snapshots"))
            .env_remove("RUST_LOG")
            .env("RUST_BACKTRACE", "0");
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().unwrap()
    }

    /// Starts the API on a free port.
    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// Starts the API on a free port, with these options beside the usual ones.
    pub(crate) fn serve_with(&self, options: &[&str]) -> Server {
        let mut child = self
            .command(&["serve", "--bind", "127.0.0.1:0", "--no-schedule"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).expect(&line).to_owned();
        Server { child, url }
    }
}

/// A running API; it ends with this value.
pub(crate) struct Server {
    child: Child,
    /// Address of the GraphQL endpoint.
    pub(crate) url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Tells it to end, and waits until it has.
    pub(crate) fn end(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// The whole answer to a query.
    pub(crate) async fn answer(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = client().post(&self.url).header("content-type", "application/json").body(body);
        serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap()
    }

    /// The whole answer to somebody with a token.
    pub(crate) async fn answer_to(&self, token: &str, query: &str, variables: Value) -> (u16, Value) {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = client().post(&self.url).header("content-type", "application/json").body(body);
        let answer = request.header("authorization", format!("Bearer {token}")).send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
    }

    /// Status and text of another page of the same server.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let url = self.url.replace("/graphql", path);
        let answer = client().get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The data of an answer without errors.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.answer(query, variables).await;
        assert!(answer["errors"].is_null(), "{query}\n{:#}", answer["errors"]);
        answer["data"].take()
    }
}

pub(crate) fn client() -> reqwest::Client {
    crawler::tls::provide();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Standard output and error as text.
pub(crate) fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// Writes a source declaration.
pub(crate) fn declare(folder: &Path, slug: &str, text: &str) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(format!("{slug}.toml")), text).unwrap();
}
