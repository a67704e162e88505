//! What was read of a page into rows, in one transaction.
//!
//! A plan keeps its row as long as its page holds a plan of that region. Its sections and terms are written again with
//! every version; its figures keep their rows as long as they stand in it. What plans and figures were before is kept
//! ([`entity::past`]), and what a publisher changed is noted.

mod changes;
mod diff;
mod files;
mod indicators;
mod links;
mod plan;
mod sections;

use std::collections::{BTreeMap, HashMap};

use entity::{page, plan as plan_table, region, snapshot, source, value::PageState};
use extract::Plan;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
};

pub(crate) use changes::withdraw;
pub(crate) use files::{evidence, refresh};

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
    /// Whether it is a body that other rules have read before: what differs then is no change by the publisher.
    pub(crate) again: bool,
}

/// What storing a page came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Plans that are new or have a new version.
    pub(crate) changed: usize,
    /// What of the page could not be stored, in words.
    pub(crate) problems: Vec<String>,
}

/// Stores a page; none where another worker has it by now, and then nothing is written.
pub(crate) async fn page(db: &DatabaseConnection, reading: &Reading<'_>) -> Result<Option<Stored>, DbErr> {
    let txn = db::begin(db).await?;
    let snapshot_id = snapshot(&txn, &reading.claim.page, reading.body, reading.sha256).await?;
    let bodies = files::store(&txn, reading, snapshot_id).await?;
    let regions = regions(&txn, reading.plans).await?;
    let mut stored = Stored::default();
    let mut parts: BTreeMap<i32, i32> = BTreeMap::new();
    for plan in reading.plans {
        let (region_id, period) = match plan::placed(plan, &regions) {
            Ok(placed) => placed,
            Err(problem) => {
                stored.problems.push(problem);
                continue;
            }
        };
        let part = parts.entry(region_id).or_default();
        let place = plan::Place { region_id, part: *part, period, bodies: &bodies };
        *part += 1;
        stored.changed += usize::from(plan::store(&txn, reading, plan, &place).await?);
    }
    let before =
        plan_table::Entity::find().filter(plan_table::Column::PageId.eq(reading.claim.page.id)).count(&txn).await?;
    let now: i32 = parts.values().sum();
    if before > now.unsigned_abs().into() {
        stored.problems.push(format!(
            "the page held {before} plans and now {now} can be read; those that were there are kept: look whether it has changed its shape"
        ));
    }
    let state = match (&stored.problems[..], reading.plans) {
        ([], []) => PageState::NoPlan,
        ([], _) => PageState::Fresh,
        _ => PageState::Failed,
    };
    let problems = stored.problems.join("; ");
    let done = match (reading.again, state) {
        (true, _) => Done::ReadAgain { state },
        (false, PageState::Failed) => Done::Failed { state, snapshot_id: Some(snapshot_id), reason: &problems },
        (false, _) => Done::Read {
            state,
            snapshot_id: Some(snapshot_id),
            validators: &reading.body.validators,
            changed: stored.changed > 0,
        },
    };
    if frontier::finish(&txn, reading.claim, done).await? {
        txn.commit().await?;
        Ok(Some(stored))
    } else {
        txn.rollback().await?;
        Ok(None)
    }
}

/// The row of the body: that of the last time, where it is the same body.
pub(crate) async fn snapshot(
    db: &impl ConnectionTrait,
    page: &page::Model,
    body: &Body,
    sha256: &str,
) -> Result<i64, DbErr> {
    if let Some(last) = page.snapshot_id
        && same_body(db, page, sha256).await?
    {
        return Ok(last);
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
    Ok(row.insert(db).await?.id)
}

/// Whether the last body of a page had this hash.
pub(crate) async fn same_body(db: &impl ConnectionTrait, page: &page::Model, sha256: &str) -> Result<bool, DbErr> {
    Ok(sha256_of(db, page).await?.is_some_and(|last| last == sha256))
}

/// SHA-256 of the last body of a page.
pub(crate) async fn sha256_of(db: &impl ConnectionTrait, page: &page::Model) -> Result<Option<String>, DbErr> {
    let Some(last) = page.snapshot_id else { return Ok(None) };
    Ok(snapshot::Entity::find_by_id(last).one(db).await?.map(|row| row.sha256))
}

/// The divisions that the plans may be of.
async fn regions(db: &impl ConnectionTrait, plans: &[Plan]) -> Result<Vec<region::Model>, DbErr> {
    let codes = plans.iter().filter_map(|plan| plan.region.as_ref()?.code).map(|code| code.to_string());
    region::Entity::find().filter(region::Column::Code.is_in(codes)).all(db).await
}

#[cfg(test)]
mod tests;
