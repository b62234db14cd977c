//! What the tests, the benches and the tools need to talk to a pushlab from outside: a server as a
//! process of its own, people with accounts, readers over every transport, a browser.

pub mod browser;
mod pinned;
mod process;
pub mod raw;
mod reader;
pub mod request_head;
pub mod server;
mod socket;
pub mod user;

pub use pinned::PinnedServer;
pub use process::binary;
pub use reader::{End, Reader, Source};
pub use server::{Options, Server};
pub use socket::{Frame, Socket};
pub use user::User;

use std::time::{Duration, Instant};

/// Waits until `condition` holds, and says what was waited for when it does not within 10 s.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "waited in vain until {what}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Awaits `future`, and fails with a word when it takes more than 30 s.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future)
        .await
        .unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
