//! `plangraph reextract`: what is kept, read again by the rules of this program.

use std::time::Duration;

use crawler::{
    Snapshots, Stop, progress,
    reextract::{self, Options, Reread},
};

use super::{DatabaseArgs, Outcome, closed, crawl::StoreArgs, interrupted, print};

/// Read the kept pages again that an older extractor has read; nothing is fetched.
///
/// What is read otherwise becomes a technical version of its plan; plans that read the same are left alone. It goes on
/// where it was stopped, and may run beside crawls.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let options = Options {
        progress: progress::for_stderr(),
        lease: Duration::from_secs(args.store.lease.max(1).into()),
        stop: Stop::when(interrupted()),
        ..Options::new(Snapshots::open(&args.store.snapshots)?)
    };
    let db = args.database.open_writer().await?;
    let reread = closed(&db, reextract::reextract(&db, &options).await).await?;
    let Reread { pages, changed, failed, stopped } = reread;
    print(&format!("{pages} pages read again, {changed} plans with a new version, {failed} pages failed\n"))?;
    Ok(if failed > 0 || stopped { Outcome::Partly } else { Outcome::Done })
}
