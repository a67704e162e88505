//! `plangraph schema`: the GraphQL schema.

use super::{Outcome, print};

/// Print the GraphQL schema.
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: Args) -> anyhow::Result<Outcome> {
    print(&api::sdl())?;
    Ok(Outcome::Done)
}
