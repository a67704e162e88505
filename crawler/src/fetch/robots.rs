//! What robots.txt allows (RFC 9309).

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::sync::{Mutex, OnceCell};
use url::Url;

use super::{Body, FetchError, pace};
use crate::Error;

/// The name that groups of robots.txt are searched for.
const AGENT: &str = "plangraph";
/// The longest Crawl-delay that is heeded; more would mean never.
const MAX_DELAY: Duration = Duration::from_secs(60);

/// What one robots.txt says.
#[derive(Debug)]
pub(super) enum Rules {
    /// It could be read, or there is none.
    Known(robotxt::Robots),
    /// It should be there, but could not be read: nothing is fetched now.
    Unreachable(String),
}

impl Rules {
    pub(super) fn allows(&self, url: &Url) -> bool {
        matches!(self, Self::Known(robots) if robots.is_url_allowed(url))
    }

    /// Least time between two requests that the site asks for.
    pub(super) fn delay(&self) -> Duration {
        match self {
            Self::Known(robots) => robots.crawl_delay().unwrap_or_default().min(MAX_DELAY),
            Self::Unreachable(_) => Duration::ZERO,
        }
    }
}

/// The robots.txt of all hosts met so far.
#[derive(Debug, Default)]
pub(super) struct Robots(Mutex<HashMap<String, Arc<OnceCell<Arc<Rules>>>>>);

impl Robots {
    /// The rules of a page's host; `ask` fetches robots.txt where they are not known.
    pub(super) async fn rules(
        &self,
        url: &Url,
        ask: impl AsyncFnOnce(Url) -> Result<Option<Body>, Error>,
    ) -> Result<Arc<Rules>, Error> {
        let site = format!("{}://{}", url.scheme(), pace::name(url));
        // Several pages of one host wait for one request here, those of other hosts don't.
        let cell = Arc::clone(self.0.lock().await.entry(site).or_default());
        let fetch = async || {
            let mut address = url.clone();
            address.set_path("/robots.txt");
            address.set_query(None);
            address.set_fragment(None);
            read(ask(address).await).map(Arc::new)
        };
        let rules = cell.get_or_try_init(fetch).await?;
        match &**rules {
            Rules::Known(_) => Ok(Arc::clone(rules)),
            Rules::Unreachable(reason) => Err(FetchError::NoRobots { url: url.clone(), reason: reason.clone() }.into()),
        }
    }
}

/// What an answer to the request for robots.txt means (RFC 9309, section 2.3.1).
fn read(answer: Result<Option<Body>, Error>) -> Result<Rules, Error> {
    let none = Rules::Known(robotxt::Robots::allow_all());
    match answer {
        // Some sites answer every unknown address with a page.
        Ok(Some(body)) if body.bytes.trim_ascii_start().starts_with(b"<") => Ok(none),
        Ok(Some(body)) => Ok(Rules::Known(robotxt::Robots::parse(&body.bytes, AGENT))),
        Ok(None) => Ok(none),
        Err(Error::Fetch(error)) => match error.status() {
            Some(status) if status.is_client_error() && status.as_u16() != 429 => Ok(none),
            _ => Ok(Rules::Unreachable(error.to_string())),
        },
        Err(error) => Err(error),
    }
}
