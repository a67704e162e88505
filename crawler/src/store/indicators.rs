//! The figures of plans. A figure keeps its row, and so its id, as long as it stands in the plan, wherever it moves.
//! One that stands where another stood points at it.

use std::collections::HashMap;

use entity::{
    indicator, past,
    value::{ChangeKind, Span},
};
use extract::Indicator;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{
    changes::FigureChange,
    corrections::Corrections,
    links::{self, Figure},
    version::Version,
};
use crate::{db, snapshot::sha256};

/// Columns of an insert.
const COLUMNS: usize = 32;

/// A figure of the new version.
struct Standing<'a> {
    read: &'a Indicator,
    position: i32,
    section_id: i64,
    sentence: &'a str,
    fingerprint: String,
    /// Its row, where it stood in a version before.
    kept: Option<indicator::Model>,
}

impl Standing<'_> {
    /// Whether it did not stand in the last version.
    fn is_new(&self) -> bool {
        self.kept.as_ref().is_none_or(|kept| kept.gone_at.is_some())
    }
}

/// Brings the figures of plans up to date, whose sections have these row ids; answers with those of each that came,
/// changed and went since its first version.
pub(super) async fn store(
    db: &impl ConnectionTrait,
    versions: &[Version<'_>],
    sections: &[Vec<i64>],
) -> Result<Vec<Vec<FigureChange>>, DbErr> {
    let (mut first, mut changes) = (Vec::new(), Vec::with_capacity(versions.len()));
    for (version, sections) in versions.iter().zip(sections) {
        changes.push(if version.row.version == 1 {
            // They come with their plan, and take nothing's place.
            let figures = figures(version, sections, &mut HashMap::new());
            first.extend(figures.iter().map(|figure| model(version, figure)));
            Vec::new()
        } else {
            update(db, version, sections).await?
        });
    }
    write(db, Vec::new(), first).await?;
    Ok(changes)
}

/// The figures of a version; those that stood in the plan before are taken out of the old ones.
fn figures<'a>(
    version: &Version<'a>,
    sections: &[i64],
    old: &mut HashMap<String, indicator::Model>,
) -> Vec<Standing<'a>> {
    let plan = version.plan;
    let figures = plan.indicators.iter().zip(fingerprints(&plan.indicators)).zip(0..);
    figures
        .filter_map(|((read, fingerprint), position)| {
            let section_id = *sections.get(read.section)?;
            let sentence = plan.text.get(read.sentence.clone()).unwrap_or_default();
            let kept = old.remove(&fingerprint);
            Some(Standing { read, position, section_id, sentence, fingerprint, kept })
        })
        .collect()
}

/// Brings the figures of a plan up to date that had a version before.
async fn update(
    db: &impl ConnectionTrait,
    version: &Version<'_>,
    sections: &[i64],
) -> Result<Vec<FigureChange>, DbErr> {
    let row = &version.row;
    let of_plan = Condition::all().add(indicator::Column::PlanId.eq(row.id));
    let standing = of_plan.clone().add(indicator::Column::GoneAt.is_null());
    db.execute(&past::archive::<indicator::Entity>(standing, Expr::value(row.since))).await?;
    let mut rows = indicator::Entity::find().filter(of_plan).all(db).await?;
    let mut corrections = Corrections::take_off(db, &mut rows).await?;
    let mut old: HashMap<_, _> = rows.into_iter().map(|i| (i.fingerprint.clone(), i)).collect();
    let mut figures = figures(version, sections, &mut old);
    keep_corrected(&mut figures, &mut old, &corrections);
    let mut gone: Vec<indicator::Model> = old.into_values().filter(|row| row.gone_at.is_none()).collect();
    gone.sort_unstable_by_key(|row| row.position);
    let (new, kept): (Vec<_>, Vec<_>) = figures.into_iter().partition(Standing::is_new);

    let links = links::pairs(
        &gone.iter().map(Figure::kept).collect::<Vec<_>>(),
        &new.iter().map(|figure| Figure::read(figure.read, figure.sentence)).collect::<Vec<_>>(),
    );
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for figure in &kept {
        known.push(corrections.lay_over(db, model(version, figure)).await?);
    }
    for (index, figure) in new.iter().enumerate() {
        let mut model = model(version, figure);
        model.replaces_id = Set(links.get(&index).map(|old| gone[*old].id));
        if figure.kept.is_some() {
            known.push(corrections.lay_over(db, model).await?);
        } else {
            unknown.push(model);
        }
    }
    write(db, known, unknown).await?;
    for chunk in gone.chunks(db::rows_per_insert(2)) {
        indicator::Entity::update_many()
            .col_expr(indicator::Column::GoneAt, Expr::value(row.since))
            .col_expr(indicator::Column::Since, Expr::value(row.since))
            .filter(indicator::Column::Id.is_in(chunk.iter().map(|row| row.id)))
            .exec(db)
            .await?;
    }
    corrections.note_gone(db, &gone, row.since).await?;
    changes(db, version, &new, &gone, &links).await
}

/// Lets corrected figures that would be gone keep their rows where the number stands in its sentence as before, and only
/// something else is read of it, for which there are other rules or another heading. Where it cannot be told which of
/// several it is, none of them is.
fn keep_corrected(
    figures: &mut [Standing<'_>],
    old: &mut HashMap<String, indicator::Model>,
    corrections: &Corrections,
) {
    let would_go = |row: &&indicator::Model| row.gone_at.is_none();
    let corrected: Vec<_> = old.values().filter(would_go).filter(|row| corrections.has(row)).cloned().collect();
    for row in corrected {
        let same = |sentence: &str, number: &str| (sentence, number) == (&*row.sentence, &*row.value_text);
        let is_one = old.values().filter(would_go).filter(|row| same(&row.sentence, &row.value_text)).count() == 1;
        let mut found =
            figures.iter_mut().filter(|it| it.kept.is_none() && same(it.sentence, &it.read.value_text)).fuse();
        if let (true, Some(figure), None) = (is_one, found.next(), found.next()) {
            figure.kept = old.remove(&row.fingerprint);
        }
    }
}

/// The row of a figure.
fn model(version: &Version<'_>, figure: &Standing<'_>) -> indicator::ActiveModel {
    let row = &version.row;
    let Span { start, end } = version.spans.span(figure.read.range.clone());
    let known = figure.kept.clone().map(|kept| kept.into_active_model().reset_all());
    let mut model = known.unwrap_or_else(|| indicator::ActiveModel {
        id: NotSet,
        plan_id: Set(row.id),
        first_seen_at: Set(row.since),
        replaces_id: Set(None),
        ..Default::default()
    });
    model.fingerprint = Set(figure.fingerprint.clone());
    model.section_id = Set(figure.section_id);
    model.region_id = Set(row.region_id);
    model.plan_kind = Set(row.kind);
    model.position = Set(figure.position);
    model.sentence = Set(figure.sentence.to_owned());
    model.span_start = Set(start.cast_signed());
    model.span_end = Set(end.cast_signed());
    model.gone_at = Set(None);
    model.since = Set(row.since);
    model.corrected = Set(false);
    let concept = figure.read.concept.as_ref().and_then(|slug| version.concepts.get(slug).copied());
    reading(model, figure.read, concept)
}

/// Writes rows that are there and rows that are not. Many at once: a plan has hundreds of figures, and each comes with
/// every version.
async fn write(
    db: &impl ConnectionTrait,
    known: Vec<indicator::ActiveModel>,
    unknown: Vec<indicator::ActiveModel>,
) -> Result<(), DbErr> {
    use indicator::Column;
    let whole = Column::iter().filter(|column| !matches!(column, Column::Id | Column::PlanId));
    let update = OnConflict::column(Column::Id).update_columns(whole).to_owned();
    for rows in db::inserts(known, COLUMNS) {
        indicator::Entity::insert_many(rows).on_conflict(update.clone()).exec_without_returning(db).await?;
    }
    for rows in db::inserts(unknown, COLUMNS) {
        indicator::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// The figures that came, changed and went.
async fn changes(
    db: &impl ConnectionTrait,
    version: &Version<'_>,
    new: &[Standing<'_>],
    gone: &[indicator::Model],
    links: &HashMap<usize, usize>,
) -> Result<Vec<FigureChange>, DbErr> {
    if new.is_empty() && gone.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<(String, i64)> = indicator::Entity::find()
        .select_only()
        .columns([indicator::Column::Fingerprint, indicator::Column::Id])
        .filter(indicator::Column::PlanId.eq(version.row.id))
        .into_tuple()
        .all(db)
        .await?;
    let ids: HashMap<String, i64> = ids.into_iter().collect();
    let came = new.iter().enumerate().filter_map(|(index, figure)| {
        let indicator_id = *ids.get(&figure.fingerprint)?;
        let after = &figure.read.value_text;
        let Some(old) = links.get(&index).map(|old| &gone[*old]) else {
            let after = Some(after.clone());
            return Some(FigureChange { kind: ChangeKind::FigureNew, indicator_id, before: None, after });
        };
        // Where the number is the same, something else about it changed.
        let (before, after) = if old.value_text == *after {
            (&*old.sentence, figure.sentence)
        } else {
            (&*old.value_text, after.as_str())
        };
        let (before, after) = (Some(before.to_owned()), Some(after.to_owned()));
        Some(FigureChange { kind: ChangeKind::FigureChanged, indicator_id, before, after })
    });
    let replaced: Vec<&usize> = links.values().collect();
    let went = gone.iter().enumerate().filter(|(index, _)| !replaced.contains(&index)).map(|(_, row)| FigureChange {
        kind: ChangeKind::FigureGone,
        indicator_id: row.id,
        before: Some(row.value_text.clone()),
        after: None,
    });
    Ok(came.chain(went).collect())
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
