//! The whole way, from outside: the program is started as a user starts it, crawls sites over HTTP, and answers GraphQL.
//!
//! - `cli`: arguments, exit codes and messages.
//! - `samples`: the sample sites, into SQLite and PostgreSQL.
//! - `sources`: looking at a new source, and whether the known ones still work.
//! - `corpus`: the source documents, where they lie beside the project.
//! - `relations`: how their plans relate.
//! - `corrections`: a figure that an analyst corrects, through crawls.
//! - `crash`: crawls that are killed, and crawls that share their work.
//! - `progress`: a crawl by one process, followed through another.
//! - `traces`: what a collector of OpenTelemetry receives.
//! - `worker`: processes that share the schedule and its queue, and reading again what is kept.
//! - `documents`: files of every kind.
//! - `attachments`: notices whose plans are in such files.
//! - `replica`: questions answered from a streaming replica.
//! - `postgres`: PostgreSQL servers of a test's own.
//! - `readme`: what the README shows.
//! - `browser`: the explorer in a real browser, where one is installed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and says what it skips"
)]

mod attachments;
mod browser;
mod cli;
mod corpus;
mod corrections;
mod crash;
mod documents;
mod export;
mod postgres;
mod program;
mod progress;
mod questions;
mod readme;
mod relations;
mod replica;
mod samples;
mod sources;
mod traces;
mod worker;
