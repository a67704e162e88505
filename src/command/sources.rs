//! `plangraph sources`: the sources, how they do, and what a new one would give.

use std::{fmt::Write as _, path::PathBuf, time::Duration};

use crawler::{
    Snapshots, Sources,
    doctor::{ArticleFinding, Diagnosis, Doctor, FileFinding, FileUse, Finding, ListFinding},
    fetch::{Limits, Manners},
    health::{self, Accepted},
    source,
};
use entity::value::Health;
use extract::{Plan, triage::Verdict};
use futures::{StreamExt, TryStreamExt, stream};
use url::Url;

use super::{
    DatabaseArgs, Outcome, print,
    table::{cut, table},
};

/// Entries and figures that are shown.
const ENTRIES: usize = 10;
const FIGURES: usize = 5;
/// Columns of a title.
const TITLE: usize = 56;
/// Sources that are checked at once.
const AT_ONCE: usize = 4;

/// The sources, how they do, and what a new one would give.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// List the sources with their health and last run.
    List(ListArgs),
    /// Look at a list or an article and print a declaration for it; nothing is stored.
    Try(TryArgs),
    /// Read every source again without storing, and say what broke.
    Check(CheckArgs),
    /// List the pages that are held back, and what cannot be read in them any more.
    Held(HeldArgs),
    /// Publish what is held back of a source, because its publisher has really taken it away.
    ///
    /// A page in which much less can be read than before is held back: what was there stays published, and the source is
    /// degraded and says so. This publishes such pages as they were read last. Nothing is fetched.
    Accept(AcceptArgs),
}

/// Which sources there are.
#[derive(clap::Args)]
pub(crate) struct SourceArgs {
    /// Folder of source declarations (NAME.toml) to use in place of the built-in ones.
    #[arg(long = "sources", value_name = "DIR", env = "PLANGRAPH_SOURCES")]
    folder: Option<PathBuf>,
}

impl SourceArgs {
    /// The sources.
    pub(crate) fn load(&self) -> anyhow::Result<Sources> {
        Ok(match &self.folder {
            Some(folder) => Sources::load(folder)?,
            None => Sources::builtin()?,
        })
    }
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    sources: SourceArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(clap::Args)]
pub(crate) struct TryArgs {
    /// A list of articles, or an article.
    url: Url,
    /// Look at addresses of private networks and of this machine, too.
    #[arg(long)]
    allow_private: bool,
    /// How a publisher reaches you, a mail address or a page; sent with every request.
    #[arg(long, env = "PLANGRAPH_CONTACT", value_name = "ADDRESS")]
    contact: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(clap::Args)]
pub(crate) struct CheckArgs {
    /// Names of sources; all of them unless said.
    names: Vec<String>,
    #[command(flatten)]
    sources: SourceArgs,
    /// How a publisher reaches you, a mail address or a page; sent with every request.
    #[arg(long, env = "PLANGRAPH_CONTACT", value_name = "ADDRESS")]
    contact: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(clap::Args)]
pub(crate) struct HeldArgs {
    /// Names of sources; all of them unless said.
    names: Vec<String>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(clap::Args)]
pub(crate) struct AcceptArgs {
    /// Name of the source.
    name: String,
    /// One page that is held back; all of the source unless said.
    url: Option<Url>,
    /// Where fetched pages are kept: a folder or the URL of an object store.
    #[arg(long, env = "PLANGRAPH_SNAPSHOTS", value_name = "FOLDER|URL", default_value = "./snapshots")]
    snapshots: String,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::List(args) => list(args).await,
        Command::Try(args) => examine(args).await,
        Command::Check(args) => check(args).await,
        Command::Held(args) => held(args).await,
        Command::Accept(args) => accept(args).await,
    }
}

async fn list(args: ListArgs) -> anyhow::Result<Outcome> {
    let sources = args.sources.load()?;
    let db = args.database.open().await?;
    let rows: Vec<_> = source::overview(&db, &sources)
        .await?
        .into_iter()
        .map(|source| {
            let last_run = source.last_run.map_or_else(String::new, |(at, status)| {
                format!("{} {}", at.format("%Y-%m-%d %H:%M UTC"), status.as_str())
            });
            let region = source.region.unwrap_or_default();
            [
                source.slug,
                region,
                source.health.as_str().to_owned(),
                last_run,
                source.problem.map_or_else(String::new, |p| cut(&p, 2 * TITLE)),
            ]
        })
        .collect();
    print(&table(["SOURCE", "REGION", "HEALTH", "LAST RUN", "PROBLEM"], &rows))?;
    Ok(Outcome::Done)
}

async fn examine(args: TryArgs) -> anyhow::Result<Outcome> {
    let db = args.database.open().await?;
    let doctor = Doctor::new(&db, args.contact.as_deref(), Limits::default()).await?;
    let manners = Manners { delay: Duration::from_secs(1), allow_private: args.allow_private };
    let diagnosis = doctor.examine(&args.url, manners).await?;
    print(&report(&diagnosis))?;
    Ok(if diagnosis.finding.holds_plans() { Outcome::Done } else { Outcome::Partly })
}

/// All that was found, for people.
fn report(diagnosis: &Diagnosis) -> String {
    let mut text = match &diagnosis.finding {
        Finding::List(found) => of_list(found),
        Finding::Article(article) => format!("An article.\n\n{}", of_article(article)),
    };
    // Writing to a string cannot fail.
    let _ = write!(text, "\n# {}.toml\n{}", diagnosis.slug(), diagnosis.declaration());
    text
}

fn of_list(list: &ListFinding) -> String {
    let mut text = format!("A list, made by {}: {}.\n", list.family, list.mark);
    let _ = writeln!(text, "Entries read: {}\n", list.entries.len());
    let rows: Vec<_> = list
        .entries
        .iter()
        .take(ENTRIES)
        .map(|entry| {
            let found = &entry.found;
            let date = found.listed_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
            let taken = if entry.taken { "yes" } else { "no" };
            [date, taken.to_owned(), cut(&found.title, TITLE), reason(&entry.verdict, entry.taken)]
        })
        .collect();
    text.push_str(&table(["DATE", "TAKEN", "TITLE", "WHY"], &rows));
    for host in &list.elsewhere {
        let _ = writeln!(text, "\nLinks to {host} are left out; `hosts` of the source can name it.");
    }
    if let Some(problem) = &list.problem {
        let _ = writeln!(text, "\nIt was not read to its end: {problem}");
    }
    match &list.article {
        Some(Ok(article)) => {
            let _ = write!(text, "\nOne of its articles, {}\n\n{}", article.url, of_article(article));
        }
        Some(Err(fault)) => {
            let _ = writeln!(text, "\nNone of its articles could be read: {fault}");
        }
        None => text.push_str("\nNone of its entries would be taken for a plan.\n"),
    }
    text
}

fn of_article(article: &ArticleFinding) -> String {
    let meta = &article.meta;
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
    let rows: Vec<[String; 2]> = [
        ("title", or_none(&article.title)),
        ("site", or_none(&meta.site)),
        ("issuer", or_none(&meta.issuer)),
        ("document number", or_none(&meta.document_number)),
        ("index number", or_none(&meta.index_number)),
        ("issued", day(meta.issued_on)),
        ("published", day(meta.published_on)),
        ("origin", or_none(&meta.origin)),
        ("taken for", reason(&article.verdict, !article.plans.is_empty())),
        ("plans", article.plans.len().to_string()),
    ]
    .into_iter()
    .map(|(label, value)| [label.to_owned(), if value.is_empty() { "-".to_owned() } else { value }])
    .collect();
    let mut text = table(["READ", ""], &rows);
    if !article.files.is_empty() {
        let rows: Vec<_> = article.files.iter().map(of_file).collect();
        let _ = write!(text, "\n{}", table(["FILE", "TAKEN", "ADDRESS"], &rows));
    }
    // A page of many plans may begin with one that has no figures.
    let with_figures = article.plans.iter().find(|plan| !plan.indicators.is_empty());
    if let Some(plan) = with_figures.or(article.plans.first()) {
        text.push('\n');
        text.push_str(&of_plan(plan));
    }
    text
}

fn of_file(file: &FileFinding) -> [String; 3] {
    let taken = match &file.use_of {
        FileUse::Plan => "as the plan".to_owned(),
        FileUse::Annex => "as an annex".to_owned(),
        FileUse::Left => "no: none of the plan, or a copy of it".to_owned(),
        FileUse::Failed(reason) => format!("no: {reason}"),
    };
    [cut(&file.name, TITLE / 2), taken, file.url.to_string()]
}

fn of_plan(plan: &Plan) -> String {
    let region = plan.region.as_ref().map_or("no region", |region| region.name.as_str());
    let mut text = format!(
        "{} ({region}): {} sections, {} figures\n",
        cut(&plan.title, TITLE),
        plan.sections.len(),
        plan.indicators.len()
    );
    let rows: Vec<_> = plan
        .indicators
        .iter()
        .take(FIGURES)
        .map(|figure| {
            [
                cut(&figure.name, TITLE / 2),
                figure.value_text.clone(),
                figure.year.map_or_else(String::new, |year| year.to_string()),
                cut(&plan.text[figure.sentence.clone()], TITLE),
            ]
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&table(["FIGURE", "VALUE", "YEAR", "SENTENCE"], &rows));
    }
    text
}

fn reason(verdict: &Verdict, taken: bool) -> String {
    match verdict {
        Verdict::Plan(why) => format!("a plan: {why}"),
        Verdict::Other(why) => format!("no plan: {why}"),
        Verdict::Unclear if taken => "its title does not tell, so its text has to".to_owned(),
        Verdict::Unclear => "its title does not tell, and it has no date as articles have".to_owned(),
    }
}

async fn check(args: CheckArgs) -> anyhow::Result<Outcome> {
    let sources = args.sources.load()?.select(&args.names)?;
    let db = args.database.open().await?;
    let doctor = &Doctor::new(&db, args.contact.as_deref(), Limits::default()).await?;
    let checked: Vec<_> = stream::iter(&sources)
        .map(async |source| doctor.check(source).await.map(|problems| (source, problems)))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let broken = checked.iter().filter(|(_, problems)| !problems.is_empty()).count();
    let mut rows = Vec::new();
    for (source, problems) in &checked {
        let health = if problems.is_empty() { Health::Ok } else { Health::Broken };
        let first = problems.first().cloned().unwrap_or_default();
        rows.push([source.slug.clone(), health.as_str().to_owned(), first]);
        rows.extend(problems.iter().skip(1).map(|problem| [String::new(), String::new(), problem.clone()]));
    }
    print(&table(["SOURCE", "HEALTH", "PROBLEM"], &rows))?;
    match broken {
        0 => Ok(Outcome::Done),
        n if n < checked.len() => Ok(Outcome::Partly),
        n => anyhow::bail!("none of {n} sources gives what it should"),
    }
}

async fn held(args: HeldArgs) -> anyhow::Result<Outcome> {
    let db = args.database.open().await?;
    let rows: Vec<_> = health::held(&db)
        .await?
        .into_iter()
        .filter(|page| args.names.is_empty() || args.names.contains(&page.source))
        .map(|page| [page.source, page.since.format("%Y-%m-%d %H:%M UTC").to_string(), page.reason, page.url])
        .collect();
    print(&table(["SOURCE", "SINCE", "WHY", "PAGE"], &rows))?;
    Ok(Outcome::Done)
}

async fn accept(args: AcceptArgs) -> anyhow::Result<Outcome> {
    let snapshots = Snapshots::open(&args.snapshots)?;
    let db = args.database.open().await?;
    let accepted = health::accept(&db, &snapshots, &args.name, args.url.as_ref()).await?;
    let Accepted { pages, problems, health, problem } = accepted;
    let mut text = String::new();
    // Writing to a string cannot fail.
    for page in &pages {
        let _ = writeln!(text, "{page}: published as it was read last");
    }
    for problem in &problems {
        let _ = writeln!(text, "still held back: {problem}");
    }
    if pages.is_empty() && problems.is_empty() {
        let _ = writeln!(text, "nothing of {} is held back", args.name);
    }
    let _ =
        writeln!(text, "{}: {}{}", args.name, health.as_str(), problem.map(|p| format!(", {p}")).unwrap_or_default());
    print(&text)?;
    Ok(if problems.is_empty() { Outcome::Done } else { Outcome::Partly })
}
