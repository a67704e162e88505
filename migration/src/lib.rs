//! The schema, and the reference data.
//!
//! - [`open`]: opens a database by its URL; [`open_writer`]: for one who writes much; [`open_reader`]: for answers, and
//!   [`open_replica`]: from one that follows another.
//! - [`up`]: brings a database to the newest schema and the built-in reference data. Safe to call at every start.
//! - [`regions`]: administrative divisions: merging a table of them into the database, reading a full one from a file.
//! - `concepts`: the catalogue of shared concepts, merged the same way.
//!
//! Processes of an older version go on while a newer one migrates, so a migration only adds: tables, indexes, and columns
//! that are nullable or have a default. What nothing reads any more is taken away by the release after; only an index may give
//! way at once, to one that begins like it.

mod concepts;
mod m20261122_000001_initial;
mod m20261122_000002_robots;
mod m20261122_000003_obligation;
mod m20261122_000004_history;
mod m20261122_000005_relations;
mod m20261122_000006_attachments;
mod m20261122_000007_health;
mod m20261122_000008_progress;
mod m20261122_000009_frontier;
mod m20261122_000010_search;
mod m20261122_000011_corrections;
mod m20261122_000012_mentions;
mod m20261122_000013_relations;
mod m20261122_000014_speed;
mod m20261122_000015_groups;
mod open;
pub mod regions;

use std::time::Duration;

use entity::{
    plan, search,
    writing::{begin, count_values},
};
use sea_orm_migration::{
    MigrationTrait, MigratorTrait, async_trait,
    sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QuerySelect},
};

pub use open::{OpenError, open, open_reader, open_replica, open_writer};

/// All migrations, oldest first. They run unchanged on SQLite and PostgreSQL.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_initial::Migration),
            Box::new(m20261122_000002_robots::Migration),
            Box::new(m20261122_000003_obligation::Migration),
            Box::new(m20261122_000004_history::Migration),
            Box::new(m20261122_000005_relations::Migration),
            Box::new(m20261122_000006_attachments::Migration),
            Box::new(m20261122_000007_health::Migration),
            Box::new(m20261122_000008_progress::Migration),
            Box::new(m20261122_000009_frontier::Migration),
            Box::new(m20261122_000010_search::Migration),
            Box::new(m20261122_000011_corrections::Migration),
            Box::new(m20261122_000012_mentions::Migration),
            Box::new(m20261122_000013_relations::Migration),
            Box::new(m20261122_000014_speed::Migration),
            Box::new(m20261122_000015_groups::Migration),
        ]
    }
}

/// How often [`up`] is tried where another process may be at the same work.
const TRIES: u32 = 5;

/// Brings the schema and the built-in reference data up to date. Several processes may do so at once: whoever comes
/// second finds the work half done, waits and sees it whole.
///
/// # Errors
/// When the database refuses a statement.
pub async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
    let mut tried = 1;
    loop {
        match try_up(db).await {
            Err(error) if tried < TRIES => {
                tracing::debug!(%error, "the database is not up to date yet; trying again");
                tokio::time::sleep(Duration::from_millis(400) * tried).await;
                tried += 1;
            }
            result => return result,
        }
    }
}

async fn try_up(db: &DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(db, None).await?;
    let transaction = begin(db).await?;
    regions::merge(&transaction, entity::reference::regions()).await?;
    concepts::merge(&transaction, entity::reference::concepts()).await?;
    transaction.commit().await?;
    fill_search(db).await?;
    count_values(db).await
}

/// Writes the index for search of plans that were stored without: those of a version before it. It goes on where it was
/// broken off.
async fn fill_search(db: &DatabaseConnection) -> Result<(), DbErr> {
    let mut behind = 0;
    loop {
        let ids = search::missing(db, behind).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        behind = *last;
        let transaction = begin(db).await?;
        // Nobody else is to write them at the same time.
        let plans = plan::Entity::find().filter(plan::Column::Id.is_in(ids)).lock_exclusive().all(&transaction).await?;
        search::index(&transaction, &plans.iter().collect::<Vec<_>>()).await?;
        transaction.commit().await?;
        tracing::info!(plan = behind, "writing the index for search");
    }
}
