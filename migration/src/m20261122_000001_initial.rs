//! The first schema: regions and concepts, sources and the frontier, plans and what was read from them.

use sea_orm_migration::{
    prelude::{
        ColumnDef, DeriveMigrationName, ForeignKey,
        ForeignKeyAction::{self, Cascade, NoAction, Restrict},
        ForeignKeyCreateStatement, Index, MigrationTrait, SchemaManager, Table, TableCreateStatement, async_trait,
    },
    schema::{
        big_integer, big_integer_null, big_pk_auto, boolean, date_null, double, double_null, integer, integer_null,
        json_binary, pk_auto, text, text_null, text_uniq, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
    sea_orm::{DbBackend, DbErr},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables(manager.get_database_backend()) {
            manager.create_table(table).await?;
        }
        for (table, columns, unique) in INDEXES {
            let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(*table).to_owned();
            for column in *columns {
                index.col(*column);
            }
            if *unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables(manager.get_database_backend()).iter().rev() {
            if let Some(name) = table.get_table_name() {
                manager.drop_table(Table::drop().table(name.clone()).to_owned()).await?;
            }
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

/// A text that rows are ordered by. PostgreSQL would order by the database's locale, SQLite orders by code point; pages
/// must not depend on where the data lies, so both order by code point.
fn sorted_text(name: &'static str, backend: DbBackend) -> ColumnDef {
    let mut column = text(name);
    if backend == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// The tables, each after those it points at.
fn tables(backend: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("region")
            .col(integer("id").primary_key())
            .col(text("code"))
            .col(text("name"))
            .col(text("short_name"))
            .col(text("level"))
            .col(integer_null("parent_id"))
            .col(integer_null("since"))
            .col(integer_null("until"))
            .foreign_key(&mut reference("region", "parent_id", "region", NoAction))
            .to_owned(),
        Table::create()
            .table("region_alias")
            .col(integer("region_id"))
            .col(text("alias"))
            .primary_key(Index::create().col("region_id").col("alias"))
            .foreign_key(&mut reference("region_alias", "region_id", "region", Cascade))
            .to_owned(),
        Table::create()
            .table("region_successor")
            .col(integer("region_id"))
            .col(text("code"))
            .col(integer_null("year"))
            .primary_key(Index::create().col("region_id").col("code"))
            .foreign_key(&mut reference("region_successor", "region_id", "region", Cascade))
            .to_owned(),
        Table::create()
            .table("concept")
            .col(pk_auto("id"))
            .col(text_uniq("slug"))
            .col(text("name_zh"))
            .col(text("name_en"))
            .col(text_null("unit"))
            .col(text("better"))
            .to_owned(),
        Table::create()
            .table("concept_alias")
            .col(integer("concept_id"))
            .col(text("alias"))
            .primary_key(Index::create().col("concept_id").col("alias"))
            .foreign_key(&mut reference("concept_alias", "concept_id", "concept", Cascade))
            .to_owned(),
        Table::create()
            .table("source")
            .col(pk_auto("id"))
            .col(text_uniq("slug"))
            .col(text("name"))
            .col(integer_null("region_id"))
            .col(text("url"))
            .col(text("schedule"))
            .col(timestamp_with_time_zone_null("next_run_at"))
            .col(integer("min_plans"))
            .col(integer("min_indicators"))
            .col(text("health"))
            .col(text_null("problem"))
            .foreign_key(&mut reference("source", "region_id", "region", Restrict))
            .to_owned(),
        Table::create()
            .table("crawl_run")
            .col(big_pk_auto("id"))
            .col(integer_null("source_id"))
            .col(text("status"))
            .col(timestamp_with_time_zone("queued_at"))
            .col(timestamp_with_time_zone_null("started_at"))
            .col(timestamp_with_time_zone_null("finished_at"))
            .col(integer("fetched"))
            .col(integer("unchanged"))
            .col(integer("stored"))
            .col(integer("failed"))
            .foreign_key(&mut reference("crawl_run", "source_id", "source", Restrict))
            .to_owned(),
        Table::create()
            .table("failure")
            .col(big_pk_auto("id"))
            .col(big_integer("run_id"))
            .col(text("url"))
            .col(timestamp_with_time_zone("at"))
            .col(text("reason"))
            .col(integer("attempts"))
            .foreign_key(&mut reference("failure", "run_id", "crawl_run", Cascade))
            .to_owned(),
        Table::create()
            .table("host")
            .col(text("name").primary_key())
            .col(timestamp_with_time_zone("next_at"))
            .col(integer("delay_ms"))
            .to_owned(),
        Table::create()
            .table("page")
            .col(big_pk_auto("id"))
            .col(integer("source_id"))
            .col(text("url"))
            .col(text("kind"))
            .col(text_null("title"))
            .col(date_null("listed_on"))
            .col(text("state"))
            .col(text_null("lease_owner"))
            .col(timestamp_with_time_zone_null("lease_until"))
            .col(timestamp_with_time_zone("due_at"))
            .col(text_null("etag"))
            .col(text_null("last_modified"))
            .col(big_integer_null("snapshot_id"))
            .col(timestamp_with_time_zone_null("fetched_at"))
            .col(integer("attempts"))
            .col(text_null("last_error"))
            .foreign_key(&mut reference("page", "source_id", "source", Restrict))
            .to_owned(),
        Table::create()
            .table("snapshot")
            .col(big_pk_auto("id"))
            .col(big_integer("page_id"))
            .col(text("url"))
            .col(timestamp_with_time_zone("fetched_at"))
            .col(text("sha256"))
            .col(text_null("media_type"))
            .col(text("headers"))
            .col(big_integer("size"))
            .foreign_key(&mut reference("snapshot", "page_id", "page", Restrict))
            .to_owned(),
        Table::create()
            .table("plan")
            .col(big_pk_auto("id"))
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
            .foreign_key(&mut reference("plan", "source_id", "source", Restrict))
            .foreign_key(&mut reference("plan", "page_id", "page", Restrict))
            .foreign_key(&mut reference("plan", "region_id", "region", Restrict))
            .to_owned(),
        Table::create()
            .table("plan_version")
            .col(big_pk_auto("id"))
            .col(big_integer("plan_id"))
            .col(integer("version"))
            .col(timestamp_with_time_zone("seen_at"))
            .col(boolean("technical"))
            .col(big_integer("snapshot_id"))
            .col(text("extractor_version"))
            .col(text("digest"))
            .col(text("text"))
            .col(text_null("diff"))
            .foreign_key(&mut reference("plan_version", "plan_id", "plan", Cascade))
            .foreign_key(&mut reference("plan_version", "snapshot_id", "snapshot", Restrict))
            .to_owned(),
        Table::create()
            .table("section")
            .col(big_pk_auto("id"))
            .col(big_integer("plan_id"))
            .col(integer("version"))
            .col(integer("position"))
            .col(big_integer_null("parent_id"))
            .col(text("kind"))
            .col(text_null("number"))
            .col(text_null("heading"))
            .col(json_binary("path"))
            .col(integer("depth"))
            .col(text("text"))
            .col(integer("span_start"))
            .col(integer("span_end"))
            .foreign_key(&mut reference("section", "plan_id", "plan", Cascade))
            .foreign_key(&mut reference("section", "parent_id", "section", Cascade))
            .to_owned(),
        Table::create()
            .table("section_responsible")
            .col(big_integer("section_id"))
            .col(integer("position"))
            .col(text("unit"))
            .primary_key(Index::create().col("section_id").col("position"))
            .foreign_key(&mut reference("section_responsible", "section_id", "section", Cascade))
            .to_owned(),
        Table::create()
            .table("indicator")
            .col(big_pk_auto("id"))
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
            .col(integer_null("year"))
            .col(text_null("scope"))
            .col(text("sentence"))
            .col(integer("span_start"))
            .col(integer("span_end"))
            .col(double("confidence"))
            .col(boolean("corrected"))
            .col(timestamp_with_time_zone("first_seen_at"))
            .col(timestamp_with_time_zone_null("gone_at"))
            .foreign_key(&mut reference("indicator", "plan_id", "plan", Cascade))
            .foreign_key(&mut reference("indicator", "section_id", "section", Restrict))
            .foreign_key(&mut reference("indicator", "region_id", "region", Restrict))
            .foreign_key(&mut reference("indicator", "concept_id", "concept", Restrict))
            .to_owned(),
        Table::create()
            .table("glossary_term")
            .col(big_pk_auto("id"))
            .col(big_integer("plan_id"))
            .col(big_integer("section_id"))
            .col(integer_null("concept_id"))
            .col(integer("position"))
            .col(text("term"))
            .col(text("definition"))
            .col(text_null("formula"))
            .col(integer("span_start"))
            .col(integer("span_end"))
            .foreign_key(&mut reference("glossary_term", "plan_id", "plan", Cascade))
            .foreign_key(&mut reference("glossary_term", "section_id", "section", Cascade))
            .foreign_key(&mut reference("glossary_term", "concept_id", "concept", Restrict))
            .to_owned(),
    ]
}

/// Table, columns, and whether the columns are a unique key. What answers a query of the API is here.
const INDEXES: &[(&str, &[&str], bool)] = &[
    ("region", &["code"], false),
    ("region", &["name"], false),
    ("region", &["short_name"], false),
    ("region", &["parent_id"], false),
    ("region_alias", &["alias"], false),
    ("region_successor", &["code"], false),
    ("concept_alias", &["alias"], false),
    ("crawl_run", &["source_id", "id"], false),
    ("failure", &["run_id"], false),
    ("page", &["source_id", "url"], true),
    ("page", &["state", "due_at"], false),
    ("snapshot", &["page_id", "fetched_at"], false),
    ("snapshot", &["sha256"], false),
    ("plan", &["page_id", "region_id", "part"], true),
    ("plan", &["region_id", "start_year"], false),
    ("plan", &["source_id"], false),
    ("plan", &["title", "id"], false),
    ("plan", &["published_on", "id"], false),
    ("plan", &["issued_on", "id"], false),
    ("plan", &["start_year", "end_year"], false),
    ("plan_version", &["plan_id", "version"], true),
    ("plan_version", &["snapshot_id"], false),
    ("section", &["plan_id", "version", "position"], true),
    ("section", &["parent_id"], false),
    ("section_responsible", &["unit", "section_id"], false),
    ("indicator", &["plan_id", "fingerprint"], true),
    ("indicator", &["plan_id", "position", "id"], false),
    ("indicator", &["section_id"], false),
    ("indicator", &["region_id", "id"], false),
    ("indicator", &["concept_id", "region_id"], false),
    ("indicator", &["value", "id"], false),
    ("indicator", &["year", "id"], false),
    ("indicator", &["name", "id"], false),
    ("indicator", &["confidence", "id"], false),
    ("indicator", &["unit"], false),
    ("glossary_term", &["plan_id", "position"], false),
    ("glossary_term", &["section_id"], false),
    ("glossary_term", &["concept_id"], false),
];
