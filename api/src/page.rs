//! One way to page, for every list.
//!
//! - [`Listing`]: which rows of a table, in which order.
//! - [`Under`]: all of them, or those of one parent.
//! - [`Window`]: which stretch of them, from `first`, `after`, `last` and `before`.
//! - `cursor`: a place in a listing, as text.
//! - `sql`: the three of them as one statement, for one parent or for many at once.
//! - [`Connection`]: what the Relay cursor specification shows of it.
//!
//! Pages are found by key, not by number: a cursor holds the values that its row is ordered by, and the next page is
//! what comes behind these values. It stays right while rows are added, and a deep page costs no more than the first.

mod connection;
mod cursor;
mod listing;
mod load;
mod sql;
mod window;

pub(crate) use connection::{Connection, Row, all, first, rows};
pub(crate) use listing::{Listing, OrderKey, Under};
pub(crate) use window::{DEFAULT_PAGE, MAX_PAGE, PageArgs};
