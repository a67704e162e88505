//! The way of one fetch from redirect to redirect.

use std::collections::HashSet;

use reqwest::header::HeaderMap;
use url::Url;

use super::{FetchError, Method, Validators, body::Overflow, client::Request, cookie::Cookies};

/// How many redirects are followed.
const REDIRECTS: usize = 8;

/// Where a fetch stands.
#[derive(Debug)]
pub(super) struct Walk {
    /// The address to ask now.
    pub(super) url: Url,
    /// The host that the source named, which alone may be private.
    home: Option<String>,
    cookies: Cookies,
    /// With which cookies which address was asked before.
    asked: HashSet<(Url, Cookies)>,
}

impl Walk {
    pub(super) fn new(url: &Url, allow_private: bool) -> Self {
        Self {
            url: url.clone(),
            home: url.host_str().filter(|_| allow_private).map(ToOwned::to_owned),
            cookies: Cookies::default(),
            asked: HashSet::new(),
        }
    }

    /// Whether the address may be one of a private network.
    pub(super) fn allows_private(&self) -> bool {
        self.home.is_some() && self.home.as_deref() == self.url.host_str()
    }

    /// The request to make now.
    pub(super) fn request<'a>(
        &'a self,
        method: &'a Method,
        validators: &'a Validators,
        limit: usize,
        overflow: Overflow,
    ) -> Request<'a> {
        Request {
            url: &self.url,
            method,
            validators,
            cookies: self.cookies.header(&self.url),
            allow_private: self.allows_private(),
            limit,
            overflow,
        }
    }

    /// Goes where a redirect leads. One to the same page is followed where it brought a cookie.
    pub(super) fn follow(&mut self, to: Url, headers: &HeaderMap) -> Result<(), FetchError> {
        self.asked.insert((self.url.clone(), self.cookies.clone()));
        self.cookies.take(&self.url, headers);
        self.url = to;
        if self.asked.contains(&(self.url.clone(), self.cookies.clone())) {
            return Err(FetchError::RedirectLoop { url: self.url.clone() });
        }
        if self.asked.len() > REDIRECTS {
            return Err(FetchError::Redirects { url: self.url.clone(), limit: REDIRECTS });
        }
        Ok(())
    }
}
