//! Long polling: a poll is parked until a message is stored. For a gap G after each response no
//! poll is parked.

use super::{
    constants::MOST_IN_A_RESPONSE,
    latency::Latency,
    model::{ModelInputs, PollPrediction, Prediction},
};

/// From one response to the next there is the gap G and then, if no message arrived in the gap
/// (probability p₀), the time parked. A message that finds a parked poll takes d. A message that
/// arrives in the gap also waits for the rest of it: uniformly from 0 to G, because the next
/// response carries all messages of the gap.
///
/// The share of messages that find a poll parked is π₀, which is also the share of time parked.
pub fn predict(inputs: &ModelInputs) -> Option<Prediction> {
    let gap = inputs.gap();
    if inputs.rate * gap > MOST_IN_A_RESPONSE {
        return None;
    }
    let cycle = gap + parked(inputs);
    Some(Prediction {
        latency: Latency {
            least: inputs.way_down(),
            // π₀ = p₀/(λG + p₀) is the time parked over the cycle. Written in this way, it also
            // holds where the time parked is infinite.
            prompt: 1.0 - gap / cycle,
            spread: gap,
        },
        polls: Some(polls(inputs, cycle)),
    })
}

/// p₀ = e^(−λG): the share of polls that are parked, because no message arrived in the gap before.
fn parked_share(inputs: &ModelInputs) -> f64 {
    (-inputs.rate * inputs.gap()).exp()
}

/// The mean time that a poll is parked, in seconds: p₀·(1 − e^(−λM))/λ; M where λ = 0.
fn parked(inputs: &ModelInputs) -> f64 {
    let ModelInputs { rate, wait, .. } = *inputs;
    let until_message = match rate > 0.0 {
        true => -(-rate * wait).exp_m1() / rate,
        false => wait,
    };
    parked_share(inputs) * until_message
}

/// A poll is empty when no message arrives in the gap or in the wait: p₀·e^(−λM) = e^(−λ(G+M)).
fn polls(inputs: &ModelInputs, cycle: f64) -> PollPrediction {
    let rate = inputs.rate;
    let quiet = match rate > 0.0 {
        true => -rate * (inputs.gap() + inputs.wait),
        false => 0.0,
    };
    PollPrediction {
        per_s: 1.0 / cycle,
        empty_share: quiet.exp(),
        messages_per_response: match quiet < 0.0 {
            true => rate * cycle / -quiet.exp_m1(),
            false => 1.0,
        },
    }
}
