//! What publishers changed.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::change;

use super::{Indicator, Plan, plan::plan_of};
use crate::{
    Error,
    as_of::AsOf,
    load::{IndicatorId, required},
    page::Row,
    scalar::DateTime,
    vocabulary::ChangeKind,
};

/// A change by a publisher.
#[derive(Clone)]
pub(crate) struct Change(Arc<change::Model>);

impl From<Arc<change::Model>> for Change {
    fn from(row: Arc<change::Model>) -> Self {
        Self(row)
    }
}

impl Row for Change {
    type Table = change::Entity;
}

/// Something that a publisher changed: a plan, or a figure of a plan that was there before.
#[Object]
impl Change {
    /// What happened.
    async fn kind(&self) -> ChangeKind {
        self.0.kind.into()
    }

    /// When it was seen.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The plan as it is now.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Plan, Error> {
        plan_of(ctx, self.0.plan_id, AsOf::NOW).await
    }

    /// The figure: the new one, or the one that is gone; null where it is the plan that changed.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Option<Indicator>, Error> {
        match self.0.indicator_id {
            Some(id) => Ok(Some(Indicator::from(required(ctx, IndicatorId(id)).await?))),
            None => Ok(None),
        }
    }

    /// The figure's number as it was printed before. Example: `"82.3"`.
    async fn before(&self) -> Option<&str> {
        self.0.before.as_deref()
    }

    /// The figure's number as it is printed now. Example: `"82.6"`.
    async fn after(&self) -> Option<&str> {
        self.0.after.as_deref()
    }
}
