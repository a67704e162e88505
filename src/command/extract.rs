//! `plangraph extract`: the figures of files, without a database, and why they were read so.

use std::{
    fmt::Write as _,
    fs,
    io::{Read, stdin},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use crawler::document::{self, File};
use entity::value::{Comparator, Measure, Obligation, Role};
use extract::{Article, Context, Indicator, Plan, Reader, plain};
use serde::Serialize;

use super::{Outcome, print};

/// Print the figures of HTML, text, PDF, Word and Excel files as JSON lines.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files to read; `-` is standard input.
    #[arg(required_unless_present = "text")]
    files: Vec<PathBuf>,
    /// A sentence or more to read in place of files.
    #[arg(long, conflicts_with = "files")]
    text: Option<String>,
    /// Print for every number how it was read or why it was left out, in place of JSON lines.
    #[arg(long)]
    explain: bool,
    /// Whose plan it is, where the text does not say: a code or a name.
    #[arg(long)]
    region: Option<String>,
    /// Year of an annual plan, where the text does not say.
    #[arg(long)]
    year: Option<i32>,
}

/// One figure, as printed.
#[derive(Serialize)]
struct Line<'a> {
    doc: &'a str,
    sentence: &'a str,
    value_text: &'a str,
    name: &'a str,
    value: f64,
    value_max: Option<f64>,
    unit: Option<&'a str>,
    comparator: Comparator,
    measure: Measure,
    role: Role,
    obligation: Option<Obligation>,
    year: Option<i32>,
    scope: Option<&'a str>,
    region: Option<&'a str>,
    concept: Option<&'a str>,
    confidence: f64,
}

impl<'a> Line<'a> {
    fn new(doc: &'a str, plan: &'a Plan, figure: &'a Indicator) -> Self {
        Self {
            doc,
            sentence: &plan.text[figure.sentence.clone()],
            value_text: &figure.value_text,
            name: &figure.name,
            value: figure.value,
            value_max: figure.value_max,
            unit: figure.unit.as_deref(),
            comparator: figure.comparator,
            measure: figure.measure,
            role: figure.role,
            obligation: figure.obligation,
            year: figure.year,
            scope: figure.scope.as_deref(),
            region: plan.region.as_ref().map(|region| region.name.as_str()),
            concept: figure.concept.as_deref(),
            confidence: figure.confidence,
        }
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let reader = Reader::builtin();
    let context = Context { region: args.region.clone(), year: args.year };
    if let Some(region) = args.region.as_deref().filter(|region| !reader.knows_region(region)) {
        tracing::warn!("the region {region} is not built in, and is printed as given");
    }
    let show = |doc: &str, article: &Article| {
        if args.explain {
            print(&explained(&reader, article, &context))
        } else {
            figures(&reader, doc, article, &context)
        }
    };
    if let Some(text) = &args.text {
        show("-", &plain::article(text))?;
        return Ok(Outcome::Done);
    }
    let mut failed = 0;
    for file in &args.files {
        let doc = file.file_stem().unwrap_or(file.as_os_str()).to_string_lossy();
        match article(file) {
            Ok(article) => show(&doc, &article)?,
            Err(error) => {
                failed += 1;
                tracing::error!("{error:#}");
            }
        }
    }
    match failed {
        0 => Ok(Outcome::Done),
        n if n < args.files.len() => Ok(Outcome::Partly),
        _ => bail!("nothing could be read"),
    }
}

/// Prints the figures of a document.
fn figures(reader: &Reader, doc: &str, article: &Article, context: &Context) -> anyhow::Result<()> {
    let plans = reader.read(article, context);
    let dropped: usize = plans.iter().map(|plan| plan.dropped).sum();
    if dropped > 0 {
        tracing::warn!(
            "{doc}: {dropped} figures are left out, since the text at their place does not read as their value"
        );
    }
    let mut lines = String::new();
    for plan in &plans {
        for figure in &plan.indicators {
            lines.push_str(&serde_json::to_string(&Line::new(doc, plan, figure)).context("cannot write JSON")?);
            lines.push('\n');
        }
    }
    print(&lines)
}

/// How the numbers of a document were read, under their sentences.
fn explained(reader: &Reader, article: &Article, context: &Context) -> String {
    let mut text = String::new();
    for plan in reader.outline(article, context) {
        for sentence in reader.explain(&plan) {
            let words: Vec<&str> = plan.text[sentence.range.clone()].split_whitespace().collect();
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}\n{sentence}", words.join(" "));
        }
    }
    text
}

fn article(file: &Path) -> anyhow::Result<Article> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    let file = File { bytes: &bytes, media_type: None, host: None, name: &file.to_string_lossy() };
    document::article(&file).with_context(|| format!("cannot read {}", file.name))
}
