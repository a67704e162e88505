//! Documents that plans cite.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object};
use entity::{citation, mention, plan};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::{Plan, Span};
use crate::{
    Error,
    as_of::AsOf,
    cost,
    load::{CitationId, required},
    page::{self, Connection, Listing, OrderKey, PageArgs, Under},
};

/// A document that a plan names.
pub(crate) struct Citation {
    document: Arc<citation::Model>,
    spans: Vec<Span>,
    as_of: AsOf,
}

/// The documents that the version of a plan names that it had at a moment, in the order in which it first names them.
pub(super) async fn of_plan(ctx: &Context<'_>, plan_id: i64, as_of: AsOf) -> Result<Vec<Citation>, Error> {
    let places = Listing::<mention::Entity>::new("Plan.citations")
        .by(mention::Column::PlanId)
        .filtered(mention::Column::CitationId.is_not_null())
        .filtered(as_of.of_version(mention::Entity))
        .ordered([OrderKey::ascending(mention::Column::Position)]);
    let mut order: Vec<i32> = Vec::new();
    let mut spans: HashMap<i32, Vec<Span>> = HashMap::new();
    for place in page::rows(ctx, places, Under::Of(plan_id)).await? {
        let Some(document) = place.citation_id else { continue };
        let spans = spans.entry(document).or_default();
        if spans.is_empty() {
            order.push(document);
        }
        spans.push(Span { start: place.span_start, end: place.span_end });
    }
    let cited = order.into_iter().map(|id| (id, spans.remove(&id).unwrap_or_default()));
    futures::future::try_join_all(
        cited.map(async |(id, spans)| Ok(Citation { document: required(ctx, CitationId(id)).await?, spans, as_of })),
    )
    .await
}

/// A document that the plan names in 《》.
#[Object]
impl Citation {
    /// Its title, without what a notice that sends it out wraps around it. Spellings that differ in marks, blanks and the
    /// width of signs are one document, shown as it was first read.
    async fn title(&self) -> &str {
        &self.document.title
    }

    /// How often the plan names it.
    async fn count(&self) -> i32 {
        i32::try_from(self.spans.len()).unwrap_or(i32::MAX)
    }

    /// Where it is named in the plan's text, title marks included.
    async fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// All plans that name it, this one too.
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn plans(
        &self,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
    ) -> Result<Connection<Plan>, Error> {
        let naming = mention::Entity::find()
            .select_only()
            .column(mention::Column::PlanId)
            .filter(mention::Column::CitationId.eq(self.document.id))
            .filter(
                Expr::col((mention::Entity, mention::Column::Version)).equals((plan::Entity, plan::Column::Version)),
            )
            .into_query();
        let plans = Listing::<plan::Entity>::new("Citation.plans")
            .states_of(self.as_of)
            .filtered(plan::Column::Id.in_subquery(naming));
        Connection::new(plans, Under::Everything, &PageArgs { first, after, ..PageArgs::default() })
    }
}
