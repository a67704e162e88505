//! The subcommands, and what they share: settings, logs and exit codes.

pub(crate) mod access;
pub(crate) mod backup;
pub(crate) mod concepts;
pub(crate) mod config;
pub(crate) mod crawl;
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod extract;
pub(crate) mod health;
pub(crate) mod migrate;
pub(crate) mod reextract;
pub(crate) mod regions;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod service;
pub(crate) mod sites;
pub(crate) mod sources;
mod table;
pub(crate) mod token;
pub(crate) mod worker;

use std::{
    io::{IsTerminal, Write, stderr, stdout},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, ensure};
use sea_orm::{DatabaseConnection, DbBackend};
use tracing_subscriber::{EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _};
use url::Url;

use crate::trace::Traces;

/// How a command ended that could be done at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All of it.
    Done,
    /// A part of it; what failed was told on the way.
    Partly,
}

/// 0: done. 1: failed. 2: wrong usage, which clap tells. 3: done in part.
pub(crate) fn exit(result: anyhow::Result<Outcome>) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Partly) => ExitCode::from(3),
        Err(error) => {
            // Nobody is left to tell when standard error is gone.
            let _ = writeln!(stderr(), "plangraph: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The log, on standard error.
#[derive(clap::Args)]
pub(crate) struct LogArgs {
    /// How the log is written: for people, or a JSON object a line.
    #[arg(long, env = "PLANGRAPH_LOG_FORMAT", value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    log_format: LogFormat,
    /// What is logged: a level (info), or levels by the parts of the program (info,crawler=debug).
    #[arg(long = "log", env = "RUST_LOG", value_name = "FILTER", value_parser = filter, global = true)]
    filter: Option<String>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

/// A filter that can be read.
fn filter(text: &str) -> Result<String, tracing_subscriber::filter::ParseError> {
    EnvFilter::try_new(text).map(|_| text.to_owned())
}

impl LogArgs {
    /// Sends logs to standard error. Unless it is said which: `info`, or only warnings where progress bars are drawn in the
    /// same place.
    pub(crate) fn start(&self, draws_bars: bool, traces: &Traces) {
        let usual = if draws_bars && stderr().is_terminal() {
            "warn"
        } else {
            "info,sqlx=warn,sea_orm_migration=warn,tokio_cron_scheduler=warn"
        };
        let filter = EnvFilter::new(self.filter.as_deref().unwrap_or(usual));
        let log = tracing_subscriber::fmt::layer().with_writer(stderr);
        let log = match self.log_format {
            LogFormat::Text => log.with_ansi(stderr().is_terminal()).boxed(),
            LogFormat::Json => log.json().flatten_event(true).with_span_list(false).boxed(),
        };
        tracing_subscriber::registry().with(log.with_filter(filter)).with(traces.layer()).init();
    }
}

/// An address of HTTP.
pub(crate) fn http(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err("it is neither http nor https".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Writes to standard output what a command answers. A reader that went away is no failure.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    match stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// The database of a command.
#[derive(clap::Args)]
pub(crate) struct DatabaseArgs {
    /// Database: SQLite in a file, or a PostgreSQL server (postgres://user:password@host/name).
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        default_value = "sqlite://plangraph.db?mode=rwc",
        hide_env_values = true
    )]
    database_url: String,
}

impl DatabaseArgs {
    /// Opens it and brings it up to date.
    pub(crate) async fn open(&self) -> anyhow::Result<DatabaseConnection> {
        up(migration::open(&self.database_url).await?).await
    }

    /// Brings it up to date and opens it for answers, each statement of which takes at most so long.
    pub(crate) async fn open_reader(&self, limit: Duration) -> anyhow::Result<DatabaseConnection> {
        self.open().await?.close().await?;
        Ok(migration::open_reader(&self.database_url, limit).await?)
    }

    /// The file it is in, where it is SQLite's.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        let path = self.database_url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// Opens it for a crawl and brings it up to date.
    pub(crate) async fn open_writer(&self) -> anyhow::Result<DatabaseConnection> {
        up(migration::open_writer(&self.database_url).await?).await
    }
}

/// The database that questions are answered from, where it is another.
#[derive(clap::Args)]
pub(crate) struct ReplicaArgs {
    /// A streaming replica of the PostgreSQL that DATABASE_URL names, for queries and exports; changes go to DATABASE_URL.
    #[arg(
        long,
        env = "DATABASE_REPLICA_URL",
        value_name = "URL",
        value_parser = postgres,
        hide_env_values = true
    )]
    database_replica_url: Option<String>,
}

/// The address of a PostgreSQL.
fn postgres(url: &str) -> Result<String, &'static str> {
    let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if is_postgres { Ok(url.to_owned()) } else { Err("only PostgreSQL has replicas") }
}

impl ReplicaArgs {
    /// Opens it, where there is one, for answers each statement of which takes at most so long.
    pub(crate) async fn open(
        &self,
        primary: &DatabaseConnection,
        limit: Duration,
    ) -> anyhow::Result<Option<DatabaseConnection>> {
        let Some(url) = &self.database_replica_url else { return Ok(None) };
        let is_postgres = primary.get_database_backend() == DbBackend::Postgres;
        ensure!(is_postgres, "DATABASE_REPLICA_URL is set, but DATABASE_URL names no PostgreSQL that it could follow");
        Ok(Some(migration::open_replica(url, limit).await?))
    }
}

/// Brings a database up to date.
async fn up(db: DatabaseConnection) -> anyhow::Result<DatabaseConnection> {
    migration::up(&db).await.context("cannot bring the database up to date")?;
    Ok(db)
}

/// What came of work on a database, which is closed now: who closes a file of SQLite last brings what was logged beside it
/// into it. Where the work failed too, its error counts.
pub(crate) async fn closed<T, E: Into<anyhow::Error>>(
    db: &DatabaseConnection,
    done: Result<T, E>,
) -> anyhow::Result<T> {
    let closed = db.close_by_ref().await;
    let done = done.map_err(Into::into)?;
    closed?;
    Ok(done)
}

/// Ends when the user or the system asks the process to end.
pub(crate) async fn interrupted() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
    tracing::info!("stopping");
}
