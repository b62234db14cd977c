//! Short polling: polls, pauses and polls again.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use tokio::time::timeout;

use super::{
    client::Client, context::POLL_TIMEOUT, failure::Failure, poll::PollSession,
    tally::ReceiverProgress,
};

/// # Errors
/// The reason why it ended; it does not end otherwise.
pub async fn receive(
    client: &Client,
    progress: &mut ReceiverProgress,
) -> Result<Infallible, Failure> {
    let pause = Duration::from_secs_f64(client.context.settings.interval_ms / 1_000.0);
    let mut polls = PollSession::open(client, String::new()).await?;
    // The first bytes of a connection wait for its handshake. Polls that were due before its end would
    // all be sent at its end, so the phase begins after it.
    let handshake = client.context.cycle.saturating_sub(pause);
    polls.pause(sleep(client, handshake)).await;
    client.report_ready();
    // The phase is uniform over the whole cycle, so the span begins at a random point of it.
    let phase = client.context.cycle.mul_f64(client.phase);
    polls.pause(sleep(client, phase)).await;
    loop {
        let more = timeout(POLL_TIMEOUT, polls.poll(progress)).await;
        if !more.map_err(|_| Failure::Silent)?? {
            polls.pause(sleep(client, pause)).await;
        }
    }
}

/// Sleeps with a precision of 0.01 ms, since theory is computed from T.
async fn sleep(client: &Client, pause: Duration) {
    let until = client.context.clock.until(Instant::now() + pause);
    // Without the timer all waits end at once, so the trial is invalid.
    if let Err(error) = until.await {
        client
            .context
            .tally
            .fault(format!("the timer failed: {error}"));
    }
}
