//! Short polling: asks, pauses, asks again.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use tokio::time::timeout;

use super::{
    client::Client, context::POLL_PATIENCE, failure::Failure, poll::PollSession,
    tally::ReceiverProgress,
};

/// # Errors
/// Whatever ended it; it does not end otherwise.
pub async fn receive(
    client: &Client,
    reader: &mut ReceiverProgress,
) -> Result<Infallible, Failure> {
    let pause = Duration::from_secs_f64(client.context.settings.interval_ms / 1_000.0);
    let mut polls = PollSession::open(client, String::new()).await?;
    client.is_ready();
    polls
        .pause(sleep(client, pause.mul_f64(client.phase)))
        .await;
    loop {
        let more = timeout(POLL_PATIENCE, polls.once(reader)).await;
        if !more.map_err(|_| Failure::Silent)?? {
            polls.pause(sleep(client, pause)).await;
        }
    }
}

/// To the hundredth of a millisecond: it is T that the theory is held against.
async fn sleep(client: &Client, pause: Duration) {
    let until = client.context.clock.until(Instant::now() + pause);
    // The timer's failure ends all waiting at once; the runs of polls then tell of it.
    if let Err(error) = until.await {
        client
            .context
            .tally
            .fault(format!("the clock broke: {error}"));
    }
}
