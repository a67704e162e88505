//! What can be changed: crawls that are asked for, and figures that are corrected. Only with a token.

mod correct;
mod crawl;
mod input;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use sea_orm::DatabaseConnection;

use self::input::CorrectIndicatorInput;
use crate::{
    Error, cost,
    load::loaders,
    object::{CrawlRun, Indicator},
    token::Holder,
};

/// Where mutations start.
pub(crate) struct Mutation;

/// What can be changed, by whoever has a token: `Authorization: Bearer TOKEN`, in `connection_init` over a WebSocket.
/// `plangraph token create NAME` makes one.
#[Object]
impl Mutation {
    /// Needs a token. Asks for a crawl of some sources, of all unless said, and answers at once; a worker, or a `serve` with
    /// its schedule, takes it up. A source whose crawl waits already is not queued again. For one source it is that
    /// source's run; for several, and for all, a run without a source that ends with the last of theirs.
    #[graphql(complexity = "cost::change(child_complexity)")]
    async fn start_crawl(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Slugs of sources, at most 100; all sources unless said. Example: [\"huzhou\"].")]
        sources: Option<Vec<String>>,
    ) -> Result<CrawlRun, Error> {
        let (db, _) = begun(ctx).await?;
        Ok(CrawlRun(Arc::new(crawl::start(db, sources).await?)))
    }

    /// Needs a token. Corrects a figure, or rejects it. The correction outlives every later crawl and extraction, as long as
    /// the figure stands in its plan. It takes the place of an earlier one; what it does not name is as it was read.
    #[graphql(complexity = "cost::change(child_complexity)")]
    async fn correct_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to correct, and why.")] input: CorrectIndicatorInput,
    ) -> Result<Indicator, Error> {
        let (db, holder) = begun(ctx).await?;
        let correction = input.read(ctx).await?;
        Ok(Arc::new(correct::correct(db, correction, &holder.name).await?).into())
    }

    /// Needs a token. Takes the correction of a figure back: it is again as its text was read.
    #[graphql(complexity = "cost::change(child_complexity)")]
    async fn revert_correction(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figure's global id.")] indicator: ID,
    ) -> Result<Indicator, Error> {
        let (db, _) = begun(ctx).await?;
        Ok(Arc::new(correct::revert(db, &indicator).await?).into())
    }
}

/// The database, and who is about to change it.
async fn begun<'ctx>(ctx: &Context<'ctx>) -> Result<(&'ctx DatabaseConnection, &'ctx Holder), Error> {
    let holder = ctx.data_opt::<Holder>().ok_or(Error::NoToken)?;
    let loaders = loaders(ctx);
    let db = &loaders.loader().db;
    holder.check(db).await?;
    // The mutations of a request come one after another, and each answer shows what it has made of things.
    loaders.forget();
    Ok((db, holder))
}
