//! `plangraph worker`: the schedule and the crawls, without the API.

use anyhow::Context;
use crawler::{Options, Stop, schedule};

use crate::watch::Watch;

use super::{DatabaseArgs, Outcome, closed, crawl::CrawlerArgs, interrupted, service::ServiceArgs};

/// Crawl the sources at their times, and what is queued, until told to stop. Any number of workers may share a PostgreSQL.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    crawler: CrawlerArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let stop = Stop::when(interrupted());
    let (sources, options) = (args.crawler.sources()?, args.crawler.options(stop.clone())?);
    let options = Options { drain: args.service.drain(), ..options };
    let watch = Watch::new(stop.clone());
    args.service.watched(&watch).await?;
    let db = args.database.open_writer().await?;
    watch.has_database(db.clone());
    let schedule = async { schedule::serve(&db, &sources, &options).await.context("the schedule cannot go on") };
    closed(&db, args.service.bounded(&stop, schedule).await).await
}
