//! What the Relay cursor specification shows of a listing.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{Context, Object, OutputType, TypeName, connection::PageInfo};

use super::{
    cursor,
    listing::{Listing, Table, Under},
    load::{Page, PageKey},
    window::{PageArgs, Window},
};
use crate::{Error, as_of::AsOf, load::loaders};

/// A type of the graph that shows the rows of a table.
pub(crate) trait Row: OutputType + From<Arc<<Self::Table as sea_orm::EntityTrait>::Model>> {
    /// The table.
    type Table: Table;

    /// A row of a listing that speaks of some moment.
    fn of(row: Arc<<Self::Table as sea_orm::EntityTrait>::Model>, _: AsOf) -> Self {
        row.into()
    }
}

/// One page of a list. Rows and count are read only where the query asks for them.
pub(crate) struct Connection<T: Row>(PageKey<T::Table>);

/// An entry of a page.
pub(crate) struct Edge<T> {
    cursor: String,
    node: T,
}

impl<T: Row> Connection<T> {
    /// The page of a listing that the arguments ask for.
    pub(crate) fn new(listing: Listing<T::Table>, under: Under, args: &PageArgs) -> Result<Self, Error> {
        let window = args.window(&listing)?;
        Ok(Self(PageKey::new(listing, window, under)))
    }

    async fn page(&self, ctx: &Context<'_>) -> Result<Arc<Page<T::Table>>, Error> {
        load(ctx, self.0.clone()).await
    }

    fn cursor(&self, row: &<T::Table as sea_orm::EntityTrait>::Model) -> String {
        cursor::encode(&self.0.listing, row)
    }

    fn node(&self, row: &Arc<<T::Table as sea_orm::EntityTrait>::Model>) -> T {
        T::of(Arc::clone(row), self.0.listing.as_of)
    }
}

/// All rows of a listing, where it is short by nature and shown as a plain list.
pub(crate) async fn all<T: Row>(ctx: &Context<'_>, listing: Listing<T::Table>, under: Under) -> Result<Vec<T>, Error> {
    let as_of = listing.as_of;
    Ok(rows::<T::Table>(ctx, listing, under).await?.into_iter().map(|row| T::of(row, as_of)).collect())
}

/// The same, as rows of the table.
pub(crate) async fn rows<E: Table>(
    ctx: &Context<'_>,
    listing: Listing<E>,
    under: Under,
) -> Result<Vec<Arc<E::Model>>, Error> {
    let page = load(ctx, PageKey::new(listing, Window::default(), under)).await?;
    Ok(page.rows.clone())
}

/// The first row of a listing.
pub(crate) async fn first<T: Row>(
    ctx: &Context<'_>,
    listing: Listing<T::Table>,
    under: Under,
) -> Result<Option<T>, Error> {
    let (window, as_of) = (Window { limit: Some(1), ..Window::default() }, listing.as_of);
    let page = load(ctx, PageKey::new(listing, window, under)).await?;
    Ok(page.rows.first().map(|row| T::of(Arc::clone(row), as_of)))
}

async fn load<E: Table>(ctx: &Context<'_>, key: PageKey<E>) -> Result<Arc<Page<E>>, Error> {
    loaders(ctx).load_one(key).await?.ok_or_else(|| Error::Internal("a page was not loaded".to_owned()))
}

impl<T: Row> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: Row> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

/// One page of a list. Ask for the next page with `after: endCursor`; what is added meanwhile does not shift it.
#[Object(name_type)]
impl<T: Row> Connection<T> {
    /// The entries, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<T>>, Error> {
        let page = self.page(ctx).await?;
        Ok(page.rows.iter().map(|row| Edge { cursor: self.cursor(row), node: self.node(row) }).collect())
    }

    /// The entries without their cursors.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<T>, Error> {
        Ok(self.page(ctx).await?.rows.iter().map(|row| self.node(row)).collect())
    }

    /// Where the page starts and ends, and whether there are more.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, Error> {
        let page = self.page(ctx).await?;
        Ok(PageInfo {
            has_previous_page: page.has_previous,
            has_next_page: page.has_next,
            start_cursor: page.rows.first().map(|row| self.cursor(row)),
            end_cursor: page.rows.last().map(|row| self.cursor(row)),
        })
    }

    /// How many entries the list has over all its pages. Counted by the database, and only where asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64, Error> {
        Ok(loaders(ctx).load_one(self.0.count()).await?.unwrap_or(0))
    }
}

/// An entry of a page.
#[Object(name_type)]
impl<T: Row> Edge<T> {
    /// The entry's place in its list in this order, for `after` and `before`.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The entry.
    async fn node(&self) -> &T {
        &self.node
    }
}
