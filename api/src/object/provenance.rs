//! Versions, and where each was read.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::plan;

use crate::{
    Error,
    load::{Version, VersionsOf, loaders},
    scalar::DateTime,
};

/// What a plan said from some moment on.
pub(crate) struct PlanVersion(pub(crate) Arc<Version>);

/// The page and the bytes that something was read from.
pub(crate) struct Provenance(Arc<Version>);

/// Where the current version of a plan was read.
pub(super) async fn of(ctx: &Context<'_>, plan: &plan::Model) -> Result<Provenance, Error> {
    let versions = loaders(ctx).load_one(VersionsOf(plan.id)).await?.unwrap_or_default();
    let current = versions.into_iter().find(|version| version.version == plan.version);
    current.map(Provenance).ok_or_else(|| Error::Internal(format!("plan {} has no version {}", plan.id, plan.version)))
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

    /// Where it was read.
    async fn provenance(&self) -> Provenance {
        Provenance(Arc::clone(&self.0))
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
        &self.0.url
    }

    /// When it was fetched.
    async fn fetched_at(&self) -> DateTime {
        DateTime(self.0.fetched_at)
    }

    /// SHA-256 of the raw bytes kept, lower-case hex.
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// Content-Type as sent. Example: `"text/html; charset=utf-8"`.
    async fn media_type(&self) -> Option<&str> {
        self.0.media_type.as_deref()
    }

    /// Which rules read it. Example: `"0.1.0+1"`.
    async fn extractor_version(&self) -> &str {
        &self.0.extractor_version
    }
}
