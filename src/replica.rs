//! A read replica: a PostgreSQL that follows the one that is written to, and how far behind it is.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, Statement};

/// Where a server is that writes, in bytes of its log of changes.
const WRITTEN: &str = "pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')";
/// How far a server is that follows another; nothing where it follows none.
const REPLAYED: &str = "CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') END";

/// A database that follows another.
#[derive(Debug)]
pub(crate) struct Replica {
    pub(crate) db: DatabaseConnection,
    lag: Mutex<Lag>,
}

impl Replica {
    pub(crate) fn new(db: DatabaseConnection) -> Self {
        Self { db, lag: Mutex::default() }
    }

    /// For how long at least it has been behind the database that is written to.
    pub(crate) async fn behind(&self, primary: &DatabaseConnection) -> Result<Duration, DbErr> {
        let written = place(primary, WRITTEN).await?;
        let replayed = place(&self.db, REPLAYED).await?;
        let (Some(written), Some(replayed)) = (written, replayed) else { return Ok(Duration::ZERO) };
        let mut lag = self.lag.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(lag.seen(Instant::now(), written, replayed))
    }
}

async fn place(db: &DatabaseConnection, what: &str) -> Result<Option<i64>, DbErr> {
    let asked = Statement::from_string(DbBackend::Postgres, format!("SELECT ({what})::bigint"));
    db.query_one_raw(asked).await?.map_or(Ok(None), |row| row.try_get_by_index(0))
}

/// How long a replica has been behind, by what is seen of the two now and then. The time of its last transaction would tell
/// the same of one that is lost and of one that has nothing to do.
#[derive(Debug, Default)]
struct Lag {
    /// A place that the database had reached at some moment and the replica has not reached since.
    missing: Option<(Instant, i64)>,
}

impl Lag {
    fn seen(&mut self, now: Instant, written: i64, replayed: i64) -> Duration {
        self.missing = self.missing.filter(|(_, place)| replayed < *place);
        if self.missing.is_none() && replayed < written {
            self.missing = Some((now, written));
        }
        self.missing.map_or(Duration::ZERO, |(since, _)| now - since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_is_behind_for_as_long_as_it_lacks_what_was_there_then() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let mut lag = Lag::default();
        let mut seen = |at, written, replayed| lag.seen(after(at), written, replayed).as_secs();
        assert_eq!(seen(0, 100, 100), 0);
        assert_eq!(seen(3600, 200, 100), 0, "an hour without changes is no lag");
        assert_eq!(seen(3605, 300, 150), 5);
        assert_eq!(seen(3610, 400, 200), 0, "what was there an hour later is there now; the rest is missing since now");
        assert_eq!(seen(3615, 400, 399), 5);
        assert_eq!(seen(3620, 400, 400), 0);
        assert_eq!(seen(9999, 500, 450), 0);
    }
}
