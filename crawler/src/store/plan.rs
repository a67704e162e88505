//! A plan and its versions.

use chrono::{DateTime, Datelike, Utc};
use entity::{
    past, plan, plan_version, region,
    value::{ChangeKind, Period},
};
use extract::{Plan, text::CharIndex};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    sea_query::Expr,
};

use super::{Occasion, Reading, changes, diff::diff, files::Bodies, version::Version};
use crate::{db, snapshot::sha256};

/// Where a plan belongs.
pub(super) struct Place<'a> {
    /// Whose plan it is.
    pub(super) region_id: i32,
    /// Which of the plans of this region on its page, from 0.
    pub(super) part: i32,
    /// The years it is for.
    pub(super) period: Period,
    /// The bodies it was read from.
    pub(super) bodies: &'a Bodies,
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

/// Writes a plan, and a version of it where it differs from the one before; answers with that version, which is still to
/// be filled.
pub(super) async fn store<'a>(
    db: &impl ConnectionTrait,
    reading: &Reading<'a>,
    plan: &'a Plan,
    place: &Place<'_>,
) -> Result<Option<Version<'a>>, DbErr> {
    let of_place = plan::Entity::find()
        .filter(plan::Column::PageId.eq(reading.claim.page.id))
        .filter(plan::Column::RegionId.eq(place.region_id))
        .filter(plan::Column::Part.eq(place.part));
    // A page that was never read holds nothing.
    let old = if reading.claim.page.snapshot_id.is_some() { of_place.one(db).await? } else { None };
    let last = match &old {
        None => None,
        Some(row) => {
            let current = plan_version::Column::PlanId.eq(row.id).and(plan_version::Column::Version.eq(row.version));
            plan_version::Entity::find().filter(current).one(db).await?
        }
    };
    let now = db::now();
    let is_reread = reading.occasion == Occasion::Reread;
    let is_back = !is_reread && old.as_ref().is_some_and(|row| row.withdrawn_at.is_some());
    let digest = digest(plan)?;
    if last.as_ref().is_some_and(|last| last.digest == digest) {
        if let Some(row) = old.filter(|_| is_back) {
            changes::restore(db, &row, now).await?;
        }
        return Ok(None);
    }
    let is_new = old.is_none();
    let row = write(db, reading, plan, place, old, now).await?;
    let technical = is_reread
        || last.as_ref().is_some_and(|last| last.text == plan.text && last.extractor_version != extract::VERSION);
    let version = plan_version::ActiveModel {
        id: NotSet,
        plan_id: Set(row.id),
        version: Set(row.version),
        seen_at: Set(now),
        technical: Set(technical),
        snapshot_id: Set(place.bodies.of_text()),
        extractor_version: Set(extract::VERSION.to_owned()),
        digest: Set(digest),
        diff: Set(last.and_then(|last| diff(&last.text, &plan.text))),
        text: Set(plan.text.clone()),
    };
    let version_id = plan_version::Entity::insert(version).exec(db).await?.last_insert_id;

    let spans = CharIndex::new(&plan.text);
    place.bodies.link(db, version_id, plan, &spans).await?;
    let news = match technical {
        true => None,
        false if is_new || is_back => Some(ChangeKind::PlanNew),
        false => Some(ChangeKind::PlanChanged),
    };
    Ok(Some(Version { row, plan, spans, concepts: reading.concepts, news }))
}

/// SHA-256 of all that was read.
fn digest(plan: &Plan) -> Result<String, DbErr> {
    let json = serde_json::to_vec(plan).map_err(|e| DbErr::Custom(format!("a plan is no JSON: {e}")))?;
    Ok(sha256(&json))
}

/// Inserts the plan's row, or keeps what it was and updates it.
async fn write(
    db: &impl ConnectionTrait,
    reading: &Reading<'_>,
    read: &Plan,
    place: &Place<'_>,
    old: Option<plan::Model>,
    now: DateTime<Utc>,
) -> Result<plan::Model, DbErr> {
    if let Some(old) = &old {
        let this = Condition::all().add(plan::Column::Id.eq(old.id));
        db.execute(&past::archive::<plan::Entity>(this, Expr::value(now))).await?;
    }
    // Whether the original is known, and where it stands, is told anew when the plan is related.
    let is_copy = old.as_ref().is_some_and(|row| row.is_reprint);
    let is_reprint = reading.source.region_id != Some(place.region_id) || is_copy;
    let first = || old.as_ref().and_then(|row| row.reprinted_from.clone());
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
        origin: Set(read.origin.clone()),
        is_reprint: Set(is_reprint),
        reprinted_from: Set(read.origin.clone().or_else(first).filter(|_| is_reprint)),
        url: Set(reading.claim.page.url.clone()),
        version: Set(old.as_ref().map_or(1, |row| row.version + 1)),
        first_seen_at: Set(old.as_ref().map_or(now, |row| row.first_seen_at)),
        // Reading it again does not bring it back.
        withdrawn_at: Set(old
            .as_ref()
            .filter(|_| reading.occasion == Occasion::Reread)
            .and_then(|row| row.withdrawn_at)),
        since: Set(now),
    };
    if old.is_some() { row.update(db).await } else { row.insert(db).await }
}
