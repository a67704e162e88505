//! `plangraph sites`: the sample sites alone, for others to crawl.

use std::{fs, net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use sites::Sites;

use super::{Outcome, interrupted, print};

/// Serve the five sample sites until told to stop, for a crawl by other processes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Address and port of the first; the others are on the next ports.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8100")]
    bind: SocketAddr,
    /// What those who crawl call this machine, unless they call it by that address.
    #[arg(long)]
    host: Option<String>,
    /// A folder to write their declarations to.
    #[arg(long, value_name = "DIR")]
    declare: Option<PathBuf>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let sites =
        Sites::on(args.bind).await.with_context(|| format!("cannot listen on {} and the ports after it", args.bind))?;
    for (slug, declaration) in sites.declarations_at(args.host.as_deref()) {
        match &args.declare {
            Some(folder) => {
                let path = folder.join(format!("{slug}.toml"));
                fs::write(&path, declaration).with_context(|| format!("cannot write {}", path.display()))?;
            }
            None => print(&format!("# {slug}.toml\n{declaration}\n"))?,
        }
    }
    interrupted().await;
    Ok(Outcome::Done)
}
