//! What somebody who waits for a crawl sees: bars on a terminal, lines in the log otherwise.

use std::{
    collections::HashMap,
    fmt,
    io::IsTerminal,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::SourceSummary;

/// Something that happened in the crawl of a source.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// It begins.
    Started,
    /// A list was read.
    Listed {
        /// How many articles it names.
        entries: usize,
        /// How many of them may be plans.
        plans: usize,
    },
    /// All lists were read.
    Planned {
        /// How many articles are to be fetched.
        pages: u64,
    },
    /// What is kept is read again.
    Rereading {
        /// How many articles.
        pages: u64,
    },
    /// An article is done.
    Page {
        /// Its address.
        url: &'a str,
    },
    /// It is over.
    Finished(&'a SourceSummary),
}

/// Somebody who watches a crawl. Sources are crawled at once, so events of several are mixed.
pub trait Progress: fmt::Debug + Send + Sync {
    /// Hears of an event of a source.
    fn event(&self, source: &str, event: Event<'_>);
}

/// Bars where standard error is a terminal, lines in the log otherwise.
#[must_use]
pub fn for_stderr() -> Arc<dyn Progress> {
    if std::io::stderr().is_terminal() { Arc::new(Bars::default()) } else { Arc::new(Lines) }
}

/// Lines in the log.
#[derive(Clone, Copy, Debug)]
pub struct Lines;

impl Progress for Lines {
    fn event(&self, source: &str, event: Event<'_>) {
        match event {
            Event::Started => tracing::info!(source, "crawl begins"),
            Event::Listed { entries, plans } => tracing::info!(source, entries, plans, "list read"),
            Event::Planned { pages } => tracing::info!(source, pages, "articles to fetch"),
            Event::Rereading { pages } => tracing::info!(pages, "articles to read again"),
            Event::Page { url } => tracing::debug!(source, url, "article done"),
            // The crawl itself writes the line that sums a source up.
            Event::Finished(_) => {}
        }
    }
}

/// A bar a source, on standard error.
#[derive(Debug, Default)]
pub struct Bars {
    all: MultiProgress,
    bars: Mutex<HashMap<String, ProgressBar>>,
}

impl Bars {
    fn bar(&self, source: &str) -> ProgressBar {
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let bar = self.all.add(ProgressBar::new_spinner().with_style(style("{spinner} {prefix:16} {msg}")));
            bar.set_prefix(source.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        };
        bars.entry(source.to_owned()).or_insert_with(new).clone()
    }
}

impl Progress for Bars {
    fn event(&self, source: &str, event: Event<'_>) {
        let bar = self.bar(source);
        match event {
            Event::Started => bar.set_message("lists"),
            Event::Listed { entries, plans } => bar.set_message(format!("{plans} of {entries} entries may be plans")),
            Event::Planned { pages } | Event::Rereading { pages } => {
                bar.set_length(pages);
                bar.set_style(style("{spinner} {prefix:16} [{bar:24}] {pos}/{len} {msg}"));
                bar.set_message("articles");
            }
            Event::Page { .. } => bar.inc(1),
            Event::Finished(summary) => bar.finish_with_message(format!(
                "{}: {} plans, {} figures; {} fetched, {} unchanged, {} failed",
                summary.status.as_str(),
                summary.plans,
                summary.indicators,
                summary.fetched,
                summary.unchanged,
                summary.failed
            )),
        }
    }
}

/// A template as a style; one that cannot be read is a plain bar.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
