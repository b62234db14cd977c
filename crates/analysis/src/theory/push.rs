//! Server-sent events and WebSocket: a message is sent as soon as it is stored.

use super::{
    latency::Latency,
    model::{ModelInputs, Prediction},
};

pub fn predict(inputs: &ModelInputs) -> Prediction {
    Prediction {
        latency: Latency {
            least: inputs.way_down(),
            prompt: 1.0,
            spread: 0.0,
        },
        polls: None,
    }
}
