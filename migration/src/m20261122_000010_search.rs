//! The index for full-text search. It is written by `entity::search`; PostgreSQL keeps the terms of an entry in its row,
//! SQLite in a table of FTS5.

use sea_orm_migration::{
    prelude::{
        ColumnDef, DeriveMigrationName, ForeignKey, ForeignKeyAction::Cascade, Index, MigrationTrait, SchemaManager,
        Table, async_trait,
    },
    schema::{big_integer, text},
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// It holds terms and no texts. The terms come cut and folded, so that the tokenizer only parts them at spaces; the index
/// of first characters is for queries of one.
const WORDS: &str = "CREATE VIRTUAL TABLE search_words USING fts5(heading, body, content='', contentless_delete=1, \
                     tokenize=\"ascii tokenchars '.%'\", prefix='1')";

const TERMS: [&str; 2] = [
    "CREATE INDEX search_entry_heading ON search_entry USING gin (heading)",
    "CREATE INDEX search_entry_words ON search_entry USING gin (words)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let mut table = Table::create();
        table
            .table("search_entry")
            .col(big_integer("id").primary_key())
            .col(big_integer("plan_id"))
            .col(text("kind"))
            .col(big_integer("item_id"))
            .foreign_key(ForeignKey::create().from("search_entry", "plan_id").to("plan", "id").on_delete(Cascade));
        if !is_sqlite {
            for column in ["heading", "words"] {
                table.col(ColumnDef::new(column).custom("tsvector").not_null());
            }
        }
        manager.create_table(table).await?;
        let by_plan = Index::create().name("search_entry_plan_id").table("search_entry").col("plan_id").to_owned();
        manager.create_index(by_plan).await?;
        for statement in if is_sqlite { &[WORDS][..] } else { &TERMS } {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            manager.get_connection().execute_unprepared("DROP TABLE search_words").await?;
        }
        manager.drop_table(Table::drop().table("search_entry").to_owned()).await
    }
}
