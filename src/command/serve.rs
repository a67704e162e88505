//! `plangraph serve`: the API and the explorer, with the schedule.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context;
use api::Api;
use crawler::{Options, Stop, schedule};
use extract::Reader;
use sea_orm::DatabaseConnection;
use tokio::net::TcpListener;

use super::{DatabaseArgs, Outcome, crawl::CrawlerArgs, interrupted, print, service::ServiceArgs};

/// Serve the API and the explorer, and crawl the sources at their times.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    listen: ListenArgs,
    /// Only serve: another process crawls.
    #[arg(long)]
    no_schedule: bool,
    #[command(flatten)]
    crawler: CrawlerArgs,
    #[command(flatten)]
    service: ServiceArgs,
    #[command(flatten)]
    database: DatabaseArgs,
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
    let db = args.database.open().await?;
    let stop = Stop::when(interrupted());
    let api = serve(listener, db.clone(), &stop);
    if args.no_schedule {
        return args.service.bounded(&stop, api).await;
    }
    let (sources, options) = (args.crawler.sources()?, args.crawler.options(stop.clone())?);
    let options = Options { drain: args.service.drain(), ..options };
    let writer = args.database.open_writer().await?;
    let schedule = async { schedule::serve(&writer, &sources, &options).await.context("the schedule cannot go on") };
    args.service.bounded(&stop, async { tokio::try_join!(api, schedule).map(|_| ()) }).await
}

/// Takes the address that the API is to answer on.
pub(crate) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; --bind HOST:PORT names another address"))
}

/// Says where the API is, and serves it until the stop comes.
pub(crate) async fn serve(listener: TcpListener, db: DatabaseConnection, stop: &Stop) -> anyhow::Result<()> {
    let address = listener.local_addr().context("cannot tell the address")?;
    print(&format!("GraphQL and explorer: http://{address}/graphql\n"))?;
    let router = api::router(Api::new(db, Arc::new(Reader::builtin())));
    let stop = stop.clone();
    api::serve(listener, router, async move { stop.wait().await }).await.context("the API cannot go on")
}
