//! The section tree of a version.

use entity::{plan, section, section_responsible, value::Span};
use extract::{Plan, text::CharIndex};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DbErr, EntityTrait, QueryTrait,
    sea_query::Query,
};

use crate::db;

/// Writes the sections; answers with their row ids, in the order of [`Plan::sections`].
pub(super) async fn store(
    db: &impl ConnectionTrait,
    row: &plan::Model,
    plan: &Plan,
    spans: &CharIndex,
) -> Result<Vec<i64>, DbErr> {
    let levels = levels(plan);
    let mut ids = vec![0; plan.sections.len()];
    // Level by level from the top, for a section's row needs the id of the row above it.
    for level in 0..=levels.iter().copied().max().unwrap_or_default() {
        let rows: Vec<_> = (0..plan.sections.len())
            .filter(|index| levels[*index] == level)
            .map(|index| section(row, plan, index, spans, &ids))
            .collect();
        for rows in db::inserts(rows, 13) {
            let mut insert = section::Entity::insert_many(rows).into_query();
            insert.returning(Query::returning().columns([section::Column::Position, section::Column::Id]));
            for written in db.query_all(&insert).await? {
                // They come back in no promised order.
                let position: i32 = written.try_get("", "position")?;
                if let Some(id) = ids.get_mut(position.unsigned_abs() as usize) {
                    *id = written.try_get("", "id")?;
                }
            }
        }
    }
    responsible(db, plan, &ids).await?;
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

fn section(row: &plan::Model, plan: &Plan, index: usize, spans: &CharIndex, ids: &[i64]) -> section::ActiveModel {
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
async fn responsible(db: &impl ConnectionTrait, plan: &Plan, ids: &[i64]) -> Result<(), DbErr> {
    let units = plan.sections.iter().zip(ids).flat_map(|(section, id)| {
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
