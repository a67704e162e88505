//! Why a page could not be fetched.

use std::{fmt, net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use url::Url;

use crate::impostor::Impostor;

/// Why a page could not be fetched, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// An address of a private network, of this machine or of no machine.
    #[error(
        "{url} leads to {address}, which is not on the public network; a source of your own network needs \
         `allow_private = true` and must name the host itself"
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
    /// The host wants to be left alone.
    #[error(
        "{url} is not fetched now, for its host asks to be left alone until {until}; raise `delay_ms` of the source"
    )]
    Resting {
        /// The page.
        url: Url,
        /// Until then.
        until: DateTime<Utc>,
    },
    /// No connection, or one that broke.
    #[error("cannot reach {url}: {reason}; check the address and the network")]
    Unreachable {
        /// The page.
        url: Url,
        /// What the network says.
        reason: String,
    },
    /// No connection that can be trusted.
    #[error(
        "no secure connection to {url}: {reason}; tell the publisher, or see whether the page is there under http, too"
    )]
    Tls {
        /// The page.
        url: Url,
        /// What is wrong with the certificate or the protocol.
        reason: String,
    },
    /// No answer in time.
    #[error("{url} took too long for {stage}; it is tried again at the next crawl")]
    Timeout {
        /// The page.
        url: Url,
        /// What it took too long for.
        stage: Stage,
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
    /// An answer of something that stands before the site and keeps crawlers out.
    #[error("{url} is blocked: {reason}; ask the publisher to let the crawler in")]
    Blocked {
        /// The page.
        url: Url,
        /// The status.
        status: StatusCode,
        /// How that is known.
        reason: String,
    },
    /// An answer that has the status of a page, and is none.
    #[error("there is no page at {url}: {reason}; look for it on the site")]
    NoPage {
        /// The address.
        url: Url,
        /// How that is known.
        reason: String,
    },
    /// A host that the source does not name.
    #[error("{url} is on a host that the source does not name; add it to its `hosts` where it is the publisher's")]
    Elsewhere {
        /// The address.
        url: Url,
    },
    /// More than a page should have.
    #[error("{url} is larger than {limit} bytes, which no page of text is; take it out of the source")]
    TooLarge {
        /// The page.
        url: Url,
        /// The limit, on the body as it came or with its content coding taken off.
        limit: usize,
    },
    /// A body that ended too early or cannot be unpacked.
    #[error("the body of {url} came damaged: {reason}; it is tried again at the next crawl")]
    Broken {
        /// The page.
        url: Url,
        /// What is wrong with it.
        reason: String,
    },
    /// Redirects without end.
    #[error("more than {limit} redirects, the last to {url}; give the source the address that they should lead to")]
    Redirects {
        /// The last address.
        url: Url,
        /// The limit.
        limit: usize,
    },
    /// Redirects in a circle.
    #[error("redirects lead back to {url}; look at the page in a browser")]
    RedirectLoop {
        /// The address that they came back to.
        url: Url,
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

/// What a page can take too long for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Connecting.
    Connect,
    /// Sending the head of its answer.
    Head,
    /// Sending its body.
    Body,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "a connection",
            Self::Head => "the head of its answer",
            Self::Body => "its body",
        })
    }
}

impl FetchError {
    /// The failure of a page that is none, though it has the status of one.
    pub(crate) fn from_impostor(impostor: Impostor, url: &Url) -> Self {
        let url = url.clone();
        match impostor {
            Impostor::Blocked(reason) => Self::Blocked { url, status: StatusCode::OK, reason },
            Impostor::NotFound(reason) => Self::NoPage { url, reason },
        }
    }

    /// Whether the same request may go well in a moment.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Timeout { .. } | Self::Broken { .. } => true,
            Self::Status { status, .. } => {
                matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504 | 522 | 524)
            }
            _ => false,
        }
    }

    /// Whether the other pages of the host will fare no better for now.
    #[must_use]
    pub const fn is_of_host(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Timeout { stage: Stage::Connect | Stage::Head, .. }
            | Self::Tls { .. }
            | Self::NoRobots { .. }
            | Self::Resting { .. }
            | Self::Blocked { .. } => true,
            Self::Status { status, .. } => status.as_u16() == 429,
            _ => false,
        }
    }

    /// The answer's status, where there was an answer.
    #[must_use]
    pub const fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Status { status, .. } | Self::Blocked { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// What somebody can do about a status.
const fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        404 | 410 => "the page has moved or is gone: look for it on the site",
        429 => "it is asked too often: raise `delay_ms` of the source",
        500..=599 => "the site is out of order: it is tried again at the next crawl",
        _ => "look at the page in a browser",
    }
}
