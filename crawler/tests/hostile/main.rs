//! A hostile site: a server on loopback that plays what sites, and what stands before them, do to a crawler. A trap a test.
//!
//! - `site`: the server: an axum router, or bytes on a socket where HTTP libraries would not play along.
//! - `transport`: slow, endless, packed and broken answers, redirects, refusals.
//! - `robots`: robots.txt in all its cases.
//! - `charset`: bytes that are declared as what they are not.
//! - `impostors`: answers that are not the page, and what a crawl makes of them.
//! - `attachments`: plans in files beside their pages.
//! - `corrections`: what analysts corrected, through crawls and readings.
//! - `change`: a site that changes between two crawls; `publisher`: how it does. `moved`: pages with several addresses.
//! - `kin`: plans that belong together, and what they share.
//! - `relations`: the same text on several sites, in several years, at several addresses.
//! - `health`: pages that lose what they said, and what is said of it.
//! - `history`: what is kept of pages that changed or vanished, and reading it again.

#![expect(clippy::unwrap_used, reason = "tests")]

mod attachments;
mod change;
mod charset;
mod corrections;
mod health;
mod history;
mod impostors;
mod kin;
mod moved;
mod publisher;
mod relations;
mod robots;
mod site;
mod transport;
