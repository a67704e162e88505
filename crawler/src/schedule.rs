//! When to crawl. The truth is in the column `source.next_run_at`, which a conditional update takes, so that a time is
//! kept once however many processes are up, and a time that passed while none was up is made up for once. The scheduler
//! is only the bell that says when to look.

use std::sync::Arc;

use entity::{page, plan, source};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait, sea_query::Expr,
};
use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler};

use crate::{Error, Options, Source, Sources, crawl, db, gazetteer::gazetteer, source::register};

/// Crawls every source at its times until `options.stop` comes; at once where it is due already, was never crawled, or
/// the database holds no plan at all. What goes wrong in a crawl is logged, and the schedule goes on.
///
/// # Errors
/// Where the schedule cannot be set up: a region that is not known, a database that cannot be used.
pub async fn serve(db: &DatabaseConnection, sources: &Sources, options: &Options) -> Result<(), Error> {
    let gazetteer = gazetteer(db).await?;
    for source in sources {
        register(db, source, &gazetteer).await?;
    }
    if plan::Entity::find().count(db).await? == 0 {
        make_due(db, sources).await?;
    }
    let bell = Arc::new(Notify::new());
    let mut scheduler = JobScheduler::new().await?;
    for source in sources {
        let bell = Arc::clone(&bell);
        let ring = move |_, _| -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
            bell.notify_one();
            Box::pin(std::future::ready(()))
        };
        let timetable = &source.schedule;
        scheduler.add(Job::new_async_tz(timetable.fields(), timetable.zone(), ring)?).await?;
    }
    scheduler.start().await?;
    while !options.stop.requested() {
        if let Err(error) = crawl_due(db, sources, options).await {
            tracing::error!(%error, "a scheduled crawl failed; it is tried again at its next time");
        }
        tokio::select! {
            () = options.stop.wait() => break,
            () = bell.notified() => {}
        }
    }
    scheduler.shutdown().await?;
    Ok(())
}

/// Crawls the sources that are due and that no other process has taken.
async fn crawl_due(db: &DatabaseConnection, sources: &Sources, options: &Options) -> Result<(), Error> {
    let mut due = Vec::new();
    for source in sources {
        if take(db, source).await? {
            due.push(source.clone());
        }
    }
    if !due.is_empty() {
        crawl(db, &Sources::new(due), options).await?;
    }
    Ok(())
}

/// Takes a source that is due; answers whether this process may crawl it now.
async fn take(db: &DatabaseConnection, source: &Source) -> Result<bool, DbErr> {
    let now = db::now();
    let due = Condition::any().add(source::Column::NextRunAt.is_null()).add(source::Column::NextRunAt.lte(now));
    let taken = source::Entity::update_many()
        .col_expr(source::Column::NextRunAt, Expr::value(source.schedule.next(now)))
        .filter(source::Column::Slug.eq(&source.slug))
        .filter(due)
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Makes sources due now, but for those that some process is crawling.
async fn make_due(db: &DatabaseConnection, sources: &Sources) -> Result<(), DbErr> {
    let at_work = page::Entity::find()
        .select_only()
        .column(page::Column::SourceId)
        .filter(page::Column::LeaseUntil.gte(db::now()))
        .into_query();
    source::Entity::update_many()
        .col_expr(source::Column::NextRunAt, Expr::value(db::now()))
        .filter(source::Column::Slug.is_in(sources.iter().map(|source| &source.slug)))
        .filter(source::Column::Id.not_in_subquery(at_work))
        .exec(db)
        .await
        .map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use entity::crawl_run;
    use sea_orm::{ConnectOptions, Database};

    use super::*;
    use crate::{Snapshots, Stop};

    async fn database() -> DatabaseConnection {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let db = Database::connect(options).await.unwrap();
        migration::up(&db).await.unwrap();
        db
    }

    /// A source that nobody answers for, so that a crawl of it is quick.
    fn sources(schedule: &str) -> Sources {
        let text = format!(
            "name = 'x'\nlist = ['http://127.0.0.1:9/']\nallow_private = true\ndelay_ms = 0\nschedule = '{schedule}'"
        );
        Sources::new(vec![Source::parse("x", "x.toml", &text).unwrap()])
    }

    async fn serve_for(db: &DatabaseConnection, schedule: &str, time: Duration) -> u64 {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::new(Snapshots::open(folder.path().to_str().unwrap()).unwrap());
        options.limits.backoff = Duration::ZERO;
        options.stop = Stop::when(tokio::time::sleep(time));
        serve(db, &sources(schedule), &options).await.unwrap();
        crawl_run::Entity::find().count(db).await.unwrap()
    }

    #[tokio::test]
    async fn crawls_at_once_where_there_is_nothing_yet_and_then_at_its_times() {
        let db = database().await;
        assert_eq!(serve_for(&db, "0 0 2 1 1 *", Duration::from_millis(300)).await, 1);
        let runs = serve_for(&db, "* * * * * *", Duration::from_millis(3_500)).await;
        assert!(runs >= 3, "{runs} runs");
    }

    #[tokio::test]
    async fn one_of_many_takes_a_time_and_a_missed_one_is_made_up_for_once() {
        let db = database().await;
        let sources = sources("0 0 2 * * *");
        let source = sources.iter().next().unwrap();
        register(&db, source, &gazetteer(&db).await.unwrap()).await.unwrap();
        let set = async |at| {
            let all = source::Entity::update_many().col_expr(source::Column::NextRunAt, Expr::value(at));
            all.exec(&db).await.unwrap();
        };
        set(db::now() - chrono::TimeDelta::days(3)).await;
        assert_eq!((take(&db, source).await.unwrap(), take(&db, source).await.unwrap()), (true, false));
        let next = source::Entity::find().one(&db).await.unwrap().unwrap().next_run_at.unwrap();
        assert!(next > db::now() && next < db::now() + chrono::TimeDelta::days(1));
        set(db::now() + chrono::TimeDelta::hours(1)).await;
        assert!(!take(&db, source).await.unwrap());
    }
}
