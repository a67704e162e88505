//! The schema, and the reference data.
//!
//! - [`open`]: opens a database by its URL; [`open_writer`]: for one who writes much.
//! - [`up`]: brings a database to the newest schema and the built-in reference data. Safe to call at every start.
//! - [`regions`]: administrative divisions: merging a table of them into the database, reading a full one from a file.
//! - `concepts`: the catalogue of shared concepts, merged the same way.

mod concepts;
mod m20261122_000001_initial;
mod m20261122_000002_robots;
mod m20261122_000003_obligation;
mod m20261122_000004_history;
mod m20261122_000006_attachments;
mod m20261122_000007_health;
mod m20261122_000008_progress;
mod m20261122_000012_mentions;
mod open;
pub mod regions;

use std::time::Duration;

use sea_orm_migration::{
    MigrationTrait, MigratorTrait, async_trait,
    sea_orm::{DatabaseConnection, DbErr, TransactionTrait},
};

pub use open::{OpenError, open, open_writer};

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
            Box::new(m20261122_000006_attachments::Migration),
            Box::new(m20261122_000007_health::Migration),
            Box::new(m20261122_000008_progress::Migration),
            Box::new(m20261122_000012_mentions::Migration),
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
    let transaction = db.begin().await?;
    regions::merge(&transaction, entity::reference::regions()).await?;
    concepts::merge(&transaction, entity::reference::concepts()).await?;
    transaction.commit().await
}
