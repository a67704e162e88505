//! What ends a crawl. What only spoils a page is a failure of the run instead.

use std::path::PathBuf;

use crate::{db, document::DocumentError, fetch::FetchError};

/// Why a crawl could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A declaration that cannot be read.
    #[error("cannot read the sources in {}: {source}", path.display())]
    SourceFile {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A declaration that is not as it should be; the message of the TOML reader shows line and key.
    #[error("the source declaration {file} is wrong: {message}")]
    BadSource {
        /// The file.
        file: String,
        /// What is wrong and where.
        message: String,
    },
    /// A folder without a declaration.
    #[error("there is no source in {}: a source is a file NAME.toml", .0.display())]
    NoSources(PathBuf),
    /// A name that no source has.
    #[error("there is no source “{name}”; there are {}", known.join(", "))]
    UnknownSource {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A source whose region is not in the database.
    #[error(
        "source {slug}: there is no region “{region}”. Give its six-digit code or its full name (湖州市); a county that \
         is not built in comes with `plangraph regions import`"
    )]
    UnknownRegion {
        /// The source.
        slug: String,
        /// What it calls its region.
        region: String,
    },
    /// A page that somebody wants to accept though nothing of it is held back.
    #[error("nothing is held back of {0}; `plangraph sources list` says of which source something is")]
    NotHeld(url::Url),
    /// A place for snapshots that cannot be opened, written or read.
    #[error("cannot use the snapshot store {location}: {message}")]
    Snapshots {
        /// Folder or URL.
        location: String,
        /// What is wrong.
        message: String,
    },
    /// No HTTP client could be made.
    #[error("cannot set up HTTP: {}; fetching needs the certificates of the system (ca-certificates)", chain(.0))]
    Client(reqwest::Error),
    /// The database refused something.
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// A copy of what is stored that cannot be made or put back.
    #[error("{}: {reason}", path.display())]
    Backup {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Something that must not be done beside a crawl.
    #[error("a crawl is at work; try again when it is over")]
    AtWork,
    /// The database has not answered for long.
    #[error("the database has not answered for {0:?}")]
    Slow(std::time::Duration),
    /// The bell of the schedule could not be set up.
    #[error("cannot set up the schedule: {0}")]
    Schedule(#[from] tokio_cron_scheduler::JobSchedulerError),
    /// A page that could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A file that a page's plan is in, or should be.
    #[error("the plan is in a file of the page, “{name}”: {reason}")]
    Attachment {
        /// What the page calls it.
        name: String,
        /// Why it cannot be had or read, and what to do.
        reason: String,
    },
    /// A file that could not be read.
    #[error("cannot read {url}: {source}")]
    Document {
        /// Its address.
        url: String,
        /// Why, and what to do.
        source: DocumentError,
    },
    /// The reading of a page ended in a panic, which is a fault of the program.
    #[error("reading {url} crashed: {message}; please report it")]
    Crashed {
        /// The page.
        url: String,
        /// What the panic said.
        message: String,
    },
}

/// An error with its causes, which reqwest leaves out.
fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

impl Error {
    /// Whether it has nothing to do with what was crawled, and the same may be done later: the database is away, or the
    /// place for snapshots is.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Snapshots { .. } | Self::Slow(_) => true,
            Self::Database(error) => db::may_pass(error),
            _ => false,
        }
    }
}
