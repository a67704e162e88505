//! How plans and regions relate, and what tells quickly which plans may be alike.

use sea_orm_migration::{
    prelude::{
        DeriveMigrationName, ForeignKey,
        ForeignKeyAction::{self, Cascade, Restrict},
        ForeignKeyCreateStatement, Index, MigrationTrait, SchemaManager, Table, TableCreateStatement, async_trait,
    },
    schema::{
        big_integer, big_integer_null, big_pk_auto, double, integer, text, text_null, timestamp_with_time_zone_null,
    },
    sea_orm::{ConnectionTrait, DbErr},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What is related is related once in a way. No two rows of a unique key are equal where a column of it is null, so that
/// none is in this one.
const ONCE: &str = "CREATE UNIQUE INDEX relation_once ON relation (kind, from_region_id, to_region_id, \
    coalesce(from_plan_id, 0), coalesce(to_plan_id, 0), coalesce(from_section_id, 0), coalesce(to_section_id, 0), \
    coalesce(programme_id, 0))";

/// What a page says of where it is from was known of reprints only.
const FILL: [&str; 2] = ["UPDATE plan SET origin = reprinted_from", "UPDATE plan_past SET origin = reprinted_from"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["plan", "plan_past"] {
            let mut origin = text_null("origin");
            manager.alter_table(Table::alter().table(table).add_column(&mut origin).to_owned()).await?;
        }
        for statement in FILL {
            manager.get_connection().execute_unprepared(statement).await?;
        }
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
        manager.get_connection().execute_unprepared(ONCE).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables().iter().rev() {
            if let Some(name) = table.get_table_name() {
                manager.drop_table(Table::drop().table(name.clone()).to_owned()).await?;
            }
        }
        for table in ["plan_past", "plan"] {
            manager.alter_table(Table::alter().table(table).drop_column("origin").to_owned()).await?;
        }
        Ok(())
    }
}

/// A column of a table that points at another table's `id`.
fn reference(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(to, "id").on_delete(delete).to_owned()
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("relation")
            .col(big_pk_auto("id"))
            .col(text("kind"))
            .col(integer("from_region_id"))
            .col(integer("to_region_id"))
            .col(big_integer_null("from_plan_id"))
            .col(big_integer_null("to_plan_id"))
            .col(big_integer_null("from_section_id"))
            .col(big_integer_null("to_section_id"))
            .col(big_integer_null("programme_id"))
            .col(double("score"))
            .col(text("evidence"))
            .foreign_key(&mut reference("relation", "from_region_id", "region", Restrict))
            .foreign_key(&mut reference("relation", "to_region_id", "region", Restrict))
            .foreign_key(&mut reference("relation", "from_plan_id", "plan", Cascade))
            .foreign_key(&mut reference("relation", "to_plan_id", "plan", Cascade))
            .foreign_key(&mut reference("relation", "from_section_id", "section", Cascade))
            .foreign_key(&mut reference("relation", "to_section_id", "section", Cascade))
            .to_owned(),
        Table::create()
            .table("plan_signature")
            .col(big_integer("plan_id").primary_key())
            .col(integer("version"))
            .col(integer("rules"))
            .col(timestamp_with_time_zone_null("related"))
            .foreign_key(&mut reference("plan_signature", "plan_id", "plan", Cascade))
            .to_owned(),
        Table::create()
            .table("plan_band")
            .col(big_integer("plan_id"))
            .col(integer("band"))
            .col(big_integer("hash"))
            .primary_key(Index::create().col("plan_id").col("band"))
            .foreign_key(&mut reference("plan_band", "plan_id", "plan", Cascade))
            .to_owned(),
    ]
}

/// Table and columns.
const INDEXES: &[(&str, &[&str])] = &[
    ("relation", &["kind", "id"]),
    ("relation", &["from_region_id", "id"]),
    ("relation", &["to_region_id", "id"]),
    ("relation", &["from_plan_id", "id"]),
    ("relation", &["to_plan_id", "id"]),
    ("relation", &["from_section_id"]),
    ("relation", &["to_section_id"]),
    ("relation", &["programme_id", "id"]),
    ("plan_band", &["hash"]),
];
