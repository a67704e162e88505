//! Crawls that somebody asks for, into the queue that workers take their runs from.

use std::collections::BTreeSet;

use entity::{
    crawl_run, source,
    value::RunStatus,
    writing::{begin, now},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, DatabaseConnection, DbErr,
    EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};

use crate::Error;

/// The most sources that are named at once.
const MAX_SOURCES: usize = 100;

/// Queues a run of one source, or a request for several, or for all.
pub(super) async fn start(db: &DatabaseConnection, slugs: Option<Vec<String>>) -> Result<crawl_run::Model, Error> {
    let slugs: Option<BTreeSet<String>> = slugs.map(BTreeSet::from_iter);
    match slugs.as_ref().map_or(1, BTreeSet::len) {
        0 => return Err(Error::BadInput("name a source, or leave `sources` out for all of them".to_owned())),
        count if count > MAX_SOURCES => {
            return Err(Error::BadInput(format!(
                "at most {MAX_SOURCES} sources are named at once, these are {count}; leave `sources` out for all of them"
            )));
        }
        _ => {}
    }
    let txn = begin(db).await?;
    // Who queues runs of a source holds its row, so that no two queue the same.
    let sources = source::Entity::find()
        .filter(Condition::all().add_option(slugs.as_ref().map(|slugs| source::Column::Slug.is_in(slugs))))
        .order_by_asc(source::Column::Id)
        .lock_exclusive()
        .all(&txn)
        .await?;
    let run = match slugs {
        None => everything(&txn).await?,
        Some(slugs) => {
            if let Some(unknown) = slugs.iter().find(|slug| sources.iter().all(|source| source.slug != **slug)) {
                return Err(Error::UnknownSource { slug: unknown.clone() });
            }
            if let Some(source) = sources.iter().find(|source| source.retired_at.is_some()) {
                let slug = &source.slug;
                return Err(Error::BadInput(format!("“{slug}” is not crawled: no declaration names it any more")));
            }
            match &sources[..] {
                [source] => one(&txn, source.id).await?,
                several => request(&txn, &several.iter().map(|source| source.id).collect::<Vec<_>>()).await?,
            }
        }
    };
    txn.commit().await?;
    Ok(run)
}

/// A run that waits, without a source a request.
fn queued(source_id: Option<i32>, parent_id: Option<i64>) -> crawl_run::ActiveModel {
    crawl_run::ActiveModel {
        source_id: Set(source_id),
        status: Set(RunStatus::Queued),
        queued_at: Set(now()),
        fetched: Set(0),
        unchanged: Set(0),
        stored: Set(0),
        failed: Set(0),
        scheduled: Set(false),
        parent_id: Set(parent_id),
        ..Default::default()
    }
}

/// The runs of these sources that wait; none of them is taken from the queue meanwhile.
async fn waiting(db: &impl ConnectionTrait, sources: &[i32]) -> Result<Vec<crawl_run::Model>, DbErr> {
    crawl_run::Entity::find()
        .filter(crawl_run::Column::SourceId.is_in(sources.iter().copied()))
        .filter(crawl_run::Column::Status.eq(RunStatus::Queued))
        .order_by_asc(crawl_run::Column::Id)
        .lock_exclusive()
        .all(db)
        .await
}

/// The run of a source that waits, or a new one. One that the schedule asked for looks at every article now.
async fn one(db: &impl ConnectionTrait, source: i32) -> Result<crawl_run::Model, DbErr> {
    match waiting(db, &[source]).await?.into_iter().next() {
        Some(run) if run.scheduled => {
            crawl_run::ActiveModel { scheduled: Set(false), ..run.into_active_model() }.update(db).await
        }
        Some(run) => Ok(run),
        None => queued(Some(source), None).insert(db).await,
    }
}

/// The request for all sources that waits, or a new one. Who takes it from the queue makes its runs.
async fn everything(db: &impl ConnectionTrait) -> Result<crawl_run::Model, DbErr> {
    let requests_with_runs = crawl_run::Entity::find()
        .select_only()
        .column(crawl_run::Column::ParentId)
        .filter(crawl_run::Column::ParentId.is_not_null())
        .into_query();
    let waits = crawl_run::Entity::find()
        .filter(crawl_run::Column::SourceId.is_null())
        .filter(crawl_run::Column::Status.eq(RunStatus::Queued))
        .filter(crawl_run::Column::Id.not_in_subquery(requests_with_runs))
        .lock_exclusive()
        .one(db)
        .await?;
    match waits {
        Some(request) => Ok(request),
        None => queued(None, None).insert(db).await,
    }
}

/// A request for several sources with its runs: those that wait already, and new ones for the others. Where all wait as
/// parts of other requests, the first of these.
async fn request(db: &impl ConnectionTrait, sources: &[i32]) -> Result<crawl_run::Model, DbErr> {
    let waiting = waiting(db, sources).await?;
    let waits = |source: &i32| waiting.iter().any(|run| run.source_id == Some(*source));
    let missing: Vec<i32> = sources.iter().copied().filter(|source| !waits(source)).collect();
    if missing.is_empty()
        && waiting.iter().all(|run| run.parent_id.is_some())
        && let Some(first) = waiting.iter().filter_map(|run| run.parent_id).min()
        && let Some(request) = crawl_run::Entity::find_by_id(first).one(db).await?
    {
        return Ok(request);
    }
    let request = queued(None, None).insert(db).await?;
    for run in waiting.into_iter().filter(|run| run.parent_id.is_none()) {
        let part = crawl_run::ActiveModel {
            parent_id: Set(Some(request.id)),
            scheduled: Set(false),
            ..run.into_active_model()
        };
        part.update(db).await?;
    }
    for source in missing {
        queued(Some(source), Some(request.id)).insert(db).await?;
    }
    Ok(request)
}
