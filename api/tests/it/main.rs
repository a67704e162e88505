//! The API against real databases: always SQLite in memory, and PostgreSQL where `TEST_DATABASE_URL` names one.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "the helpers of tests are tests too, and say what they skip"
)]

mod support;

mod as_of;
mod bad_input;
mod batching;
mod breaking;
mod changes;
mod comparison;
mod contract;
mod corrections;
mod coverage;
mod export;
mod fields;
mod filters;
mod guard;
mod http;
mod paging;
mod programmes;
mod relations;
mod schema;
mod search;
mod stats;
mod subscription;
