//! Cookies behind TLS, which ends at a proxy.

use actix_http::RequestHead;
use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
};

use super::known_browsers::{KNOWN_COOKIE, KnownCookie};

/// The cookie with the tokens of the sessions.
pub const SESSION_COOKIE: &str = "pushlab";
/// Its name behind TLS. A browser takes it from this host only, over TLS only, and for all paths, so that no
/// neighbouring host can set it (RFC 6265bis, 4.1.3.2).
const SECURE_SESSION_COOKIE: &str = "__Host-pushlab";

/// Whether a request came to a proxy over TLS.
fn is_behind_tls(request: &RequestHead) -> bool {
    let has = |name: HeaderName, text: &str| {
        let mut values = request.headers.get_all(name);
        values.any(|value| {
            let value = value.as_bytes().to_ascii_lowercase();
            memchr::memmem::find(&value, text.as_bytes()).is_some()
        })
    };
    has(header::X_FORWARDED_PROTO, "https") || has(header::FORWARDED, "proto=https")
}

/// Behind TLS only the secure session cookie counts, which gets the name that the application knows, and those of
/// known browsers. All others are dropped: whatever they are called, a neighbouring host may have set them, and
/// the application reads names in more than one spelling.
pub fn name_session_cookie(request: &mut RequestHead) {
    if !is_behind_tls(request) {
        return;
    }
    let lists: Vec<_> = request.headers.remove(header::COOKIE).collect();
    for list in lists {
        let pairs = list.as_bytes().split(|byte| *byte == b';');
        let pairs: Vec<_> = pairs.filter_map(|pair| named(pair.trim_ascii())).collect();
        if let Ok(list) = HeaderValue::from_bytes(&pairs.join(&b"; "[..])) {
            request.headers.append(header::COOKIE, list);
        }
    }
}

fn named(pair: &[u8]) -> Option<Vec<u8>> {
    let rest = pair.strip_prefix(SECURE_SESSION_COOKIE.as_bytes());
    match rest.filter(|rest| rest.starts_with(b"=")) {
        Some(rest) => Some([SESSION_COOKIE.as_bytes(), rest].concat()),
        None => pair
            .starts_with(KNOWN_COOKIE.as_bytes())
            .then(|| pair.to_vec()),
    }
}

/// Middleware: sets the cookie that a handler has asked for, and behind TLS makes all of them secure.
pub async fn finish_cookies<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let is_behind_tls = is_behind_tls(request.head());
    let mut response = next.call(request).await?;
    let known = response.response().extensions().get().cloned();
    // After the session's: there are clients that read the first only.
    if let Some(KnownCookie(known)) = known {
        response.headers_mut().append(header::SET_COOKIE, known);
    }
    if is_behind_tls {
        make_secure(response.headers_mut());
    }
    Ok(response)
}

fn make_secure(headers: &mut HeaderMap) {
    let cookies: Vec<_> = headers.remove(header::SET_COOKIE).collect();
    for cookie in cookies {
        let cookie = named_securely(cookie.as_bytes());
        if let Ok(secured) = HeaderValue::from_bytes(&[&cookie[..], b"; Secure"].concat()) {
            headers.append(header::SET_COOKIE, secured);
        }
    }
}

fn named_securely(cookie: &[u8]) -> Vec<u8> {
    let rest = cookie.strip_prefix(SESSION_COOKIE.as_bytes());
    match rest.filter(|rest| rest.starts_with(b"=")) {
        Some(rest) => [SECURE_SESSION_COOKIE.as_bytes(), rest].concat(),
        None => cookie.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::cookie::Cookie;
    use proptest::prelude::*;

    use super::*;

    const COOKIES: &[&str] = &[
        "pushlab=1",
        "a=1; pushlab=forged; __Host-pushlab=right; pushlab-known-x=2",
        "__Host-pushlab=a=b; __host-pushlab=c",
        "pushlab = 1;;pushlab=",
        "%70ushlab=1; __Host-%70ushlab=2; __Host-pushlab=%31",
    ];

    /// The sessions of a list as the application reads it.
    fn sessions(cookies: &str) -> Vec<String> {
        let pairs = cookies.split(';').map(str::trim);
        let read = pairs.filter_map(|pair| Cookie::parse_encoded(pair.to_owned()).ok());
        let sessions = read.filter(|cookie| cookie.name() == SESSION_COOKIE);
        sessions.map(|cookie| cookie.value().to_owned()).collect()
    }

    /// The values of the cookies with exactly the secure name.
    fn secure(cookies: &str) -> Vec<String> {
        let pairs = cookies.split(';').map(str::trim);
        let named = pairs.filter(|pair| pair.starts_with("__Host-pushlab="));
        let values = named.filter_map(|pair| Cookie::parse_encoded(pair.to_owned()).ok());
        values.map(|cookie| cookie.value().to_owned()).collect()
    }

    proptest! {
        #[test]
        fn behind_tls_each_session_is_that_of_a_secure_cookie(cookies in corpus::mutated(COOKIES)) {
            let cookies = cookies.replace(|c: char| c.is_control() || !c.is_ascii(), "");
            let renamed = renamed(&cookies, "https");
            prop_assert_eq!(sessions(&renamed), secure(&cookies));
        }
    }

    fn renamed(cookies: &str, protocol: &str) -> String {
        let mut request = RequestHead::default();
        for (name, value) in [
            (header::COOKIE, cookies),
            (header::X_FORWARDED_PROTO, protocol),
        ] {
            let value = HeaderValue::from_str(value).unwrap();
            request.headers.append(name, value);
        }
        name_session_cookie(&mut request);
        let cookies = request.headers.get(header::COOKIE).unwrap();
        cookies.to_str().unwrap().into()
    }

    #[test]
    fn behind_tls_only_the_secure_cookie_counts() {
        let cookies =
            "a=1; pushlab=forged; __Host-pushlab=right; pushlab-known-x=y; %70ushlab=forged";
        let renamed_to = "pushlab=right; pushlab-known-x=y";
        assert_eq!(renamed(cookies, "https"), renamed_to);
        assert_eq!(renamed(cookies, "http"), cookies);
    }

    #[test]
    fn the_session_cookie_is_renamed_and_each_is_secured() {
        let mut headers = HeaderMap::new();
        for cookie in ["pushlab=1; Path=/", "pushlab-known=2; Path=/api"] {
            headers.append(header::SET_COOKIE, HeaderValue::from_static(cookie));
        }
        make_secure(&mut headers);
        let cookies = headers.get_all(header::SET_COOKIE);
        assert!(cookies.map(HeaderValue::as_bytes).eq([
            &b"__Host-pushlab=1; Path=/; Secure"[..],
            b"pushlab-known=2; Path=/api; Secure",
        ]));
    }
}
