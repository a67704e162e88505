//! Versions, and where each was read.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::plan;

use crate::{
    Error,
    load::{Body, PartsOf, Version, VersionsOf, loaders},
    scalar::DateTime,
};

/// What a plan said from some moment on.
pub(crate) struct PlanVersion(pub(crate) Arc<Version>);

/// The page and the bytes that something was read from.
pub(crate) struct Provenance {
    body: Body,
    /// Which rules read it.
    rules: String,
}

impl Provenance {
    fn new(body: Body, version: &Version) -> Self {
        Self { body, rules: version.extractor_version.clone() }
    }
}

/// Where the current version of a plan was read.
pub(super) async fn of(ctx: &Context<'_>, plan: &plan::Model) -> Result<Provenance, Error> {
    let version = current(ctx, plan).await?;
    Ok(Provenance::new(version.body.clone(), &version))
}

/// Where a figure of the current version of a plan was read: of several bodies, the one that its place in the text is
/// from.
pub(super) async fn at(ctx: &Context<'_>, plan: &plan::Model, place: i32) -> Result<Provenance, Error> {
    let version = current(ctx, plan).await?;
    let parts = loaders(ctx).load_one(PartsOf(version.id)).await?.unwrap_or_default();
    let part = parts.into_iter().rfind(|part| part.span_start.is_some_and(|start| start <= place));
    Ok(Provenance::new(part.map_or_else(|| version.body.clone(), |part| part.body), &version))
}

/// All that the current version of a plan was read from.
pub(super) async fn all(ctx: &Context<'_>, plan: &plan::Model) -> Result<Vec<Provenance>, Error> {
    snapshots(ctx, &*current(ctx, plan).await?).await
}

async fn current(ctx: &Context<'_>, plan: &plan::Model) -> Result<Arc<Version>, Error> {
    let versions = loaders(ctx).load_one(VersionsOf(plan.id)).await?.unwrap_or_default();
    let current = versions.into_iter().find(|version| version.version == plan.version);
    current.ok_or_else(|| Error::Internal(format!("plan {} has no version {}", plan.id, plan.version)))
}

async fn snapshots(ctx: &Context<'_>, version: &Version) -> Result<Vec<Provenance>, Error> {
    let parts = loaders(ctx).load_one(PartsOf(version.id)).await?.unwrap_or_default();
    if parts.is_empty() {
        return Ok(vec![Provenance::new(version.body.clone(), version)]);
    }
    Ok(parts.into_iter().map(|part| Provenance::new(part.body, version)).collect())
}

/// What a plan said from some moment on. A new one is made where what is read differs from the one before.
#[Object]
impl PlanVersion {
    /// Number, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was first read.
    async fn seen_at(&self) -> DateTime {
        DateTime(self.0.seen_at)
    }

    /// Whether the extractor changed and not the publisher's text.
    async fn technical(&self) -> bool {
        self.0.technical
    }

    /// Where its text was read.
    async fn provenance(&self) -> Provenance {
        Provenance::new(self.0.body.clone(), &self.0)
    }

    /// All that it was read from: the page, then those of its files that the text is from, in their order.
    async fn snapshots(&self, ctx: &Context<'_>) -> Result<Vec<Provenance>, Error> {
        snapshots(ctx, &self.0).await
    }

    /// What changed in the text against the version before, as a unified diff with a sentence a line; none for the first.
    async fn diff(&self) -> Option<&str> {
        self.0.diff.as_deref()
    }
}

/// The page and the bytes that something was read from. The bytes are kept, so that every figure can be checked.
#[Object]
impl Provenance {
    /// The address that answered, after redirects.
    async fn url(&self) -> &str {
        &self.body.url
    }

    /// When it was fetched.
    async fn fetched_at(&self) -> DateTime {
        DateTime(self.body.fetched_at)
    }

    /// SHA-256 of the raw bytes kept, lower-case hex.
    async fn sha256(&self) -> &str {
        &self.body.sha256
    }

    /// Content-Type as sent. Example: `"text/html; charset=utf-8"`.
    async fn media_type(&self) -> Option<&str> {
        self.body.media_type.as_deref()
    }

    /// Which rules read it. Example: `"0.1.0+1"`.
    async fn extractor_version(&self) -> &str {
        &self.rules
    }
}
