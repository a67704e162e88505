//! What everybody who writes needs: a transaction that can write, the time, and a database that knows what is in it.

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

/// Begins a transaction that will write. On SQLite it takes the write lock at once: a transaction that reads first and
/// asks for the lock later fails when somebody else wrote in between.
///
/// # Errors
/// When the database cannot be reached, or is being written to for too long.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await
}

/// The time, in microseconds: what both databases keep, so that a value read back equals the one written.
#[must_use]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// Has SQLite count how often values occur, by which it chooses its ways, in tables that have grown since it last did.
/// PostgreSQL does so by itself.
///
/// The table behind the index for search is taken for a large one, whatever there is in it: FTS5 deletes ranges of its rows,
/// and where there were two when they were counted, SQLite goes through all of them each time from then on.
///
/// # Errors
/// When the database refuses it.
pub async fn count_values(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let txn = begin(db).await?;
    txn.execute_unprepared("PRAGMA optimize = 0x10002").await?;
    let counts = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'";
    if txn.query_one_raw(Statement::from_string(DbBackend::Sqlite, counts)).await?.is_some() {
        let large = "UPDATE sqlite_stat1 SET stat = '1000000' WHERE tbl = 'search_words_data' AND stat <> '1000000'";
        if txn.execute_unprepared(large).await?.rows_affected() > 0 {
            // This connection reads it anew now, and the others of all processes because the schema has changed.
            txn.execute_unprepared("ANALYZE sqlite_schema; CREATE TABLE counted (value); DROP TABLE counted").await?;
        }
    }
    txn.commit().await
}
