//! `plangraph serve`: the API and the explorer, with the schedule.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use api::{Api, Settings};
use axum::Router;
use crawler::{Options, Stop, schedule};
use extract::Reader;
use sea_orm::DatabaseConnection;
use tokio::net::TcpListener;

use super::{
    DatabaseArgs, Outcome, ReplicaArgs, access::AccessArgs, crawl::CrawlerArgs, interrupted, print,
    service::ServiceArgs,
};
use crate::watch::Watch;

/// Serve the API and the explorer, and crawl the sources at their times.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    listen: ListenArgs,
    /// Only serve: another process crawls.
    #[arg(long)]
    no_schedule: bool,
    #[command(flatten)]
    access: AccessArgs,
    #[command(flatten)]
    crawler: CrawlerArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    replica: ReplicaArgs,
}

/// Where the API is.
#[derive(clap::Args)]
pub(crate) struct ListenArgs {
    /// Address and port to listen on.
    #[arg(long, env = "PLANGRAPH_BIND", value_name = "HOST:PORT", default_value = "127.0.0.1:8000")]
    pub(crate) bind: SocketAddr,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let listener = listen(args.listen.bind).await?;
    let stop = Stop::when(interrupted());
    let watch = Watch::new(stop.clone());
    args.service.watched(&watch).await?;
    let said = announcement(&listener)?;
    let api = answer(listener, watch.with_api(), &stop, args.service.notice());
    let work = async {
        let settings = args.access.settings();
        let db = args.database.open_reader(settings.time).await?;
        let replica = args.replica.open(&db, settings.time).await?;
        watch.has_api(router(db.clone(), replica.clone(), settings));
        if let Some(replica) = replica {
            watch.has_replica(replica);
        }
        watch.has_database(db);
        print(&said)?;
        crawl(&args, &stop).await
    };
    args.service.bounded(&stop, async { tokio::try_join!(api, work).map(|_| ()) }).await
}

/// Crawls the sources at their times, where no other process does it.
async fn crawl(args: &Args, stop: &Stop) -> anyhow::Result<()> {
    if args.no_schedule {
        return Ok(());
    }
    let (sources, options) = (args.crawler.sources()?, args.crawler.options(stop.clone())?);
    let options = Options { drain: args.service.drain(), ..options };
    let writer = args.database.open_writer().await?;
    schedule::serve(&writer, &sources, &options).await.context("the schedule cannot go on")
}

/// Takes the address that the API is to answer on.
pub(crate) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; --bind HOST:PORT names another address"))
}

/// Says where the API is.
fn announcement(listener: &TcpListener) -> anyhow::Result<String> {
    let address = listener.local_addr().context("cannot tell the address")?;
    Ok(format!("GraphQL and explorer: http://{address}/graphql\n"))
}

/// The API over a database that is up to date, and its replica.
fn router(db: DatabaseConnection, replica: Option<DatabaseConnection>, settings: Settings) -> Router {
    let api = Api::with(db, Arc::new(Reader::builtin()), settings);
    api::router(match replica {
        Some(replica) => api.reading(replica),
        None => api,
    })
}

/// Answers until the stop comes, and some time after it.
async fn answer(listener: TcpListener, router: Router, stop: &Stop, notice: Duration) -> anyhow::Result<()> {
    let stop = stop.clone();
    api::serve(listener, router, async move { stop.wait_and(notice).await }).await.context("the API cannot go on")
}

/// Says where the API is, and serves it until the stop comes.
pub(crate) async fn serve(
    listener: TcpListener,
    db: DatabaseConnection,
    settings: Settings,
    stop: &Stop,
) -> anyhow::Result<()> {
    print(&announcement(&listener)?)?;
    answer(listener, router(db, None, settings), stop, Duration::ZERO).await
}
