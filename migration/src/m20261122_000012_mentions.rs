//! The initiatives and documents that plans name, and where.

use sea_orm_migration::{
    prelude::{
        DeriveMigrationName, ForeignKey, ForeignKeyAction::Cascade, Index, MigrationTrait, SchemaManager, Table,
        TableCreateStatement, async_trait,
    },
    schema::{big_integer, big_pk_auto, boolean, integer, integer_null, pk_auto, text, text_uniq},
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
        for columns in INDEXES {
            let mut index = Index::create().name(format!("mention_{}", columns.join("_"))).table("mention").to_owned();
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["mention", "citation", "programme"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

const INDEXES: [&[&str]; 4] =
    [&["plan_id", "version", "position"], &["section_id"], &["programme_id", "plan_id"], &["citation_id", "plan_id"]];

fn tables() -> [TableCreateStatement; 3] {
    let reference = |column: &'static str, to: &'static str| {
        ForeignKey::create().from("mention", column).to(to, "id").on_delete(Cascade).to_owned()
    };
    [
        Table::create().table("programme").col(pk_auto("id")).col(text_uniq("key")).to_owned(),
        Table::create().table("citation").col(pk_auto("id")).col(text_uniq("key")).col(text("title")).to_owned(),
        Table::create()
            .table("mention")
            .col(big_pk_auto("id"))
            .col(big_integer("plan_id"))
            .col(integer("version"))
            .col(big_integer("section_id"))
            .col(integer_null("programme_id"))
            .col(integer_null("citation_id"))
            .col(integer("position"))
            .col(text("name"))
            .col(boolean("quoted"))
            .col(text("sentence"))
            .col(integer("span_start"))
            .col(integer("span_end"))
            .foreign_key(&mut reference("plan_id", "plan"))
            .foreign_key(&mut reference("section_id", "section"))
            .foreign_key(&mut reference("programme_id", "programme"))
            .foreign_key(&mut reference("citation_id", "citation"))
            .to_owned(),
    ]
}
