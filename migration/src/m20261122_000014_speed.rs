//! What answers without a look at rows that are not wanted: the figures of a concept in a region for a year, and the
//! newest plans and figures first.

use sea_orm_migration::{
    prelude::{DeriveMigrationName, Index, MigrationTrait, SchemaManager, async_trait},
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Of the figures: what there was, and what takes its place.
const BEFORE: (&str, &[&str]) = ("indicator_concept_id_region_id", &["concept_id", "region_id"]);
pub(crate) const NOW: (&str, &[&str]) = ("indicator_concept_id_region_id_year", &["concept_id", "region_id", "year"]);

/// Table and column, where a value may be missing and comes last then. PostgreSQL takes a missing value for the largest,
/// so that the other index of the column has them first when it is read from its end; SQLite takes it for the least.
const NEWEST_FIRST: [(&str, &str); 3] = [("plan", "published_on"), ("plan", "issued_on"), ("indicator", "year")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, BEFORE.0, NOW).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            for (table, column) in NEWEST_FIRST {
                let index =
                    format!("CREATE INDEX {table}_{column}_newest ON {table} ({column} DESC NULLS LAST, id DESC)");
                manager.get_connection().execute_unprepared(&index).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            for (table, column) in NEWEST_FIRST {
                let name = format!("{table}_{column}_newest");
                manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
            }
        }
        replace(manager, NOW.0, BEFORE).await
    }
}

/// Drops an index of the figures, and makes another.
pub(crate) async fn replace(
    manager: &SchemaManager<'_>,
    old: &str,
    (name, columns): (&str, &[&'static str]),
) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(old).table("indicator").to_owned()).await?;
    let mut index = Index::create().name(name).table("indicator").to_owned();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}
