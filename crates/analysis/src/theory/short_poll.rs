//! Short polling: the server is looked at once a cycle C, whatever happens.

use super::{
    constants::MOST_IN_AN_ANSWER,
    latency::Latency,
    model::{Delivery, ModelInputs, PollModel},
};

/// A message waits for the next look, uniform from 0 to C, and then takes d. What comes in between
/// two looks is Poisson of mean λC, hence the empty share e^(−λC).
pub fn delivery(setting: &ModelInputs) -> Option<Delivery> {
    let cycle = setting.cycle();
    let due = setting.rate * cycle;
    if due > MOST_IN_AN_ANSWER {
        return None;
    }
    Some(Delivery {
        latency: Latency {
            least: setting.one_way,
            prompt: 0.0,
            spread: cycle,
        },
        polls: Some(PollModel {
            per_s: 1.0 / cycle,
            empty_share: (-due).exp(),
            messages_per_answer: if due > 0.0 {
                due / -(-due).exp_m1()
            } else {
                1.0
            },
        }),
    })
}
