//! Who may change what is stored, and the corrections that they made.

use sea_orm_migration::{
    prelude::{
        ConditionalStatement, DeriveMigrationName, Expr, ExprTrait, ForeignKey, ForeignKeyAction::Cascade, Index,
        MigrationTrait, SchemaManager, Table, TableCreateStatement, async_trait,
    },
    schema::{
        big_integer, big_pk_auto, boolean, json_binary, pk_auto, text, text_uniq, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
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
        let mut in_force =
            Index::create().name("correction_in_force").table("correction").col("indicator_id").to_owned();
        in_force.unique().and_where(Expr::col("ended_at").is_null());
        manager.create_index(in_force).await?;
        let history =
            Index::create().name("correction_indicator_id").table("correction").col("indicator_id").to_owned();
        manager.create_index(history).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["correction", "token"] {
            manager.drop_table(Table::drop().table(name).to_owned()).await?;
        }
        Ok(())
    }
}

fn tables() -> [TableCreateStatement; 2] {
    [
        Table::create()
            .table("token")
            .col(pk_auto("id"))
            .col(text_uniq("name"))
            .col(text_uniq("hash"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .to_owned(),
        Table::create()
            .table("correction")
            .col(big_pk_auto("id"))
            .col(big_integer("indicator_id"))
            .col(json_binary("given"))
            .col(boolean("rejects"))
            .col(json_binary("reading"))
            .col(text("reason"))
            .col(text("author"))
            .col(timestamp_with_time_zone("at"))
            .col(timestamp_with_time_zone_null("ended_at"))
            .foreign_key(
                ForeignKey::create().from("correction", "indicator_id").to("indicator", "id").on_delete(Cascade),
            )
            .to_owned(),
    ]
}
