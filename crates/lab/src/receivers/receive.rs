//! Runs a receiver with its transport, and reconnects after a failure.

use std::rc::Rc;

use protocol::Transport;

use super::{
    client::Client,
    context::{Context, RETRY},
    failure::Failure,
    long_poll, short_poll, sse,
    tally::ReceiverProgress,
    websocket,
};
use crate::host::clock;

/// Receives the messages of a room until the end of the trial, with a new connection after each
/// failure. `phase` of 0..1 is the point of its cycle at which a polling client begins.
pub async fn receive(
    context: Rc<Context>,
    room: String,
    mut progress: ReceiverProgress,
    phase: f64,
) {
    let client = Client::new(context.clone(), room, phase);
    let work = async {
        loop {
            let failure = attempt(&client, &mut progress).await;
            note(&client.context, failure);
            tokio::time::sleep(RETRY).await;
        }
    };
    tokio::select! {
        () = context.stop.cancelled() => {}
        () = work => {}
    }
}

/// Receives until the transport fails.
async fn attempt(client: &Client, progress: &mut ReceiverProgress) -> Failure {
    let ended = match client.context.transport {
        Transport::ShortPoll => short_poll::receive(client, progress).await,
        Transport::LongPoll => long_poll::receive(client, progress).await,
        Transport::Sse => sse::receive(client, progress).await,
        Transport::WebSocket => websocket::receive(client, progress).await,
    };
    match ended {
        Ok(never) => match never {},
        Err(failure) => failure,
    }
}

/// A refused request is a fault of the lab. Other failures may happen, for instance in an outage.
fn note(context: &Context, failure: Failure) {
    match failure {
        Failure::Refused(status) => {
            context
                .tally
                .fault(format!("the server responded with status {status}"));
        }
        Failure::Silent => context.notices.borrow_mut().push(clock::now()),
        other => tracing::debug!(%other, "a connection ended"),
    }
}
