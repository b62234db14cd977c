//! How this server is reached: by which lines, and by whom without an account.

use std::net::{IpAddr, SocketAddr};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Uri, header},
    web,
};
use serde::Serialize;

/// StepKind pages are told of it.
#[derive(Clone, Debug)]
pub struct ServerInfo {
    /// Whether the server is reached from this machine alone, so that anybody may look as a guest.
    pub guests: bool,
    pub lines: Vec<NetworkPath>,
}

/// A way to this server: the same host, another port.
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
    /// Whether who asks may have a throw-away account: somebody at this very machine. A proxy that
    /// lets others in says so in its headers, or keeps the name that they asked for.
    pub fn admits_guest(&self, request: &HttpRequest) -> bool {
        let headers = request.headers();
        let is_forwarded = [header::FORWARDED, header::X_FORWARDED_FOR, header::VIA]
            .iter()
            .any(|name| headers.contains_key(name));
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        self.guests && !is_forwarded && host.is_some_and(names_loopback)
    }
}

fn names_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Uri>() else {
        return false;
    };
    let name = authority.host().unwrap_or_default();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[derive(Serialize)]
struct View<'a> {
    guests: bool,
    lines: &'a [NetworkPath],
}

pub async fn tell(request: HttpRequest, server_info: web::Data<ServerInfo>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(View {
            guests: server_info.admits_guest(&request),
            lines: &server_info.lines,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_for_others_has_no_guests() {
        let ask = |guests| {
            let request = actix_web::test::TestRequest::default()
                .insert_header((header::HOST, "127.0.0.1:8080"))
                .to_http_request();
            let lines = Vec::new();
            ServerInfo { guests, lines }.admits_guest(&request)
        };
        assert!(ask(true) && !ask(false));
    }

    #[test]
    fn loopback_is_known_by_its_names() {
        for host in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:8080",
            "127.1.2.3",
            "[::1]:8080",
        ] {
            assert!(names_loopback(host), "{host}");
        }
        for host in [
            "lab.example",
            "localhost.example:80",
            "10.0.0.1",
            "[::2]",
            "",
        ] {
            assert!(!names_loopback(host), "{host}");
        }
    }
}
