//! The regions that plans name, what relates two regions that name or cite the same, and what tells quickly which
//! sections may be alike.

use sea_orm_migration::{
    prelude::{
        DeriveMigrationName, ForeignKey, ForeignKeyAction::Cascade, Index, MigrationTrait, SchemaManager, Table,
        async_trait,
    },
    schema::{big_integer, integer, integer_null, text_null},
    sea_orm::{ConnectionTrait, DbErr},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What is related is related once in a way. No two rows of a unique key are equal where a column of it is null, so that
/// none is in this one. Both statements go to one connection: another might not know yet that the name is free.
const ONCE: &str = "DROP INDEX relation_once; CREATE UNIQUE INDEX relation_once ON relation (kind, from_region_id, to_region_id, \
    coalesce(from_plan_id, 0), coalesce(to_plan_id, 0), coalesce(from_section_id, 0), coalesce(to_section_id, 0), \
    coalesce(programme_id, 0), coalesce(citation_id, 0))";

/// The same as it was before.
const ONCE_BEFORE: &str = "DROP INDEX relation_once; CREATE UNIQUE INDEX relation_once ON relation (kind, from_region_id, to_region_id, \
    coalesce(from_plan_id, 0), coalesce(to_plan_id, 0), coalesce(from_section_id, 0), coalesce(to_section_id, 0), \
    coalesce(programme_id, 0))";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, mut column) in [
            ("mention", integer_null("region_id")),
            ("mention", text_null("role")),
            ("relation", integer_null("citation_id")),
            ("relation", text_null("role")),
        ] {
            manager.alter_table(Table::alter().table(table).add_column(&mut column).to_owned()).await?;
        }
        manager.get_connection().execute_unprepared(ONCE).await?;
        let table = Table::create()
            .table("section_shingle")
            .col(big_integer("section_id"))
            .col(big_integer("hash"))
            .col(integer("region_id"))
            .primary_key(Index::create().col("section_id").col("hash"))
            .foreign_key(
                ForeignKey::create().from("section_shingle", "section_id").to("section", "id").on_delete(Cascade),
            )
            .to_owned();
        manager.create_table(table).await?;
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
        manager.drop_table(Table::drop().table("section_shingle").to_owned()).await?;
        manager.drop_index(Index::drop().name("relation_citation_id_id").table("relation").to_owned()).await?;
        manager.get_connection().execute_unprepared(ONCE_BEFORE).await?;
        for (table, column) in
            [("relation", "role"), ("relation", "citation_id"), ("mention", "role"), ("mention", "region_id")]
        {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

/// Table and columns.
const INDEXES: &[(&str, &[&str])] = &[("relation", &["citation_id", "id"]), ("section_shingle", &["hash"])];
