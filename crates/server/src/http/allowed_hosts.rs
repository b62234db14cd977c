//! The names under which the server may be asked.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::uri::Authority;

/// Allows every name.
const EVERY: &str = "*";

/// The hosts that requests may name. A page of a stranger can give its own name the address of this
/// machine (DNS rebinding), and would then be of the same origin as this server.
#[derive(Clone, Debug)]
pub struct AllowedHosts {
    /// In lower case; empty allows every host.
    names: Vec<String>,
    allows_every: bool,
}

impl AllowedHosts {
    /// The named hosts, and those of the loopback. Without any, a server that listens on a loopback
    /// address allows those of the loopback alone, and another one every host.
    pub fn new(named: &[String], address: SocketAddr) -> Self {
        let is_open = named.is_empty() && !address.ip().is_loopback();
        AllowedHosts {
            names: named.iter().map(|name| name.to_ascii_lowercase()).collect(),
            allows_every: is_open || named.iter().any(|name| name == EVERY),
        }
    }

    /// Whether a request with this `Host` may be served. A name without a dot is of this machine or of
    /// its own network, where no stranger gives out names.
    pub fn allows(&self, host: &str) -> bool {
        if self.allows_every {
            return true;
        }
        let Ok(authority) = host.parse::<Authority>() else {
            return false;
        };
        let name = authority.host().to_ascii_lowercase();
        is_of_loopback(&name) || self.names.contains(&name)
    }
}

fn is_of_loopback(name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => !name.contains('.') || name.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOSTS: &[&str] = &[
        "127.0.0.1:8080",
        "localhost",
        "[::1]:80",
        "chat.localhost",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "[::ffff:127.0.0.1]",
        "user@localhost:1",
    ];

    proptest! {
        /// As a browser sees it: a host with a dot that is neither an address of the loopback nor below
        /// `localhost` belongs to somebody.
        #[test]
        fn a_name_that_strangers_can_own_is_not_served(host in corpus::mutated(HOSTS)) {
            let url = actix_web::http::Uri::try_from(format!("http://{host}/"));
            if at("127.0.0.1:80", &[]).allows(&host) {
                let url = url.unwrap();
                let name = url.host().unwrap().to_ascii_lowercase();
                let bare = name.trim_matches(['[', ']']);
                let is_own = !name.contains('.')
                    || name.ends_with(".localhost")
                    || bare.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
                prop_assert!(is_own, "{host}");
            }
        }
    }

    fn at(address: &str, named: &[&str]) -> AllowedHosts {
        let named: Vec<_> = named.iter().map(ToString::to_string).collect();
        AllowedHosts::new(&named, address.parse().unwrap())
    }

    #[test]
    fn on_a_loopback_address_only_its_names_are_served() {
        let hosts = at("127.0.0.1:80", &[]);
        for own in [
            "127.0.0.1:8080",
            "localhost",
            "LocalHost:80",
            "[::1]:80",
            "chat.localhost",
            "127.1.2.3",
            "laptop",
        ] {
            assert!(hosts.allows(own), "{own}");
        }
        for foreign in [
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "10.0.0.1",
            "[::2]",
            "",
            "a b",
        ] {
            assert!(!hosts.allows(foreign), "{foreign}");
        }
    }

    #[test]
    fn named_hosts_are_served_and_on_a_public_address_every_one() {
        assert!(at("0.0.0.0:80", &[]).allows("chat.example"));
        let named = at("0.0.0.0:80", &["Chat.example"]);
        assert!(named.allows("chat.example:443") && named.allows("127.0.0.1"));
        assert!(!named.allows("evil.example"));
        assert!(at("127.0.0.1:80", &["*"]).allows("evil.example"));
    }
}
