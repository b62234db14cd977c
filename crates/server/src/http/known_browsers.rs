//! The browsers from which somebody has signed in to an account before.

use actix_http::RequestHead;
use actix_web::{
    HttpResponse,
    cookie::{Cookie, CookieJar, Key, SameSite, time},
    http::header::{self, HeaderValue},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::accounts::{Account, Origin};
use sha2::{Digest, Sha256};

/// How the name of the cookie of an account begins.
pub const KNOWN_COOKIE: &str = "pushlab-known-";
/// The only path to which it is sent: other requests do not grow by it.
const PATH: &str = "/api/sessions";
const LASTS: time::Duration = time::Duration::days(400);

/// The cookie that a handler asks for, which [`finish_cookies`](super::finish_cookies) sets.
#[derive(Clone)]
pub struct KnownCookie(pub HeaderValue);

/// Tells by a signed cookie whether somebody has signed in to an account from a browser before.
pub struct KnownBrowsers {
    key: Key,
}

impl KnownBrowsers {
    pub fn new(key: Key) -> Self {
        KnownBrowsers { key }
    }

    /// Whether somebody has signed in to the account from the browser that sends a request.
    pub fn knows(&self, request: &RequestHead, username: &str) -> bool {
        let digest = digest(username);
        let name = format!("{KNOWN_COOKIE}{digest}");
        let lists = request.headers.get_all(header::COOKIE);
        let pairs = lists.filter_map(|list| list.to_str().ok());
        let pairs = pairs.flat_map(|list| list.split(';'));
        let cookies = pairs.filter_map(|pair| Cookie::parse(pair.trim()).ok());
        let mut own = cookies.filter(|cookie| cookie.name() == name);
        // A neighbouring host may have set another one of the same name.
        own.any(|cookie| {
            let mut jar = CookieJar::new();
            jar.add_original(cookie.into_owned());
            let verified = jar.signed(&self.key).get(&name);
            verified.is_some_and(|cookie| cookie.value() == digest)
        })
    }

    /// Lets a response say that somebody has signed in to the account. On the machine itself no limit makes a
    /// difference between browsers.
    pub fn remember(&self, origin: Origin, account: &Account, response: &mut HttpResponse) {
        if origin.is_limited {
            self.set(account.username.as_str(), response);
        }
    }

    fn set(&self, username: &str, response: &mut HttpResponse) {
        let digest = digest(username);
        let name = format!("{KNOWN_COOKIE}{digest}");
        let cookie = Cookie::build(name.clone(), digest)
            .path(PATH)
            .http_only(true)
            .same_site(SameSite::Strict)
            .max_age(LASTS)
            .finish();
        let mut jar = CookieJar::new();
        jar.signed_mut(&self.key).add(cookie);
        let signed = jar.get(&name).map(ToString::to_string);
        if let Some(Ok(signed)) = signed.map(HeaderValue::try_from) {
            response.extensions_mut().insert(KnownCookie(signed));
        }
    }
}

/// What stands for an account in the cookie, which is signed and not encrypted.
fn digest(username: &str) -> String {
    let digest = Sha256::digest(username.to_ascii_lowercase());
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..12])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COOKIES: &[&str] = &[
        "pushlab-known-K9gGyX8OAK8aH8My=K9gGyX8OAK8aH8My",
        "a=1; pushlab-known-K9gGyX8OAK8aH8My=%22x%22K9gGyX8OAK8aH8My; b",
        "pushlab-known-=;pushlab-known",
    ];

    proptest! {
        #[test]
        fn nobody_makes_a_cookie_without_the_key(cookies in corpus::mutated(COOKIES), name in "[a-z]{3}") {
            let cookies = cookies.replace(|c: char| c.is_control() || !c.is_ascii(), "");
            let browsers = KnownBrowsers::new(Key::from(&[7; 64]));
            prop_assert!(!browsers.knows(&request(&cookies), &name));
        }
    }

    fn cookie_of(browsers: &KnownBrowsers, username: &str) -> String {
        let mut response = HttpResponse::Ok().finish();
        browsers.set(username, &mut response);
        let extensions = response.extensions();
        let KnownCookie(set) = extensions.get().unwrap();
        set.to_str().unwrap().split(';').next().unwrap().into()
    }

    fn request(cookies: &str) -> RequestHead {
        let mut request = RequestHead::default();
        let cookies = HeaderValue::from_str(cookies).unwrap();
        request.headers.append(header::COOKIE, cookies);
        request
    }

    #[test]
    fn a_browser_is_known_for_its_accounts_and_cannot_claim_others() {
        let browsers = KnownBrowsers::new(Key::generate());
        let (alice, bob) = (cookie_of(&browsers, "alice"), cookie_of(&browsers, "bob"));
        let (name, _) = alice.split_once('=').unwrap();
        let both = request(&format!("a=1; {name}=another; {alice}; {bob}"));
        assert!(browsers.knows(&both, "Alice") && browsers.knows(&both, "bob"));
        assert!(!browsers.knows(&both, "carol"));
        let (_, value) = alice.split_once('=').unwrap();
        let forged = format!("{KNOWN_COOKIE}{}={value}", digest("carol"));
        assert!(!browsers.knows(&request(&forged), "carol"));
        let elsewhere = KnownBrowsers::new(Key::generate());
        assert!(!elsewhere.knows(&both, "alice"));
    }
}
