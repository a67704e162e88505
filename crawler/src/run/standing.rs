//! How far a run is, written into its row for those who follow it from other processes.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use entity::{
    crawl_run,
    value::{RunStage, RunStatus},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};

use super::source::Tally;
use crate::db;

/// How often the row is written at most: often enough for a person who watches, seldom enough to cost nothing.
const EVERY: Duration = Duration::from_millis(250);

/// How far a run is; what has not been written yet.
#[derive(Debug, Default)]
pub(super) struct Standing(Mutex<Option<Now>>);

/// Where a run is and what it has counted.
#[derive(Debug)]
struct Now {
    stage: RunStage,
    url: String,
    fetched: i32,
    unchanged: i32,
    stored: i32,
    failed: i32,
}

impl Standing {
    /// The run has come to a page.
    pub(super) fn at(&self, stage: RunStage, url: &str, tally: &Tally) {
        let now = Now {
            stage,
            url: url.to_owned(),
            fetched: tally.fetched.cast_signed(),
            unchanged: tally.unchanged.cast_signed(),
            stored: tally.stored.cast_signed(),
            failed: i32::try_from(tally.failures.len()).unwrap_or(i32::MAX),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Writes it down as it changes. Never ends.
    pub(super) async fn write<T>(&self, db: &impl ConnectionTrait, run: i64) -> T {
        loop {
            tokio::time::sleep(EVERY).await;
            let now = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(now) = now
                && let Err(error) = now.write(db, run).await
            {
                // Nothing depends on it, and the next one says as much.
                tracing::debug!(run, %error, "how far the run is could not be written");
            }
        }
    }
}

impl Now {
    async fn write(self, db: &impl ConnectionTrait, run: i64) -> Result<(), DbErr> {
        use crawl_run::Column;
        crawl_run::Entity::update_many()
            .col_expr(Column::Stage, Expr::value(self.stage))
            .col_expr(Column::Url, Expr::value(self.url))
            .col_expr(Column::ReportedAt, Expr::value(db::now()))
            .col_expr(Column::Fetched, Expr::value(self.fetched))
            .col_expr(Column::Unchanged, Expr::value(self.unchanged))
            .col_expr(Column::Stored, Expr::value(self.stored))
            .col_expr(Column::Failed, Expr::value(self.failed))
            .filter(Column::Id.eq(run))
            // What is written at its end is not to be overtaken.
            .filter(Column::Status.eq(RunStatus::Running))
            .exec(db)
            .await
            .map(|_| ())
    }
}
