//! Administrative divisions into the database: the built-in ones, and a full table from a file.

mod file;

use std::collections::{BTreeMap, HashMap};

use entity::{
    reference::{RegionRecord, short_name},
    region, region_alias, region_successor,
};
use sea_orm_migration::sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, TransactionTrait,
    sea_query::OnConflict,
};

pub use file::{Refusal, Table, TableError, read};

/// Rows a statement: SQLite takes 32,766 variables, and no row here has ten.
const CHUNK: usize = 3_000;

/// What a table of divisions did to the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Divisions that were not known before.
    pub added: usize,
    /// Divisions whose years or parent are now known otherwise.
    pub changed: usize,
    /// Divisions that were known just so.
    pub unchanged: usize,
}

/// Merges a full table, as [`read`] gives it, in one transaction.
///
/// # Errors
/// When the database refuses a statement; nothing is changed then.
pub async fn import(db: &DatabaseConnection, table: &Table) -> Result<Merged, DbErr> {
    let transaction = db.begin().await?;
    let merged = merge(&transaction, &table.records).await?;
    transaction.commit().await?;
    Ok(merged)
}

/// Adds and updates divisions. What a record does not say (years, aliases, successors) stays as it was, and no division
/// is ever removed, for plans point at them.
pub(crate) async fn merge(db: &impl ConnectionTrait, records: &[RegionRecord]) -> Result<Merged, DbErr> {
    let known: HashMap<i32, region::Model> =
        region::Entity::find().all(db).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut rows = identify(records, &known);
    adopt(&mut rows, &known);

    let mut merged = Merged::default();
    let mut fresh = Vec::new();
    for (row, _) in &rows {
        match known.get(&row.id) {
            Some(old) if old == row => merged.unchanged += 1,
            Some(_) => merged.changed += 1,
            None => merged.added += 1,
        }
        if known.get(&row.id) != Some(row) {
            fresh.push(region::ActiveModel::from(row.clone()).reset_all());
        }
    }
    let update = OnConflict::column(region::Column::Id)
        .update_columns([region::Column::ParentId, region::Column::Since, region::Column::Until])
        .to_owned();
    for chunk in fresh.chunks(CHUNK) {
        region::Entity::insert_many(chunk.to_vec()).on_conflict(update.clone()).exec_without_returning(db).await?;
    }
    insert_names(db, &rows).await?;
    Ok(merged)
}

/// A row for every record. A division that is known under its code and name keeps its id; the others take the free ids
/// of their code, those in use first, then the latest.
fn identify<'a>(
    records: &'a [RegionRecord],
    known: &HashMap<i32, region::Model>,
) -> Vec<(region::Model, &'a RegionRecord)> {
    let mut by_code: BTreeMap<_, Vec<&RegionRecord>> = BTreeMap::new();
    for record in records {
        by_code.entry(record.code).or_default().push(record);
    }
    let mut rows = Vec::with_capacity(records.len());
    for (code, mut holders) in by_code {
        holders.sort_by_key(|record| std::cmp::Reverse(record.until.unwrap_or(i32::MAX)));
        let mut taken: Vec<(i32, &str)> = (0..=9)
            .filter_map(|serial| known.get(&region::id(code, serial)))
            .map(|row| (row.id, row.name.as_str()))
            .collect();
        for record in holders {
            let held = taken.iter().find(|(_, name)| *name == record.name).map(|(id, _)| *id);
            let free = || (0..=9).map(|serial| region::id(code, serial)).find(|id| taken.iter().all(|(t, _)| t != id));
            // No code has had more than three names in forty years; an eleventh would have no id left.
            let Some(id) = held.or_else(free) else { continue };
            taken.push((id, &record.name));
            let old = known.get(&id);
            let row = region::Model {
                id,
                code: code.to_string(),
                name: record.name.clone(),
                short_name: short_name(&record.name),
                level: record.level,
                parent_id: None,
                since: record.since.or_else(|| old?.since),
                until: record.until.or_else(|| old?.until),
            };
            rows.push((row, record));
        }
    }
    rows
}

/// Finds each row's parent: the nearest code above it that a division had in the same years. Parents come first in the
/// end, as the foreign key wants them.
fn adopt(rows: &mut [(region::Model, &RegionRecord)], known: &HashMap<i32, region::Model>) {
    let mut years: HashMap<i32, (i32, i32)> = HashMap::new();
    for row in known.values().chain(rows.iter().map(|(row, _)| row)) {
        years.insert(row.id, (row.since.unwrap_or(i32::MIN), row.until.unwrap_or(i32::MAX)));
    }
    for (row, record) in rows.iter_mut() {
        let (since, until) = years[&row.id];
        row.parent_id = record.code.above().find_map(|code| {
            let held = (0..=9).map(|serial| region::id(code, serial)).filter(|id| years.contains_key(id));
            held.max_by_key(|id| {
                let (from, to) = years[id];
                (until.min(to).saturating_sub(since.max(from)), std::cmp::Reverse(*id))
            })
        });
    }
    rows.sort_by_key(|(row, _)| (row.level, row.id));
}

/// Adds the aliases and successors of the rows.
async fn insert_names(db: &impl ConnectionTrait, rows: &[(region::Model, &RegionRecord)]) -> Result<(), DbErr> {
    let aliases: Vec<_> = rows
        .iter()
        .flat_map(|(row, record)| record.aliases.iter().map(|alias| (row.id, alias.clone())))
        .map(|(region_id, alias)| region_alias::ActiveModel { region_id: Set(region_id), alias: Set(alias) })
        .collect();
    for chunk in aliases.chunks(CHUNK) {
        region_alias::Entity::insert_many(chunk.to_vec())
            .on_conflict_do_nothing_on([region_alias::Column::RegionId, region_alias::Column::Alias])
            .exec_without_returning(db)
            .await?;
    }
    let successors: Vec<_> = rows
        .iter()
        .flat_map(|(row, record)| record.successors.iter().map(|successor| (row.id, *successor)))
        .map(|(region_id, (code, year))| region_successor::ActiveModel {
            region_id: Set(region_id),
            code: Set(code.to_string()),
            year: Set(year),
        })
        .collect();
    for chunk in successors.chunks(CHUNK) {
        region_successor::Entity::insert_many(chunk.to_vec())
            .on_conflict_do_nothing_on([region_successor::Column::RegionId, region_successor::Column::Code])
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}
