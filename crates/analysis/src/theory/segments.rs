//! TCP segments of one client in both directions, acknowledgements included.

use protocol::Transport;

use super::{
    model::{ModelInputs, Prediction},
    prediction::predict,
    span::Span,
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

    /// Request, response, and where the response does not carry it the acknowledgement of the request.
    /// The next request acknowledges the response.
    ///
    /// A response that comes within 40 ms carries the acknowledgement, and the kernel (Linux) expects
    /// the next one to do so too. One that comes later does not: the acknowledgement was sent after 40
    /// ms, and the kernel then acknowledges the next request at once, whenever its response comes. So a
    /// poll takes two segments where its response and the one before came in time, each with
    /// probability p = 1 − e^(−λ·40 ms), and 3 − p² on average: a response leaves when the first message
    /// since the one before is stored, or at the end of the gap.
    fn segments_of_long_poll(self, rate: f64) -> f64 {
        match self {
            AckMode::Piggybacked => 3.0 - (-rate * DELAYED_ACK_S).exp_m1().powi(2),
            AckMode::Delayed => 3.0,
        }
    }
}

/// The message or the comment, and its acknowledgement.
pub(super) const SEGMENTS_PER_MESSAGE: f64 = 2.0;
/// The ping, the pong, and the acknowledgement of the pong.
const SEGMENTS_PER_PING: f64 = 3.0;
/// After a silence of the least retransmission timeout (Linux, `TCP_RTO_MIN`) the kernel acknowledges
/// a ping at once, before the pong could; otherwise the pong does. In seconds.
const SILENCE_S: f64 = 0.2;
/// The first response on a connection is acknowledged at once: the kernel does not know yet that a
/// request follows.
const SEGMENTS_OF_FIRST_RESPONSE: f64 = 1.0;

/// Segments a second, both ways. `None` where [`predict`] has no model, and where each poll opens a
/// new connection: how many segments its end takes depends on which side closes it.
pub fn segments_per_s(
    transport: Transport,
    inputs: &ModelInputs,
    span: Span,
    acks: AckMode,
) -> Option<f64> {
    let expected = predict(transport, inputs)?;
    match transport {
        Transport::ShortPoll => polled(&expected, inputs, acks.segments_of_short_poll()),
        Transport::LongPoll => {
            let first = SEGMENTS_OF_FIRST_RESPONSE * span.first_responses_per_s(inputs);
            let each = acks.segments_of_long_poll(inputs.rate);
            Some(polled(&expected, inputs, each)? + first)
        }
        Transport::Sse => Some((inputs.rate + span.heartbeats_per_s()) * SEGMENTS_PER_MESSAGE),
        Transport::WebSocket => {
            let ping = SEGMENTS_PER_PING + (-inputs.rate * SILENCE_S).exp();
            Some(inputs.rate * SEGMENTS_PER_MESSAGE + ping * span.heartbeats_per_s())
        }
    }
}

fn polled(expected: &Prediction, inputs: &ModelInputs, each: f64) -> Option<f64> {
    (inputs.handshakes == 0.0).then(|| expected.requests_per_s() * each)
}
