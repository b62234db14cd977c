//! Gates: what must hold so that the figures of a campaign are valid. There is one list of them. It
//! is computed once, at the end of a campaign, and recorded; page, terminal, `results.json` and
//! exit code all show it.
//!
//! [`judge`] judges each trial by what was measured beside its figures. An invalid trial is left
//! out. [`decide`] then judges the campaign: it is valid if no gate failed. A stall of the server is
//! no fault of the instruments: it is a remark, and makes nothing invalid.

mod control;
mod limits;
mod machine;
#[cfg(test)]
mod noiseless;
mod single_trials;
mod stall;
#[cfg(test)]
mod tests;
mod trial;
mod trials;

use crate::{
    cell_trials::group,
    results::{Gate, Results},
};

pub use limits::GENERATOR_SHARE;
pub use stall::stall_us;
pub use trial::judge;

/// Judges a campaign whose trials are judged already, and sets its gates, its remarks and whether it
/// is valid. `failure` is why it ended early, if something failed.
pub fn decide(results: &mut Results, failure: Option<String>) {
    let cells = group(&results.trials);
    let mut gates = vec![trials::complete(results)];
    gates.extend(control::gates(&results.comparisons, &cells));
    gates.extend([trials::accounted(results), trials::reconciled(results)]);
    gates.push(trials::enough_valid(results, &cells));
    gates.extend(single_trials::lateness(results));
    gates.extend(single_trials::processors(results));
    gates.push(single_trials::clock_and_faults(results));
    gates.extend(machine::links(results));
    gates.extend(trials::phases(results));
    gates.extend([
        machine::cores(&results.environment),
        machine::baseline(results),
    ]);
    if let Some(failure) = failure {
        gates[0].passed = Some(false);
        gates[0].reasons.push(failure);
    }
    let planted = results.environment.planted.iter().map(|fault| {
        format!(
            "A fault was planted on purpose ({fault}), to test the gates. The figures mean nothing."
        )
    });
    let remarks = planted.chain(stall::remarks(&cells)).collect();
    results.remarks = remarks;
    results.reasons = reasons(&gates);
    results.valid = gates.iter().all(|gate| gate.passed != Some(false));
    results.gates = gates;
}

fn reasons(gates: &[Gate]) -> Vec<String> {
    let all = gates.iter().flat_map(|gate| &gate.reasons);
    all.cloned().collect()
}
