//! Long polling: asks again as soon as it is answered.

use std::{convert::Infallible, time::Duration};

use tokio::time::timeout;

use super::{
    client::Client, context::WAIT_GRACE, failure::Failure, poll::PollSession,
    tally::ReceiverProgress,
};

/// # Errors
/// Whatever ended it; it does not end otherwise.
pub async fn receive(
    client: &Client,
    reader: &mut ReceiverProgress,
) -> Result<Infallible, Failure> {
    let wait = client.context.settings.wait_s;
    let patience = Duration::from_secs(wait.into()) + WAIT_GRACE;
    let mut polls = PollSession::open(client, format!("&wait={wait}")).await?;
    client.is_ready();
    loop {
        let answered = timeout(patience, polls.once(reader)).await;
        answered.map_err(|_| Failure::Silent)??;
    }
}
