//! Selects the model of a transport.

use protocol::Transport;

use super::{
    long_poll,
    model::{ModelInputs, Prediction},
    push, short_poll,
};

/// What the model of a transport predicts. `None` where the model does not apply: on average more
/// messages arrive between two polls than one response can hold.
pub fn predict(transport: Transport, inputs: &ModelInputs) -> Option<Prediction> {
    match transport {
        Transport::ShortPoll => short_poll::predict(inputs),
        Transport::LongPoll => long_poll::predict(inputs),
        Transport::Sse | Transport::WebSocket => Some(push::predict(inputs)),
    }
}
