//! HTTP with manners.
//!
//! - `address`: which addresses may be connected to.
//! - `robots`: what robots.txt allows.
//! - `gate`: how many requests are under way at once.
//! - `pace`: when a host may be asked again, over all processes.
//! - `client`: one request, with limits on time and size; `body`: what it is answered with, unpacked.
//! - `walk`: from redirect to redirect; `cookie`: what is carried from one to the next.
//! - `retry`: when to try again.
//! - [`Fetcher`]: all of that together.

mod address;
mod body;
mod client;
mod cookie;
mod error;
mod gate;
mod pace;
mod retry;
mod robots;
mod walk;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::DatabaseConnection;
use url::Url;

pub use client::{Body, Limits, Method, Validators};
pub use error::{FetchError, Stage};

use crate::Error;
use body::Overflow;
use client::{Clients, Request, Response};
use gate::Gate;
use robots::Robots;
use walk::Walk;

/// How often a request is made before it counts as failed.
pub(crate) const TRIES: u32 = 3;

/// How a source wants to be asked.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Least time between two requests to one host.
    pub delay: Duration,
    /// Whether the host asked may be one of a private network or this machine. Others that it redirects to may not.
    pub allow_private: bool,
}

/// What a page answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The body is still the one that the validators were sent for.
    NotModified {
        /// The address that answered, after redirects.
        url: Url,
        /// Whether every redirect on the way there said that the page has moved for good.
        moved: bool,
    },
    /// A body.
    Body(Box<Body>),
}

/// Fetches pages. Made once a crawl: what robots.txt says is remembered as long as this lives.
#[derive(Debug)]
pub struct Fetcher {
    clients: Clients,
    robots: Robots,
    gate: Gate,
    db: DatabaseConnection,
    limits: Limits,
}

impl Fetcher {
    /// A fetcher that tells servers its name, its version and how to reach the operator, and keeps its pace in `db`.
    ///
    /// # Errors
    /// [`Error::Client`] where TLS cannot be set up or the contact cannot stand in a header.
    pub fn new(db: DatabaseConnection, contact: Option<&str>, limits: Limits) -> Result<Self, Error> {
        let agent = match contact {
            Some(contact) => format!("plangraph/{} (+{contact})", env!("CARGO_PKG_VERSION")),
            None => format!("plangraph/{}", env!("CARGO_PKG_VERSION")),
        };
        let clients = Clients::new(&agent, &limits).map_err(Error::Client)?;
        Ok(Self { clients, robots: Robots::default(), gate: Gate::new(&limits), db, limits })
    }

    /// Fetches a page: asks robots.txt, waits its turn, follows redirects, tries again what may pass.
    ///
    /// # Errors
    /// [`Error::Fetch`] for all that is the page's fault, [`Error::Database`] where the pace cannot be kept.
    pub async fn fetch(
        &self,
        url: &Url,
        method: &Method,
        validators: &Validators,
        manners: Manners,
    ) -> Result<Answer, Error> {
        let mut walk = Walk::new(url, manners.allow_private);
        let mut method = method;
        let (mut redirected, mut for_now) = (false, false);
        loop {
            address::check(&walk.url, walk.allows_private())?;
            let rules = self.rules(&walk.url, walk.allows_private(), manners.delay).await?;
            if !rules.allows(&walk.url) {
                return Err(FetchError::Disallowed { url: walk.url }.into());
            }
            let request = walk.request(method, validators, self.limits.body, Overflow::Refused);
            let moved = redirected && !for_now;
            match self.patiently(&request, manners.delay.max(rules.delay())).await? {
                Response::NotModified => return Ok(Answer::NotModified { url: walk.url, moved }),
                Response::Body(body) => {
                    return Ok(Answer::Body(Box::new(Body { moved, ..*body })));
                }
                Response::Redirect { to, same_method, for_good, headers } => {
                    redirected = true;
                    for_now |= !for_good;
                    walk.follow(to, &headers)?;
                    if !same_method {
                        // What a form was answered with stands at the other address.
                        method = &Method::Get;
                    }
                }
            }
        }
    }

    /// One request, made again where its failure may pass.
    async fn patiently(&self, request: &Request<'_>, delay: Duration) -> Result<Response, Error> {
        let (db, url, limits) = (&self.db, request.url, &self.limits);
        let _host = self.gate.host(url).await;
        let mut tried = 0;
        loop {
            let turn = pace::turn(db, url, delay, limits.patience).await?;
            // Taken last: a request that waits for its turn must not keep those to other hosts from being made.
            let all = self.gate.all().await;
            let began = Instant::now();
            let answer = self.clients.send(request, limits).await;
            drop(all);
            let error = match answer {
                Ok(response) => {
                    pace::answered(db, url, turn, began.elapsed()).await?;
                    return Ok(response);
                }
                Err(error) => error,
            };
            if let FetchError::Status { status, retry_after, .. } = &error
                && matches!(status.as_u16(), 429 | 503)
            {
                pace::refused(db, url, turn, *retry_after, limits.backoff).await?;
            }
            tried += 1;
            if tried == TRIES || !error.may_pass() {
                return Err(error.into());
            }
            let wait = retry::backoff(limits.backoff, tried);
            tracing::debug!(%url, %error, ?wait, "another try");
            tokio::time::sleep(wait).await;
        }
    }

    /// What robots.txt of a page's site says.
    async fn rules(&self, url: &Url, allow_private: bool, delay: Duration) -> Result<Arc<robots::Rules>, Error> {
        let ask = async |url: Url| {
            let mut walk = Walk::new(&url, allow_private);
            let none = Validators::default();
            loop {
                address::check(&walk.url, walk.allows_private())?;
                let request = walk.request(&Method::Get, &none, robots::MAX_LENGTH, Overflow::Cut);
                match self.patiently(&request, delay).await? {
                    Response::Redirect { to, headers, .. } => walk.follow(to, &headers)?,
                    Response::Body(body) => return Ok(body.bytes),
                    Response::NotModified => return Ok(Vec::new()),
                }
            }
        };
        self.robots.rules(&self.db, url, ask).await
    }
}

#[cfg(test)]
mod tests;
