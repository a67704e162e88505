//! Files that belong to pages, and versions that were read from several bodies.

use sea_orm_migration::{
    prelude::{
        DeriveMigrationName, ForeignKey,
        ForeignKeyAction::{Cascade, Restrict},
        Index, MigrationTrait, SchemaManager, Table, TableCreateStatement, async_trait,
    },
    schema::{big_integer, big_integer_null, boolean, integer, integer_null, text, text_null},
    sea_orm::DbErr,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for table in TABLES {
            manager.create_index(Index::create().name(index(table)).table(table).col("snapshot_id").to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

const TABLES: [&str; 2] = ["page_file", "plan_version_snapshot"];

fn index(table: &str) -> String {
    format!("{table}_snapshot_id")
}

fn tables() -> [TableCreateStatement; 2] {
    let reference = |table: &'static str, column: &'static str, to: &'static str| {
        ForeignKey::create().from(table, column).to(to, "id").to_owned()
    };
    [
        Table::create()
            .table("page_file")
            .col(big_integer("page_id"))
            .col(integer("position"))
            .col(text("url"))
            .col(text("name"))
            .col(text_null("etag"))
            .col(text_null("last_modified"))
            .col(big_integer_null("snapshot_id"))
            .col(boolean("used"))
            .primary_key(Index::create().col("page_id").col("position"))
            .foreign_key(reference("page_file", "page_id", "page").on_delete(Cascade))
            .foreign_key(reference("page_file", "snapshot_id", "snapshot").on_delete(Restrict))
            .to_owned(),
        Table::create()
            .table("plan_version_snapshot")
            .col(big_integer("plan_version_id"))
            .col(integer("position"))
            .col(big_integer("snapshot_id"))
            .col(integer_null("span_start"))
            .primary_key(Index::create().col("plan_version_id").col("position"))
            .foreign_key(reference("plan_version_snapshot", "plan_version_id", "plan_version").on_delete(Cascade))
            .foreign_key(reference("plan_version_snapshot", "snapshot_id", "snapshot").on_delete(Restrict))
            .to_owned(),
    ]
}
