//! One request, with limits on time and size.

use std::{error::Error as _, time::Duration};

use reqwest::{Client, Response as HttpResponse, StatusCode, header, redirect};
use url::Url;

use super::{FetchError, address::PublicOnly};

/// Limits of a request.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For a connection, TLS and all.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// For all of it.
    pub total: Duration,
    /// Bytes of a body, content encoding taken off.
    pub body: usize,
    /// Half the wait before the second try; each wait is twice the one before.
    pub backoff: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            total: Duration::from_secs(120),
            body: 32 * 1_024 * 1_024,
            backoff: Duration::from_millis(500),
        }
    }
}

/// How a page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST with a form of names and values.
    Post(Vec<(String, String)>),
}

/// What tells a server which body is known; empty where none is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The ETag it came with.
    pub etag: Option<String>,
    /// The Last-Modified it came with.
    pub last_modified: Option<String>,
}

/// A body and what came with it.
#[derive(Clone, Debug)]
pub struct Body {
    /// The address that answered, after redirects.
    pub url: Url,
    /// Content-Type.
    pub media_type: Option<String>,
    /// For the next request.
    pub validators: Validators,
    /// All headers, in their order; bytes that are no UTF-8 replaced.
    pub headers: Vec<(String, String)>,
    /// The body, content encoding taken off.
    pub bytes: Vec<u8>,
}

/// What one request was answered with.
#[derive(Debug)]
pub(super) enum Response {
    NotModified,
    Redirect(Url),
    Body(Box<Body>),
}

/// A client for the public network only, and one for all addresses.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) public: Client,
    any: Client,
}

impl Clients {
    pub(super) fn new(agent: &str, limits: &Limits) -> reqwest::Result<Self> {
        // Without it, building a client panics. An error says that some other part of the program was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .user_agent(agent)
                // Each hop is a request of its own, with its own turn, robots.txt and check of the address.
                .redirect(redirect::Policy::none())
                .no_proxy()
                .connect_timeout(limits.connect)
                .read_timeout(limits.read)
                .timeout(limits.total)
        };
        Ok(Self { public: builder().dns_resolver(PublicOnly).build()?, any: builder().build()? })
    }

    pub(super) async fn send(
        &self,
        url: &Url,
        method: &Method,
        validators: &Validators,
        allow_private: bool,
        limits: &Limits,
    ) -> Result<Response, FetchError> {
        let client = if allow_private { &self.any } else { &self.public };
        let mut request = match method {
            Method::Get => client.get(url.clone()),
            Method::Post(form) => {
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
                client.post(url.clone()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
            }
        };
        request = request
            .header(header::ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9");
        if let Some(etag) = &validators.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &validators.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        let response = request.send().await.map_err(|e| failure(url, &e))?;
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(Response::NotModified),
            status if status.is_redirection() => redirect(url, &response).map(Response::Redirect),
            StatusCode::OK => body(url, response, limits.body).await.map(Box::new).map(Response::Body),
            status => {
                let retry_after = text(&response, &header::RETRY_AFTER)
                    .and_then(|seconds| seconds.trim().parse().ok())
                    .map(Duration::from_secs);
                Err(FetchError::Status { url: url.clone(), status, retry_after })
            }
        }
    }
}

/// Where a redirect leads.
fn redirect(url: &Url, response: &HttpResponse) -> Result<Url, FetchError> {
    let location = text(response, &header::LOCATION).unwrap_or_default();
    match url.join(&location) {
        Ok(next) if !location.is_empty() => Ok(next),
        _ => Err(FetchError::BadRedirect { url: url.clone(), location }),
    }
}

/// Reads a body piece by piece, so that none grows beyond the limit, however it is packed.
async fn body(url: &Url, mut response: HttpResponse, limit: usize) -> Result<Body, FetchError> {
    let too_large = || FetchError::TooLarge { url: url.clone(), limit };
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|e| failure(url, &e))? {
        if bytes.len() + piece.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    let lossy = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(Body {
        url: response.url().clone(),
        media_type: text(&response, &header::CONTENT_TYPE),
        validators: Validators {
            etag: text(&response, &header::ETAG),
            last_modified: text(&response, &header::LAST_MODIFIED),
        },
        headers: response.headers().iter().map(|(name, value)| (name.to_string(), lossy(value))).collect(),
        bytes,
    })
}

fn text(response: &HttpResponse, name: &header::HeaderName) -> Option<String> {
    Some(String::from_utf8_lossy(response.headers().get(name)?.as_bytes()).into_owned())
}

/// An error of the client in words: reqwest says what it was doing, its innermost source says what went wrong.
fn failure(url: &Url, error: &reqwest::Error) -> FetchError {
    if error.is_timeout() {
        return FetchError::Timeout { url: url.clone() };
    }
    let innermost = std::iter::successors(error.source(), |e| (*e).source()).last();
    let reason = innermost.map_or_else(|| error.to_string(), ToString::to_string);
    FetchError::Unreachable { url: url.clone(), reason }
}
