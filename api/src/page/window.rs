//! Which stretch of a listing.

use sea_orm::Value;

use super::{
    cursor,
    listing::{Listing, Table},
};
use crate::Error;

/// Entries of a page where none is asked for.
pub(crate) const DEFAULT_PAGE: u32 = 20;
/// The most entries that a page may hold.
pub(crate) const MAX_PAGE: u32 = 100;

/// The four arguments of a connection, as they come.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageArgs {
    /// Entries from the start, or behind `after`.
    pub(crate) first: Option<i32>,
    /// Only what comes behind this cursor.
    pub(crate) after: Option<String>,
    /// Entries from the end, or before `before`.
    pub(crate) last: Option<i32>,
    /// Only what comes before this cursor.
    pub(crate) before: Option<String>,
}

/// A stretch of a listing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    /// The most entries; none for all of them.
    pub(super) limit: Option<u32>,
    /// The limit counts from the end.
    pub(super) backwards: bool,
    /// Only what comes behind these values of the order.
    pub(super) after: Option<Vec<Value>>,
    /// Only what comes before these values of the order.
    pub(super) before: Option<Vec<Value>>,
}

impl PageArgs {
    /// How many entries from the start a list shows that is not paged backwards.
    pub(crate) fn size(&self) -> Result<u32, Error> {
        self.first.map_or(Ok(DEFAULT_PAGE), |first| size("first", first))
    }

    /// What the arguments mean on a listing.
    pub(super) fn window<E: Table>(&self, listing: &Listing<E>) -> Result<Window, Error> {
        let (limit, backwards) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(Error::BothDirections { limit: MAX_PAGE }),
            (Some(first), None) => (size("first", first)?, false),
            (None, Some(last)) => (size("last", last)?, true),
            (None, None) => (DEFAULT_PAGE, false),
        };
        let place = |cursor: &Option<String>| cursor.as_deref().map(|text| cursor::decode(listing, text)).transpose();
        Ok(Window { limit: Some(limit), backwards, after: place(&self.after)?, before: place(&self.before)? })
    }
}

fn size(argument: &'static str, given: i32) -> Result<u32, Error> {
    match u32::try_from(given) {
        Ok(size) if size <= MAX_PAGE => Ok(size),
        _ => Err(Error::BadPageSize { argument, given, limit: MAX_PAGE }),
    }
}
