//! What tells how sources do: readings that are held back, what lists and runs gave, and word of it that is to be sent.

use sea_orm_migration::{
    prelude::{
        DeriveMigrationName, ForeignKey, ForeignKeyAction::Cascade, Index, MigrationTrait, SchemaManager, Table,
        TableCreateStatement, async_trait,
    },
    schema::{big_integer, big_pk_auto, integer, text, timestamp_with_time_zone},
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
        for (table, columns) in INDEXES {
            let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(*table).to_owned();
            for column in *columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables().iter().rev() {
            if let Some(name) = table.get_table_name() {
                manager.drop_table(Table::drop().table(name.clone()).to_owned()).await?;
            }
        }
        Ok(())
    }
}

/// Table and columns.
const INDEXES: &[(&str, &[&str])] =
    &[("listing", &["page_id", "id"]), ("harvest", &["source_id", "run_id"]), ("notification", &["source_id", "id"])];

fn tables() -> Vec<TableCreateStatement> {
    let key = |table: &'static str, column: &'static str, to: &'static str| {
        ForeignKey::create().from(table, column).to(to, "id").on_delete(Cascade).to_owned()
    };
    vec![
        Table::create()
            .table("hold")
            .col(big_integer("page_id").primary_key())
            .col(big_integer("snapshot_id"))
            .col(timestamp_with_time_zone("since"))
            .col(integer("plans"))
            .col(integer("titles"))
            .col(integer("figures"))
            .col(integer("characters"))
            .foreign_key(&mut key("hold", "page_id", "page"))
            .foreign_key(&mut key("hold", "snapshot_id", "snapshot"))
            .to_owned(),
        Table::create()
            .table("listing")
            .col(big_pk_auto("id"))
            .col(big_integer("page_id"))
            .col(timestamp_with_time_zone("at"))
            .col(integer("entries"))
            .col(integer("titles"))
            .col(integer("dates"))
            .foreign_key(&mut key("listing", "page_id", "page"))
            .to_owned(),
        Table::create()
            .table("harvest")
            .col(big_integer("run_id").primary_key())
            .col(integer("source_id"))
            .col(timestamp_with_time_zone("at"))
            .col(integer("plans"))
            .col(integer("figures"))
            .col(integer("issuers"))
            .col(integer("dates"))
            .foreign_key(&mut key("harvest", "run_id", "crawl_run"))
            .foreign_key(&mut key("harvest", "source_id", "source"))
            .to_owned(),
        Table::create()
            .table("notification")
            .col(big_pk_auto("id"))
            .col(integer("source_id"))
            .col(timestamp_with_time_zone("at"))
            .col(text("body"))
            .col(timestamp_with_time_zone("due_at"))
            .col(integer("attempts"))
            .foreign_key(&mut key("notification", "source_id", "source"))
            .to_owned(),
    ]
}
