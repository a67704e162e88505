//! Why a page could not be fetched.

use std::{net::IpAddr, time::Duration};

use reqwest::StatusCode;
use url::Url;

/// The longest wait that a server can ask for with Retry-After before the request counts as failed.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Why a page could not be fetched, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// An address of a private network, of this machine or of no machine.
    #[error(
        "{url} leads to {address}, which is not on the public network; a source of your own network needs `allow_private = true`"
    )]
    Private {
        /// The page.
        url: Url,
        /// Where it leads.
        address: IpAddr,
    },
    /// No address of HTTP.
    #[error("{url} is no http or https address with a host")]
    NotHttp {
        /// The address.
        url: Url,
    },
    /// The site does not want it fetched.
    #[error("robots.txt does not allow {url}; take it out of the source or ask the publisher")]
    Disallowed {
        /// The page.
        url: Url,
    },
    /// What the site wants is not known.
    #[error("{url} is not fetched now, for its robots.txt cannot be read: {reason}")]
    NoRobots {
        /// The page.
        url: Url,
        /// Why.
        reason: String,
    },
    /// No connection, or one that broke.
    #[error("cannot reach {url}: {reason}; check the address and the network")]
    Unreachable {
        /// The page.
        url: Url,
        /// What the network says.
        reason: String,
    },
    /// No answer in time.
    #[error("{url} did not answer in time; it is tried again at the next crawl")]
    Timeout {
        /// The page.
        url: Url,
    },
    /// An answer that is no page.
    #[error("{url} answered {status}; {}", advice(*status))]
    Status {
        /// The page.
        url: Url,
        /// The status.
        status: StatusCode,
        /// How long the server wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// More than a page should have.
    #[error("{url} is larger than {limit} bytes, which no page of text is; take it out of the source")]
    TooLarge {
        /// The page.
        url: Url,
        /// The limit, on the body with its content encoding taken off.
        limit: usize,
    },
    /// Redirects without end.
    #[error("more than {limit} redirects, the last to {url}; give the source the address that they should lead to")]
    Redirects {
        /// The last address.
        url: Url,
        /// The limit.
        limit: usize,
    },
    /// A redirect that leads nowhere.
    #[error("{url} redirects to “{location}”, which is no address")]
    BadRedirect {
        /// The page.
        url: Url,
        /// What it says.
        location: String,
    },
}

impl FetchError {
    /// Whether the same request may go well in a moment.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Timeout { .. } => true,
            Self::Status { status, retry_after, .. } => {
                let soon = retry_after.is_none_or(|wait| wait <= MAX_RETRY_AFTER);
                soon && matches!(status.as_u16(), 429 | 502 | 503 | 504)
            }
            _ => false,
        }
    }

    /// How long the server wants to be left alone, where it said so.
    pub(super) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The answer's status, where there was an answer.
    #[must_use]
    pub const fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// What somebody can do about a status.
const fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        404 | 410 => "the page has moved or is gone: look for it on the site",
        // Challenges of web application firewalls come with 412 and 521, too.
        401 | 403 | 412 | 521 => "the site refuses crawlers: ask the publisher",
        429 => "it is asked too often: raise `delay_ms` of the source",
        500..=599 => "the site is out of order: it is tried again at the next crawl",
        _ => "look at the page in a browser",
    }
}
