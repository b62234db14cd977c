//! The eight questions, a file for each.

mod connections;
mod distance;
mod equal_latency;
mod pause;
mod rate;
mod share;
mod silence;
mod tail;

use super::{parameters::Parameters, question::Question};

/// All questions with a student's values.
pub fn questions(parameters: &Parameters) -> Vec<Question> {
    let each = [
        tail::question,
        pause::question,
        distance::question,
        rate::question,
        share::question,
        equal_latency::question,
        connections::question,
        silence::question,
    ];
    each.iter().map(|question| question(parameters)).collect()
}

/// Seconds for TOML, of at least so many cycles as last this long: whole cycles see every phase of a
/// short poll equally often.
fn whole_cycles(cycle_s: f64, least_s: f64) -> String {
    format!("{:.3}", (least_s / cycle_s).ceil() * cycle_s)
}
