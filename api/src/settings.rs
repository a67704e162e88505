//! What a server that is open to all allows.

use std::{net::IpAddr, num::NonZeroU32, str::FromStr, time::Duration};

use axum::http::{HeaderValue, Uri, uri::PathAndQuery};
use ipnet::IpNet;

/// What whoever runs a server can set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a query may take.
    pub time: Duration,
    /// How many requests a minute are answered to one address that sends no token; any number unless said.
    pub rate: Option<NonZeroU32>,
    /// How many requests a minute are answered to one token; any number unless said.
    pub token_rate: Option<NonZeroU32>,
    /// Whose word is taken for the address of a client, in the header `X-Forwarded-For`.
    pub proxies: Vec<Network>,
    /// The web sites whose pages may ask.
    pub origins: Vec<Origin>,
    /// Whether the schema can be asked for.
    pub introspection: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            rate: NonZeroU32::new(600),
            token_rate: NonZeroU32::new(6_000),
            proxies: Vec::new(),
            origins: Vec::new(),
            introspection: true,
        }
    }
}

/// Some addresses: one, or a network of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether an address is one of them.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

/// What is no network.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no address and no network: 10.0.0.7, 10.0.0.0/8 and fd00::/8 are")]
pub struct BadNetwork(String);

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Self).map_err(|_| BadNetwork(text.to_owned()))
    }
}

/// A web site, as browsers name it: `https://example.org`. Or any: `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// All web sites.
    Any,
    /// This one.
    Site(HeaderValue),
}

/// What is no web site.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no web site: https://example.org and http://127.0.0.1:3000 are, without a path; * is any")]
pub struct BadOrigin(String);

impl FromStr for Origin {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let bad = || BadOrigin(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| bad())?;
        let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
        let has_path = uri.path_and_query().map(PathAndQuery::as_str).is_some_and(|path| path != "/");
        if !is_web || has_path || text.ends_with('/') || text.contains('@') {
            return Err(bad());
        }
        text.to_ascii_lowercase().parse().map(Self::Site).map_err(|_| bad())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses() {
        let holds =
            |network: &str, address: &str| network.parse::<Network>().unwrap().contains(address.parse().unwrap());
        assert!(holds("10.0.0.0/8", "10.9.8.7") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("127.0.0.1", "127.0.0.1") && !holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "10.0.0.1"));
        assert!("10.0.0.0/33".parse::<Network>().unwrap_err().to_string().contains("10.0.0.0/33"));
    }

    #[test]
    fn an_origin_is_a_site_without_a_path() {
        assert_eq!("*".parse::<Origin>().unwrap(), Origin::Any);
        let site = |text: &str| Origin::Site(HeaderValue::from_str(text).unwrap());
        assert_eq!("https://Example.org:8443".parse::<Origin>().unwrap(), site("https://example.org:8443"));
        for bad in ["example.org", "https://example.org/", "https://example.org/a", "ftp://example.org", "null", ""] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }
}
