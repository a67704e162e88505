//! What the tests of all rooms share: databases of their own.

use sea_orm::{ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;

/// An empty, migrated database that only one test uses.
#[derive(Debug)]
pub struct TestDatabase {
    /// Its address, for a program that the test starts.
    pub url: String,
    /// A connection to it.
    pub connection: DatabaseConnection,
    /// SQLite's file, gone with the test.
    _folder: Option<TempDir>,
}

/// A database of every kind that is there: SQLite in a file always, PostgreSQL where `TEST_DATABASE_URL` names a server
/// on which schemas may be made. `test` names the schema and must be unique among all tests.
///
/// # Panics
/// When a database cannot be made: the test cannot go on.
pub async fn databases(test: &str) -> Vec<TestDatabase> {
    let mut databases = vec![sqlite().await];
    match std::env::var("TEST_DATABASE_URL") {
        Ok(server) => databases.push(postgres(&server, test).await),
        Err(_) => eprintln!("{test}: skipped on PostgreSQL, TEST_DATABASE_URL is not set"),
    }
    databases
}

/// An empty, migrated SQLite database in a file of its own.
///
/// # Panics
/// When it cannot be made: the test cannot go on.
pub async fn sqlite() -> TestDatabase {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("plangraph.db").display());
    migrated(url, Some(folder)).await
}

async fn postgres(server: &str, test: &str) -> TestDatabase {
    let admin = migration::open(server).await.expect("the server that TEST_DATABASE_URL names");
    let fresh = format!("DROP SCHEMA IF EXISTS test_{test} CASCADE; CREATE SCHEMA test_{test}");
    admin.execute_unprepared(&fresh).await.expect("the right to make schemas");
    admin.close().await.expect("an open connection");
    let joint = if server.contains('?') { '&' } else { '?' };
    migrated(format!("{server}{joint}options[search_path]=test_{test}"), None).await
}

async fn migrated(url: String, folder: Option<TempDir>) -> TestDatabase {
    let connection = migration::open(&url).await.expect("the database that was just made");
    migration::up(&connection).await.expect("the schema to fit");
    TestDatabase { url, connection, _folder: folder }
}
