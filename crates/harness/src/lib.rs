//! The harness of tests, benches and tools: a pushlab server as a process, and clients that use it
//! from outside.
//!
//! It knows the public interface only: HTTP, WebSocket, the pages and the command line. It does not
//! link the server, so that a test cannot depend on its internals. It asserts and panics freely,
//! because it is not used outside of tests, benches and tools.
//!
//! Where to begin:
//!
//! - [`Server`] is a server process with a database of its own; [`User`] is an account with its
//!   cookies. [`database::Cluster`] is a PostgreSQL of its own.
//! - [`Reader`] reads a room over any transport, and checks that each message is the next one.
//!   [`Source`] is the layer below: the received bytes, piece by piece.
//! - [`Socket`] is a WebSocket client for tests of single frames; [`raw`] sends requests that a
//!   normal client would not send.
//! - [`PinnedServer`] is a server on a core of its own, for benches and measurements.
//! - [`torture`] kills a server under load and checks what its clients saw.
//! - [`class`] has scripted phones that take part in a room's class.
//! - [`browser`] drives Chromium for tests of the pages.

pub mod browser;
pub mod class;
pub mod database;
mod nginx;
mod pinned;
mod process;
pub mod raw;
mod reader;
pub mod recorded_headers;
pub mod server;
mod socket;
pub mod torture;
pub mod user;

pub use nginx::Nginx;
pub use pinned::{PinnedServer, cpu_ns, on_first_core, pss_bytes, read_response};
pub use process::binary;
pub use reader::{End, Reader, Source};
pub use server::{Options, Server};
pub use socket::{Frame, Socket};
pub use user::User;

use std::time::{Duration, Instant};

/// Waits until `condition` is true; panics with `what` after 10 s.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "timed out waiting until {what}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Awaits `future`; panics with `what` after 30 s.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future)
        .await
        .unwrap_or_else(|_| panic!("timed out waiting for {what}"))
}
