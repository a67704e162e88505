//! Figures of a concept are grouped by what stands in an index, without a look at their rows.

use sea_orm_migration::{
    prelude::{DeriveMigrationName, MigrationTrait, SchemaManager, async_trait},
    sea_orm::DbErr,
};

use crate::m20261122_000014_speed::{NOW as BEFORE, replace};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What takes the place of [`BEFORE`].
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
