//! `plangraph concepts`: the catalogue of concepts, and what it lacks.

use crawler::candidates::{Candidate, candidates};

use super::{
    DatabaseArgs, Outcome, print,
    table::{cut, table},
};

/// Columns of a name and of a sentence.
const NAME: usize = 40;
const SENTENCE: usize = 80;

/// The catalogue of concepts, and what it lacks.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// List names without a concept that recur in several regions.
    Candidates(CandidateArgs),
}

#[derive(clap::Args)]
pub(crate) struct CandidateArgs {
    /// In how many regions a name must have figures.
    #[arg(long, value_name = "N", default_value_t = 2)]
    min_regions: usize,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Outcome> {
    let Command::Candidates(args) = command;
    let db = args.database.open().await?;
    let rows: Vec<_> = candidates(&db, args.min_regions).await?.iter().map(row).collect();
    print(&table(["NAME", "REGIONS", "FIGURES", "UNITS", "NEAREST", "EXAMPLE"], &rows))?;
    Ok(Outcome::Done)
}

fn row(candidate: &Candidate) -> [String; 6] {
    let nearest = candidate.nearest.as_ref();
    [
        cut(&candidate.name, NAME),
        candidate.regions.to_string(),
        candidate.figures.to_string(),
        candidate.units.join(" "),
        nearest.map_or_else(|| "-".to_owned(), |(slug, likeness)| format!("{slug} {likeness:.2}")),
        cut(&candidate.example, SENTENCE),
    ]
}
