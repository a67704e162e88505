//! A plan and its versions.

use chrono::Datelike;
use entity::{
    glossary_term, plan, plan_version, region,
    value::{Period, Span},
};
use extract::{Plan, text::CharIndex};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
};
use similar::TextDiff;

use super::{Reading, indicators, sections};
use crate::{db, snapshot::sha256};

/// Where a plan belongs.
pub(super) struct Place {
    /// Whose plan it is.
    pub(super) region_id: i32,
    /// Which of the plans of this region on its page, from 0.
    pub(super) part: i32,
    /// The years it is for.
    pub(super) period: Period,
    /// The body it was read from.
    pub(super) snapshot_id: i64,
}

/// The region and the years of a plan, or what to do about a plan that cannot be placed. A plan that doesn't say its
/// years is one of the year in which it was issued.
pub(super) fn placed(plan: &Plan, regions: &[region::Model]) -> Result<(i32, Period), String> {
    let title = &plan.title;
    let Some(named) = &plan.region else {
        return Err(format!("“{title}” doesn't say whose plan it is; give its source a `region`"));
    };
    let of_code = || regions.iter().filter(|row| named.code.is_some_and(|code| code.to_string() == row.code));
    // Of the holders of one code, the one of that name; ids put the one that has it now first.
    let region = of_code().find(|row| row.name == named.name).or_else(|| of_code().min_by_key(|row| row.id));
    let region = region.ok_or_else(|| {
        format!("“{title}” is of “{}”, a region that is not known; add it with `plangraph regions import`", named.name)
    })?;
    let issued = plan.issued_on.or(plan.published_on).map(|day| Period::year(day.year()));
    let period = plan.period.or(issued).ok_or_else(|| format!("“{title}” doesn't say which years it is for"))?;
    Ok((region.id, period))
}

/// Writes a plan, and a version of it where it differs from the one before; answers whether it does.
pub(super) async fn store(
    db: &impl ConnectionTrait,
    reading: &Reading<'_>,
    plan: &Plan,
    place: &Place,
) -> Result<bool, DbErr> {
    let old = plan::Entity::find()
        .filter(plan::Column::PageId.eq(reading.claim.page.id))
        .filter(plan::Column::RegionId.eq(place.region_id))
        .filter(plan::Column::Part.eq(place.part))
        .one(db)
        .await?;
    let last = match &old {
        None => None,
        Some(row) => {
            let current = plan_version::Column::PlanId.eq(row.id).and(plan_version::Column::Version.eq(row.version));
            plan_version::Entity::find().filter(current).one(db).await?
        }
    };
    let digest = digest(plan)?;
    if last.as_ref().is_some_and(|last| last.digest == digest) {
        return Ok(false);
    }
    let version = old.as_ref().map_or(1, |row| row.version + 1);
    let row = write(db, reading, plan, place, old, version).await?;
    let technical =
        last.as_ref().is_some_and(|last| last.text == plan.text && last.extractor_version != extract::VERSION);
    let version = plan_version::ActiveModel {
        id: NotSet,
        plan_id: Set(row.id),
        version: Set(version),
        seen_at: Set(db::now()),
        technical: Set(technical),
        snapshot_id: Set(place.snapshot_id),
        extractor_version: Set(extract::VERSION.to_owned()),
        digest: Set(digest),
        diff: Set(last.and_then(|last| diff(&last.text, &plan.text))),
        text: Set(plan.text.clone()),
    };
    version.insert(db).await?;

    let spans = CharIndex::new(&plan.text);
    let sections = sections::store(db, &row, plan, &spans).await?;
    indicators::store(db, &row, plan, &spans, &sections, reading.concepts).await?;
    glossary(db, &row, plan, &spans, &sections, reading).await?;
    Ok(true)
}

/// SHA-256 of all that was read.
fn digest(plan: &Plan) -> Result<String, DbErr> {
    let json = serde_json::to_vec(plan).map_err(|e| DbErr::Custom(format!("a plan is no JSON: {e}")))?;
    Ok(sha256(&json))
}

/// What changed between two texts, with a line around it; none where nothing did.
fn diff(old: &str, new: &str) -> Option<String> {
    (old != new).then(|| TextDiff::from_lines(old, new).unified_diff().context_radius(1).to_string())
}

/// Inserts or updates the plan's row.
async fn write(
    db: &impl ConnectionTrait,
    reading: &Reading<'_>,
    read: &Plan,
    place: &Place,
    old: Option<plan::Model>,
    version: i32,
) -> Result<plan::Model, DbErr> {
    let is_reprint = reading.source.region_id != Some(place.region_id);
    let row = plan::ActiveModel {
        id: old.as_ref().map_or(NotSet, |row| Set(row.id)),
        source_id: Set(reading.source.id),
        page_id: Set(reading.claim.page.id),
        part: Set(place.part),
        region_id: Set(place.region_id),
        title: Set(read.title.clone()),
        kind: Set(read.kind),
        issuer: Set(read.issuer.clone()),
        document_number: Set(read.document_number.clone()),
        index_number: Set(read.index_number.clone()),
        issued_on: Set(read.issued_on),
        published_on: Set(read.published_on.or(reading.claim.page.listed_on)),
        start_year: Set(place.period.start_year),
        end_year: Set(place.period.end_year),
        is_reprint: Set(is_reprint),
        reprinted_from: Set(read.origin.clone().filter(|_| is_reprint)),
        url: Set(reading.claim.page.url.clone()),
        version: Set(version),
        first_seen_at: old.as_ref().map_or_else(|| Set(db::now()), |row| Set(row.first_seen_at)),
        withdrawn_at: Set(None),
    };
    if old.is_some() { row.update(db).await } else { row.insert(db).await }
}

/// Replaces the plan's terms.
async fn glossary(
    db: &impl ConnectionTrait,
    row: &plan::Model,
    plan: &Plan,
    spans: &CharIndex,
    sections: &[i64],
    reading: &Reading<'_>,
) -> Result<(), DbErr> {
    glossary_term::Entity::delete_many().filter(glossary_term::Column::PlanId.eq(row.id)).exec(db).await?;
    let terms = plan.glossary.iter().zip(0..).filter_map(|(term, position)| {
        let Span { start, end } = spans.span(term.range.clone());
        Some(glossary_term::ActiveModel {
            id: NotSet,
            plan_id: Set(row.id),
            section_id: Set(*sections.get(term.section)?),
            concept_id: Set(term.concept.as_ref().and_then(|slug| reading.concepts.get(slug).copied())),
            position: Set(position),
            term: Set(term.term.clone()),
            definition: Set(term.definition.clone()),
            formula: Set(term.formula.clone()),
            span_start: Set(start.cast_signed()),
            span_end: Set(end.cast_signed()),
        })
    });
    let terms: Vec<_> = terms.collect();
    for chunk in terms.chunks(db::rows_per_insert(10)) {
        glossary_term::Entity::insert_many(chunk.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}
