//! The API against real databases: always SQLite in memory, and PostgreSQL where `TEST_DATABASE_URL` names one.

mod support;

mod bad_input;
mod batching;
mod fields;
mod filters;
mod http;
mod paging;
mod schema;
