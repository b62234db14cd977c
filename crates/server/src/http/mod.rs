//! What every handler shares: authentication, parameters, bodies, responses and errors.

mod allowed_hosts;
mod bindings;
mod body;
mod conditional;
mod connected;
mod cookie_key;
mod endpoint;
mod error;
mod identity;
mod known_browsers;
mod known_cookies;
mod no_sniffing;
mod params;
mod request_checks;
pub mod response;
mod secure_cookies;
mod state;

pub use allowed_hosts::AllowedHosts;
pub use bindings::Bindings;
pub use body::Form;
pub use conditional::is_not_modified;
pub use connected::Connected;
pub use cookie_key::{CookieKeySource, Secret, load as load_cookie_key, parse as parse_cookie_key};
pub use endpoint::{Endpoint, endpoint};
pub use error::Error;
pub use identity::{Caller, SignedInAccounts, cookies};
pub use known_browsers::KnownBrowsers;
pub use known_cookies::KnownCookies;
pub use no_sniffing::no_sniffing;
pub use params::{Params, find};
pub use request_checks::{check_request, content_length};
use secure_cookies::SESSION_COOKIE;
pub use secure_cookies::{finish_cookies, name_session_cookie};
pub use state::{Drain, State};
