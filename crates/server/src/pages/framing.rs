//! Which page may frame which. The race holds the readers of another network path in `/line` of that path's
//! origin; nothing else is framed, and nobody else frames anything.

use actix_web::{
    HttpRequest,
    http::{header, uri::Authority},
};

use super::{NetworkPath, ServerInfo, served::policy};

const NOBODY: &str = "'none'";

/// The policy of the race: it may frame pages of this server's network paths.
pub fn of_race(request: &HttpRequest, server_info: &ServerInfo) -> String {
    policy(&origins(request, server_info), NOBODY)
}

/// The policy of `/line`: pages of this server's network paths may frame it.
pub fn of_line(request: &HttpRequest, server_info: &ServerInfo) -> String {
    policy(NOBODY, &origins(request, server_info))
}

/// The network paths as sources of a policy: the host by which the browser knows this server, with their
/// ports. Without a scheme they have that of the page.
fn origins(request: &HttpRequest, server_info: &ServerInfo) -> String {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let name = host.and_then(plain_name);
    let paths = &server_info.network_paths;
    match name {
        Some(name) if !paths.is_empty() => sources(&name, paths),
        _ => NOBODY.into(),
    }
}

fn sources(name: &str, paths: &[NetworkPath]) -> String {
    let source = |path: &NetworkPath| format!("{name}:{}", path.port());
    paths.iter().map(source).collect::<Vec<_>>().join(" ")
}

/// The name of a host, if a policy can name it: an IPv6 address has no place in one.
fn plain_name(host: &str) -> Option<String> {
    let name = host.parse::<Authority>().ok()?.host().to_ascii_lowercase();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (!name.is_empty() && name.chars().all(is_plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::Guests;

    fn origins_at(host: Option<&str>) -> String {
        let path = |slug, port| NetworkPath::new(slug, slug, ([127, 0, 0, 1], port).into(), "");
        let server_info = ServerInfo {
            guests: Guests::Nobody,
            registration: "open",
            network_paths: vec![path("plain", 8080), path("slow", 8081)],
            network_address: None,
        };
        let mut request = actix_web::test::TestRequest::default();
        if let Some(host) = host {
            request = request.insert_header((header::HOST, host));
        }
        origins(&request.to_http_request(), &server_info)
    }

    #[test]
    fn the_origins_are_the_network_paths_of_the_host_that_was_asked() {
        for (host, name) in [
            ("127.0.0.1:8080", "127.0.0.1"),
            ("LocalHost:8081", "localhost"),
            ("chat.example", "chat.example"),
        ] {
            let expected = format!("{name}:8080 {name}:8081");
            assert_eq!(origins_at(Some(host)), expected);
        }
    }

    #[test]
    fn a_host_that_a_policy_cannot_name_frames_nothing() {
        for host in ["[::1]:8080", "a;b", "*", "a b", "*.example", "", "'self'"] {
            assert_eq!(origins_at(Some(host)), "'none'", "{host}");
        }
        assert_eq!(origins_at(None), "'none'");
    }
}
