//! `plangraph crawl`: a crawl once, now.

use std::time::Duration;

use anyhow::bail;
use crawler::{Options, Snapshots, Sources, Stop, progress, webhook::Webhook};
use url::Url;

use super::{DatabaseArgs, Outcome, closed, http, interrupted, sources::SourceArgs};

/// Crawl sources once, now.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Names of sources; all of them unless said.
    sources: Vec<String>,
    #[command(flatten)]
    crawler: CrawlerArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// What every command that crawls is told.
#[derive(clap::Args)]
pub(crate) struct CrawlerArgs {
    #[command(flatten)]
    sources: SourceArgs,
    #[command(flatten)]
    store: StoreArgs,
    /// How a publisher reaches you, a mail address or a page; sent with every request.
    #[arg(long, env = "PLANGRAPH_CONTACT", value_name = "ADDRESS")]
    contact: Option<String>,
    /// Who is told, as JSON by POST, when the health of a source changes.
    #[arg(long, env = "PLANGRAPH_WEBHOOK", value_name = "URL", value_parser = http, hide_env_values = true)]
    webhook: Option<Url>,
}

/// What every command that stores pages is told.
#[derive(clap::Args)]
pub(crate) struct StoreArgs {
    /// Where fetched pages are kept: a folder or the URL of an object store.
    #[arg(long, env = "PLANGRAPH_SNAPSHOTS", value_name = "FOLDER|URL", default_value = "./snapshots")]
    pub(crate) snapshots: String,
    /// After how many seconds others take the page of a worker that gives no sign of life.
    #[arg(long, env = "PLANGRAPH_LEASE", value_name = "SECONDS", default_value_t = 60)]
    pub(crate) lease: u16,
}

impl CrawlerArgs {
    /// The sources.
    pub(crate) fn sources(&self) -> anyhow::Result<Sources> {
        self.sources.load()
    }

    /// How to crawl them.
    pub(crate) fn options(&self, stop: Stop) -> anyhow::Result<Options> {
        let options = Options::new(Snapshots::open(&self.store.snapshots)?);
        Ok(Options {
            contact: self.contact.clone(),
            lease: Duration::from_secs(self.store.lease.max(1).into()),
            webhook: self.webhook.clone().map(Webhook::new),
            stop,
            ..options
        })
    }
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let sources = args.crawler.sources()?.select(&args.sources)?;
    let options = Options { progress: progress::for_stderr(), ..args.crawler.options(Stop::when(interrupted()))? };
    let db = args.database.open_writer().await?;
    let summary = closed(&db, crawler::crawl(&db, &sources, &options).await).await?;
    match summary.outcome() {
        crawler::Outcome::Complete => Ok(Outcome::Done),
        crawler::Outcome::Partial => Ok(Outcome::Partly),
        crawler::Outcome::Nothing => bail!("no source could be read; the log above says why"),
    }
}
