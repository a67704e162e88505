//! Files beside a page that may hold its plan: their addresses, what they answer, and what is kept of them.

use std::{collections::BTreeSet, sync::Arc};

use entity::{page_file, plan, plan_version, plan_version_snapshot, snapshot};
use extract::{Article, files};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait, sea_query::Expr,
};
use url::Url;

use crate::{
    Error, Snapshots,
    discover::Hosts,
    fetch::{Answer, Body, FetchError, Fetcher, Manners, Method, Validators},
    reading,
    snapshot::sha256,
};

/// Names of values in the address of a viewer that say which file it shows.
const SHOWN: [&str; 6] = ["file", "url", "src", "pdf", "pdfurl", "fileurl"];

/// A file that a page wants read with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) url: Url,
    /// What the page calls it.
    pub(crate) name: String,
}

impl Wanted {
    /// A file that is known.
    pub(crate) fn of(row: &page_file::Model) -> Result<Self, Error> {
        Ok(Self { url: reading::address(&row.url)?, name: row.name.clone() })
    }
}

/// A file with what is had of it.
#[derive(Debug)]
pub(crate) struct PageFile {
    pub(crate) wanted: Wanted,
    /// What is kept of it.
    pub(crate) last: Option<page_file::Model>,
    pub(crate) got: Got,
}

/// What is had of a file.
#[derive(Debug)]
pub(crate) enum Got {
    /// A body that is not kept yet, and its SHA-256.
    New(Box<Body>, String),
    /// The body that is kept, with the validators it has now.
    Kept(Box<Body>),
    /// The same, not read from where it is kept.
    Same(Validators),
    /// Nothing, for it cannot be had.
    Missed(Error),
    /// Nothing, for it was not asked for.
    Unasked,
}

impl PageFile {
    pub(crate) fn body(&self) -> Option<&Body> {
        match &self.got {
            Got::New(body, _) | Got::Kept(body) => Some(body),
            Got::Same(_) | Got::Missed(_) | Got::Unasked => None,
        }
    }

    /// What it can be asked for with the next time.
    pub(crate) fn validators(&self) -> Option<&Validators> {
        match &self.got {
            Got::New(body, _) | Got::Kept(body) => Some(&body.validators),
            Got::Same(validators) => Some(validators),
            Got::Missed(_) | Got::Unasked => None,
        }
    }

    /// Why it cannot be had, where it cannot.
    pub(crate) const fn missed(&self) -> Option<&Error> {
        match &self.got {
            Got::Missed(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the plan, as it stands now, was read from it.
    pub(crate) fn is_used(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.used)
    }
}

/// The files of a page, and which of them its plan was read from.
#[derive(Debug, Default)]
pub(crate) struct Files {
    pub(crate) list: Arc<Vec<PageFile>>,
    /// Whether some were known before.
    pub(crate) had: bool,
    /// Which the text is from; none where it is the page's own.
    pub(crate) body: Option<usize>,
    /// Which the annexes are from.
    pub(crate) annexes: Vec<usize>,
}

/// The files of a page at an address that have to be read with it, each once.
pub(crate) fn wanted(listed: &str, page: &Article, base: &Url) -> Vec<Wanted> {
    let mut seen = BTreeSet::new();
    let files = files::wanted(listed, page).into_iter().filter_map(|index| page.attachments.get(index));
    let files = files.filter_map(|file| Some(Wanted { url: address(base, &file.href)?, name: file.name.clone() }));
    files.filter(|file| file.url != *base && seen.insert(file.url.clone())).collect()
}

/// The address of a file as a page writes it; of one in a viewer, that of the file itself.
fn address(base: &Url, href: &str) -> Option<Url> {
    let mut url = base.join(href.trim()).ok()?;
    url.set_fragment(None);
    let viewer = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if viewer.contains("view") || viewer.ends_with("html") {
        let shown = url.query_pairs().find(|(name, _)| SHOWN.contains(&&*name.to_ascii_lowercase()));
        if let Some((_, file)) = shown {
            url = url.join(&file).ok()?;
        }
    }
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// What is kept of the files of a page, in order.
pub(crate) async fn known(db: &impl ConnectionTrait, page_id: i64) -> Result<Vec<page_file::Model>, DbErr> {
    page_file::Entity::find()
        .filter(page_file::Column::PageId.eq(page_id))
        .order_by_asc(page_file::Column::Position)
        .all(db)
        .await
}

/// The files that the published plans of a page were read from, as they were then.
pub(crate) async fn published(db: &impl ConnectionTrait, page_id: i64) -> Result<Vec<page_file::Model>, DbErr> {
    let current =
        Expr::col((plan_version::Entity, plan_version::Column::Version)).equals((plan::Entity, plan::Column::Version));
    let bodies = snapshot::Entity::find()
        .join(JoinType::InnerJoin, plan_version_snapshot::Relation::Snapshot.def().rev())
        .join(JoinType::InnerJoin, plan_version_snapshot::Relation::PlanVersion.def())
        .join(JoinType::InnerJoin, plan_version::Relation::Plan.def())
        .filter(plan::Column::PageId.eq(page_id))
        .filter(plan_version_snapshot::Column::Position.gt(0))
        .filter(current)
        .all(db)
        .await?;
    let file = |body: snapshot::Model| page_file::Model {
        page_id,
        position: 0,
        url: body.url,
        name: String::new(),
        etag: None,
        last_modified: None,
        snapshot_id: Some(body.id),
        used: true,
    };
    Ok(bodies.into_iter().map(file).collect())
}

/// Asks for files as pages are asked for.
pub(crate) struct Way<'a> {
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) manners: Manners,
    /// The hosts that they may be on.
    pub(crate) hosts: Hosts,
    /// Where bodies are kept; none where nothing is.
    pub(crate) kept: Option<(&'a DatabaseConnection, &'a Snapshots)>,
}

impl Way<'_> {
    /// Asks for files, of which some are known.
    ///
    /// # Errors
    /// [`Error::Attachment`] of one that the plan was read from and that cannot be had now, else what is no file's fault.
    /// What cannot be had of others is told with the file.
    pub(crate) async fn ask(&self, wanted: Vec<Wanted>, known: &[page_file::Model]) -> Result<Vec<PageFile>, Error> {
        let mut files = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let last = known.iter().find(|known| known.url == wanted.url.as_str()).cloned();
            let got = match self.one(&wanted.url, last.as_ref()).await {
                Err(error @ (Error::Fetch(_) | Error::Crashed { .. })) if !last.as_ref().is_some_and(|l| l.used) => {
                    Got::Missed(error)
                }
                Err(error @ (Error::Fetch(_) | Error::Crashed { .. })) => {
                    return Err(Error::Attachment { name: wanted.name, reason: error.to_string() });
                }
                got => got?,
            };
            files.push(PageFile { wanted, last, got });
        }
        Ok(files)
    }

    async fn one(&self, url: &Url, last: Option<&page_file::Model>) -> Result<Got, Error> {
        if !self.hosts.allow(url) {
            return Err(FetchError::Elsewhere { url: url.clone() }.into());
        }
        let known = match (self.kept, last) {
            (Some((db, snapshots)), Some(last)) => is_kept(db, snapshots, last).await?.map(|sha256| (last, sha256)),
            _ => None,
        };
        let validators = known.as_ref().map_or_else(Validators::default, |(last, _)| validators(last));
        let Answer::Body(body) = self.fetcher.fetch(url, &Method::Get, &validators, self.manners).await? else {
            return Ok(Got::Same(validators));
        };
        reading::check(url, &body).await?;
        let sha256 = sha256(&body.bytes);
        let is_same = known.is_some_and(|(_, known)| known == sha256);
        Ok(if is_same { Got::Kept(body) } else { Got::New(body, sha256) })
    }
}

fn validators(last: &page_file::Model) -> Validators {
    Validators { etag: last.etag.clone(), last_modified: last.last_modified.clone() }
}

/// The SHA-256 of the last body of a file; none where that is not kept.
async fn is_kept(
    db: &impl ConnectionTrait,
    snapshots: &Snapshots,
    last: &page_file::Model,
) -> Result<Option<String>, Error> {
    let Some(row) = reading::snapshot(db, last.snapshot_id).await? else { return Ok(None) };
    Ok(snapshots.has(&row.sha256).await?.then_some(row.sha256))
}

/// Files as they are kept, without asking for them.
pub(crate) fn unasked(wanted: Vec<Wanted>, known: &[page_file::Model]) -> Vec<PageFile> {
    let file = |wanted: Wanted| {
        let last = known.iter().find(|known| known.url == wanted.url.as_str()).cloned();
        let kept = last.as_ref().filter(|last| last.snapshot_id.is_some());
        let got = kept.map_or(Got::Unasked, |last| Got::Same(validators(last)));
        PageFile { wanted, last, got }
    };
    wanted.into_iter().map(file).collect()
}

/// Gets the bodies of files from where they are kept.
pub(crate) async fn load(
    db: &impl ConnectionTrait,
    snapshots: &Snapshots,
    files: &mut [PageFile],
) -> Result<(), Error> {
    for file in files {
        let (Got::Same(validators), Some(last)) = (&file.got, &file.last) else { continue };
        let body = reading::body(db, snapshots, last.snapshot_id).await?;
        file.got = match body {
            Some((body, _)) => Got::Kept(Box::new(Body { validators: validators.clone(), ..body })),
            None => Got::Unasked,
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_file_in_a_viewer() {
        let base = Url::parse("http://a.example/zwgk/202501/t20250101_1.html").unwrap();
        for (href, expected) in [
            ("./P1.pdf#page=2", Some("http://a.example/zwgk/202501/P1.pdf")),
            ("/pdfjs/web/viewer.html?file=%2Ff%2F5.pdf", Some("http://a.example/f/5.pdf")),
            ("/pdfjs/web/viewer.html?file=../../f/5.pdf&page=1", Some("http://a.example/f/5.pdf")),
            ("https://b.example/op/view.aspx?src=http%3A%2F%2Fa.example%2F1.docx", Some("http://a.example/1.docx")),
            ("/download.jsp?file=5.pdf", Some("http://a.example/download.jsp?file=5.pdf")),
            ("mailto:a@b.example", None),
        ] {
            assert_eq!(address(&base, href).as_ref().map(Url::as_str), expected, "{href}");
        }
    }
}
