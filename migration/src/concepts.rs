//! The catalogue of shared concepts into the database.

use std::collections::HashMap;

use entity::{concept, concept_alias, reference::ConceptRecord};
use sea_orm_migration::sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};

/// Adds and updates concepts by slug; others stay, for figures may point at them.
pub(crate) async fn merge(db: &impl ConnectionTrait, records: &[ConceptRecord]) -> Result<(), DbErr> {
    if records.is_empty() {
        return Ok(());
    }
    let rows = records.iter().map(|record| concept::ActiveModel {
        id: NotSet,
        slug: Set(record.slug.clone()),
        name_zh: Set(record.name_zh.clone()),
        name_en: Set(record.name_en.clone()),
        unit: Set(record.unit.clone()),
        better: Set(record.better),
    });
    let update = OnConflict::column(concept::Column::Slug)
        .update_columns([
            concept::Column::NameZh,
            concept::Column::NameEn,
            concept::Column::Unit,
            concept::Column::Better,
        ])
        .to_owned();
    concept::Entity::insert_many(rows).on_conflict(update).exec_without_returning(db).await?;

    let ids: HashMap<String, i32> =
        concept::Entity::find().all(db).await?.into_iter().map(|row| (row.slug, row.id)).collect();
    let aliases: Vec<_> = records
        .iter()
        .filter_map(|record| Some((*ids.get(&record.slug)?, &record.aliases)))
        .flat_map(|(id, aliases)| {
            aliases
                .iter()
                .map(move |alias| concept_alias::ActiveModel { concept_id: Set(id), alias: Set(alias.clone()) })
        })
        .collect();
    concept_alias::Entity::delete_many()
        .filter(concept_alias::Column::ConceptId.is_in(records.iter().filter_map(|r| ids.get(&r.slug).copied())))
        .exec(db)
        .await?;
    if !aliases.is_empty() {
        concept_alias::Entity::insert_many(aliases).exec_without_returning(db).await?;
    }
    Ok(())
}
