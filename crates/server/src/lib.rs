//! The chat over HTTP. One ordered log a room (the `domain`), kept by `storage`, leaves the
//! building in the four ways of `transport`.
//!
//! `app` puts the parts together; `routes` is every address there is; `api` and `pages`
//! answer the calls that are no transport's; `http` is who asks and what is refused;
//! `connection` is a socket that is metered, and `inspector` what a session may learn of its own.

mod api;
mod app;
mod connection;
mod http;
mod inspector;
mod metrics;
mod pages;
mod routes;
pub mod settings;
mod storage;
mod transport;

pub use app::{Running, StartError, start};
pub use settings::Settings;
