//! The initiatives, documents and other regions that a plan names.

use std::collections::{BTreeMap, HashMap};

use entity::{
    citation, mention, programme, region,
    value::{RegionCode, Span},
};
use extract::{MentionKind, Plan};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};

use super::version::Version;
use crate::db;

/// Row ids by key.
#[derive(Debug, Default)]
struct Names {
    programmes: HashMap<String, i32>,
    citations: HashMap<String, i32>,
}

impl Names {
    /// The rows of all that plans name; those that are not there are added. They are added in the order of their keys and
    /// those of a transaction at once, so that two that add the same names wait for one another and never each for the
    /// other.
    async fn of(db: &impl ConnectionTrait, plans: impl Iterator<Item = &Plan>) -> Result<Self, DbErr> {
        let (mut programmes, mut citations) = (BTreeMap::new(), BTreeMap::new());
        for mention in plans.flat_map(|plan| &plan.mentions) {
            let names = match mention.kind {
                MentionKind::Programme { .. } => &mut programmes,
                MentionKind::Citation => &mut citations,
                // The regions are there.
                MentionKind::Region { .. } => continue,
            };
            names.entry(mention.key.as_str()).or_insert(mention.name.as_str());
        }
        Ok(Self { programmes: named(db, &programmes).await?, citations: cited(db, &citations).await? })
    }
}

async fn named(db: &impl ConnectionTrait, names: &BTreeMap<&str, &str>) -> Result<HashMap<String, i32>, DbErr> {
    let keys: Vec<&str> = names.keys().copied().collect();
    let mut ids = programmes(db, &keys).await?;
    let new: Vec<&str> = keys.into_iter().filter(|key| !ids.contains_key(*key)).collect();
    for chunk in new.chunks(db::rows_per_insert(1)) {
        let rows = chunk.iter().map(|key| programme::ActiveModel { id: NotSet, key: Set((*key).to_owned()) });
        programme::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(programme::Column::Key).do_nothing().to_owned())
            .exec_without_returning(db)
            .await?;
    }
    ids.extend(programmes(db, &new).await?);
    Ok(ids)
}

async fn programmes(db: &impl ConnectionTrait, keys: &[&str]) -> Result<HashMap<String, i32>, DbErr> {
    use programme::Column::{Id, Key};
    let mut ids = HashMap::new();
    for chunk in keys.chunks(db::rows_per_insert(1)) {
        let known = programme::Entity::find().select_only().columns([Key, Id]).filter(Key.is_in(chunk.iter().copied()));
        ids.extend(known.into_tuple::<(String, i32)>().all(db).await?);
    }
    Ok(ids)
}

async fn cited(db: &impl ConnectionTrait, titles: &BTreeMap<&str, &str>) -> Result<HashMap<String, i32>, DbErr> {
    let keys: Vec<&str> = titles.keys().copied().collect();
    let mut ids = citations(db, &keys).await?;
    let new: Vec<&str> = keys.into_iter().filter(|key| !ids.contains_key(*key)).collect();
    for chunk in new.chunks(db::rows_per_insert(2)) {
        let rows = chunk.iter().map(|key| citation::ActiveModel {
            id: NotSet,
            key: Set((*key).to_owned()),
            title: Set(titles.get(key).copied().unwrap_or(key).to_owned()),
        });
        citation::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(citation::Column::Key).do_nothing().to_owned())
            .exec_without_returning(db)
            .await?;
    }
    ids.extend(citations(db, &new).await?);
    Ok(ids)
}

async fn citations(db: &impl ConnectionTrait, keys: &[&str]) -> Result<HashMap<String, i32>, DbErr> {
    use citation::Column::{Id, Key};
    let mut ids = HashMap::new();
    for chunk in keys.chunks(db::rows_per_insert(1)) {
        let known = citation::Entity::find().select_only().columns([Key, Id]).filter(Key.is_in(chunk.iter().copied()));
        ids.extend(known.into_tuple::<(String, i32)>().all(db).await?);
    }
    Ok(ids)
}

/// Writes where versions name them, whose sections have these row ids.
pub(super) async fn store(
    db: &impl ConnectionTrait,
    versions: &[Version<'_>],
    sections: &[Vec<i64>],
) -> Result<(), DbErr> {
    let names = Names::of(db, versions.iter().map(|version| version.plan)).await?;
    let rows = versions.iter().zip(sections).flat_map(|(version, sections)| mentions(version, sections, &names));
    for rows in db::inserts(rows.collect(), 14) {
        mention::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

fn mentions(version: &Version<'_>, sections: &[i64], names: &Names) -> impl Iterator<Item = mention::ActiveModel> {
    let Version { row, plan, spans, .. } = version;
    plan.mentions.iter().zip(0..).filter_map(move |(named, position)| {
        let Span { start, end } = spans.span(named.range.clone());
        let (mut programme_id, mut citation_id, mut region_id) = (None, None, None);
        let (mut quoted, mut region_role) = (false, None);
        match named.kind {
            MentionKind::Programme { quoted: is_quoted } => {
                (programme_id, quoted) = (Some(*names.programmes.get(&named.key)?), is_quoted);
            }
            MentionKind::Citation => citation_id = Some(*names.citations.get(&named.key)?),
            MentionKind::Region { role } => {
                let code: RegionCode = named.key.parse().ok()?;
                (region_id, region_role) = (Some(region::id(code, 0)), Some(role));
            }
        }
        Some(mention::ActiveModel {
            id: NotSet,
            plan_id: Set(row.id),
            version: Set(row.version),
            section_id: Set(*sections.get(named.section)?),
            programme_id: Set(programme_id),
            citation_id: Set(citation_id),
            region_id: Set(region_id),
            role: Set(region_role),
            position: Set(position),
            name: Set(named.name.clone()),
            quoted: Set(quoted),
            sentence: Set(plan.text.get(named.sentence.clone())?.to_owned()),
            span_start: Set(start.cast_signed()),
            span_end: Set(end.cast_signed()),
        })
    })
}
