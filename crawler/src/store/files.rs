//! The files of a page, and the bodies that a version of a plan was read from.

use entity::{page, page_file, plan_version_snapshot, snapshot, value::PageState};
use extract::{Plan, text::CharIndex};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};

use super::{Occasion, Reading, insert};
use crate::{
    attachment::{Files, Got, PageFile},
    db,
    fetch::Body,
};

/// The rows of the bodies that a page was read from.
pub(super) struct Bodies {
    page: i64,
    /// The file that the text is from.
    text: Option<i64>,
    annexes: Vec<i64>,
}

impl Bodies {
    /// The body that the text begins in.
    pub(super) fn of_text(&self) -> i64 {
        self.text.unwrap_or(self.page)
    }

    /// Notes which bodies a version was read from, where they are several.
    pub(super) async fn link(
        &self,
        db: &impl ConnectionTrait,
        plan_version_id: i64,
        plan: &Plan,
        spans: &CharIndex,
    ) -> Result<(), DbErr> {
        if self.text.is_none() && self.annexes.is_empty() {
            return Ok(());
        }
        let page = (self.page, self.text.is_none().then_some(0));
        let text = self.text.map(|text| (text, Some(0)));
        let starts = plan.annexes.iter().map(|at| Some(spans.at(*at).cast_signed()));
        let annexes = self.annexes.iter().copied().zip(starts);
        let rows = std::iter::once(page).chain(text).chain(annexes).zip(0..).map(|((body, start), position)| {
            plan_version_snapshot::ActiveModel {
                plan_version_id: Set(plan_version_id),
                position: Set(position),
                snapshot_id: Set(body),
                span_start: Set(start),
            }
        });
        plan_version_snapshot::Entity::insert_many(rows).exec_without_returning(db).await.map(|_| ())
    }
}

/// Writes the files of a page; answers with the bodies that its plans were read from.
pub(super) async fn store(db: &impl ConnectionTrait, reading: &Reading<'_>, snapshot_id: i64) -> Result<Bodies, DbErr> {
    let Files { list, had, body, annexes } = reading.files;
    let page_id = reading.claim.page.id;
    let is_used = |index: usize| *body == Some(index) || annexes.contains(&index);
    let mut rows = Vec::with_capacity(list.len());
    for (index, file) in list.iter().enumerate() {
        let new = match &file.got {
            Got::New(body, sha256) => Some(insert(db, page_id, body, sha256).await?),
            _ => None,
        };
        rows.push(row(page_id, file, new, is_used(index)));
    }
    let of = |index: &usize| rows.get(*index)?.snapshot_id;
    let is_held_still = reading.occasion == Occasion::Reread && reading.claim.page.state == PageState::Held;
    let bodies = Bodies {
        page: snapshot_id,
        text: body.as_ref().and_then(of),
        annexes: annexes.iter().filter_map(of).collect(),
    };
    // The files are those of what is held back.
    if !is_held_still && (*had || !rows.is_empty()) {
        replace(db, page_id, rows).await?;
    }
    Ok(bodies)
}

/// Keeps what came of a page that cannot be read: the row of its body, and its files as far as they are had. A file that
/// the plan was read from stays as it was.
pub(crate) async fn evidence(
    db: &DatabaseConnection,
    page: &page::Model,
    body: &Body,
    sha256: &str,
    files: &[PageFile],
) -> Result<(), DbErr> {
    let txn = db::begin(db).await?;
    keep(&txn, page.id, body, sha256).await?;
    let mut rows = Vec::with_capacity(files.len());
    for file in files {
        let new = match &file.got {
            Got::New(body, sha256) => Some(keep(&txn, page.id, body, sha256).await?),
            _ => None,
        };
        let used = file.last.clone().filter(|last| last.used);
        rows.push(used.unwrap_or_else(|| row(page.id, file, new, false)));
    }
    if !rows.is_empty() {
        replace(&txn, page.id, rows).await?;
    }
    txn.commit().await
}

/// Brings up to date what unchanged files are asked for with.
pub(crate) async fn refresh(db: &impl ConnectionTrait, files: &[PageFile]) -> Result<(), DbErr> {
    for file in files {
        let (Some(last), Some(validators)) = (&file.last, file.validators()) else { continue };
        if (&last.etag, &last.last_modified) != (&validators.etag, &validators.last_modified) {
            let mut row: page_file::ActiveModel = last.clone().into();
            row.etag = Set(validators.etag.clone());
            row.last_modified = Set(validators.last_modified.clone());
            page_file::Entity::update(row).exec(db).await?;
        }
    }
    Ok(())
}

/// The row of a body that a page or one of its files had at any time.
async fn keep(db: &impl ConnectionTrait, page_id: i64, body: &Body, sha256: &str) -> Result<i64, DbErr> {
    let kept = snapshot::Entity::find()
        .filter(snapshot::Column::PageId.eq(page_id))
        .filter(snapshot::Column::Sha256.eq(sha256))
        .one(db)
        .await?;
    match kept {
        Some(row) => Ok(row.id),
        None => insert(db, page_id, body, sha256).await,
    }
}

/// A file as it stands now; `new` is the row of a body that is new.
fn row(page_id: i64, file: &PageFile, new: Option<i64>, used: bool) -> page_file::Model {
    let validators = file.validators().cloned().unwrap_or_default();
    page_file::Model {
        page_id,
        position: 0,
        url: file.wanted.url.to_string(),
        name: file.wanted.name.clone(),
        etag: validators.etag,
        last_modified: validators.last_modified,
        snapshot_id: new.or_else(|| file.last.as_ref()?.snapshot_id),
        used,
    }
}

/// Writes the files of a page in the place of those that it had.
async fn replace(db: &impl ConnectionTrait, page_id: i64, files: Vec<page_file::Model>) -> Result<(), DbErr> {
    page_file::Entity::delete_many().filter(page_file::Column::PageId.eq(page_id)).exec(db).await?;
    if files.is_empty() {
        return Ok(());
    }
    let rows = files.into_iter().zip(0..).map(|(file, position)| page_file::ActiveModel {
        page_id: Set(file.page_id),
        position: Set(position),
        url: Set(file.url),
        name: Set(file.name),
        etag: Set(file.etag),
        last_modified: Set(file.last_modified),
        snapshot_id: Set(file.snapshot_id),
        used: Set(file.used),
    });
    page_file::Entity::insert_many(rows).exec_without_returning(db).await.map(|_| ())
}
