//! Short polling: the client polls once every cycle C.

use super::{
    constants::MOST_IN_A_RESPONSE,
    latency::Latency,
    model::{ModelInputs, PollPrediction, Prediction},
};

/// A message waits for the next poll, uniformly from 0 to C, and then takes d. The number of
/// messages between two polls is Poisson with mean λC, so the share of empty polls is e^(−λC).
pub fn predict(inputs: &ModelInputs) -> Option<Prediction> {
    let cycle = inputs.cycle();
    let due = inputs.rate * cycle;
    if due > MOST_IN_A_RESPONSE {
        return None;
    }
    Some(Prediction {
        latency: Latency {
            least: inputs.way_down(),
            prompt: 0.0,
            spread: cycle,
        },
        polls: Some(PollPrediction {
            per_s: 1.0 / cycle,
            empty_share: (-due).exp(),
            messages_per_response: if due > 0.0 {
                due / -(-due).exp_m1()
            } else {
                1.0
            },
        }),
    })
}
