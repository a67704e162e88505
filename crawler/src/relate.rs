//! Stored plans into relations. What is new or has changed since it was last related is related now; the mark of it is in
//! the database, written with the relations, so that a crawl that dies loses nothing and nothing is done twice.
//!
//! - `pending`: which plans those are, and their signatures.
//! - [`Shingles`]: what texts are compared by; [`Signature`]: a text in a few numbers that an index finds.
//! - `plans`: the plans that may be alike, by the index: never are all pairs compared.
//! - `twin`: an article with two addresses on one site is one page.
//! - `reprint`: the same plan on two sites is one original and a copy. What a copy would relate to, its original does.
//! - `lineage`: a plan, that of the region above, and the one before it.
//! - `similar`: sections of two regions that say much the same, found by an index of theirs.
//! - `shares`: regions that name the same initiative or cite the same document.
//! - `places`: the regions that a plan names.
//! - `upkeep`: what holds into the rows of the relations, which keep their ids.

mod lineage;
mod pending;
mod places;
mod plans;
mod reprint;
mod shares;
mod shingles;
mod signature;
mod similar;
mod twin;
mod upkeep;

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr};

pub use shingles::{Likeness, Shingles};
pub use signature::Signature;

use crate::db;
use plans::Plans;

/// Plans that are related in one transaction.
const BATCH: u64 = 64;

/// Relates the plans that are new or have changed. Any number of processes may do so at once.
///
/// # Errors
/// When the database refuses a statement; what is left is related the next time.
pub async fn relate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let mut behind = 0;
    loop {
        // Where all is related there is no need to wait for others that relate.
        if pending::behind(db, behind, 1).await?.is_empty() {
            return if behind > 0 { db::count_values(db).await } else { Ok(()) };
        }
        let txn = db::begin(db).await?;
        alone(&txn).await?;
        // What others have related meanwhile is behind no more.
        let batch = pending::behind(&txn, behind, BATCH).await?;
        let Some(last) = batch.last() else { return txn.rollback().await };
        behind = last.id;
        let signed = pending::sign(&txn, &batch).await?;
        let mut plans = Plans::new(&txn);
        let ids: Vec<i64> = batch.iter().map(|plan| plan.id).collect();
        let ids = pending::write(&mut plans, &ids, &signed).await?;
        let moved = twin::fold(&mut plans, &ids).await?;
        let turned = reprint::settle(&mut plans, ids.iter().chain(&moved).copied().collect()).await?;
        let touched: BTreeSet<i64> = ids.iter().copied().chain(moved).chain(turned).collect();
        let touched: Vec<i64> = touched.into_iter().collect();
        lineage::settle(&txn, &touched).await?;
        similar::settle(&txn, &touched).await?;
        shares::settle(&txn, &touched).await?;
        places::settle(&txn, &touched).await?;
        pending::done(&plans, &ids).await?;
        txn.commit().await?;
    }
}

/// Holds back all others that relate, to the end of the transaction: two that did not see what the other wrote might take
/// each of two plans for a copy of the other. SQLite has one writer anyway.
async fn alone(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('plangraph relate'))").await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
