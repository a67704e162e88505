//! One request, with limits on time and size.

use std::{
    error::Error,
    io,
    time::{Duration, SystemTime},
};

use reqwest::{Client, Response as HttpResponse, StatusCode, header, redirect};
use url::Url;

use super::{
    FetchError, Stage,
    address::{PrivateName, PublicOnly},
    body::{self, Overflow},
    retry,
};
use crate::{
    decode,
    impostor::{self, Impostor},
    tls,
};

/// Limits of requests.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For a connection, TLS and all.
    pub connect: Duration,
    /// Until the head of an answer has come, the connection included.
    pub first_byte: Duration,
    /// Between two pieces of a body.
    pub read: Duration,
    /// For all of it.
    pub total: Duration,
    /// Bytes of a body as they come, content coding and all.
    pub packed: usize,
    /// Bytes of a body, content coding taken off.
    pub body: usize,
    /// Half the wait before the second try, more or less; each wait is twice the one before.
    pub backoff: Duration,
    /// The longest rest that a host may ask for without losing the page for this crawl.
    pub patience: Duration,
    /// Requests under way at once, in all.
    pub requests: usize,
    /// Requests under way at once to one host.
    pub host_requests: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(30),
            read: Duration::from_secs(30),
            total: Duration::from_secs(120),
            packed: 32 * 1_024 * 1_024,
            body: 32 * 1_024 * 1_024,
            backoff: Duration::from_millis(500),
            patience: Duration::from_secs(60),
            requests: 16,
            host_requests: 2,
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

impl Validators {
    const fn are_none(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// A body and what came with it.
#[derive(Clone, Debug)]
pub struct Body {
    /// The address that answered, after redirects.
    pub url: Url,
    /// Whether every redirect on the way there said that the page has moved for good.
    pub moved: bool,
    /// Content-Type.
    pub media_type: Option<String>,
    /// For the next request.
    pub validators: Validators,
    /// All headers, in their order; bytes that are no UTF-8 replaced.
    pub headers: Vec<(String, String)>,
    /// The body, content coding taken off.
    pub bytes: Vec<u8>,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Request<'a> {
    pub(super) url: &'a Url,
    pub(super) method: &'a Method,
    pub(super) validators: &'a Validators,
    pub(super) cookies: Option<String>,
    pub(super) allow_private: bool,
    /// Bytes that the body may have, and what becomes of more.
    pub(super) limit: usize,
    pub(super) overflow: Overflow,
}

/// What one request was answered with.
#[derive(Debug)]
pub(super) enum Response {
    NotModified,
    Redirect {
        to: Url,
        /// Whether the same method is to be used there.
        same_method: bool,
        /// Whether the page has moved there for good.
        for_good: bool,
        headers: header::HeaderMap,
    },
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
        tls::provide();
        let builder = || {
            Client::builder()
                .user_agent(agent)
                // Each hop is a request of its own, with its own turn, robots.txt and check of the address.
                .redirect(redirect::Policy::none())
                // Tries are counted and paced here.
                .retry(reqwest::retry::never())
                .no_proxy()
                .connect_timeout(limits.connect)
                .read_timeout(limits.read)
                .timeout(limits.total)
        };
        Ok(Self { public: builder().dns_resolver(PublicOnly).build()?, any: builder().build()? })
    }

    pub(super) async fn send(&self, request: &Request<'_>, limits: &Limits) -> Result<Response, FetchError> {
        let url = request.url;
        let client = if request.allow_private { &self.any } else { &self.public };
        let mut http = match request.method {
            Method::Get => client.get(url.clone()),
            Method::Post(form) => {
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
                client.post(url.clone()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
            }
        };
        http = http
            .header(header::ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9")
            .header(header::ACCEPT_ENCODING, body::CODINGS);
        let Validators { etag, last_modified } = request.validators;
        for (name, value) in [
            (header::IF_NONE_MATCH, etag),
            (header::IF_MODIFIED_SINCE, last_modified),
            (header::COOKIE, &request.cookies),
        ] {
            if let Some(value) = value {
                http = http.header(name, value);
            }
        }
        let head = tokio::time::timeout(limits.first_byte, http.send()).await;
        let late = |_| FetchError::Timeout { url: url.clone(), stage: Stage::Head };
        let response = head.map_err(late)?.map_err(|error| failure(url, &error))?;
        match response.status() {
            // An answer to a question that was not asked tells nothing.
            StatusCode::NOT_MODIFIED if !request.validators.are_none() => Ok(Response::NotModified),
            StatusCode::NOT_MODIFIED => Err(status(url, &response)),
            code if code.is_redirection() => redirect(url, &response),
            StatusCode::OK => {
                let Request { limit, overflow, .. } = *request;
                page(url, response, limits, limit, overflow).await.map(Box::new).map(Response::Body)
            }
            _ => Err(refusal(url, response, limits).await),
        }
    }
}

/// Where a redirect leads.
fn redirect(url: &Url, response: &HttpResponse) -> Result<Response, FetchError> {
    let location = text(response, &header::LOCATION).unwrap_or_default();
    match url.join(&location) {
        Ok(mut to) if !location.is_empty() => {
            to.set_fragment(None);
            let same_method =
                matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
            let for_good = matches!(response.status(), StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT);
            Ok(Response::Redirect { to, same_method, for_good, headers: response.headers().clone() })
        }
        _ => Err(FetchError::BadRedirect { url: url.clone(), location }),
    }
}

async fn page(
    url: &Url,
    response: HttpResponse,
    limits: &Limits,
    limit: usize,
    overflow: Overflow,
) -> Result<Body, FetchError> {
    Ok(Body {
        url: response.url().clone(),
        moved: false,
        media_type: text(&response, &header::CONTENT_TYPE),
        validators: Validators {
            etag: text(&response, &header::ETAG),
            last_modified: text(&response, &header::LAST_MODIFIED),
        },
        headers: headers(&response),
        bytes: body::read(url, response, limits, limit, overflow).await?,
    })
}

/// What an answer means that is neither a page nor a redirect: a challenge, or what its status says.
async fn refusal(url: &Url, response: HttpResponse, limits: &Limits) -> FetchError {
    /// Bytes of such an answer that are looked at.
    const LOOK: usize = 64 * 1_024;
    let (error, headers) = (status(url, &response), headers(&response));
    let (code, media_type) = (response.status(), text(&response, &header::CONTENT_TYPE));
    // Where the body does not come, the status has to do.
    let bytes = body::read(url, response, limits, LOOK, Overflow::Cut).await.unwrap_or_default();
    let text = decode::decode(&bytes, media_type.as_deref(), url.host_str()).text;
    match impostor::refusal(code.as_u16(), &headers, &text) {
        Some(Impostor::Blocked(reason)) => FetchError::Blocked { url: url.clone(), status: code, reason },
        Some(Impostor::NotFound(_)) | None => error,
    }
}

fn status(url: &Url, response: &HttpResponse) -> FetchError {
    let retry_after = text(response, &header::RETRY_AFTER);
    FetchError::Status {
        url: url.clone(),
        status: response.status(),
        retry_after: retry_after.and_then(|header| retry::retry_after(&header, SystemTime::now())),
    }
}

fn headers(response: &HttpResponse) -> Vec<(String, String)> {
    let lossy = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    response.headers().iter().map(|(name, value)| (name.to_string(), lossy(value))).collect()
}

fn text(response: &HttpResponse, name: &header::HeaderName) -> Option<String> {
    Some(String::from_utf8_lossy(response.headers().get(name)?.as_bytes()).into_owned())
}

/// An error of the client in words: reqwest says what it was doing, its innermost cause says what went wrong.
pub(super) fn failure(url: &Url, error: &reqwest::Error) -> FetchError {
    let url = url.clone();
    let causes = || std::iter::successors(Some(error as &(dyn Error + 'static)), |error| cause(*error));
    if let Some(name) = causes().find_map(|cause| cause.downcast_ref::<PrivateName>()) {
        return FetchError::Private { url, address: name.address };
    }
    if let Some(tls) = causes().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return FetchError::Tls { url, reason: tls.to_string() };
    }
    if error.is_timeout() {
        let stage = match () {
            () if error.is_connect() => Stage::Connect,
            () if error.is_body() || error.is_decode() => Stage::Body,
            () => Stage::Head,
        };
        return FetchError::Timeout { url, stage };
    }
    let reason = causes().last().map_or_else(|| error.to_string(), ToString::to_string);
    if error.is_body() || error.is_decode() {
        FetchError::Broken { url, reason }
    } else {
        FetchError::Unreachable { url, reason }
    }
}

/// What caused an error. An I/O error names the cause of what it holds, and would pass over that itself.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
