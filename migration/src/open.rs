//! Opening a database.

use std::time::Duration;

use sea_orm_migration::sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

/// How long a statement waits for another process that writes to the same SQLite file.
const BUSY: Duration = Duration::from_secs(15);

/// What is asked of each connection to SQLite beside readers next to one writer (WAL): up to 16 MiB of the file in memory,
/// for the indexes of a large crawl; what was written moved into the file every 32 MiB and not every 4, for pages that
/// are written again and again are then moved once; and what undoes half a statement kept in memory, not in a file that
/// is made for every insert of many rows.
const PRAGMAS: [(&str, &str); 5] = [
    ("journal_mode", "WAL"),
    ("synchronous", "NORMAL"),
    ("cache_size", "-16384"),
    ("wal_autocheckpoint", "8192"),
    ("temp_store", "MEMORY"),
];

/// A database that cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database {url}: {source}. DATABASE_URL names it: {EXAMPLES}")]
pub struct OpenError {
    /// Its address, without the password.
    url: String,
    source: DbErr,
}

const EXAMPLES: &str = "sqlite://plangraph.db?mode=rwc for a file, postgres://user:password@host/name for a server";

/// Opens a database by its URL, without touching its schema. SQLite is set up for readers beside one writer (WAL).
///
/// # Errors
/// When there is no database under that address, or it cannot be reached.
pub async fn open(url: &str) -> Result<DatabaseConnection, OpenError> {
    connect(url, 8).await
}

/// Opens a database as [`open`] does, for one who writes much. SQLite lets only one write at a time, and a connection
/// forgets what it has read of the file when another writes: a single one is quicker than many that take turns.
///
/// # Errors
/// As [`open`].
pub async fn open_writer(url: &str) -> Result<DatabaseConnection, OpenError> {
    connect(url, 1).await
}

/// `connections` is how many there may be to SQLite.
async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, OpenError> {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging_level(log::LevelFilter::Trace).connect_timeout(Duration::from_secs(10));
    if url.contains(":memory:") {
        // Each connection would have a database of its own.
        options.max_connections(1).idle_timeout(None).max_lifetime(None);
    } else if url.starts_with("sqlite:") {
        options.max_connections(connections).map_sqlx_sqlite_opts(|sqlite| {
            PRAGMAS.into_iter().fold(sqlite.busy_timeout(BUSY), |sqlite, (name, value)| sqlite.pragma(name, value))
        });
    } else {
        options.max_connections(20);
    }
    Database::connect(options).await.map_err(|source| OpenError { url: without_password(url), source })
}

/// An address that can be shown: the password stands as `***`.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@').map(|(account, host)| (account.split_once(':'), host)) {
        Some((Some((user, _)), host)) => format!("{scheme}://{user}:***@{host}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_the_database_that_it_cannot_open() {
        let error = open("sqlite:///nowhere/at/all.db").await.unwrap_err().to_string();
        assert!(error.contains("/nowhere/at/all.db") && error.contains("DATABASE_URL"), "{error}");
        let error = open("mysql://u@localhost/x").await.unwrap_err().to_string();
        assert!(error.contains("mysql://u@localhost/x"), "{error}");
    }

    #[test]
    fn hides_the_password() {
        assert_eq!(without_password("postgres://me:s3:cret@db/x"), "postgres://me:***@db/x");
        assert_eq!(without_password("postgres://me@db/x"), "postgres://me@db/x");
        assert_eq!(without_password("sqlite://a.db"), "sqlite://a.db");
    }
}
