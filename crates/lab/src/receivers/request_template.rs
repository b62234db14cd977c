//! The header fields of a receiver's requests: as few as possible, or those of Chromium.

use analysis::scenario::HeaderProfile;
use http_body_util::Empty;
use hyper::{
    Request,
    body::Bytes,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

/// The kind of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    Poll,
    Events,
    Socket,
}

/// Recorded by `scripts/record-headers` from Chromium with the chat's page.
const FETCH: &str = include_str!("recorded/fetch.txt");
const EVENT_SOURCE: &str = include_str!("recorded/event-source.txt");
const WEB_SOCKET: &str = include_str!("recorded/websocket.txt");

/// The sample key of RFC 6455. A constant is enough, because the server does not check its
/// randomness.
const SOCKET_KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The header fields of every request of a receiver.
pub struct RequestTemplate {
    headers: HeaderMap,
}

impl RequestTemplate {
    /// `host` and `cookie` replace the recorded values.
    ///
    /// # Errors
    /// A recorded header section is malformed.
    pub fn new(
        headers: HeaderProfile,
        kind: RequestKind,
        host: &str,
        cookie: &str,
    ) -> Result<Self, String> {
        let recorded = match (headers, kind) {
            (HeaderProfile::Minimal, RequestKind::Socket) => UPGRADE.into(),
            (HeaderProfile::Minimal, _) => "host: -\ncookie: -\n".into(),
            (HeaderProfile::Browser, RequestKind::Poll) => field_lines(FETCH),
            (HeaderProfile::Browser, RequestKind::Events) => field_lines(EVENT_SOURCE),
            (HeaderProfile::Browser, RequestKind::Socket) => field_lines(WEB_SOCKET),
        };
        let mut headers = HeaderMap::new();
        for line in recorded.lines() {
            let (name, value) = line
                .split_once(": ")
                .ok_or("a recorded line is no header field")?;
            let name: HeaderName = name
                .parse()
                .map_err(|_| format!("{name} is no field name"))?;
            let value = match name {
                header::HOST => host.to_owned(),
                header::COOKIE => cookie.to_owned(),
                header::SEC_WEBSOCKET_KEY => SOCKET_KEY.into(),
                header::ORIGIN => format!("http://{host}"),
                // The page whose requests are like those of the lab.
                header::REFERER => format!("http://{host}/race"),
                _ => value.to_owned(),
            };
            let value = HeaderValue::try_from(value).map_err(|error| error.to_string())?;
            headers.append(name, value);
        }
        Ok(RequestTemplate { headers })
    }

    /// A GET with these header fields; with `close` the connection is not kept.
    pub fn get(&self, path: &str, close: bool) -> Request<Empty<Bytes>> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = path.parse().expect("a path of a room and numbers is valid");
        *request.headers_mut() = self.headers.clone();
        if close {
            let value = HeaderValue::from_static("close");
            request.headers_mut().insert(header::CONNECTION, value);
        }
        request
    }

    /// The request of a WebSocket's handshake, which needs an absolute address.
    pub fn handshake(&self, host: &str, path: &str) -> Request<()> {
        let mut request = Request::new(());
        let address = format!("ws://{host}{path}");
        *request.uri_mut() = address
            .parse()
            .expect("an address of host and path is valid");
        *request.headers_mut() = self.headers.clone();
        request
    }
}

const UPGRADE: &str = "host: -\ncookie: -\nconnection: Upgrade\nupgrade: websocket\n\
                       sec-websocket-version: 13\nsec-websocket-key: -\n";

/// The field lines of a recorded header section, without its request line.
fn field_lines(section: &str) -> String {
    section
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .flat_map(|line| [line, "\n"])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_cookie_are_those_given() {
        for profile in [HeaderProfile::Minimal, HeaderProfile::Browser] {
            for kind in [RequestKind::Poll, RequestKind::Events, RequestKind::Socket] {
                let template = RequestTemplate::new(profile, kind, "127.0.0.1:9", "a=b").unwrap();
                let request = template.get("/x", false);
                assert_eq!(request.headers()["host"], "127.0.0.1:9");
                assert_eq!(request.headers()["cookie"], "a=b");
                let is_socket = request.headers().contains_key("sec-websocket-key");
                assert_eq!(is_socket, kind == RequestKind::Socket);
            }
        }
    }
}
