//! The network paths to the server, and whether guests are allowed: `/server.json`.

use std::net::{IpAddr, SocketAddr};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Uri, header},
    web,
};
use serde::Serialize;

/// What pages need to know of the server.
#[derive(Clone, Debug)]
pub struct ServerInfo {
    /// Whether the server is reachable from this machine only, so that guests are allowed.
    pub guests: bool,
    pub network_paths: Vec<NetworkPath>,
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
}

impl ServerInfo {
    /// Whether the client may have a guest account: only if it runs on this machine. A request that
    /// a proxy forwards from another machine has a forwarding header field, or a `Host` that is not
    /// loopback.
    pub fn allows_guest(&self, request: &HttpRequest) -> bool {
        let headers = request.headers();
        let is_forwarded = [header::FORWARDED, header::X_FORWARDED_FOR, header::VIA]
            .iter()
            .any(|name| headers.contains_key(name));
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        self.guests && !is_forwarded && host.is_some_and(is_loopback)
    }
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

#[derive(Serialize)]
struct ServerInfoView<'a> {
    guests: bool,
    #[serde(rename = "lines")]
    network_paths: &'a [NetworkPath],
}

/// `GET /server.json`.
pub async fn show(request: HttpRequest, server_info: web::Data<ServerInfo>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(ServerInfoView {
            guests: server_info.allows_guest(&request),
            network_paths: &server_info.network_paths,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_are_allowed_only_on_a_loopback_server() {
        let allows_guest = |guests| {
            let request = actix_web::test::TestRequest::default()
                .insert_header((header::HOST, "127.0.0.1:8080"))
                .to_http_request();
            let network_paths = Vec::new();
            ServerInfo {
                guests,
                network_paths,
            }
            .allows_guest(&request)
        };
        assert!(allows_guest(true) && !allows_guest(false));
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
