//! `plangraph health`: whether a process does well, for whoever watches containers and has nothing else to ask with.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use url::Url;

use super::{Outcome, serve::ListenArgs};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(4);
/// The most that is read of an answer.
const MAX_ANSWER: u64 = 4096;

/// Ask a process on this machine whether it does well; exit code 1 where it does not.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to ask (http://127.0.0.1:9464/healthz); unless said, whether the API is ready.
    url: Option<Url>,
    #[command(flatten)]
    listen: ListenArgs,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let url = match args.url {
        Some(url) => url,
        None => {
            let mut bind = args.listen.bind;
            if bind.ip().is_unspecified() {
                bind.set_ip([127, 0, 0, 1].into());
            }
            Url::parse(&format!("http://{bind}/readyz")).context("the address of the API is none")?
        }
    };
    let answer = timeout(PATIENCE, ask(&url)).await.with_context(|| format!("{url} does not answer"))??;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.lines().next().unwrap_or_default();
    ensure!(status.split(' ').nth(1) == Some("200"), "{url}: {status}: {}", body.trim());
    Ok(Outcome::Done)
}

/// The answer to a GET, its beginning at least.
async fn ask(url: &Url) -> anyhow::Result<String> {
    let (Some(host), "http") = (url.host_str(), url.scheme()) else { bail!("{url} is no address of http") };
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host, port)).await.with_context(|| format!("cannot reach {url}"))?;
    let request = format!("GET {} HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n", &url[url::Position::BeforePath..]);
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
