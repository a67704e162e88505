//! What every room that writes needs: a transaction that can write, the time, and the size of a bulk insert.

use std::time::Duration;

pub(crate) use entity::writing::{begin, count_values, now};
use sea_orm::{ConnAcquireErr, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, RuntimeErr, SqlxError};

/// Variables that one statement may bind: SQLite stops at 32,766, PostgreSQL at 65,535.
const MAX_VARIABLES: usize = 32_766;

/// What only one transaction may do at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Alone {
    /// Adding pages: two that add the same address at once would not see each other's.
    AddPages = 0x706c_616e,
}

/// Waits until no other transaction does this, and keeps others from it until this one ends. On SQLite it is so anyway.
pub(crate) async fn alone(txn: &DatabaseTransaction, what: Alone) -> Result<(), DbErr> {
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({})", what as i64)).await?;
    }
    Ok(())
}

/// How long an answer may take at least, however short a lease is: a busy server is not one that is gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does something with the database, but not for longer than this: where the network is gone, no answer ever comes. There
/// is none before SQLite: there one waits for a turn, however long others of the process write.
pub(crate) async fn within<T>(
    backend: DbBackend,
    bound: Duration,
    work: impl Future<Output = Result<T, DbErr>>,
) -> Result<T, DbErr> {
    if backend == DbBackend::Sqlite {
        return work.await;
    }
    let late = |_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
    tokio::time::timeout(bound.max(PATIENCE), work).await.map_err(late).flatten()
}

/// Whether it was not a statement's fault that it failed: the database is away, ends, is full, or had to choose between
/// two transactions. The same may succeed later.
pub(crate) fn may_pass(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => match &**error {
            // Classes of SQLSTATE (PostgreSQL, appendix A): connection, rollback, resources, intervention. Of SQLite's
            // result codes: busy, locked, input or output, full.
            SqlxError::Database(told) => told.code().is_some_and(|code| {
                ["08", "40", "53", "57P"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                    || code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13) && code < 100_000)
            }),
            SqlxError::Io(_)
            | SqlxError::Protocol(_)
            | SqlxError::Tls(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed => true,
            _ => false,
        },
        _ => false,
    }
}

/// Rows of so many columns as inserts take them.
pub(crate) fn inserts<T>(mut rows: Vec<T>, columns: usize) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let rest = rows.split_off(rows.len().min(rows_per_insert(columns)));
        Some(std::mem::replace(&mut rows, rest)).filter(|rows| !rows.is_empty())
    })
}

/// How many rows of so many columns fit into one insert.
pub(crate) const fn rows_per_insert(columns: usize) -> usize {
    MAX_VARIABLES / columns
}
