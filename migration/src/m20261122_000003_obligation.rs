//! What tables say of an indicator: whether it binds or is expected.

use sea_orm_migration::{
    prelude::{DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait},
    schema::text_null,
    sea_orm::DbErr,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut obligation = text_null("obligation");
        manager.alter_table(Table::alter().table("indicator").add_column(&mut obligation).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("indicator").drop_column("obligation").to_owned()).await
    }
}
