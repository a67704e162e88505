//! The figures of a plan. A figure keeps its row, and so its id, as long as it stands in the plan, wherever it moves.

use std::collections::HashMap;

use entity::{indicator, plan, value::Span};
use extract::{Indicator, Plan, text::CharIndex};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
};

use crate::{db, snapshot::sha256};

/// Columns of an insert.
const COLUMNS: usize = 26;

/// Brings a plan's figures up to date.
pub(super) async fn store(
    db: &impl ConnectionTrait,
    row: &plan::Model,
    plan: &Plan,
    spans: &CharIndex,
    sections: &[i64],
    concepts: &HashMap<String, i32>,
) -> Result<(), DbErr> {
    let now = db::now();
    let old = indicator::Entity::find().filter(indicator::Column::PlanId.eq(row.id)).all(db).await?;
    let mut old: HashMap<String, indicator::Model> = old.into_iter().map(|i| (i.fingerprint.clone(), i)).collect();
    let mut new = Vec::new();
    for ((read, fingerprint), position) in plan.indicators.iter().zip(fingerprints(&plan.indicators)).zip(0..) {
        let Some(section_id) = sections.get(read.section) else { continue };
        let Span { start, end } = spans.span(read.range.clone());
        let kept = old.remove(&fingerprint);
        let mut model = indicator::ActiveModel {
            section_id: Set(*section_id),
            region_id: Set(row.region_id),
            plan_kind: Set(row.kind),
            position: Set(position),
            sentence: Set(plan.text.get(read.sentence.clone()).unwrap_or_default().to_owned()),
            span_start: Set(start.cast_signed()),
            span_end: Set(end.cast_signed()),
            gone_at: Set(None),
            ..Default::default()
        };
        // What an analyst corrected is not read over.
        if !kept.as_ref().is_some_and(|kept| kept.corrected) {
            let concept = read.concept.as_ref().and_then(|slug| concepts.get(slug).copied());
            model = reading(model, read, concept);
        }
        match kept {
            Some(kept) => {
                model.id = Set(kept.id);
                model.update(db).await?;
            }
            None => new.push(indicator::ActiveModel {
                id: NotSet,
                plan_id: Set(row.id),
                fingerprint: Set(fingerprint),
                corrected: Set(false),
                first_seen_at: Set(now),
                ..model
            }),
        }
    }
    for chunk in new.chunks(db::rows_per_insert(COLUMNS)) {
        indicator::Entity::insert_many(chunk.to_vec()).exec_without_returning(db).await?;
    }
    for gone in old.into_values().filter(|row| row.gone_at.is_none()) {
        let mut gone = gone.into_active_model();
        gone.gone_at = Set(Some(now));
        gone.update(db).await?;
    }
    Ok(())
}

/// What was read of a figure itself.
fn reading(model: indicator::ActiveModel, read: &Indicator, concept_id: Option<i32>) -> indicator::ActiveModel {
    indicator::ActiveModel {
        concept_id: Set(concept_id),
        name: Set(read.name.clone()),
        value: Set(read.value),
        value_max: Set(read.value_max),
        value_text: Set(read.value_text.clone()),
        unit: Set(read.unit.clone()),
        comparator: Set(read.comparator),
        measure: Set(read.measure),
        role: Set(read.role),
        obligation: Set(read.obligation),
        year: Set(read.year),
        scope: Set(read.scope.clone()),
        confidence: Set(read.confidence),
        ..model
    }
}

/// What tells each figure from all others of its plan: name, number as printed, measure, role and year, and which it is
/// among those that have all of these in common.
fn fingerprints(indicators: &[Indicator]) -> impl Iterator<Item = String> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    indicators.iter().map(move |i| {
        let year = i.year.map_or_else(String::new, |year| year.to_string());
        let key = [&i.name, &i.value_text, i.measure.as_str(), i.role.as_str(), &year].join("\0");
        let ordinal = seen.entry(key.clone()).or_default();
        *ordinal += 1;
        sha256(format!("{key}\0{ordinal}").as_bytes())
    })
}
