//! Which file receives which transport, and what is done when it fails.

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

/// Receives the messages of a room until the trial is over, over as many connections as it takes.
/// `phase` of 0..1 is where in its cycle a polling client begins.
pub async fn receive(context: Rc<Context>, room: String, mut reader: ReceiverProgress, phase: f64) {
    let client = Client::new(context.clone(), room, phase);
    let work = async {
        loop {
            let failure = attempt(&client, &mut reader).await;
            note(&client.context, failure);
            tokio::time::sleep(RETRY).await;
        }
    };
    tokio::select! {
        () = context.stop.cancelled() => {}
        () = work => {}
    }
}

/// Receives over one connection, or a new one for each poll, until something fails.
async fn attempt(client: &Client, reader: &mut ReceiverProgress) -> Failure {
    let ended = match client.context.transport {
        Transport::ShortPoll => short_poll::receive(client, reader).await,
        Transport::LongPoll => long_poll::receive(client, reader).await,
        Transport::Sse => sse::receive(client, reader).await,
        Transport::WebSocket => websocket::receive(client, reader).await,
    };
    match ended {
        Ok(never) => match never {},
        Err(failure) => failure,
    }
}

/// A refusal is the lab's own mistake; what else ends a connection happens.
fn note(context: &Context, failure: Failure) {
    match failure {
        Failure::Refused(status) => {
            context.tally.fault(format!("the server answered {status}"));
        }
        Failure::Silent => context.notices.borrow_mut().push(clock::now()),
        other => tracing::debug!(%other, "a connection ended"),
    }
}
