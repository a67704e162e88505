//! Whose request it is.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName},
};

use crate::settings::Network;

/// Where a proxy says for whom it asks, each proxy at the end.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address that a request comes from: that of the connection, or the one that trusted proxies name.
pub(super) fn address(request: &Request, proxies: &[Network]) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    // Without a network there is one client.
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip().to_canonical());
    behind(peer, request.headers(), proxies)
}

/// Goes back from the connection as long as a trusted proxy names the one before it.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let mut address = peer;
    let named = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = named.flat_map(|value| value.split(',')).map(str::trim).collect();
    for before in named.into_iter().rev() {
        if !proxies.iter().any(|network| network.contains(address)) {
            break;
        }
        // Some proxies name the port too.
        let parsed = before.parse::<IpAddr>().or_else(|_| before.parse::<SocketAddr>().map(|socket| socket.ip()));
        let Ok(parsed) = parsed else { break };
        address = parsed.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(peer: &str, forwarded: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let proxies: Vec<Network> = proxies.iter().map(|network| network.parse().unwrap()).collect();
        super::behind(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_speaks_for_others() {
        assert_eq!(behind("192.0.2.9", &["198.51.100.1"], &[]), "192.0.2.9");
        assert_eq!(behind("10.0.0.1", &["198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        // What the client itself wrote stands before what the proxy wrote.
        assert_eq!(behind("10.0.0.1", &["203.0.113.5, 198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(behind("10.0.0.1", &["203.0.113.5", "198.51.100.1, 10.0.0.2"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(behind("10.0.0.1", &["unknown"], &["10.0.0.0/8"]), "10.0.0.1");
        assert_eq!(behind("10.0.0.1", &["[2001:db8::7]:4711"], &["10.0.0.1"]), "2001:db8::7");
    }
}
