//! What was before: states of plans and figures as they were, what publishers changed, and pages that moved or vanished.

use sea_orm_migration::{
    prelude::{
        Alias, ColumnDef, DeriveMigrationName, ForeignKey, ForeignKeyAction::Cascade, Index, IndexCreateStatement,
        MigrationTrait, SchemaManager, Table, TableCreateStatement, async_trait,
    },
    schema::{
        big_integer, big_integer_null, big_pk_auto, boolean, date_null, double, double_null, integer, integer_null,
        text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// For rows that are there already; what it really is, a statement of [`FILL`] says at once.
const LONG_AGO: &str = "1970-01-01T00:00:00+00:00";

/// Moments of rows that are there already. What they were before is not known.
const FILL: [&str; 3] = [
    "UPDATE plan SET since = (SELECT v.seen_at FROM plan_version v WHERE v.plan_id = plan.id AND v.version = plan.version) \
     WHERE EXISTS (SELECT 1 FROM plan_version v WHERE v.plan_id = plan.id AND v.version = plan.version)",
    "UPDATE indicator SET since = first_seen_at",
    "UPDATE glossary_term SET version = (SELECT s.version FROM section s WHERE s.id = glossary_term.section_id)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, mut column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(&mut column).to_owned()).await?;
        }
        for statement in FILL {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        for table in tables(manager.get_database_backend()) {
            manager.create_table(table).await?;
        }
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            manager.drop_index(Index::drop().name(name(table, columns)).table(*table).to_owned()).await?;
        }
        for table in tables(manager.get_database_backend()).iter().rev() {
            if let Some(name) = table.get_table_name() {
                manager.drop_table(Table::drop().table(name.clone()).to_owned()).await?;
            }
        }
        for (table, column) in columns().into_iter().rev() {
            let column = Alias::new(column.get_column_name());
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

/// What tables get that are there already.
fn columns() -> Vec<(&'static str, ColumnDef)> {
    let with = |mut column: ColumnDef, default: &str| column.default(default).to_owned();
    vec![
        ("plan", with(timestamp_with_time_zone("since"), LONG_AGO)),
        ("indicator", with(timestamp_with_time_zone("since"), LONG_AGO)),
        ("indicator", big_integer_null("replaces_id")),
        ("glossary_term", integer("version").default(1).to_owned()),
        ("page", text_null("read_with")),
        ("page", timestamp_with_time_zone_null("missing_since")),
        ("page", big_integer_null("same_as")),
        ("page", integer("revisit_hours").default(0).to_owned()),
        ("source", timestamp_with_time_zone_null("retired_at")),
        ("crawl_run", boolean("scheduled").default(false).to_owned()),
        ("crawl_run", big_integer_null("parent_id")),
        ("crawl_run", timestamp_with_time_zone_null("lease_until")),
    ]
}

/// A text that rows are ordered by, by code point on both databases.
fn sorted_text(name: &'static str, backend: DbBackend) -> ColumnDef {
    let mut column = text(name);
    if backend == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// The new tables. `plan_past` and `indicator_past` have the columns of `plan` and `indicator` and the moment until which
/// a row was so.
fn tables(backend: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("plan_past")
            .col(big_integer("id"))
            .col(integer("source_id"))
            .col(big_integer("page_id"))
            .col(integer("part"))
            .col(integer("region_id"))
            .col(sorted_text("title", backend))
            .col(text("kind"))
            .col(text_null("issuer"))
            .col(text_null("document_number"))
            .col(text_null("index_number"))
            .col(date_null("issued_on"))
            .col(date_null("published_on"))
            .col(integer("start_year"))
            .col(integer("end_year"))
            .col(boolean("is_reprint"))
            .col(text_null("reprinted_from"))
            .col(text("url"))
            .col(integer("version"))
            .col(timestamp_with_time_zone("first_seen_at"))
            .col(timestamp_with_time_zone_null("withdrawn_at"))
            .col(timestamp_with_time_zone("since"))
            .col(timestamp_with_time_zone("until"))
            .primary_key(Index::create().col("id").col("since"))
            .foreign_key(ForeignKey::create().from("plan_past", "id").to("plan", "id").on_delete(Cascade))
            .to_owned(),
        Table::create()
            .table("indicator_past")
            .col(big_integer("id"))
            .col(big_integer("plan_id"))
            .col(big_integer("section_id"))
            .col(integer("region_id"))
            .col(integer_null("concept_id"))
            .col(text("plan_kind"))
            .col(text("fingerprint"))
            .col(integer("position"))
            .col(sorted_text("name", backend))
            .col(double("value"))
            .col(double_null("value_max"))
            .col(text("value_text"))
            .col(text_null("unit"))
            .col(text("comparator"))
            .col(text("measure"))
            .col(text("role"))
            .col(text_null("obligation"))
            .col(integer_null("year"))
            .col(text_null("scope"))
            .col(text("sentence"))
            .col(integer("span_start"))
            .col(integer("span_end"))
            .col(double("confidence"))
            .col(boolean("corrected"))
            .col(timestamp_with_time_zone("first_seen_at"))
            .col(timestamp_with_time_zone_null("gone_at"))
            .col(big_integer_null("replaces_id"))
            .col(timestamp_with_time_zone("since"))
            .col(timestamp_with_time_zone("until"))
            .primary_key(Index::create().col("id").col("since"))
            .foreign_key(ForeignKey::create().from("indicator_past", "id").to("indicator", "id").on_delete(Cascade))
            .to_owned(),
        Table::create()
            .table("change")
            .col(big_pk_auto("id"))
            .col(text("kind"))
            .col(timestamp_with_time_zone("at"))
            .col(big_integer("plan_id"))
            .col(integer("region_id"))
            .col(big_integer_null("indicator_id"))
            .col(text_null("before"))
            .col(text_null("after"))
            .foreign_key(ForeignKey::create().from("change", "plan_id").to("plan", "id").on_delete(Cascade))
            .foreign_key(ForeignKey::create().from("change", "indicator_id").to("indicator", "id").on_delete(Cascade))
            .to_owned(),
    ]
}

/// Table and columns.
const INDEXES: &[(&str, &[&str])] = &[
    ("page", &["url"]),
    ("page", &["same_as"]),
    ("page", &["read_with", "id"]),
    ("crawl_run", &["status", "id"]),
    ("crawl_run", &["parent_id"]),
    ("plan", &["withdrawn_at"]),
    ("indicator", &["replaces_id"]),
    ("plan_past", &["region_id", "start_year"]),
    ("indicator_past", &["plan_id", "position", "id"]),
    ("indicator_past", &["section_id"]),
    ("indicator_past", &["region_id", "id"]),
    ("indicator_past", &["concept_id", "region_id"]),
    ("indicator_past", &["value", "id"]),
    ("indicator_past", &["year", "id"]),
    ("indicator_past", &["name", "id"]),
    ("indicator_past", &["confidence", "id"]),
    ("change", &["at", "id"]),
    ("change", &["plan_id"]),
    ("change", &["indicator_id"]),
];

fn name(table: &str, columns: &[&str]) -> String {
    format!("{table}_{}", columns.join("_"))
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name(table, columns)).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}
