//! What was read of a page into rows, in one transaction.
//!
//! A plan keeps its row as long as its page holds a plan of that region. Its sections and terms are written again with
//! every version; its figures keep their rows as long as they stand in it. What plans and figures were before is kept
//! ([`entity::past`]), and what a publisher changed is noted.

mod changes;
mod contents;
mod corrections;
mod diff;
mod double;
mod files;
mod indicators;
mod links;
mod mentions;
mod plan;
mod sections;
mod version;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{hold, page, plan as plan_table, region, snapshot, source, value::PageState};
use extract::Plan;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QuerySelect,
};

use changes::withdraw_plans;

pub(crate) use changes::withdraw;
pub(crate) use contents::{Contents, published};
pub(crate) use double::{give_up, remove};
use files::Bodies;
pub(crate) use files::{evidence, refresh};
use version::Version;

use crate::{
    attachment::Files,
    db,
    fetch::Body,
    frontier::{self, Claim, Done},
};

/// A page that was read.
pub(crate) struct Reading<'a> {
    pub(crate) source: &'a source::Model,
    pub(crate) claim: &'a Claim,
    pub(crate) body: &'a Body,
    /// SHA-256 of the body.
    pub(crate) sha256: &'a str,
    /// The plans in it.
    pub(crate) plans: &'a [Plan],
    /// The files of the page.
    pub(crate) files: &'a Files,
    /// Row ids of concepts by slug.
    pub(crate) concepts: &'a HashMap<String, i32>,
    pub(crate) occasion: Occasion,
}

/// Why a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// Its body has come just now. Where less can be read in it than is published, it is held back.
    Fetched,
    /// Other rules have read its body before: what differs is no change by the publisher.
    Reread,
    /// Its body was held back and is to be published as it is.
    Released,
}

/// What storing a page came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Plans that are new or have a new version.
    pub(crate) changed: usize,
    /// What of the page could not be stored, in words.
    pub(crate) problems: Vec<String>,
    /// Whether it is held back, and nothing of it is published.
    pub(crate) held: bool,
}

/// Stores a page; none where another worker has it by now, and then nothing is written.
pub(crate) async fn page(db: &DatabaseConnection, reading: &Reading<'_>) -> Result<Option<Stored>, DbErr> {
    Ok(together(db, std::slice::from_ref(reading)).await?.and_then(|mut stored| stored.pop()))
}

/// Stores some pages, each as [`page`] does, with what became of each in their order. One transaction for all of them
/// costs little more than one for each; where one of them cannot be stored, each gets its own.
pub(crate) async fn pages(db: &DatabaseConnection, readings: &[Reading<'_>]) -> Result<Vec<Option<Stored>>, DbErr> {
    if readings.len() > 1 {
        match together(db, readings).await {
            Ok(Some(stored)) => return Ok(stored.into_iter().map(Some).collect()),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "pages are stored one by one"),
        }
    }
    let mut stored = Vec::with_capacity(readings.len());
    for reading in readings {
        stored.push(page(db, reading).await?);
    }
    Ok(stored)
}

/// Stores some pages in one transaction; none where another worker has one of them, and then nothing is written.
async fn together(db: &DatabaseConnection, readings: &[Reading<'_>]) -> Result<Option<Vec<Stored>>, DbErr> {
    let txn = db::begin(db).await?;
    let claims: Vec<_> = readings.iter().map(|reading| reading.claim).collect();
    if !frontier::hold_on_to(&txn, &claims).await? {
        txn.rollback().await?;
        return Ok(None);
    }
    let regions = regions(&txn, readings).await?;
    let (mut versions, mut all) = (Vec::new(), Vec::with_capacity(readings.len()));
    for reading in readings {
        let Some(stored) = write(&txn, reading, &regions, &mut versions).await? else {
            txn.rollback().await?;
            return Ok(None);
        };
        all.push(stored);
    }
    version::fill(&txn, &versions).await?;
    txn.commit().await?;
    Ok(Some(all))
}

/// Writes a page, up to the versions of its plans, which are still to be filled; none where another worker has it.
async fn write<'a>(
    txn: &DatabaseTransaction,
    reading: &Reading<'a>,
    regions: &[region::Model],
    versions: &mut Vec<Version<'a>>,
) -> Result<Option<Stored>, DbErr> {
    let snapshot_id = snapshot(txn, &reading.claim.page, reading.body, reading.sha256).await?;
    let bodies = files::store(txn, reading, snapshot_id).await?;
    let (places, problems) = places(reading, &bodies, regions);
    let others = others(txn, &reading.claim.page, &places).await?;
    let loss = match reading.occasion {
        Occasion::Fetched => loss(txn, &reading.claim.page, &places, others.len()).await?,
        Occasion::Reread | Occasion::Released => None,
    };
    if let Some((before, now)) = loss {
        return hold_back(txn, reading, snapshot_id, before, now).await;
    }
    let mut stored = Stored { problems, ..Stored::default() };
    for (plan, place) in &places {
        let version = plan::store(txn, reading, plan, place).await?;
        stored.changed += usize::from(version.is_some());
        versions.extend(version);
    }
    publish(txn, reading, snapshot_id, places.len(), &others, stored).await
}

/// The plans that can be placed, each with its place, and what is wrong with the others.
fn places<'a, 'b>(
    reading: &Reading<'a>,
    bodies: &'b Bodies,
    regions: &[region::Model],
) -> (Vec<(&'a Plan, plan::Place<'b>)>, Vec<String>) {
    let (mut places, mut problems) = (Vec::new(), Vec::new());
    let mut parts: BTreeMap<i32, i32> = BTreeMap::new();
    for plan in reading.plans {
        match plan::placed(plan, regions) {
            Ok((region_id, period)) => {
                let part = parts.entry(region_id).or_default();
                places.push((plan, plan::Place { region_id, part: *part, period, bodies }));
                *part += 1;
            }
            Err(problem) => problems.push(problem),
        }
    }
    (places, problems)
}

/// What is published of a page and what can be read in it now, where that is less. So many of its plans are not there.
async fn loss(
    db: &impl ConnectionTrait,
    page: &page::Model,
    places: &[(&Plan, plan::Place<'_>)],
    gone: usize,
) -> Result<Option<(Contents, Contents)>, DbErr> {
    if page.snapshot_id.is_none() {
        return Ok(None);
    }
    let before = published(db, &[page.id]).await?.remove(&page.id).unwrap_or_default();
    let now = Contents::read(places.iter().map(|(plan, _)| *plan)).without(gone, before);
    Ok(now.takes_away(before).then_some((before, now)))
}

/// Ends a page of which so many plans are written; none where another worker has it.
async fn publish(
    txn: &DatabaseTransaction,
    reading: &Reading<'_>,
    snapshot_id: i64,
    plans: usize,
    others: &[i64],
    mut stored: Stored,
) -> Result<Option<Stored>, DbErr> {
    let page = &reading.claim.page;
    match reading.occasion {
        Occasion::Released if !others.is_empty() => stored.changed += withdraw_plans(txn, others, db::now()).await?,
        Occasion::Reread if !others.is_empty() => stored.problems.push(format!(
            "the page holds {} plans and now {} can be read; those that were there are kept",
            others.len() + plans,
            plans
        )),
        _ => {}
    }
    let state = match (&stored.problems[..], reading.plans) {
        ([], []) => PageState::NoPlan,
        ([], _) => PageState::Fresh,
        _ => PageState::Failed,
    };
    let problems = stored.problems.join("; ");
    let done = match (reading.occasion, state) {
        (Occasion::Reread, _) => Done::ReadAgain { state },
        (_, PageState::Failed) => Done::Failed { state, snapshot_id: Some(snapshot_id), reason: &problems },
        (Occasion::Released, _) => Done::Released { state, snapshot_id },
        (Occasion::Fetched, _) => Done::Read {
            state,
            snapshot_id: Some(snapshot_id),
            validators: &reading.body.validators,
            changed: stored.changed > 0,
        },
    };
    if !frontier::finish(txn, reading.claim, done).await? {
        return Ok(None);
    }
    if reading.occasion != Occasion::Reread && !matches!(page.state, PageState::Due | PageState::Fresh) {
        hold::Entity::delete_by_id(page.id).exec(txn).await?;
    }
    Ok(Some(stored))
}

/// Keeps a body as evidence and what is published as it is; none where another worker has the page.
async fn hold_back(
    db: &impl ConnectionTrait,
    reading: &Reading<'_>,
    snapshot_id: i64,
    before: Contents,
    now: Contents,
) -> Result<Option<Stored>, DbErr> {
    contents::hold(db, reading.claim.page.id, snapshot_id, now).await?;
    let reason = format!("it {}", now.loss(before));
    let done = Done::Held { validators: &reading.body.validators, reason: &reason };
    Ok(frontier::finish(db, reading.claim, done).await?.then(|| Stored { held: true, ..Stored::default() }))
}

/// The published plans of a page that are not among those that were read.
async fn others(
    db: &impl ConnectionTrait,
    page: &page::Model,
    places: &[(&Plan, plan::Place<'_>)],
) -> Result<Vec<i64>, DbErr> {
    // A page that was never read holds nothing.
    if page.snapshot_id.is_none() {
        return Ok(Vec::new());
    }
    let published = plan_table::Column::PageId.eq(page.id).and(plan_table::Column::WithdrawnAt.is_null());
    let rows: Vec<(i64, i32, i32)> = plan_table::Entity::find()
        .select_only()
        .columns([plan_table::Column::Id, plan_table::Column::RegionId, plan_table::Column::Part])
        .filter(published)
        .into_tuple()
        .all(db)
        .await?;
    let is_read = |region_id, part| places.iter().any(|(_, place)| place.region_id == region_id && place.part == part);
    Ok(rows.into_iter().filter(|(_, region, part)| !is_read(*region, *part)).map(|(id, ..)| id).collect())
}

/// The row of the body: that of the last time, or of what is published, where it is the same body.
pub(crate) async fn snapshot(
    db: &impl ConnectionTrait,
    page: &page::Model,
    body: &Body,
    sha256: &str,
) -> Result<i64, DbErr> {
    let last = last_body(db, page).await?;
    for id in last.into_iter().chain(page.snapshot_id.filter(|id| last != Some(*id))) {
        if hash_of(db, id).await?.is_some_and(|known| known == sha256) {
            return Ok(id);
        }
    }
    insert(db, page.id, body, sha256).await
}

/// A new row of a body.
async fn insert(db: &impl ConnectionTrait, page_id: i64, body: &Body, sha256: &str) -> Result<i64, DbErr> {
    let headers: serde_json::Map<String, serde_json::Value> =
        body.headers.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let row = snapshot::ActiveModel {
        id: NotSet,
        page_id: Set(page_id),
        url: Set(body.url.to_string()),
        fetched_at: Set(db::now()),
        sha256: Set(sha256.to_owned()),
        media_type: Set(body.media_type.clone()),
        headers: Set(serde_json::Value::from(headers).to_string()),
        size: Set(i64::try_from(body.bytes.len()).unwrap_or(i64::MAX)),
    };
    Ok(snapshot::Entity::insert(row).exec(db).await?.last_insert_id)
}

/// Whether the last body of a page had this hash.
pub(crate) async fn same_body(db: &impl ConnectionTrait, page: &page::Model, sha256: &str) -> Result<bool, DbErr> {
    Ok(sha256_of(db, page).await?.is_some_and(|last| last == sha256))
}

/// SHA-256 of the last body of a page.
pub(crate) async fn sha256_of(db: &impl ConnectionTrait, page: &page::Model) -> Result<Option<String>, DbErr> {
    match last_body(db, page).await? {
        Some(last) => hash_of(db, last).await,
        None => Ok(None),
    }
}

/// The last body of a page: what is published, or what is held back.
pub(crate) async fn last_body(db: &impl ConnectionTrait, page: &page::Model) -> Result<Option<i64>, DbErr> {
    if page.state != PageState::Held {
        return Ok(page.snapshot_id);
    }
    Ok(hold::Entity::find_by_id(page.id).one(db).await?.map(|hold| hold.snapshot_id))
}

async fn hash_of(db: &impl ConnectionTrait, snapshot_id: i64) -> Result<Option<String>, DbErr> {
    Ok(snapshot::Entity::find_by_id(snapshot_id).one(db).await?.map(|row| row.sha256))
}

/// The divisions that the plans may be of.
async fn regions(db: &impl ConnectionTrait, readings: &[Reading<'_>]) -> Result<Vec<region::Model>, DbErr> {
    let plans = readings.iter().flat_map(|reading| reading.plans);
    let codes: BTreeSet<String> =
        plans.filter_map(|plan| plan.region.as_ref()?.code).map(|code| code.to_string()).collect();
    region::Entity::find().filter(region::Column::Code.is_in(codes)).all(db).await
}

#[cfg(test)]
mod tests;
