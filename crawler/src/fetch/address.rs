//! Which addresses may be connected to. A page may name any address, and a redirect or a name may lead to any, so all
//! three are checked: the host of every URL, and what every name resolves to, where the connection is made.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::FetchError;

/// Refuses what is no HTTP address, and an address literal that is not public, unless such are allowed. The URL parser
/// has folded the spellings of one address (`2130706433`, `0x7f.1`) into one.
pub(super) fn check(url: &Url, allow_private: bool) -> Result<(), FetchError> {
    let address = match (url.scheme(), url.host()) {
        ("http" | "https", Some(Host::Domain(_))) => return Ok(()),
        ("http" | "https", Some(Host::Ipv4(ip))) => IpAddr::V4(ip),
        ("http" | "https", Some(Host::Ipv6(ip))) => IpAddr::V6(ip),
        _ => return Err(FetchError::NotHttp { url: url.clone() }),
    };
    if allow_private || is_public(address) { Ok(()) } else { Err(FetchError::Private { url: url.clone(), address }) }
}

/// A name that resolves to no public address.
#[derive(Debug, thiserror::Error)]
#[error(
    "{name} resolves to {address}, which is not on the public network; a source of your own network needs `allow_private = true`"
)]
pub(super) struct PrivateName {
    name: String,
    pub(super) address: IpAddr,
}

/// Resolves names into public addresses only. The connection is made to what this answers, so a name cannot mean one
/// address here and another there.
#[derive(Debug)]
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if let Some(private) = found.iter().find(|address| !is_public(address.ip())) {
                let refused = PrivateName { name: name.as_str().to_owned(), address: private.ip() };
                return Err(refused.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is of the public network: none of the blocks that the IANA special-purpose registries (RFC 6890)
/// keep for other ends.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    // Addresses that carry an IPv4 address are as public as that one: mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96) and
    // 6to4 (2002::/16).
    let carried = match ip.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some((high, low)),
        [0x2002, high, low, ..] => Some((high, low)),
        _ => None,
    };
    if let Some((high, low)) = carried {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    // Global unicast is 2000::/3; 2001:db8::/32 in it is for documents.
    ip.segments()[0] & 0xe000 == 0x2000 && ip.segments()[..2] != [0x2001, 0xdb8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_every_spelling_of_what_is_not_public() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::a00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://169.254.169.254/latest/meta-data",
            "http://10.0.0.1/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://255.255.255.255/",
        ] {
            let url = Url::parse(url).unwrap();
            assert!(matches!(check(&url, false), Err(FetchError::Private { .. })), "{url}");
            assert!(check(&url, true).is_ok(), "{url}");
        }
        for url in
            ["http://114.114.114.114/", "https://wjw.example.cn/", "http://[2400:3200::1]/", "http://172.32.0.1/"]
        {
            assert!(check(&Url::parse(url).unwrap(), false).is_ok(), "{url}");
        }
        assert!(check(&Url::parse("file:///etc/passwd").unwrap(), true).is_err());
    }

    #[tokio::test]
    async fn a_name_of_this_machine_does_not_resolve() {
        let Err(error) = PublicOnly.resolve("localhost".parse().unwrap()).await else { panic!("it resolves") };
        assert!(error.to_string().contains("localhost"), "{error}");
    }
}
