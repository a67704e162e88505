//! A body into plans: whether it is what was asked for, whether it holds a plan, and what the plan says.

use std::sync::Arc;

use entity::{page, snapshot};
use extract::{
    Context, Plan,
    triage::{self, Verdict},
};
use sea_orm::{ConnectionTrait, EntityTrait};
use url::Url;

use crate::{
    Error, Snapshots, article,
    fetch::{Body, Validators},
    gazetteer::Knowledge,
};

/// What an article was found to hold.
pub(crate) enum Content {
    Plans(Vec<Plan>),
    /// No plan, and why it was taken for none.
    Other(String),
}

impl Content {
    /// The plans; none where it is something else.
    pub(crate) fn plans(&self) -> &[Plan] {
        match self {
            Self::Plans(plans) => plans,
            Self::Other(_) => &[],
        }
    }
}

/// Reads a page or a file on a thread of its own: parsed HTML cannot move between threads, and reading takes long.
/// `region` is whose plans the source publishes.
pub(crate) async fn read(
    knowledge: &Arc<Knowledge>,
    page: &page::Model,
    body: &Body,
    region: Option<String>,
) -> Result<Content, Error> {
    let knowledge = Arc::clone(knowledge);
    let context = Context { region, year: None };
    let (listed, asked) = (page.title.clone(), address(&page.url)?);
    let body = body.clone();
    let task = tokio::task::spawn_blocking(move || {
        article::check(&asked, listed.as_deref(), &body)?;
        let article = article::read(&body).map_err(|source| Error::Document { url: asked.to_string(), source })?;
        let listed = listed.as_deref().unwrap_or_default();
        if let Verdict::Other(why) = triage::verdict(listed, Some(&article)) {
            return Ok(Content::Other(why));
        }
        Ok(match knowledge.reader.read(&article, &context) {
            plans if plans.is_empty() => Content::Other("nothing in it can be read as a plan".to_owned()),
            plans => Content::Plans(plans),
        })
    });
    task.await.map_err(|e| Error::Crashed { url: page.url.clone(), message: e.to_string() })?
}

/// The last body of a page as it was kept, and its SHA-256; none where the page has none.
pub(crate) async fn kept(
    db: &impl ConnectionTrait,
    snapshots: &Snapshots,
    page: &page::Model,
) -> Result<Option<(Body, String)>, Error> {
    let Some(id) = page.snapshot_id else { return Ok(None) };
    let Some(row) = snapshot::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
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

/// The address of a row.
pub(crate) fn address(url: &str) -> Result<Url, Error> {
    // It was written from a Url; somebody may have spoilt it by hand.
    Url::parse(url).map_err(|e| Error::Crashed { url: url.to_owned(), message: e.to_string() })
}
