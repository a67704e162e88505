//! Opening a database.

use std::time::Duration;

use sea_orm_migration::sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

/// How long a statement waits for another process that writes to the same SQLite file.
const BUSY: Duration = Duration::from_secs(15);

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
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging_level(log::LevelFilter::Trace).connect_timeout(Duration::from_secs(10));
    if url.contains(":memory:") {
        // Each connection would have a database of its own.
        options.max_connections(1).idle_timeout(None).max_lifetime(None);
    } else if url.starts_with("sqlite:") {
        options.max_connections(8).map_sqlx_sqlite_opts(|sqlite| {
            sqlite.busy_timeout(BUSY).pragma("journal_mode", "WAL").pragma("synchronous", "NORMAL")
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
