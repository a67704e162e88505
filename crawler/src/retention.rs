//! Old bodies, dropped. What was read from them stays, and so does their hash.

use std::{collections::HashSet, time::Duration};

use entity::{crawl_run, page, page_file, plan, plan_version, plan_version_snapshot, snapshot, value::RunStatus};
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, RelationTrait, Select, sea_query::Expr,
};

use crate::{Error, Snapshots, db};

/// Drops the bodies that are older than so long and that nothing rests on: neither the last of a page or of a file, nor one
/// that the plans as they stand were read from. Answers with how many were dropped.
///
/// # Errors
/// Where a crawl is at work, which might be about to rest on one; or where the database or the snapshots cannot be used.
pub async fn prune(db: &DatabaseConnection, snapshots: &Snapshots, age: Duration) -> Result<u64, Error> {
    let at_work = crawl_run::Entity::find()
        .filter(crawl_run::Column::Status.eq(RunStatus::Running))
        .filter(crawl_run::Column::LeaseUntil.gte(db::now()));
    if at_work.count(db).await? > 0 {
        return Err(Error::AtWork);
    }
    let needed: HashSet<String> = names(db, resting()).await?.into_iter().collect();
    let old = snapshot::Entity::find().filter(snapshot::Column::FetchedAt.lt(db::now() - age));
    // The same body may have come again since.
    let young = snapshot::Entity::find().filter(snapshot::Column::FetchedAt.gte(db::now() - age));
    let young: HashSet<String> = names(db, young).await?.into_iter().collect();
    let mut dropped = 0;
    for name in names(db, old).await? {
        if !needed.contains(&name) && !young.contains(&name) && snapshots.drop(&name).await? {
            dropped += 1;
        }
    }
    Ok(dropped)
}

/// What pages, files and plans rest on.
fn resting() -> Select<snapshot::Entity> {
    let last = page::Entity::find().select_only().column(page::Column::SnapshotId);
    let files = page_file::Entity::find().select_only().column(page_file::Column::SnapshotId);
    let read = plan_version_snapshot::Entity::find()
        .select_only()
        .column(plan_version_snapshot::Column::SnapshotId)
        .join(JoinType::InnerJoin, plan_version_snapshot::Relation::PlanVersion.def())
        .join(JoinType::InnerJoin, plan_version::Relation::Plan.def())
        .filter(
            Expr::col((plan_version::Entity, plan_version::Column::Version))
                .equals((plan::Entity, plan::Column::Version)),
        );
    let last = last.filter(page::Column::SnapshotId.is_not_null()).into_query();
    let files = files.filter(page_file::Column::SnapshotId.is_not_null()).into_query();
    let id = snapshot::Column::Id;
    snapshot::Entity::find()
        .filter(id.in_subquery(last).or(id.in_subquery(files)).or(id.in_subquery(read.into_query())))
}

async fn names(db: &DatabaseConnection, of: Select<snapshot::Entity>) -> Result<Vec<String>, DbErr> {
    of.select_only().column(snapshot::Column::Sha256).distinct().into_tuple().all(db).await
}
