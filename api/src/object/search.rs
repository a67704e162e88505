//! What a search finds.

use async_graphql::{Context, Object, SimpleObject, Union, connection::PageInfo};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{search::Query, value};
use tokio::sync::OnceCell;

use super::{Indicator, Plan, Section};
use crate::{
    Error,
    filter::{self, PlanFilter},
    load::loaders,
    page::PageArgs,
    search::{Hit, Item, Place, Search, snippet},
    vocabulary::SearchKind,
};

/// Stands in the cursors of searches.
const NAME: &str = "search";

/// A page of what a search finds, the best first. It is read only where the query asks for it.
pub(crate) struct SearchConnection {
    search: Search,
    first: usize,
    after: Option<Place>,
    hits: OnceCell<Vec<Hit>>,
}

/// Searches plans, sections and figures.
pub(crate) async fn search(
    ctx: &Context<'_>,
    query: &str,
    kinds: Option<Vec<SearchKind>>,
    filter: Option<PlanFilter>,
    page: PageArgs,
) -> Result<SearchConnection, Error> {
    let query = Query::parse(query)?;
    let plans = filter::plans(loaders(ctx), filter).await?;
    let kinds = kinds.map(|kinds| kinds.into_iter().map(value::SearchKind::from).collect());
    let after = page.after.as_deref().map(read_cursor).transpose()?;
    let first = page.size()? as usize;
    Ok(SearchConnection { search: Search { query, kinds, plans }, first, after, hits: OnceCell::new() })
}

impl SearchConnection {
    /// All that is ranked.
    async fn hits(&self, ctx: &Context<'_>) -> Result<&[Hit], Error> {
        Ok(self.hits.get_or_try_init(|| self.search.hits(ctx)).await?)
    }

    /// Those behind the cursor.
    async fn behind(&self, ctx: &Context<'_>) -> Result<&[Hit], Error> {
        let hits = self.hits(ctx).await?;
        let start = self.after.map_or(0, |after| hits.partition_point(|hit| hit.place.cmp(&after).is_le()));
        Ok(&hits[start..])
    }

    async fn page(&self, ctx: &Context<'_>) -> Result<&[Hit], Error> {
        let behind = self.behind(ctx).await?;
        Ok(&behind[..self.first.min(behind.len())])
    }

    fn show(&self, hit: &Hit) -> SearchHit {
        let item = match hit.item.clone() {
            Item::Plan(row) => SearchItem::Plan(row.into()),
            Item::Section(row) => SearchItem::Section(row.into()),
            Item::Indicator(row) => SearchItem::Indicator(row.into()),
        };
        let snippet = snippet(&self.search.query, &hit.item.document());
        SearchHit { item, score: hit.place.score, snippet }
    }
}

/// One page of what a search finds, the best first. Ask for the next page with `after: endCursor`. What is found in very
/// many places is ranked, and paged through, in the latest 300 of them and in the latest 300 titles, headings and names;
/// a filter narrows it.
#[Object]
impl SearchConnection {
    /// The entries, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<SearchEdge>, Error> {
        let page = self.page(ctx).await?;
        Ok(page.iter().map(|hit| SearchEdge { cursor: cursor(hit.place), node: self.show(hit) }).collect())
    }

    /// The entries without their cursors.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<SearchHit>, Error> {
        Ok(self.page(ctx).await?.iter().map(|hit| self.show(hit)).collect())
    }

    /// Where the page starts and ends, and whether there are more.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, Error> {
        let (page, behind) = (self.page(ctx).await?, self.behind(ctx).await?);
        Ok(PageInfo {
            has_previous_page: self.after.is_some(),
            has_next_page: behind.len() > page.len(),
            start_cursor: page.first().map(|hit| cursor(hit.place)),
            end_cursor: page.last().map(|hit| cursor(hit.place)),
        })
    }

    /// How many plans, sections and figures hold the query, ranked or not, counted up to 10,000.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64, Error> {
        self.search.count(ctx).await
    }
}

/// An entry of a page of a search.
#[derive(SimpleObject)]
pub(crate) struct SearchEdge {
    /// The entry's place, for `after`.
    cursor: String,
    /// The entry.
    node: SearchHit,
}

/// Something found.
#[derive(SimpleObject)]
pub(crate) struct SearchHit {
    /// What was found.
    item: SearchItem,
    /// How well it fits, from 0 to 1: how often the words stand in it, more where they stand in a title, a heading or a
    /// name, less in a long text. Only for comparison within one search.
    score: f64,
    /// The piece of its text that shows it, of about 80 characters: each match between `<mark>` and `</mark>`, all else
    /// escaped for HTML.
    snippet: String,
}

/// What a search finds.
#[derive(Union)]
pub(crate) enum SearchItem {
    Plan(Plan),
    Section(Section),
    Indicator(Indicator),
}

/// A place as text. The score goes by its bits, for decimal digits might not bring the same one back.
fn cursor(place: Place) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::json!([NAME, place.score.to_bits(), place.entry]).to_string())
}

fn read_cursor(cursor: &str) -> Result<Place, Error> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (name, score, entry): (String, u64, i64) = serde_json::from_slice(&bytes).ok()?;
        (name == NAME).then_some(Place { score: f64::from_bits(score), entry })
    };
    read().ok_or_else(|| Error::BadCursor { cursor: cursor.chars().take(200).collect() })
}
