//! `plangraph migrate`: the schema and the reference data.

use super::{DatabaseArgs, Outcome};

/// Bring the database's schema and reference data up to date.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    args.database.open().await?;
    tracing::info!("the database is up to date");
    Ok(Outcome::Done)
}
