//! TCP segments of one client in both directions, acknowledgements included.

use protocol::Transport;

use super::{
    long_poll,
    model::{ModelInputs, Prediction},
    prediction::predict,
};

/// A delayed acknowledgement is sent after this many seconds at the latest (Linux,
/// `TCP_DELACK_MIN`).
const DELAYED_ACK_S: f64 = 0.040;

/// Whether a response carries the acknowledgement of its request. That depends on where the
/// client's TCP connection ends: at the server, or at the emulated link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AckMode {
    /// The response comes before the delayed acknowledgement is due, and carries it.
    Piggybacked,
    /// The connection ends at an emulated link whose round trip is longer than the delayed
    /// acknowledgement's timeout, so a segment of its own acknowledges each request.
    Delayed,
}

impl AckMode {
    /// `emulated`: whether there is an emulated link; `one_way`: its delay in seconds.
    pub fn of(emulated: bool, one_way: f64) -> Self {
        match emulated && 2.0 * one_way >= DELAYED_ACK_S {
            true => AckMode::Delayed,
            false => AckMode::Piggybacked,
        }
    }

    /// Request, response, and the acknowledgement of the response during the pause.
    pub(super) fn segments_of_short_poll(self) -> f64 {
        match self {
            AckMode::Piggybacked => 3.0,
            AckMode::Delayed => 4.0,
        }
    }

    /// A segment of its own acknowledges a parked request in either mode; the next request
    /// acknowledges its response.
    fn segments_of_parked_poll(self) -> f64 {
        3.0
    }

    fn segments_of_immediate_poll(self) -> f64 {
        match self {
            AckMode::Piggybacked => 2.0,
            AckMode::Delayed => 3.0,
        }
    }
}

/// The message or the comment, and its acknowledgement.
pub(super) const SEGMENTS_PER_MESSAGE: f64 = 2.0;
/// The ping, the pong that acknowledges it, and the acknowledgement of the pong.
const SEGMENTS_PER_PING: f64 = 3.0;

/// Segments a second, both ways. `None` where [`predict`] has no model, and where each poll opens a
/// new connection: how many segments its end takes depends on which side closes it.
pub fn segments_per_s(
    transport: Transport,
    inputs: &ModelInputs,
    heartbeats_per_s: f64,
    acks: AckMode,
) -> Option<f64> {
    let expected = predict(transport, inputs)?;
    match transport {
        Transport::ShortPoll => polled(&expected, inputs, acks.segments_of_short_poll()),
        Transport::LongPoll => {
            let parked = long_poll::parked_share(inputs);
            let each = parked * acks.segments_of_parked_poll()
                + (1.0 - parked) * acks.segments_of_immediate_poll();
            polled(&expected, inputs, each)
        }
        Transport::Sse => {
            Some(inputs.rate * SEGMENTS_PER_MESSAGE + SEGMENTS_PER_MESSAGE * heartbeats_per_s)
        }
        Transport::WebSocket => {
            Some(inputs.rate * SEGMENTS_PER_MESSAGE + SEGMENTS_PER_PING * heartbeats_per_s)
        }
    }
}

fn polled(expected: &Prediction, inputs: &ModelInputs, each: f64) -> Option<f64> {
    (inputs.handshakes == 0.0).then(|| expected.requests_per_s() * each)
}
