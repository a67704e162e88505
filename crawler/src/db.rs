//! What every room that writes needs: a transaction that can write, the time, and the size of a bulk insert.

pub(crate) use entity::writing::{begin, now};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

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
