//! Addresses of clients, as limits count them.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};
use ipnet::IpNet;

/// The bits of an IPv6 address that its network gives: whoever has one has all of the rest.
const NETWORK_BITS: u128 = !(u64::MAX as u128);

/// What counts as one address: of IPv6 the first of its /64.
pub fn block(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & NETWORK_BITS).into(),
        IpAddr::V4(v4) => v4.into(),
    }
}

/// The proxies whose `X-Forwarded-For` is believed.
pub struct TrustedProxies(pub Vec<IpNet>);

impl TrustedProxies {
    fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether connections from there are not a stranger's: they are from this machine or a proxy.
    pub fn is_own(&self, peer: IpAddr) -> bool {
        peer.is_loopback() || self.contains(peer)
    }

    /// Who sends a request that came from `peer`: of the addresses that proxies have added, the last that
    /// is not a trusted proxy's.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.contains(peer) {
            return peer;
        }
        let lists: Vec<_> = headers.get_all(X_FORWARDED_FOR).collect();
        let hops = lists.iter().rev().filter_map(|list| list.to_str().ok());
        let mut hops = hops.flat_map(|list| list.rsplit(','));
        hops.try_fold(peer, |before, hop| match hop.trim().parse::<IpAddr>() {
            Ok(hop) if self.contains(hop.to_canonical()) => Ok(hop.to_canonical()),
            Ok(client) => Err(client.to_canonical()),
            // What is before it nobody vouches for.
            Err(_) => Err(before),
        })
        .unwrap_or_else(|client| client)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let networks = trusted.iter().map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for list in forwarded {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_str(list).unwrap());
        }
        let proxies = TrustedProxies(networks.collect());
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client(&[], "127.0.0.1", &["1.1.1.1"]), "127.0.0.1");
        let loopback = &["127.0.0.0/8"][..];
        assert_eq!(client(loopback, "127.0.0.1", &["1.1.1.1"]), "1.1.1.1");
        assert_eq!(client(loopback, "10.0.0.1", &["1.1.1.1"]), "10.0.0.1");
        assert_eq!(client(loopback, "127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_a_client_wrote_itself_is_not_believed() {
        let trusted = &["127.0.0.0/8", "10.0.0.0/8"][..];
        let of = |lists: &[&str]| client(trusted, "127.0.0.1", lists);
        assert_eq!(of(&["9.9.9.9, 1.1.1.1"]), "1.1.1.1");
        assert_eq!(of(&["9.9.9.9", "1.1.1.1, 10.1.2.3"]), "1.1.1.1");
        assert_eq!(of(&["1.1.1.1, nonsense"]), "127.0.0.1");
        assert_eq!(of(&["nonsense, 10.1.2.3"]), "10.1.2.3");
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let of = |text: &str| block(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
