//! TCP segments of one client, acknowledgements included, both ways.

use protocol::Transport;

use super::{
    constants::HEARTBEAT_S,
    delivery::delivery,
    long_poll,
    model::{Delivery, ModelInputs},
};

/// A delayed acknowledgement is sent after this many seconds at the latest (Linux, `TCP_DELACK_MIN`).
const DELAYED_ACK: f64 = 0.040;

/// Where the client's connection ends, which decides what can carry its acknowledgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// At the server, or so near that an answer carries the acknowledgement of its request.
    Prompt,
    /// At a userspace link whose round trip outlasts the delayed acknowledgement: each request is
    /// acknowledged by a segment of its own.
    Late,
}

impl Path {
    /// `emulated`: whether a userspace link is between; `one_way`: its delay in seconds.
    pub fn of(emulated: bool, one_way: f64) -> Self {
        match emulated && 2.0 * one_way >= DELAYED_ACK {
            true => Path::Late,
            false => Path::Prompt,
        }
    }

    /// Request, answer, and the acknowledgement of the answer during the pause.
    pub(super) fn a_short_poll(self) -> f64 {
        match self {
            Path::Prompt => 3.0,
            Path::Late => 4.0,
        }
    }

    /// A parked request is acknowledged by itself either way, and its answer by the next request.
    fn a_parked_poll(self) -> f64 {
        3.0
    }

    fn an_immediate_poll(self) -> f64 {
        match self {
            Path::Prompt => 2.0,
            Path::Late => 3.0,
        }
    }
}

/// A message or a comment, and its acknowledgement.
pub(super) const A_MESSAGE: f64 = 2.0;
/// The ping, the pong that acknowledges it, and the acknowledgement of the pong.
const A_PING: f64 = 3.0;

/// Segments a second, both ways. `None` where [`delivery`] has no model, and where polls open a
/// connection each: what its end takes depends on who ends it.
pub fn segments_per_s(transport: Transport, setting: &ModelInputs, path: Path) -> Option<f64> {
    let expected = delivery(transport, setting)?;
    match transport {
        Transport::ShortPoll => polled(&expected, setting, path.a_short_poll()),
        Transport::LongPoll => {
            let parked = long_poll::parked_share(setting);
            let each = parked * path.a_parked_poll() + (1.0 - parked) * path.an_immediate_poll();
            polled(&expected, setting, each)
        }
        Transport::Sse => Some(setting.rate * A_MESSAGE + A_MESSAGE / HEARTBEAT_S),
        Transport::WebSocket => Some(setting.rate * A_MESSAGE + A_PING / HEARTBEAT_S),
    }
}

fn polled(expected: &Delivery, setting: &ModelInputs, each: f64) -> Option<f64> {
    (setting.handshakes == 0.0).then(|| expected.requests_per_s() * each)
}
