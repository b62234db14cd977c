//! The network paths to the server, and whether guests are allowed: `/server.json`.

use std::net::{IpAddr, SocketAddr};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Uri,
        header::{self, HeaderMap},
    },
    web,
};
use serde::Serialize;

/// What pages need to know of the server.
#[derive(Clone, Debug)]
pub struct ServerInfo {
    pub guests: Guests,
    /// Who may create an account: the slug of [`Registration`](crate::limits::Registration).
    pub registration: &'static str,
    pub network_paths: Vec<NetworkPath>,
    /// Where other machines reach this one, if they do and it is known.
    pub network_address: Option<SocketAddr>,
}

/// Who may have a guest account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guests {
    Everybody,
    /// Who asks from this machine.
    OfThisMachine,
    Nobody,
}

impl Guests {
    /// As it was set; else only a server that listens on a loopback address has guests.
    pub fn new(setting: Option<&str>, address: SocketAddr) -> Self {
        match setting {
            Some("on") => Guests::Everybody,
            None if address.ip().is_loopback() => Guests::OfThisMachine,
            _ => Guests::Nobody,
        }
    }
}

/// A network path to this server: the same host with another port.
#[derive(Clone, Debug, Serialize)]
pub struct NetworkPath {
    slug: &'static str,
    name: &'static str,
    port: u16,
    about: String,
}

impl NetworkPath {
    pub fn new(
        slug: &'static str,
        name: &'static str,
        address: SocketAddr,
        about: impl Into<String>,
    ) -> Self {
        NetworkPath {
            slug,
            name,
            port: address.port(),
            about: about.into(),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }
}

impl ServerInfo {
    /// Whether the client may have a guest account.
    pub fn allows_guest(&self, request: &HttpRequest) -> bool {
        match self.guests {
            Guests::Everybody => true,
            Guests::OfThisMachine => is_of_this_machine(request.headers()),
            Guests::Nobody => false,
        }
    }

    /// Whoever is on another machine has an address already, and need not know the machine's own.
    fn network_for(&self, request: &HttpRequest) -> Option<String> {
        let address = self.network_address?;
        is_of_this_machine(request.headers()).then(|| format!("http://{address}"))
    }

    /// What this client's page is told.
    pub fn view(&self, request: &HttpRequest) -> ServerInfoView<'_> {
        ServerInfoView {
            guests: self.allows_guest(request),
            registration: self.registration,
            network_paths: &self.network_paths,
            network: self.network_for(request),
        }
    }
}

/// Whether a request to a loopback address is not from another machine: one that a proxy forwards has a
/// forwarding header field, or a `Host` that is not loopback.
fn is_of_this_machine(headers: &HeaderMap) -> bool {
    let is_forwarded = [header::FORWARDED, header::X_FORWARDED_FOR, header::VIA]
        .iter()
        .any(|name| headers.contains_key(name));
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    !is_forwarded && host.is_some_and(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Uri>() else {
        return false;
    };
    let name = authority.host().unwrap_or_default();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The response to `GET /server.json`.
#[derive(Serialize)]
pub struct ServerInfoView<'a> {
    guests: bool,
    registration: &'static str,
    #[serde(rename = "lines")]
    network_paths: &'a [NetworkPath],
    /// For pages at a loopback address: where other machines reach the server.
    network: Option<String>,
}

/// `GET /server.json`.
pub async fn show(request: HttpRequest, server_info: web::Data<ServerInfo>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(server_info.view(&request))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unless_it_is_set_guests_are_allowed_only_on_a_loopback_server() {
        let at = |setting, address: &str| Guests::new(setting, address.parse().unwrap());
        assert_eq!(at(None, "127.0.0.1:80"), Guests::OfThisMachine);
        assert_eq!(at(None, "0.0.0.0:80"), Guests::Nobody);
        assert_eq!(at(Some("on"), "0.0.0.0:80"), Guests::Everybody);
        assert_eq!(at(Some("off"), "127.0.0.1:80"), Guests::Nobody);
    }

    #[test]
    fn what_a_proxy_forwards_is_not_of_this_machine() {
        let request = |host: &str, forwarded: bool| {
            let mut request =
                actix_web::test::TestRequest::default().insert_header((header::HOST, host));
            if forwarded {
                request = request.insert_header((header::X_FORWARDED_FOR, "1.1.1.1"));
            }
            is_of_this_machine(request.to_http_request().headers())
        };
        assert!(request("127.0.0.1:8080", false));
        assert!(!request("127.0.0.1:8080", true) && !request("lab.example", false));
    }

    #[test]
    fn loopback_hosts_are_recognised() {
        for host in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:8080",
            "127.1.2.3",
            "[::1]:8080",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "lab.example",
            "localhost.example:80",
            "10.0.0.1",
            "[::2]",
            "",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
