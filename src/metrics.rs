//! What is counted in the database when somebody asks: what waits, and how the connections are used.

use std::{sync::atomic::AtomicU64, time::Duration};

use prometheus_client::{metrics::gauge::Gauge, registry::Registry};
use sea_orm::{DatabaseConnection, DbBackend, DbErr};

/// What waits now. Every process on a database tells the same, but for its own connections.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    pages: Gauge,
    due: Gauge,
    leased: Gauge,
    held: Gauge,
    queued: Gauge,
    running: Gauge,
    lag: Gauge<f64, AtomicU64>,
    connections: Gauge,
    idle: Gauge,
    is_up: Gauge,
    behind: Gauge<f64, AtomicU64>,
}

impl Gauges {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let gauges = Self::default();
        let mut add = |name: &str, help: &str, gauge: &Gauge| registry.register(name, help, gauge.clone());
        add("frontier_pages", "Pages that are known", &gauges.pages);
        add("frontier_due_pages", "Pages that are due to be fetched", &gauges.due);
        add("frontier_leased_pages", "Pages that some worker has in hand", &gauges.leased);
        add("held_pages", "Pages held back until somebody accepts them", &gauges.held);
        add("queued_runs", "Crawls that wait for a worker", &gauges.queued);
        add("running_runs", "Crawls that a worker is at", &gauges.running);
        add("database_connections", "Connections to the database", &gauges.connections);
        add("database_idle_connections", "Connections to the database that nobody uses", &gauges.idle);
        add("database_up", "Whether the database answered when this was asked", &gauges.is_up);
        registry.register(
            "schedule_lag_seconds",
            "How long the source has waited that waits longest",
            gauges.lag.clone(),
        );
        registry.register(
            "replica_behind_seconds",
            "For how long the read replica has been behind the database; infinite where it cannot be told",
            gauges.behind.clone(),
        );
        gauges
    }

    /// Notes for how long the read replica has been behind, where that can be told.
    pub(crate) fn replica_is_behind(&self, behind: Option<Duration>) {
        self.behind.set(behind.map_or(f64::INFINITY, |behind| behind.as_secs_f64()));
    }

    /// Counts what waits.
    pub(crate) async fn read(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        let (size, idle) = if db.get_database_backend() == DbBackend::Postgres {
            let pool = db.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = db.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        };
        self.connections.set(size.into());
        self.idle.set(i64::try_from(idle).unwrap_or(i64::MAX));
        self.is_up.set(0);
        let waiting = crawler::metrics::waiting(db).await?;
        self.is_up.set(1);
        let counts = [
            (&self.pages, waiting.pages),
            (&self.due, waiting.due),
            (&self.leased, waiting.leased),
            (&self.held, waiting.held),
            (&self.queued, waiting.queued),
            (&self.running, waiting.running),
        ];
        for (gauge, count) in counts {
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        self.lag.set(waiting.lag.as_secs_f64());
        Ok(())
    }
}
