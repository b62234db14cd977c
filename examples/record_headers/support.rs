//! What the browser of the tests needs of the tests' support.

use std::time::Duration;

/// Awaits `future`, and fails with a word when it takes more than 30 s.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future)
        .await
        .unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
