//! Pages that are held back: what can be read in them now is less than what is published. When a run ends, those of its
//! source are judged together; what is left then waits for the page to be well again, or for somebody who accepts it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use entity::{
    crawl_run, failure, hold, page, region, source,
    value::{Health, RunStatus},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, ModelTrait, QueryFilter,
    QueryOrder,
};
use url::Url;

use super::{Met, Stock, Verdict, count, history};
use crate::{
    Error, Snapshots, db,
    discover::canonical,
    frontier::{self, Claim},
    gazetteer::{self, Knowledge},
    reextract::Shelf,
    store::{self, Contents, Occasion},
};

/// A page that is held back.
#[derive(Clone, Debug)]
pub(super) struct Held {
    page_id: i64,
    pub(super) url: String,
    since: DateTime<Utc>,
    /// What is published of it.
    pub(super) before: Contents,
    /// What can be read in it now.
    pub(super) now: Contents,
}

#[cfg(test)]
impl Held {
    pub(super) fn new(url: &str, before: Contents, now: Contents) -> Self {
        Self { page_id: 0, url: url.to_owned(), since: db::now(), before, now }
    }
}

/// The pages of a source that are held back, in the order in which they were found.
pub(super) async fn all(db: &impl ConnectionTrait, source_id: i32) -> Result<Vec<Held>, DbErr> {
    let pages =
        frontier::held(source_id).find_also_related(hold::Entity).order_by_asc(page::Column::Id).all(db).await?;
    let ids: Vec<i64> = pages.iter().map(|(page, _)| page.id).collect();
    let published = store::published(db, &ids).await?;
    let held = pages.into_iter().filter_map(|(page, hold)| {
        let (before, hold) = (published.get(&page.id).copied().unwrap_or_default(), hold?);
        Some(Held { page_id: page.id, url: page.url, since: hold.since, before, now: Contents::from(&hold) })
    });
    Ok(held.collect())
}

/// Which minimum of its declaration a source would not reach any more if all that is held back were published, in words.
pub(super) fn shortfall(source: &source::Model, stock: Stock, held: &[Held]) -> Option<String> {
    let left = |has: u64, lost: fn(&Held) -> i32| {
        has.saturating_add_signed(-held.iter().map(|page| i64::from(lost(page))).sum::<i64>())
    };
    let plans = left(stock.plans, |page| page.before.plans - page.now.plans);
    let figures = left(stock.indicators, |page| page.before.figures - page.now.figures);
    [(plans, source.min_plans, "plans"), (figures, source.min_indicators, "figures")]
        .into_iter()
        .find(|(left, least, _)| *left < u64::from(least.unsigned_abs()))
        .map(|(left, least, what)| format!("{left} {what} would be left, at least {least} are expected"))
}

/// What to say of the pages that are held back; none where there are none.
pub(super) fn problem(source: &source::Model, stock: Stock, held: &[Held]) -> Option<String> {
    let first = held.first()?;
    let slug = &source.slug;
    let loss = first.now.loss(first.before);
    let (what, accept) = match held {
        [page] => (format!("1 page held back: {} {loss}", page.url), format!("{slug} {}", page.url)),
        pages => (format!("{} pages held back, the first: {} {loss}", pages.len(), first.url), slug.clone()),
    };
    let shortfall = shortfall(source, stock, held).map(|short| format!("; {short}")).unwrap_or_default();
    Some(format!(
        "{what}{shortfall}; what was there before stays published. Where the publisher has really taken it away, say \
         `plangraph sources accept {accept}`"
    ))
}

/// Who works on pages that are held back, and for which source.
pub(crate) struct Judge<'a> {
    pub(crate) shelf: Shelf<'a>,
    pub(crate) source: &'a source::Model,
    /// The region of the source, as its declaration names it.
    pub(crate) region: Option<String>,
    /// Who holds a page meanwhile, and for how long without a sign of life.
    pub(crate) owner: &'a str,
    pub(crate) lease: Duration,
}

/// Publishes what is held back of a source where it is no more than a publisher who edits his pages would take away, and
/// where nothing that the source declares as its least is missed then. Answers with how many plans changed.
pub(crate) async fn judge(judge: &Judge<'_>) -> Result<usize, DbErr> {
    let held = all(judge.shelf.db, judge.source.id).await?;
    if held.is_empty() || shortfall(judge.source, count(judge.shelf.db, judge.source.id).await?, &held).is_some() {
        return Ok(0);
    }
    let mut changed = 0;
    for page in held.iter().filter(|page| !page.now.is_ruin(page.before)) {
        match judge.release(page).await? {
            Ok(plans) => changed += plans,
            Err(problem) => tracing::warn!(source = judge.source.slug, url = page.url, "still held back: {problem}"),
        }
    }
    Ok(changed)
}

impl Judge<'_> {
    /// Publishes a page as it was read last; answers with how many plans changed, or why it could not be done, in words.
    async fn release(&self, held: &Held) -> Result<Result<usize, String>, DbErr> {
        let db = self.shelf.db;
        let Some(claim) = frontier::claim_held(db, held.page_id, self.owner, self.lease).await? else {
            return Ok(Err("a worker is at it just now".to_owned()));
        };
        let released = tokio::select! {
            released = self.read(claim.clone()) => released,
            lost = frontier::keep(db, &claim) => lost.map(|()| Err("another worker has it".to_owned())),
        };
        frontier::release(db, self.owner).await?;
        released
    }

    async fn read(&self, mut claim: Claim) -> Result<Result<usize, String>, DbErr> {
        let hold = hold::Entity::find_by_id(claim.page.id).one(self.shelf.db).await?;
        claim.page.snapshot_id = hold.map(|hold| hold.snapshot_id);
        match self.shelf.read(self.source, self.region.clone(), &claim, Occasion::Released).await {
            Ok(Some(stored)) if stored.problems.is_empty() => Ok(Ok(stored.changed)),
            Ok(Some(stored)) => Ok(Err(stored.problems.join("; "))),
            Ok(None) => Ok(Err("another worker has it".to_owned())),
            Err(Error::Database(error)) => Err(error),
            Err(error) => Ok(Err(error.to_string())),
        }
    }
}

/// A page that is held back, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldPage {
    /// The name of its source.
    pub source: String,
    /// Its address.
    pub url: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What cannot be read in it any more, in words.
    pub reason: String,
}

/// The pages that are held back, by the names of their sources.
///
/// # Errors
/// Where the database cannot be read.
pub async fn held(db: &DatabaseConnection) -> Result<Vec<HeldPage>, DbErr> {
    let mut pages = Vec::new();
    for source in source::Entity::find().order_by_asc(source::Column::Slug).all(db).await? {
        for page in all(db, source.id).await? {
            let reason = page.now.loss(page.before);
            pages.push(HeldPage { source: source.slug.clone(), url: page.url, since: page.since, reason });
        }
    }
    Ok(pages)
}

/// What was accepted of a source.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The addresses of the pages that are published now as they were read last.
    pub pages: Vec<String>,
    /// Why others could not be, each with its address.
    pub problems: Vec<String>,
    /// How the source does now.
    pub health: Health,
    /// Why that is not OK.
    pub problem: Option<String>,
}

/// Publishes what is held back of a source, or of one of its pages, however much it takes away, and takes what the source
/// gives now for usual. Nothing is fetched.
///
/// # Errors
/// [`Error::UnknownSource`] where the database knows no source of this name, [`Error::NotHeld`] where the page is not held
/// back, and where the database cannot be used.
pub async fn accept(
    db: &DatabaseConnection,
    snapshots: &Snapshots,
    slug: &str,
    url: Option<&Url>,
) -> Result<Accepted, Error> {
    let named = source::Entity::find().filter(source::Column::Slug.eq(slug)).one(db).await?;
    let Some(row) = named else {
        let known = source::Entity::find().order_by_asc(source::Column::Slug).all(db).await?;
        let known = known.into_iter().map(|row| row.slug).collect();
        return Err(Error::UnknownSource { name: slug.to_owned(), known });
    };
    let url = url.map(|url| canonical(url.clone()));
    let mut held = all(db, row.id).await?;
    if let Some(url) = &url {
        held.retain(|page| page.url == url.as_str());
        if held.is_empty() {
            return Err(Error::NotHeld(url.clone()));
        }
    }
    let knowledge = Arc::new(Knowledge::new(db, gazetteer::gazetteer(db).await?).await?);
    let region = row.find_related(region::Entity).one(db).await?.map(|region| region.code);
    let judge = Judge {
        shelf: Shelf { db, snapshots, knowledge: &knowledge },
        source: &row,
        region,
        owner: &format!("accept-{}", std::process::id()),
        lease: frontier::LEASE,
    };
    let (mut pages, mut problems) = (Vec::new(), Vec::new());
    for page in &held {
        match judge.release(page).await? {
            Ok(_) => pages.push(page.url.clone()),
            Err(problem) => problems.push(format!("{}: {problem}", page.url)),
        }
    }
    let Verdict { health, problem, .. } = refresh(db, &row).await?;
    Ok(Accepted { pages, problems, health, problem })
}

/// Finds how a source does now, after what its last run met, where what it gives now is usual.
async fn refresh(db: &DatabaseConnection, row: &source::Model) -> Result<Verdict, DbErr> {
    use crawl_run::Column;
    let ended = [RunStatus::Succeeded, RunStatus::PartlyFailed, RunStatus::Failed];
    let last = crawl_run::Entity::find()
        .filter(Column::SourceId.eq(row.id))
        .filter(Column::Status.is_in(ended))
        // Those that other workers left nothing to do met nothing.
        .filter(Column::Fetched.gt(0).or(Column::Unchanged.gt(0)).or(Column::Failed.gt(0)))
        .order_by_desc(Column::Id)
        .one(db)
        .await?;
    let run_id = last.as_ref().map(|run| run.id);
    let met = match last {
        None => Met::default(),
        Some(run) => {
            let failures = failure::Entity::find().filter(failure::Column::RunId.eq(run.id));
            let first = failures.order_by_asc(failure::Column::Id).one(db).await?;
            Met {
                read: (run.fetched + run.unchanged).unsigned_abs(),
                failed: usize::try_from(run.failed).unwrap_or_default(),
                first: first.map(|failure| failure.reason).unwrap_or_default(),
            }
        }
    };
    let txn = db::begin(db).await?;
    history::forget(&txn, row.id).await?;
    let verdict = super::write(&txn, row.id, run_id, &met).await?;
    txn.commit().await?;
    Ok(verdict)
}
