//! The section trees of versions.

use std::collections::HashMap;

use entity::{section, section_responsible, value::Span};
use extract::Plan;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DbErr, EntityTrait, QueryTrait,
    sea_query::Query,
};

use super::version::Version;
use crate::db;

/// Writes the sections of versions; answers with their row ids, for each version in the order of [`Plan::sections`].
pub(super) async fn store(db: &impl ConnectionTrait, versions: &[Version<'_>]) -> Result<Vec<Vec<i64>>, DbErr> {
    let levels: Vec<_> = versions.iter().map(|version| levels(version.plan)).collect();
    let mut ids: Vec<_> = levels.iter().map(|levels| vec![0; levels.len()]).collect();
    let places: HashMap<i64, usize> = versions.iter().map(|version| version.row.id).zip(0..).collect();
    // Level by level from the top, for a section's row needs the id of the row above it.
    for level in 0..=levels.iter().flatten().copied().max().unwrap_or_default() {
        let mut rows = Vec::new();
        for ((version, levels), ids) in versions.iter().zip(&levels).zip(&ids) {
            let of_level = levels.iter().zip(0..).filter(|(its, _)| **its == level);
            rows.extend(of_level.map(|(_, index)| section(version, index, ids)));
        }
        for rows in db::inserts(rows, 13) {
            let mut insert = section::Entity::insert_many(rows).into_query();
            use section::Column::{Id, PlanId, Position};
            insert.returning(Query::returning().columns([PlanId, Position, Id]));
            // They come back in no promised order.
            for written in db.query_all(&insert).await? {
                let position: i32 = written.try_get("", "position")?;
                let ids = places.get(&written.try_get("", "plan_id")?).and_then(|place| ids.get_mut(*place));
                if let Some(id) = ids.and_then(|ids| ids.get_mut(position.unsigned_abs() as usize)) {
                    *id = written.try_get("", "id")?;
                }
            }
        }
    }
    responsible(db, versions, &ids).await?;
    Ok(ids)
}

/// How many sections each section stands in. A parent comes before its children.
fn levels(plan: &Plan) -> Vec<usize> {
    let mut levels: Vec<usize> = Vec::with_capacity(plan.sections.len());
    for section in &plan.sections {
        let above = section.parent.and_then(|parent| levels.get(parent));
        levels.push(above.map_or(0, |level| level + 1));
    }
    levels
}

fn section(version: &Version<'_>, index: usize, ids: &[i64]) -> section::ActiveModel {
    let Version { row, plan, spans, .. } = version;
    let read = &plan.sections[index];
    let Span { start, end } = spans.span(read.range.clone());
    section::ActiveModel {
        id: NotSet,
        plan_id: Set(row.id),
        version: Set(row.version),
        position: Set(i32::try_from(index).unwrap_or(i32::MAX)),
        parent_id: Set(read.parent.and_then(|parent| ids.get(parent).copied())),
        kind: Set(read.kind),
        number: Set(read.number.clone()),
        heading: Set(read.heading.clone()),
        path: Set(path(plan, index).into()),
        depth: Set(read.depth.cast_signed()),
        text: Set(plan.text.get(read.body.clone()).unwrap_or_default().trim().to_owned()),
        span_start: Set(start.cast_signed()),
        span_end: Set(end.cast_signed()),
    }
}

/// Headings from the top down to a section, the number standing in for a heading that is not there.
fn path(plan: &Plan, index: usize) -> Vec<String> {
    let above = |index: &usize| plan.sections[*index].parent.filter(|parent| parent < index);
    let mut path: Vec<String> = std::iter::successors(Some(index), above)
        .filter_map(|index| {
            let section = &plan.sections[index];
            section.heading.clone().or_else(|| section.number.clone())
        })
        .collect();
    path.reverse();
    path
}

/// Writes the 责任单位 of all sections.
async fn responsible(db: &impl ConnectionTrait, versions: &[Version<'_>], ids: &[Vec<i64>]) -> Result<(), DbErr> {
    let sections = versions.iter().zip(ids).flat_map(|(version, ids)| version.plan.sections.iter().zip(ids));
    let units = sections.flat_map(|(section, id)| {
        section.responsible.iter().zip(0..).map(|(unit, position)| section_responsible::ActiveModel {
            section_id: Set(*id),
            position: Set(position),
            unit: Set(unit.clone()),
        })
    });
    for rows in db::inserts(units.collect(), 3) {
        section_responsible::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}
