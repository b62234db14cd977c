//! Event streams and WebSockets: a message leaves when it is there.

use super::{
    latency::Latency,
    model::{Delivery, ModelInputs},
};

pub fn delivery(setting: &ModelInputs) -> Delivery {
    Delivery {
        latency: Latency {
            least: setting.one_way,
            prompt: 1.0,
            spread: 0.0,
        },
        polls: None,
    }
}
