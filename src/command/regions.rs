//! `plangraph regions`: administrative divisions.

use std::{fs::File, path::PathBuf};

use anyhow::Context;
use migration::regions;

use super::{DatabaseArgs, Outcome, print};

/// Administrative divisions.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Load a full table of divisions, so that every county resolves.
    ///
    /// The table is CSV in UTF-8 with the columns 代码, 名称, 级别 (省级, 地级, 县级), 启用时间, 变更/弃用时间 (years) and 新代码
    /// (codes that took over, as in `330502[2003];330503[2003]`).
    Import(ImportArgs),
}

#[derive(clap::Args)]
pub(crate) struct ImportArgs {
    /// The table.
    file: PathBuf,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Outcome> {
    let Command::Import(args) = command;
    let name = args.file.display();
    let file = File::open(&args.file).with_context(|| format!("cannot read {name}"))?;
    let table = regions::read(file).with_context(|| format!("{name} is no table of divisions"))?;
    let db = args.database.open().await?;
    let merged = regions::import(&db, &table).await.with_context(|| format!("cannot import {name}"))?;
    for refusal in &table.refused {
        tracing::warn!("{name}, line {}: refused, {}", refusal.line, refusal.reason);
    }
    print(&format!(
        "{} added, {} changed, {} known already, {} refused\n",
        merged.added,
        merged.changed,
        merged.unchanged,
        table.refused.len()
    ))?;
    Ok(if table.refused.is_empty() { Outcome::Done } else { Outcome::Partly })
}
