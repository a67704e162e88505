//! Cookies of one fetch. Some sites answer the first request with a redirect to the same page and a cookie that is to
//! come back; nothing else here needs cookies, so they live no longer than the fetch.

use reqwest::header::{HeaderMap, SET_COOKIE};
use url::Url;

/// How many cookies are kept.
const MAX: usize = 20;
/// Bytes that one cookie may have.
const MAX_LENGTH: usize = 4_096;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Cookie {
    /// The host that set it, the only one that gets it back.
    host: String,
    name: String,
    value: String,
    secure: bool,
}

/// The cookies that redirects have set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Cookies(Vec<Cookie>);

impl Cookies {
    /// Takes the cookies of an answer.
    pub(super) fn take(&mut self, url: &Url, headers: &HeaderMap) {
        let host = url.host_str().unwrap_or_default();
        for header in headers.get_all(SET_COOKIE) {
            let Ok(text) = header.to_str() else { continue };
            let mut parts = text.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            let secure = parts.any(|attribute| attribute.eq_ignore_ascii_case("secure"));
            self.0.retain(|cookie| (cookie.host.as_str(), cookie.name.as_str()) != (host, name.trim()));
            if self.0.len() < MAX && text.len() <= MAX_LENGTH {
                let [host, name, value] = [host, name.trim(), value.trim()].map(ToOwned::to_owned);
                self.0.push(Cookie { host, name, value, secure });
            }
        }
        // In an order that doesn't tell which came first: the same cookies are the same, however they came.
        self.0.sort();
    }

    /// The header for a request; none where the host has set no cookie.
    pub(super) fn header(&self, url: &Url) -> Option<String> {
        let own = self
            .0
            .iter()
            .filter(|cookie| Some(cookie.host.as_str()) == url.host_str())
            .filter(|cookie| !cookie.secure || url.scheme() == "https");
        let pairs: Vec<_> = own.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_back_to_their_host_only() {
        let url = |text| Url::parse(text).unwrap();
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, "b=2; Path=/; Secure".parse().unwrap());
        headers.append(SET_COOKIE, "a=1; HttpOnly".parse().unwrap());
        headers.append(SET_COOKIE, "nonsense".parse().unwrap());
        let mut cookies = Cookies::default();
        cookies.take(&url("https://a.example/x"), &headers);
        assert_eq!(cookies.header(&url("https://a.example/y")).unwrap(), "a=1; b=2");
        assert_eq!(cookies.header(&url("http://a.example/y")).unwrap(), "a=1");
        assert_eq!(cookies.header(&url("https://a.example.evil.example/")), None);
        let before = cookies.clone();
        cookies.take(&url("https://a.example/x"), &headers);
        assert_eq!(cookies, before);
        headers.clear();
        headers.append(SET_COOKIE, "a=3".parse().unwrap());
        cookies.take(&url("https://a.example/x"), &headers);
        assert_eq!(cookies.header(&url("http://a.example/y")).unwrap(), "a=3");
    }
}
