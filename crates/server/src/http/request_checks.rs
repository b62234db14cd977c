//! Checks of every request, before anything else is done with it: its host, its origin, its length.

use actix_http::RequestHead;
use actix_web::http::{Uri, header};
use protocol::MAX_BODY_BYTES;

use super::{Error, State};
use crate::connection::Wire;

/// What a page may ask to find out why nothing else is served: it has no secret.
const FOR_EVERY_HOST: &str = "/server.json";

/// What the address of the metrics serves, where they have one of their own.
const FOR_OPERATORS: [&str; 3] = ["/metrics", "/healthz", "/readyz"];

/// Whether a request may be answered.
///
/// # Errors
/// The refusal: 403 for a foreign host or origin, 404 for what is served on another address, 413 for a
/// body that is too large.
pub fn check_request(request: &RequestHead, state: &State, wire: &Wire) -> Result<(), Error> {
    if state.is_for_metrics(wire) {
        // Whoever collects them may call the server as it likes.
        return match FOR_OPERATORS.contains(&request.uri.path()) {
            true => check_origin_and_length(request),
            false => Err(Error::not_found("this address serves the metrics only")),
        };
    }
    check_host(request, state)?;
    check_origin_and_length(request)
}

/// HTTP/1.0 knows no `Host`.
fn check_host(request: &RequestHead, state: &State) -> Result<(), Error> {
    let Some(host) = request.headers.get(header::HOST) else {
        return Ok(());
    };
    let host = host.to_str().unwrap_or_default();
    match state.allowed_hosts.allows(host) || request.uri.path() == FOR_EVERY_HOST {
        true => Ok(()),
        false => Err(Error::forbidden(format!(
            "this server is not {host:?}: its operator can allow the name with --allowed-hosts"
        ))),
    }
}

fn check_origin_and_length(request: &RequestHead) -> Result<(), Error> {
    let handshake = request.headers.contains_key(header::SEC_WEBSOCKET_KEY);
    if (handshake || !request.method.is_safe()) && is_foreign(request) {
        return Err(Error::forbidden("this request comes from another origin"));
    }
    match content_length(request) {
        Some(length) if length > MAX_BODY_BYTES as u64 => Err(Error::too_large()),
        _ => Ok(()),
    }
}

/// Whether `Origin` is given and its authority differs from `Host`.
fn is_foreign(request: &RequestHead) -> bool {
    let Some(origin) = request.headers.get(header::ORIGIN) else {
        return false;
    };
    let host = request
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.parse::<Uri>().ok());
    match (origin, host) {
        (Some(origin), Some(host)) => !same_authority(&origin, host),
        _ => true,
    }
}

fn same_authority(origin: &Uri, host: &str) -> bool {
    // Browsers leave the default port out of both; other clients may include it.
    let default = match origin.scheme_str() {
        Some("http") => ":80",
        Some("https") => ":443",
        _ => return false,
    };
    let without_default_port = |authority: &str| {
        let lower = authority.to_ascii_lowercase();
        lower
            .strip_suffix(default)
            .map_or(lower.clone(), Into::into)
    };
    origin.authority().is_some_and(|authority| {
        without_default_port(authority.as_str()) == without_default_port(host)
    })
}

/// The length that a request gives its body, in bytes.
pub fn content_length(request: &RequestHead) -> Option<u64> {
    let length = request.headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ORIGINS: &[&str] = &[
        "http://127.0.0.1:8080",
        "https://lab.example:443",
        "http://[::1]:80",
        "null",
        "file:///x",
        "http://user@lab.example",
    ];

    proptest! {
        #[test]
        fn another_authority_is_foreign(
            origin in corpus::mutated(ORIGINS), host in "[a-z]{1,5}[.][a-z]{2}(:[0-9]{1,5})?",
        ) {
            let Ok(parsed) = origin.parse::<Uri>() else {
                return Ok(());
            };
            if same_authority(&parsed, &host) {
                let name = host.split(':').next().unwrap();
                prop_assert_eq!(parsed.host().unwrap().to_ascii_lowercase(), name);
            }
        }
    }

    #[test]
    fn authorities_are_compared_without_default_ports() {
        let same = |origin: &str, host| same_authority(&origin.parse().unwrap(), host);
        assert!(same("http://127.0.0.1:8080", "127.0.0.1:8080"));
        assert!(same("http://Lab.example", "lab.example:80"));
        assert!(same("https://lab.example:443", "lab.example"));
        assert!(!same("http://127.0.0.1:8081", "127.0.0.1:8080"));
        assert!(!same("http://evil.example", "lab.example"));
        assert!(!same("http://lab.example.evil", "lab.example"));
        assert!(!same("https://lab.example", "lab.example:80"));
    }
}
