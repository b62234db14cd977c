//! Long polling: sends the next request after each response.

use std::{convert::Infallible, time::Duration};

use tokio::time::timeout;

use super::{
    client::Client, context::WAIT_GRACE, failure::Failure, poll::PollSession,
    tally::ReceiverProgress,
};

/// # Errors
/// The reason why it ended; it does not end otherwise.
pub async fn receive(
    client: &Client,
    progress: &mut ReceiverProgress,
) -> Result<Infallible, Failure> {
    let wait = client.context.settings.wait_s;
    let limit = Duration::from_secs(wait.into()) + WAIT_GRACE;
    let mut polls = PollSession::open(client, format!("&wait={wait}")).await?;
    client.report_ready();
    loop {
        let response = timeout(limit, polls.poll(progress)).await;
        response.map_err(|_| Failure::Silent)??;
    }
}
