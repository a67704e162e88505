//! Opening a database.

use std::time::{Duration, Instant};

use sea_orm_migration::sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::{self, Connection as _, SqliteConnection},
};

/// How long a statement waits for another process that writes to the same SQLite file.
const BUSY: Duration = Duration::from_secs(15);

/// How long a task waits for its turn at SQLite while others of the same process are at work there. That is no failure, and
/// on a busy machine it takes a while.
const TURN: Duration = Duration::from_secs(120);

/// After how many steps of its machine SQLite looks at the clock: less than a millisecond's worth.
const STEPS: i32 = 10_000;

/// After how long a connection to a server may have been lost unseen.
const IDLE: Duration = Duration::from_secs(5);

/// Statements that take longer are told to the log.
const SLOW: Duration = Duration::from_secs(1);

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
#[error("cannot open the database {url}: {source}. {setting} names it: {EXAMPLES}")]
pub struct OpenError {
    /// Its address, without the password.
    url: String,
    /// The variable that names it.
    setting: &'static str,
    source: DbErr,
}

/// The variable that names the database, unless it is a replica's.
const PRIMARY: &str = "DATABASE_URL";

const EXAMPLES: &str = "sqlite://plangraph.db?mode=rwc for a file, postgres://user:password@host/name for a server";

/// Opens a database by its URL, without touching its schema. SQLite is set up for readers beside one writer (WAL).
///
/// # Errors
/// When there is no database under that address, or it cannot be reached.
pub async fn open(url: &str) -> Result<DatabaseConnection, OpenError> {
    connect(url, options(url, 8, None), PRIMARY).await
}

/// Opens a database as [`open`] does, for answers that somebody waits for: a statement that takes longer than `limit` is
/// broken off by the database and fails.
///
/// # Errors
/// As [`open`].
pub async fn open_reader(url: &str, limit: Duration) -> Result<DatabaseConnection, OpenError> {
    connect(url, options(url, 8, Some(limit)), PRIMARY).await
}

/// Opens a PostgreSQL that follows another, for answers as [`open_reader`] does: through this connection nothing can be
/// written, even where the server would allow it.
///
/// # Errors
/// As [`open`].
pub async fn open_replica(url: &str, limit: Duration) -> Result<DatabaseConnection, OpenError> {
    let mut options = options(url, 8, Some(limit));
    options.map_sqlx_postgres_opts(|server| server.options([("default_transaction_read_only", "on")]));
    connect(url, options, "DATABASE_REPLICA_URL").await
}

/// Opens a database as [`open`] does, for one who writes much. SQLite lets only one write at a time, and a connection
/// forgets what it has read of the file when another writes: a single one is quicker than many that take turns.
///
/// # Errors
/// As [`open`].
pub async fn open_writer(url: &str) -> Result<DatabaseConnection, OpenError> {
    connect(url, options(url, 1, None), PRIMARY).await
}

async fn connect(url: &str, options: ConnectOptions, setting: &'static str) -> Result<DatabaseConnection, OpenError> {
    Database::connect(options).await.map_err(|source| OpenError { url: without_password(url), setting, source })
}

/// `connections` is how many there may be to SQLite; `limit` how long a statement may take.
fn options(url: &str, connections: u32, limit: Option<Duration>) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging_level(log::LevelFilter::Trace)
        .sqlx_slow_statements_logging_settings(log::LevelFilter::Warn, SLOW)
        .connect_timeout(Duration::from_secs(10));
    if url.contains(":memory:") {
        // Each connection would have a database of its own.
        options.max_connections(1).idle_timeout(None).max_lifetime(None);
    } else if url.starts_with("sqlite:") {
        options.max_connections(connections).connect_timeout(TURN).map_sqlx_sqlite_opts(|sqlite| {
            PRAGMAS.into_iter().fold(sqlite.busy_timeout(BUSY), |sqlite, (name, value)| sqlite.pragma(name, value))
        });
    } else {
        options.max_connections(20);
        if let Some(limit) = limit {
            options.statement_timeout(limit);
        }
    }
    if let Some(limit) = limit {
        // Asking for a handle takes the place of the question whether the connection still stands.
        options.map_sqlx_sqlite_pool_opts(move |pool| {
            pool.test_before_acquire(false)
                .after_connect(move |connection, _| Box::pin(end_after(connection, limit)))
                .before_acquire(move |connection, _| {
                    Box::pin(async move { end_after(connection, limit).await.map(|()| true) })
                })
        });
        // A statement that nobody waits for any more, and that the server breaks off, leaves an error on the connection.
        // The pool would take it for a broken one and wait forever for the end of its encryption
        // (https://github.com/transact-rs/sqlx/issues/4349); so the error is read first. To make up for it, a connection
        // is asked whether it still stands only when it was not used for a while.
        options.test_before_acquire_if_idle_for(IDLE).map_sqlx_postgres_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    _ = connection.flush().await;
                    Ok(true)
                })
            })
        });
    }
    options
}

/// Has SQLite break off what a connection does from now on when it takes longer.
async fn end_after(connection: &mut SqliteConnection, limit: Duration) -> Result<(), sqlx::Error> {
    let end = Instant::now() + limit;
    connection.lock_handle().await?.set_progress_handler(STEPS, move || Instant::now() < end);
    Ok(())
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
    use sea_orm_migration::sea_orm::{ConnectionTrait as _, DbBackend};

    use super::*;

    #[tokio::test]
    async fn names_the_database_that_it_cannot_open() {
        let error = open("sqlite:///nowhere/at/all.db").await.unwrap_err().to_string();
        assert!(error.contains("/nowhere/at/all.db") && error.contains("DATABASE_URL"), "{error}");
        let error = open("mysql://u@localhost/x").await.unwrap_err().to_string();
        assert!(error.contains("mysql://u@localhost/x"), "{error}");
    }

    #[tokio::test]
    async fn a_reader_breaks_off_what_takes_too_long() {
        let folder = tempfile::tempdir().unwrap();
        let file = format!("sqlite://{}?mode=rwc", folder.path().join("a.db").display());
        let urls = [Some(file), std::env::var("TEST_DATABASE_URL").ok()];
        for url in urls.into_iter().flatten() {
            let db = open_reader(&url, Duration::from_millis(100)).await.unwrap();
            // Twice: a limit that was reached holds for the next statement anew.
            let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 - i FROM n) SELECT max(i) FROM n";
            for _ in 0..2 {
                let error = db.execute_unprepared(endless).await.unwrap_err().to_string();
                assert!(error.contains("interrupt") || error.contains("timeout"), "{error}");
            }
            // And for one that nobody waits for any more: its connection is used again.
            for _ in 0..3 {
                let given_up = tokio::time::timeout(Duration::from_millis(50), db.execute_unprepared(endless)).await;
                assert!(given_up.is_err());
                while free(&db) < 1 {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            db.execute_unprepared("SELECT 1").await.unwrap();
        }
    }

    /// How many connections wait for work.
    fn free(db: &DatabaseConnection) -> usize {
        match db.get_database_backend() {
            DbBackend::Postgres => db.get_postgres_connection_pool().num_idle(),
            _ => db.get_sqlite_connection_pool().num_idle(),
        }
    }

    #[tokio::test]
    async fn nothing_is_written_to_a_replica() {
        let Ok(url) = std::env::var("TEST_DATABASE_URL") else {
            return eprintln!("skipped: TEST_DATABASE_URL is not set");
        };
        let db = open_replica(&url, Duration::from_secs(5)).await.unwrap();
        db.execute_unprepared("SELECT 1").await.unwrap();
        let error = db.execute_unprepared("CREATE TABLE written ()").await.unwrap_err().to_string();
        assert!(error.contains("read-only"), "{error}");
        let error =
            open_replica("postgres://nobody@127.0.0.1:1/x", Duration::from_secs(1)).await.unwrap_err().to_string();
        assert!(error.contains("DATABASE_REPLICA_URL"), "{error}");
    }

    #[test]
    fn hides_the_password() {
        assert_eq!(without_password("postgres://me:s3:cret@db/x"), "postgres://me:***@db/x");
        assert_eq!(without_password("postgres://me@db/x"), "postgres://me@db/x");
        assert_eq!(without_password("sqlite://a.db"), "sqlite://a.db");
    }
}
