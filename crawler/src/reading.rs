//! A body into plans: whether it is what was asked for, which files belong to it, whether all of that holds a plan, and
//! what the plan says.
//!
//! Pages and files are read on threads of their own: parsed HTML cannot move between threads, and reading takes long.

use std::{sync::Arc, time::Instant};

use entity::{page, snapshot};
use extract::{
    Article, Context, Plan,
    article::Metadata,
    files,
    triage::{self, Verdict},
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use tokio::task::JoinError;
use url::Url;

use crate::{
    Error, Snapshots, article,
    attachment::{self, Got, PageFile, Wanted},
    fetch::{Body, Validators},
    gazetteer::Knowledge,
    metrics,
};

/// A page, its files not read yet.
#[derive(Debug)]
pub(crate) struct Look {
    /// Its address.
    url: String,
    pub(crate) article: Article,
    /// What the list calls it.
    listed: String,
    /// The files that have to be read with it.
    pub(crate) wanted: Vec<Wanted>,
}

/// What a page with its files was found to hold.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) title: Option<String>,
    pub(crate) meta: Metadata,
    pub(crate) verdict: Verdict,
    pub(crate) plans: Vec<Plan>,
    /// Which file the text is from; none where it is the page's own.
    pub(crate) body: Option<usize>,
    /// Which files the annexes are from.
    pub(crate) annexes: Vec<usize>,
    /// Why files cannot be read, by their index.
    pub(crate) unread: Vec<(usize, String)>,
}

impl Content {
    /// Why it holds no plan, where it does not.
    pub(crate) fn without(&self) -> Option<&str> {
        match &self.verdict {
            _ if !self.plans.is_empty() => None,
            Verdict::Other(why) => Some(why),
            Verdict::Plan(_) | Verdict::Unclear => Some("nothing in it can be read as a plan"),
        }
    }
}

/// What a body came to by itself.
#[derive(Debug)]
pub(crate) enum Seen {
    /// It needs no files.
    Whole(Content),
    /// It is to be read with its files.
    Part(Look),
}

/// Looks at a body: `asked` is its address where it has to be an article, `listed` what a list calls it.
pub(crate) async fn look(asked: Option<&Url>, listed: Option<&str>, body: &Body) -> Result<Look, Error> {
    let (asked, listed, body) = (asked.cloned(), listed.map(ToOwned::to_owned), body.clone());
    let url = asked.as_ref().unwrap_or(&body.url).to_string();
    let task = tokio::task::spawn_blocking(move || look_at(asked.as_ref(), listed, &body));
    task.await.map_err(|e| crashed(&url, &e))?
}

/// Looks at the body of an article, and reads it where no file has to be read with it.
pub(crate) async fn see(
    knowledge: &Arc<Knowledge>,
    asked: &Url,
    listed: Option<&str>,
    body: &Body,
    context: &Context,
) -> Result<Seen, Error> {
    let (knowledge, context, body) = (Arc::clone(knowledge), context.clone(), body.clone());
    let (url, listed) = (asked.clone(), listed.map(ToOwned::to_owned));
    let task = tokio::task::spawn_blocking(move || {
        let look = look_at(Some(&url), listed, &body)?;
        if look.wanted.is_empty() {
            with_files(&knowledge, look, &[], &context).map(Seen::Whole)
        } else {
            Ok(Seen::Part(look))
        }
    });
    task.await.map_err(|e| crashed(asked.as_str(), &e))?
}

fn look_at(asked: Option<&Url>, listed: Option<String>, body: &Body) -> Result<Look, Error> {
    if let Some(asked) = asked {
        article::check(asked, listed.as_deref(), body)?;
    }
    let url = asked.unwrap_or(&body.url).to_string();
    let article = article::read(body).map_err(|source| Error::Document { url: url.clone(), source })?;
    let listed = listed.unwrap_or_default();
    let wanted = attachment::wanted(&listed, &article, &body.url);
    Ok(Look { url, article, listed, wanted })
}

/// Sees whether an answer is the file asked for.
pub(crate) async fn check(asked: &Url, body: &Body) -> Result<(), Error> {
    let (url, body) = (asked.clone(), body.clone());
    let task = tokio::task::spawn_blocking(move || match article::check(&url, None, &body) {
        // Of what kind it is, its reader tells.
        Err(Error::Document { .. }) => Ok(()),
        result => result,
    });
    task.await.map_err(|e| crashed(asked.as_str(), &e))?
}

/// Reads a page with those of its files that are had.
///
/// # Errors
/// [`Error::Attachment`] where the plan was read from a file that cannot be read now, or where none is found and a file
/// is missing.
pub(crate) async fn read(
    knowledge: &Arc<Knowledge>,
    look: Look,
    files: &Arc<Vec<PageFile>>,
    context: Context,
) -> Result<Content, Error> {
    let (knowledge, files) = (Arc::clone(knowledge), Arc::clone(files));
    let url = look.url.clone();
    let task = tokio::task::spawn_blocking(move || with_files(&knowledge, look, &files, &context));
    task.await.map_err(|e| crashed(&url, &e))?
}

fn with_files(knowledge: &Knowledge, look: Look, files: &[PageFile], context: &Context) -> Result<Content, Error> {
    let (mut readable, mut unread) = (Vec::new(), Vec::new());
    for (index, file) in files.iter().enumerate() {
        let Some(body) = file.body() else { continue };
        match article::read(body) {
            Ok(article) => readable.push((index, file.wanted.name.as_str(), article)),
            Err(source) => {
                let url = file.wanted.url.to_string();
                unread.push((index, Error::Document { url, source }.to_string()));
            }
        }
    }
    let lost =
        |(index, reason): (usize, String)| Err(Error::Attachment { name: files[index].wanted.name.clone(), reason });
    if let Some(file) = unread.iter().find(|(index, _)| files[*index].is_used()) {
        return lost(file.clone());
    }
    let (indices, named): (Vec<_>, Vec<_>) =
        readable.into_iter().map(|(index, name, article)| (index, (name, article))).unzip();
    let joined = files::join(&look.listed, look.article, &named);
    let mut verdict = triage::verdict(&look.listed, Some(&joined.article));
    let is_plan = !matches!(verdict, Verdict::Other(_));
    let began = Instant::now();
    let plans = if is_plan { knowledge.reader.read(&joined.article, context) } else { Vec::new() };
    metrics::read(began.elapsed());
    if plans.is_empty() && !files.is_empty() {
        let missed = files.iter().enumerate().filter_map(|(index, file)| Some((index, file.missed()?.to_string())));
        if let Some(file) = unread.iter().cloned().chain(missed).min() {
            return lost(file);
        }
        if files.iter().any(|file| matches!(file.got, Got::Unasked)) {
            verdict = Verdict::Other("its plan may be in a file that has not been fetched yet".to_owned());
        }
    }
    let is_read = !plans.is_empty();
    Ok(Content {
        title: joined.article.title,
        meta: joined.article.meta,
        verdict,
        plans,
        body: joined.body.filter(|_| is_read).map(|file| indices[file]),
        annexes: joined.annexes.into_iter().filter(|_| is_read).map(|file| indices[file]).collect(),
        unread,
    })
}

fn crashed(url: &str, error: &JoinError) -> Error {
    Error::Crashed { url: url.to_owned(), message: error.to_string() }
}

/// The last body of a page as it was kept, and its SHA-256; none where the page has none.
pub(crate) async fn kept(
    db: &impl ConnectionTrait,
    snapshots: &Snapshots,
    page: &page::Model,
) -> Result<Option<(Body, String)>, Error> {
    body(db, snapshots, page.snapshot_id).await
}

/// A body as it was kept, and its SHA-256.
pub(crate) async fn body(
    db: &impl ConnectionTrait,
    snapshots: &Snapshots,
    snapshot_id: Option<i64>,
) -> Result<Option<(Body, String)>, Error> {
    let Some(row) = snapshot(db, snapshot_id).await? else { return Ok(None) };
    let body = Body {
        url: address(&row.url)?,
        moved: false,
        media_type: row.media_type,
        validators: Validators::default(),
        headers: Vec::new(),
        bytes: snapshots.get(&row.sha256).await?,
    };
    Ok(Some((body, row.sha256)))
}

/// The row of a body.
pub(crate) async fn snapshot(
    db: &impl ConnectionTrait,
    snapshot_id: Option<i64>,
) -> Result<Option<snapshot::Model>, DbErr> {
    match snapshot_id {
        Some(id) => snapshot::Entity::find_by_id(id).one(db).await,
        None => Ok(None),
    }
}

/// The address of a row.
pub(crate) fn address(url: &str) -> Result<Url, Error> {
    // It was written from a Url; somebody may have spoilt it by hand.
    Url::parse(url).map_err(|e| Error::Crashed { url: url.to_owned(), message: e.to_string() })
}
