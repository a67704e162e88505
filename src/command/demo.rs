//! `plangraph demo`: the whole way over sample sites, then the API and the explorer.

use anyhow::{Context, ensure};
use api::Settings;
use crawler::{Options, Snapshots, Source, Sources, Stop, progress};
use sites::Sites;

use super::{Outcome, interrupted, print, serve};

/// Crawl five sample sites on this machine, then serve the API and the explorer over what was read.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    listen: serve::ListenArgs,
}

/// Queries to try, each with what it asks.
const QUERIES: [(&str, &str); 3] = [
    (
        "Who aims at which life expectancy, and in which words?",
        r#"{ indicators(filter: {concepts: ["life-expectancy"], roles: [TARGET]}, orderBy: [{field: VALUE, direction: DESC}]) { nodes { region { name } value unit year sentence } } }"#,
    ),
    (
        "How quickly is an ambulance to come, in town and in the country?",
        r#"{ indicators(filter: {concepts: ["prehospital-response-time"]}) { nodes { region { name } name valueText comparator year } } }"#,
    ),
    (
        "Which tasks of Zhonglou does 基层卫生与信息科 answer for?",
        r#"{ region(name: "钟楼区") { plans { nodes { title sections(kind: TASK, responsible: "基层卫生与信息科") { nodes { number heading responsible } } } } } }"#,
    ),
];

pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    let listener = serve::listen(args.listen.bind).await?;
    // A new database and new snapshots, gone with the demo.
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("demo.db").display());
    let db = migration::open(&url).await?;
    migration::up(&db).await.context("cannot create the tables")?;

    let sites = Sites::start().await.context("cannot start the sample sites")?;
    let declared = sites.declarations().map(|(slug, text)| Source::parse(slug, slug, &text));
    let sources = declared.collect::<Result<_, _>>()?;
    let stop = Stop::when(interrupted());
    let snapshots = Snapshots::open(&folder.path().join("snapshots").display().to_string())?;
    let options = Options { progress: progress::for_stderr(), stop: stop.clone(), ..Options::new(snapshots) };
    let summary = crawler::crawl(&db, &Sources::new(sources), &options).await?;
    if stop.requested() {
        return Ok(Outcome::Partly);
    }
    ensure!(summary.outcome() == crawler::Outcome::Complete, "the sample sites could not be read: {summary:?}");
    drop(sites);

    let plans: u64 = summary.sources.iter().map(|source| source.plans).sum();
    let figures: u64 = summary.sources.iter().map(|source| source.indicators).sum();
    print(&format!("\nRead {plans} plans with {figures} figures from {} sites. Ask them:\n", summary.sources.len()))?;
    for (question, query) in QUERIES {
        print(&format!("\n# {question}\n{query}\n"))?;
    }
    print("\n")?;
    let settings = Settings::default();
    let reader = migration::open_reader(&url, settings.time).await?;
    serve::serve(listener, reader, settings, &stop).await?;
    Ok(Outcome::Done)
}
