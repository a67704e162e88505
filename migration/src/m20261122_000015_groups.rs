//! Figures of a concept are grouped by what stands in an index, without a look at their rows.

use sea_orm_migration::{
    prelude::{DeriveMigrationName, Index, MigrationTrait, SchemaManager, async_trait},
    sea_orm::DbErr,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What there was, and what takes its place.
const BEFORE: (&str, &[&str]) = ("indicator_concept_id_region_id_year", &["concept_id", "region_id", "year"]);
const NOW: (&str, &[&str]) = ("indicator_of_concept", &["concept_id", "region_id", "year", "role", "gone_at", "value"]);

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, BEFORE.0, NOW).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
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
