//! How far a run is, for those who follow it from other processes.

use sea_orm_migration::{
    prelude::{ColumnDef, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait},
    schema::{text_null, timestamp_with_time_zone_null},
    sea_orm::DbErr,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            manager.alter_table(Table::alter().table("crawl_run").add_column(&mut column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["stage", "url", "reported_at"] {
            manager.alter_table(Table::alter().table("crawl_run").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn columns() -> [ColumnDef; 3] {
    [text_null("stage"), text_null("url"), timestamp_with_time_zone_null("reported_at")]
}
