//! Addresses of clients, as limits count them.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

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
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        if !self.contains(peer) || !headers.contains_key(X_FORWARDED_FOR) {
            return Client {
                address: peer,
                is_limited: !peer.is_loopback(),
            };
        }
        let lists: Vec<_> = headers.get_all(X_FORWARDED_FOR).collect();
        let hops = lists.iter().rev().map(|list| list.as_bytes());
        let mut hops = hops.flat_map(|list| list.rsplit(|byte| *byte == b','));
        let address = hops.try_fold(peer, |before, hop| match address(hop) {
            Some(hop) if self.contains(hop) => Ok(hop),
            Some(client) => Err(client),
            // What is before it nobody vouches for.
            None => Err(before),
        });
        Client {
            address: address.unwrap_or_else(|client| client),
            is_limited: true,
        }
    }
}

/// Who sends a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    pub address: IpAddr,
    /// Whether it has limits of its own: all have but those on this machine itself.
    pub is_limited: bool,
}

/// An address as a proxy writes it, perhaps with a port.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?.trim();
    let with_port = || hop.parse::<SocketAddr>().map(|address| address.ip());
    let in_brackets = || hop.trim_matches(['[', ']']).parse();
    let address = hop
        .parse()
        .or_else(|_| with_port())
        .or_else(|_| in_brackets());
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const HOPS: &[&str] = &[
        "1.1.1.1",
        "9.9.9.9, 1.1.1.1",
        "1.2.3.4:5678, 10.1.2.3",
        "[2001:db8::1]:80",
        "::ffff:10.0.0.1, unknown",
        "nonsense",
    ];

    proptest! {
        /// Whatever a client writes, it counts as the address that the proxy has added after it.
        #[test]
        fn what_comes_before_the_proxys_own_entry_changes_nothing(written in corpus::mutated(HOPS)) {
            let written = written.replace(|c: char| c.is_control(), "");
            let found = found(&["127.0.0.0/8"], "127.0.0.1", &[&format!("{written}, 5.6.7.8")]);
            prop_assert_eq!(found.address.to_string(), "5.6.7.8");
            prop_assert!(found.is_limited);
        }

        #[test]
        fn an_address_that_is_read_is_read_again_as_itself(hop in corpus::mutated(HOPS)) {
            if let Some(read) = address(hop.as_bytes()) {
                prop_assert_eq!(address(read.to_string().as_bytes()), Some(read));
                prop_assert_eq!(block(block(read)), block(read));
            }
        }
    }

    fn found(trusted: &[&str], peer: &str, forwarded: &[&str]) -> Client {
        let networks = trusted.iter().map(|network| network.parse().unwrap());
        let mut headers = HeaderMap::new();
        for list in forwarded {
            let list = HeaderValue::from_bytes(list.as_bytes()).unwrap();
            headers.append(X_FORWARDED_FOR, list);
        }
        let proxies = TrustedProxies(networks.collect());
        proxies.client(peer.parse().unwrap(), &headers)
    }

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        found(trusted, peer, forwarded).address.to_string()
    }

    #[test]
    fn only_what_is_sent_on_this_machine_has_no_limits() {
        let trusted = &["127.0.0.0/8"][..];
        assert!(!found(&[], "127.0.0.1", &["1.1.1.1"]).is_limited);
        assert!(!found(trusted, "127.0.0.1", &[]).is_limited);
        assert!(found(&[], "10.0.0.1", &[]).is_limited);
        for forwarded in ["1.1.1.1", "127.0.0.1", "nonsense", "é, 1.2.3.4", ""] {
            assert!(
                found(trusted, "127.0.0.1", &[forwarded]).is_limited,
                "{forwarded}"
            );
        }
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
        assert_eq!(of(&["é, 1.2.3.4"]), "1.2.3.4");
        assert_eq!(of(&["1.2.3.4:5678"]), "1.2.3.4");
        assert_eq!(of(&["[2001:db8::1]:80"]), "2001:db8::1");
        assert_eq!(of(&["[2001:db8::1]"]), "2001:db8::1");
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let of = |text: &str| block(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
