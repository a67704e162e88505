//! The fields a query starts from.

use async_graphql::{Context, ID, Object};
use entity::{change, concept, correction, crawl_run, indicator, plan, programme, region, relation, source, value};
use futures::future::try_join_all;
use sea_orm::{ColumnTrait as _, Condition};

use crate::{
    Error,
    as_of::AsOf,
    cost,
    filter::{self, IndicatorFilter, IndicatorOrder, PlanFilter, PlanOrder, RegionFilter, RelationFilter},
    id::GlobalId,
    load::{CrawlRunId, PlanId, ProgrammeId, catalogue, loaders},
    names::{self, SourceSlug, Wanted},
    node::{self, Node},
    object::{
        self, Change, Choice, Comparison, Concept, Correction, CrawlRun, ExtractInput, Extraction, Indicator,
        IndicatorGroup, IndicatorGroupKey, Plan, Programme, Region, Relation, SearchConnection, Source,
    },
    page::{Connection, Listing, OrderKey, PageArgs, Under},
    scalar::DateTime,
    vocabulary::{ChangeKind, Role, SearchKind},
};

/// The most ids that `nodes` takes.
const MAX_NODES: usize = 100;

/// Where queries start.
pub(crate) struct Query;

/// What China's health authorities say they will do: plans, their sections and tasks, and the figures in them.
#[Object]
impl Query {
    /// Anything by its global id; null where there is nothing with that id.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A value of a field `id`.")] id: ID,
    ) -> Result<Option<Node>, Error> {
        node::find(ctx, &id).await
    }

    /// Several things by their global ids, in the order asked for; null where there is nothing with an id.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Values of fields `id`, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Error> {
        if ids.len() > MAX_NODES {
            let given = ids.len();
            return Err(Error::BadInput(format!("`nodes` takes at most {MAX_NODES} ids at once and got {given}")));
        }
        try_join_all(ids.iter().map(|id| node::find(ctx, id))).await
    }

    /// A plan by its id; null where there is none.
    async fn plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan's global id.")] id: ID,
        #[graphql(desc = "As the sources stood at that time: what was read by then and not withdrawn.")] as_of: Option<
            DateTime,
        >,
    ) -> Result<Option<Plan>, Error> {
        let (row, as_of) = (GlobalId::row_of("Plan", &id)?, AsOf::from(as_of));
        Ok(loaders(ctx).load_one(PlanId(row, as_of)).await?.map(|row| Plan(row, as_of)))
    }

    /// Plans, in the order in which they were first read unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection, a filter, an order and a moment")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which plans; all unless said.")] filter: Option<PlanFilter>,
        #[graphql(
            desc = "By what to order, the most important key first. Example: [{field: PUBLISHED_ON, direction: DESC}]."
        )]
        order_by: Option<Vec<PlanOrder>>,
        #[graphql(desc = "As the sources stood at that time: what was read by then and not withdrawn.")] as_of: Option<
            DateTime,
        >,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Plan>, Error> {
        let plans = Listing::<plan::Entity>::new("plans")
            .states_of(as_of.into())
            .filtered(filter::plans(loaders(ctx), filter).await?)
            .ordered(filter::plan_order(&order_by.unwrap_or_default()));
        Connection::new(plans, Under::Everything, &PageArgs { first, after, last, before })
    }

    /// A region by its code or by its name; null when unknown. Exactly one of the two is needed.
    async fn region(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "GB/T 2260 code, six digits. Example: \"330500\".")] code: Option<String>,
        #[graphql(desc = "Full, short or familiar name. Examples: \"湖州市\", \"湖州\", \"兵团\".")] name: Option<
            String,
        >,
    ) -> Result<Option<Region>, Error> {
        match (code, name) {
            (Some(one), None) | (None, Some(one)) => Ok(names::find_region(catalogue(ctx), &one).await?.map(Region)),
            _ => Err(Error::BadInput("exactly one of `code` and `name` is needed".to_owned())),
        }
    }

    /// Regions by code, so that a province stands before its cities.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn regions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which regions; all unless said.")] filter: Option<RegionFilter>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Region>, Error> {
        let regions = Listing::<region::Entity>::new("regions").filtered(filter::regions(loaders(ctx), filter).await?);
        Connection::new(regions, Under::Everything, &PageArgs { first, after, last, before })
    }

    /// A shared concept by its slug; null when unknown.
    async fn concept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Stable identifier. Example: \"life-expectancy\".")] slug: String,
    ) -> Result<Option<Concept>, Error> {
        let named = catalogue(ctx).concept_named(&slug).await?;
        Ok(named.filter(|concept| concept.slug == slug).map(Concept))
    }

    /// Shared concepts, in the order of the catalogue.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection and two of a filter")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn concepts(
        &self,
        #[graphql(
            desc = "A piece of the Chinese or English name, of an alias or of an explanation. Example: \"寿命\"."
        )]
        search: Option<String>,
        #[graphql(desc = "Only concepts with figures in at least so many regions. Example: 2.")] min_regions: Option<
            i32,
        >,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Concept>, Error> {
        let chosen = Condition::all()
            .add_option(search.as_deref().map(object::concepts_speaking_of))
            .add_option(min_regions.map(object::concepts_in_regions));
        let concepts = Listing::<concept::Entity>::new("concepts").filtered(chosen);
        Connection::new(concepts, Under::Everything, &PageArgs { first, after, last, before })
    }

    /// Figures, in the order in which they were first read unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection, a filter, an order and a moment")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all unless said.")] filter: Option<IndicatorFilter>,
        #[graphql(
            desc = "By what to order, the most important key first. Example: [{field: VALUE, direction: DESC}]."
        )]
        order_by: Option<Vec<IndicatorOrder>>,
        #[graphql(desc = "As the sources stood at that time: what was read by then and not withdrawn.")] as_of: Option<
            DateTime,
        >,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Indicator>, Error> {
        let figures: Listing<indicator::Entity> = object::indicators("indicators", as_of.into())
            .filtered(filter::indicators(loaders(ctx), filter).await?)
            .ordered(filter::indicator_order(&order_by.unwrap_or_default()));
        Connection::new(figures, Under::Everything, &PageArgs { first, after, last, before })
    }

    /// How plans, sections and regions relate, in the order in which it was found out.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relations; all unless said.")] filter: Option<RelationFilter>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Relation>, Error> {
        let relations =
            Listing::<relation::Entity>::new("relations").filtered(filter::relations(loaders(ctx), filter).await?);
        Connection::new(relations, Under::Everything, &PageArgs { first, after, last, before })
    }

    /// One concept across regions: who aims at what, who is ahead, and how each stands to its parent region.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn compare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Slug, name or alias of a concept. Example: \"life-expectancy\".")] concept: String,
        #[graphql(desc = "Only figures for this year; the latest of each region unless said.")] year: Option<i32>,
        #[graphql(desc = "TARGET unless said.")] role: Option<Role>,
        #[graphql(desc = "Codes or names; all regions unless said.")] regions: Option<Vec<String>>,
        #[graphql(desc = "A code or name: that region and all below it.")] within: Option<String>,
    ) -> Result<Comparison, Error> {
        let role = role.map(Into::into);
        object::compare(ctx, concept, Choice { year, role, regions, within }).await
    }

    /// Figures in groups: one row a group, over all that the filter leaves, worked out by the database and in the order of
    /// the keys; at most 1,000 groups. Without a key it is one group.
    #[graphql(complexity = "cost::list(child_complexity)")]
    async fn indicator_stats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all unless said.")] filter: Option<IndicatorFilter>,
        #[graphql(desc = "The keys, the first the most important. Example: [CONCEPT, UNIT, YEAR].")] group_by: Vec<
            IndicatorGroupKey,
        >,
    ) -> Result<Vec<IndicatorGroup>, Error> {
        object::stats(ctx, filter::indicators(loaders(ctx), filter).await?, &group_by).await
    }

    /// What publishers changed, the oldest first: new, changed and withdrawn plans and figures. What only the extractor
    /// reads otherwise is left out.
    #[expect(clippy::too_many_arguments, reason = "two of a connection and four of a filter")]
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what was seen from then on.")] since: DateTime,
        #[graphql(desc = "Only what was seen before then.")] until: Option<DateTime>,
        #[graphql(desc = "A code or name: that region and all below it.")] within: Option<String>,
        #[graphql(desc = "Only such changes; all unless said.")] kinds: Option<Vec<ChangeKind>>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
    ) -> Result<Connection<Change>, Error> {
        use change::Column;
        let mut chosen = Condition::all()
            .add(Column::At.gte(since.0))
            .add_option(until.map(|until| Column::At.lt(until.0)))
            .add_option(kinds.map(|kinds| Column::Kind.is_in(kinds.into_iter().map(value::ChangeKind::from))));
        if let Some(region) = within {
            let names = Wanted { regions: vec![region.clone()], ..Wanted::default() }.find(loaders(ctx)).await?;
            let ids = names.within(&region)?;
            chosen = chosen.add(Column::RegionId.between(*ids.start(), *ids.end()));
        }
        let changes =
            Listing::<change::Entity>::new("changes").filtered(chosen).ordered([OrderKey::ascending(Column::At)]);
        Connection::new(changes, Under::Everything, &PageArgs { first, after, ..PageArgs::default() })
    }

    /// What analysts corrected, the newest first; also what was taken back or rejected.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn corrections(
        &self,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Correction>, Error> {
        let newest = [OrderKey::descending(correction::Column::Id)];
        let corrections = Listing::<correction::Entity>::new("corrections").ordered(newest);
        Connection::new(corrections, Under::Everything, &PageArgs { first, after, last, before })
    }

    /// Full-text search over plans, sections and figures as they stand now, best first, with the matches marked. Plans
    /// whose page is gone are found too; `filter: {withdrawn: false}` leaves them out. An empty query is refused.
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Words that must all be there. Chinese is a phrase as it stands, without spaces; words between quotation marks follow one another; a star at the end of a Latin word finds all that begin so. Case and width do not matter. At most 200 characters and 16 words. Examples: \"安宁疗护\", \"急救 AED*\", \"“AED CT” 急救\"."
        )]
        query: String,
        #[graphql(desc = "Only such things; all unless said.")] kinds: Option<Vec<SearchKind>>,
        #[graphql(desc = "Only in these plans; in all unless said.")] filter: Option<PlanFilter>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
    ) -> Result<SearchConnection, Error> {
        object::search(ctx, &query, kinds, filter, PageArgs { first, after, ..PageArgs::default() }).await
    }

    /// A programme by its id; null where there is none.
    async fn programme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The programme's global id.")] id: ID,
    ) -> Result<Option<Programme>, Error> {
        let Ok(row) = i32::try_from(GlobalId::row_of("Programme", &id)?) else { return Ok(None) };
        Ok(loaders(ctx).load_one(ProgrammeId(row)).await?.map(Programme))
    }

    /// Initiatives that stand in two regions or more, or in one with quotation marks around their name, in the order in
    /// which they were first read.
    #[expect(clippy::too_many_arguments, reason = "the four of a connection and two of a filter")]
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn programmes(
        &self,
        #[graphql(desc = "A piece of the name, in any spelling. Example: \"精神卫生服务年\".")] search: Option<String>,
        #[graphql(desc = "Only programmes that stand in at least so many regions. Example: 2.")] min_regions: Option<
            i32,
        >,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Programme>, Error> {
        let chosen = Condition::all()
            .add(object::programmes_counted())
            .add_option(search.as_deref().map(object::programmes_speaking_of))
            .add_option(min_regions.map(object::programmes_in_regions));
        let programmes = Listing::<programme::Entity>::new("programmes").filtered(chosen);
        Connection::new(programmes, Under::Everything, &PageArgs { first, after, last, before })
    }

    /// What the extractor makes of a text or an HTML page, without storing anything.
    async fn extract(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to read.")] input: ExtractInput,
    ) -> Result<Extraction, Error> {
        object::extract(ctx, input).await
    }

    /// A source by its slug; null when unknown.
    async fn source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name of its declaration. Example: \"huzhou\".")] slug: String,
    ) -> Result<Option<Source>, Error> {
        Ok(loaders(ctx).load_one(SourceSlug(slug)).await?.map(Source))
    }

    /// The sources that plans are read from.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn sources(
        &self,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Source>, Error> {
        let sources = Listing::<source::Entity>::new("sources");
        Connection::new(sources, Under::Everything, &PageArgs { first, after, last, before })
    }

    /// A run by its id; null where there is none.
    async fn crawl_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The run's global id.")] id: ID,
    ) -> Result<Option<CrawlRun>, Error> {
        let row = GlobalId::row_of("CrawlRun", &id)?;
        Ok(loaders(ctx).load_one(CrawlRunId(row)).await?.map(CrawlRun))
    }

    /// Runs, the newest first.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn crawl_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only runs of the source with this slug. Example: \"huzhou\".")] source: Option<String>,
        #[graphql(desc = "Entries from the start, at most 100; 20 unless said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "Entries from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<CrawlRun>, Error> {
        let mut chosen = Condition::all();
        if let Some(slug) = source {
            let names = Wanted { sources: vec![slug.clone()], ..Wanted::default() }.find(loaders(ctx)).await?;
            chosen = chosen.add(crawl_run::Column::SourceId.eq(names.source(&slug)?));
        }
        let runs = Listing::<crawl_run::Entity>::new("crawlRuns")
            .filtered(chosen)
            .ordered([OrderKey::descending(crawl_run::Column::Id)]);
        Connection::new(runs, Under::Everything, &PageArgs { first, after, last, before })
    }
}
