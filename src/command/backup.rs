//! `plangraph backup`, `restore` and `prune`: a copy of what is stored, the way back, and what need not be kept.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crawler::{
    Snapshots,
    backup::{self, Copied},
    retention,
};

use super::{DatabaseArgs, Outcome, crawl::StoreArgs, print};

/// Copy the database and the snapshots into a folder; a copy that is there is brought up to date.
///
/// It is whole though crawls go on meanwhile. Of PostgreSQL only the snapshots are copied: dump the database first, with
/// pg_dump --format=custom.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder.
    folder: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let db = args.database.open().await?;
    told(backup::backup(&db, &Snapshots::open(&args.store.snapshots)?, &args.folder).await?)
}

/// Put a copy back that `backup` made, where no database is yet. On PostgreSQL only the snapshots: pg_restore comes first.
pub(crate) async fn restore(args: Args) -> anyhow::Result<Outcome> {
    let file = args.database.file();
    let snapshots = Snapshots::open(&args.store.snapshots)?;
    let copied = backup::restore(&args.folder, file.as_deref().map(Path::new), &snapshots).await?;
    // A copy by an older version is brought up to date.
    args.database.open().await?;
    told(copied)
}

fn told(copied: Copied) -> anyhow::Result<Outcome> {
    let Copied { copied, kept, missing } = copied;
    print(&format!("{copied} snapshots copied, {kept} there already, {missing} not kept any more\n"))?;
    Ok(Outcome::Done)
}

/// Drop old snapshots that nothing rests on any more.
///
/// The last of each page and file stays whatever its age, and so does what the plans as they stand were read from. What was
/// read from a snapshot stays as well, and so does its hash. Not while a crawl is at work.
#[derive(clap::Args)]
pub(crate) struct PruneArgs {
    /// How old a snapshot must be.
    #[arg(value_name = "DAYS")]
    days: u32,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn prune(args: PruneArgs) -> anyhow::Result<Outcome> {
    let db = args.database.open().await?;
    let age = Duration::from_secs(u64::from(args.days) * 24 * 60 * 60);
    let dropped = retention::prune(&db, &Snapshots::open(&args.store.snapshots)?, age).await?;
    print(&format!("{dropped} snapshots dropped\n"))?;
    Ok(Outcome::Done)
}
