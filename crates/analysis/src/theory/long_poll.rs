//! Long polling: a poll is parked until a message comes, and blind for a gap G after each answer.

use super::{
    constants::MOST_IN_AN_ANSWER,
    latency::Latency,
    model::{Delivery, ModelInputs, PollModel},
};

/// From one answer to the next there is the gap G, and then, where no message came in it (p₀), the
/// time parked. A message that finds a parked poll takes d; one that falls into the gap waits for
/// what is left of it, uniform from 0 to G, since the whole gap is answered in one.
///
/// The messages that find a poll parked are the share π₀ of all, which is also the share of time.
pub fn delivery(setting: &ModelInputs) -> Option<Delivery> {
    let gap = setting.gap();
    if setting.rate * gap > MOST_IN_AN_ANSWER {
        return None;
    }
    let cycle = gap + parked(setting);
    Some(Delivery {
        latency: Latency {
            least: setting.one_way,
            // π₀ = p₀/(λG + p₀) is the time parked over the cycle; so written, it also holds
            // where that time has no end.
            prompt: 1.0 - gap / cycle,
            spread: gap,
        },
        polls: Some(polls(setting, cycle)),
    })
}

/// p₀ = e^(−λG): the share of polls that are parked, because nothing came in the gap before.
pub fn parked_share(setting: &ModelInputs) -> f64 {
    (-setting.rate * setting.gap()).exp()
}

/// The mean time parked a poll, in seconds: p₀·(1 − e^(−λM))/λ, at no rate all of M.
fn parked(setting: &ModelInputs) -> f64 {
    let ModelInputs { rate, wait, .. } = *setting;
    let until_message = match rate > 0.0 {
        true => -(-rate * wait).exp_m1() / rate,
        false => wait,
    };
    parked_share(setting) * until_message
}

/// A poll is empty when neither the gap nor the wait saw a message: p₀·e^(−λM) = e^(−λ(G+M)).
fn polls(setting: &ModelInputs, cycle: f64) -> PollModel {
    let rate = setting.rate;
    let quiet = match rate > 0.0 {
        true => -rate * (setting.gap() + setting.wait),
        false => 0.0,
    };
    PollModel {
        per_s: 1.0 / cycle,
        empty_share: quiet.exp(),
        messages_per_answer: match quiet < 0.0 {
            true => rate * cycle / -quiet.exp_m1(),
            false => 1.0,
        },
    }
}
