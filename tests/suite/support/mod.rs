//! Starting servers, signing people in, reading rooms.

pub mod raw;
mod reader;
pub mod server;
pub mod user;
mod ws;

pub use reader::Reader;
pub use server::{Options, Server};
pub use user::User;
pub use ws::{Frame, Socket};

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
