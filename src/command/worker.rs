//! `plangraph worker`: the schedule and the crawls, without the API.

use anyhow::Context;
use crawler::{Stop, schedule};

use super::{DatabaseArgs, Outcome, crawl::CrawlerArgs, interrupted};

/// Crawl the sources at their times, and what is queued, until told to stop. Any number of workers may share a PostgreSQL.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    crawler: CrawlerArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let (sources, options) = (args.crawler.sources()?, args.crawler.options(Stop::when(interrupted()))?);
    let db = args.database.open_writer().await?;
    schedule::serve(&db, &sources, &options).await.context("the schedule cannot go on")?;
    Ok(Outcome::Done)
}
