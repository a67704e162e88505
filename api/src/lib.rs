//! The GraphQL API over what the crawler stored.
//!
//! # Layout
//!
//! - `schema`: [`Api`], which answers queries, and [`sdl`]. `nesting`, `cost`: refuse what is too much. `query`: the fields a query starts from. `mutation`: what can be changed. `subscription`: what a client is told of as it happens.
//!   `operation`: which operation is asked for; `shape`: the fields of its answer in the query's order; `said`: both, of the queries that were read last.
//! - `object`: the types of the graph. `node`: whatever has a global id. `vocabulary`, `scalar`: enums and scalars.
//! - `filter`: filters and orders into conditions of the database. `names`: the regions, concepts and sources they name.
//! - `search`: full-text search.
//! - `page`: the one way in which every list is paged. `load`: rows by id; `catalogue`: those of regions and concepts, which are kept. Both read what equal fields need at once;
//!   `batch` tells when.
//! - `as_of`: the moment that an answer speaks of. `id`: global ids. `text`: looking for a piece of text. `error`: [`Error`] and its codes.
//! - [`export`]: whole tables as files.
//! - [`token`]: who may change things.
//! - [`metrics`]: how many queries are answered, how, and how quickly.
//! - `http`: [`router`] and [`serve`]. `ide`: the page for people. [`Settings`]: what is allowed to whom.
//!   `persisted`: queries that are known by their hash. `coverage`: which sources stand behind an answer.

mod as_of;
mod batch;
mod catalogue;
mod comparison;
mod cost;
mod coverage;
mod error;
pub mod export;
mod filter;
mod http;
mod id;
mod ide;
mod load;
pub mod metrics;
mod mutation;
mod names;
mod nesting;
mod node;
mod object;
mod operation;
mod page;
mod persisted;
mod query;
mod said;
mod scalar;
mod schema;
mod search;
mod settings;
mod shape;
mod subscription;
mod text;
pub mod token;
mod vocabulary;

pub use error::Error;
pub use http::{router, serve};
pub use schema::{Api, sdl};
pub use settings::{BadNetwork, BadOrigin, Network, Origin, Settings};
