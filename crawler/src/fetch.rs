//! HTTP with manners.
//!
//! - `address`: which addresses may be connected to.
//! - `robots`: what robots.txt allows.
//! - `pace`: when a host may be asked again, over all processes.
//! - `client`: one request, with limits on time and size.
//! - [`Fetcher`]: all of that together, with redirects and another try for what may pass.

mod address;
mod client;
mod error;
mod pace;
mod robots;

use std::{sync::Arc, time::Duration};

use reqwest::StatusCode;
use sea_orm::DatabaseConnection;
use url::Url;

pub use client::{Body, Limits, Method, Validators};
pub use error::FetchError;

use crate::Error;
use client::{Clients, Response};
use robots::Robots;

/// How often a request is made before it counts as failed.
pub(crate) const TRIES: u32 = 3;
/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// How a source wants to be asked.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Least time between two requests to one host.
    pub delay: Duration,
    /// Whether addresses of private networks and of this machine may be fetched.
    pub allow_private: bool,
}

/// What a page answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The body is still the one that the validators were sent for.
    NotModified,
    /// A body.
    Body(Box<Body>),
}

/// Fetches pages. Made once a crawl: what robots.txt says is remembered as long as this lives.
#[derive(Debug)]
pub struct Fetcher {
    clients: Clients,
    robots: Robots,
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
        Ok(Self { clients, robots: Robots::default(), db, limits })
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
        let mut url = url.clone();
        let mut method = method;
        for _ in 0..=REDIRECTS {
            address::check(&url, manners.allow_private)?;
            let rules = self.rules(&url, manners).await?;
            if !rules.allows(&url) {
                return Err(FetchError::Disallowed { url }.into());
            }
            let delay = manners.delay.max(rules.delay());
            let response = self.patiently(&url, method, validators, manners.allow_private, delay).await?;
            match response {
                Response::NotModified => return Ok(Answer::NotModified),
                Response::Body(body) => return Ok(Answer::Body(body)),
                Response::Redirect(next) => {
                    url = next;
                    // What a form was answered with stands at the other address.
                    method = &Method::Get;
                }
            }
        }
        Err(FetchError::Redirects { url, limit: REDIRECTS }.into())
    }

    /// One request, made again where its failure may pass.
    async fn patiently(
        &self,
        url: &Url,
        method: &Method,
        validators: &Validators,
        allow_private: bool,
        delay: Duration,
    ) -> Result<Response, Error> {
        let mut tried = 0;
        loop {
            pace::turn(&self.db, url, delay).await?;
            let error = match self.clients.send(url, method, validators, allow_private, &self.limits).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            tried += 1;
            let wait = error.retry_after().unwrap_or_else(|| self.limits.backoff * 2_u32.pow(tried));
            if tried == TRIES || !error.may_pass() {
                return Err(error.into());
            }
            tracing::debug!(%url, %error, ?wait, "another try");
            tokio::time::sleep(wait).await;
        }
    }

    /// What robots.txt of a page's host says, fetched once.
    async fn rules(&self, url: &Url, manners: Manners) -> Result<Arc<robots::Rules>, Error> {
        let ask = async |mut url: Url| {
            for _ in 0..=REDIRECTS {
                address::check(&url, manners.allow_private)?;
                let none = Validators::default();
                match self.patiently(&url, &Method::Get, &none, manners.allow_private, manners.delay).await? {
                    Response::Redirect(next) => url = next,
                    Response::Body(body) => return Ok(Some(*body)),
                    Response::NotModified => return Ok(None),
                }
            }
            Err(FetchError::Status { url, status: StatusCode::NOT_FOUND, retry_after: None }.into())
        };
        self.robots.rules(url, ask).await
    }
}

#[cfg(test)]
mod tests;
