//! Which model is whose.

use protocol::Transport;

use super::{
    long_poll,
    model::{Delivery, ModelInputs},
    push, short_poll,
};

/// What the model of a transport expects; `None` where it does not apply, because more messages
/// come in between two polls than an answer can hold.
pub fn delivery(transport: Transport, setting: &ModelInputs) -> Option<Delivery> {
    match transport {
        Transport::ShortPoll => short_poll::delivery(setting),
        Transport::LongPoll => long_poll::delivery(setting),
        Transport::Sse | Transport::WebSocket => Some(push::delivery(setting)),
    }
}
