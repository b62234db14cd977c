//! What a client sends as its headers: as little as it can, or what Chromium sends.

use analysis::scenario::Headers;
use http_body_util::Empty;
use hyper::{
    Request,
    body::Bytes,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    Poll,
    Events,
    Socket,
}

/// Recorded by `scripts/record-headers` from the real browser with the real page.
const FETCH: &str = include_str!("recorded/fetch.txt");
const EVENT_SOURCE: &str = include_str!("recorded/event-source.txt");
const WEB_SOCKET: &str = include_str!("recorded/websocket.txt");

/// The sample key of RFC 6455: nobody measures its randomness.
const SOCKET_KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The headers of every request of a client.
pub struct Profile {
    headers: HeaderMap,
}

impl Profile {
    /// `host` and `cookie` take the place of the recorded ones.
    ///
    /// # Errors
    /// A recorded head that is none.
    pub fn new(
        headers: Headers,
        ask: RequestKind,
        host: &str,
        cookie: &str,
    ) -> Result<Self, String> {
        let recorded = match (headers, ask) {
            (Headers::Minimal, RequestKind::Socket) => UPGRADE.into(),
            (Headers::Minimal, _) => "host: -\ncookie: -\n".into(),
            (Headers::Browser, RequestKind::Poll) => head_lines(FETCH),
            (Headers::Browser, RequestKind::Events) => head_lines(EVENT_SOURCE),
            (Headers::Browser, RequestKind::Socket) => head_lines(WEB_SOCKET),
        };
        let mut headers = HeaderMap::new();
        for line in recorded.lines() {
            let (name, value) = line
                .split_once(": ")
                .ok_or("a recorded line is no header")?;
            let name: HeaderName = name.parse().map_err(|_| format!("{name} is no name"))?;
            let value = match name {
                header::HOST => host.to_owned(),
                header::COOKIE => cookie.to_owned(),
                header::SEC_WEBSOCKET_KEY => SOCKET_KEY.into(),
                header::ORIGIN => format!("http://{host}"),
                // The page that asks just as the lab does.
                header::REFERER => format!("http://{host}/race"),
                _ => value.to_owned(),
            };
            let value = HeaderValue::try_from(value).map_err(|error| error.to_string())?;
            headers.append(name, value);
        }
        Ok(Profile { headers })
    }

    /// A GET with these headers; `close` where the connection is not to be kept.
    pub fn get(&self, path: &str, close: bool) -> Request<Empty<Bytes>> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = path.parse().expect("a path of room and numbers");
        *request.headers_mut() = self.headers.clone();
        if close {
            let value = HeaderValue::from_static("close");
            request.headers_mut().insert(header::CONNECTION, value);
        }
        request
    }

    /// The same for a WebSocket's handshake, which wants a whole address.
    pub fn handshake(&self, host: &str, path: &str) -> Request<()> {
        let mut request = Request::new(());
        let address = format!("ws://{host}{path}");
        *request.uri_mut() = address.parse().expect("an address of host and path");
        *request.headers_mut() = self.headers.clone();
        request
    }
}

const UPGRADE: &str = "host: -\ncookie: -\nconnection: Upgrade\nupgrade: websocket\n\
                       sec-websocket-version: 13\nsec-websocket-key: -\n";

/// The header lines of a recorded head, which begins with its request line.
fn head_lines(head: &str) -> String {
    head.lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_cookie_are_those_of_the_trial() {
        for profile in [Headers::Minimal, Headers::Browser] {
            for ask in [RequestKind::Poll, RequestKind::Events, RequestKind::Socket] {
                let profile = Profile::new(profile, ask, "127.0.0.1:9", "a=b").unwrap();
                let request = profile.get("/x", false);
                assert_eq!(request.headers()["host"], "127.0.0.1:9");
                assert_eq!(request.headers()["cookie"], "a=b");
                let is_socket = request.headers().contains_key("sec-websocket-key");
                assert_eq!(is_socket, ask == RequestKind::Socket);
            }
        }
    }
}
