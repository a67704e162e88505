//! What hosts ask of all workers: their robots.txt, and to be left alone for a time.

use sea_orm_migration::{
    prelude::{DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait},
    schema::{text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null},
    sea_orm::DbErr,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let robots = Table::create()
            .table("robots")
            .col(text("site").primary_key())
            .col(timestamp_with_time_zone("fetched_at"))
            .col(text("text"))
            .col(text_null("problem"))
            .to_owned();
        manager.create_table(robots).await?;
        let mut rest = timestamp_with_time_zone_null("rest_until");
        manager.alter_table(Table::alter().table("host").add_column(&mut rest).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("host").drop_column("rest_until").to_owned()).await?;
        manager.drop_table(Table::drop().table("robots").to_owned()).await
    }
}
