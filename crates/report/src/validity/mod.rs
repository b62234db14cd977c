//! Why the figures may be believed: each gate, what was found, and whether it was passed.

mod gate;
mod instruments;
mod trials;
use analysis::{
    cells::group,
    results::{Results, Trial},
};

use gate::Gate;
use instruments::{again, baseline, cores, link};
use trials::{account, delay, reconciled, steal, uniform};

pub struct Validity {
    pub gates: Vec<Gate>,
    /// A void trial and its reason.
    pub void: Vec<(String, String)>,
}

impl Validity {
    /// Gates that were not passed.
    pub fn failed(&self) -> usize {
        let failed = |gate: &&Gate| gate.passed == Some(false);
        self.gates.iter().filter(failed).count()
    }
}

pub fn validity(results: &Results) -> Validity {
    let machine = [cores(&results.environment), baseline(results)];
    let gates = again(results).into_iter().chain(machine);
    let links = link(results);
    let rest = [delay(results), account(results), uniform(results)]
        .into_iter()
        .flatten();
    let last = [
        reconciled(results),
        steal(results),
        Some(valid_trials(results)),
    ]
    .into_iter()
    .flatten();
    Validity {
        gates: gates.chain(links).chain(rest).chain(last).collect(),
        void: void(results),
    }
}

fn valid_trials(results: &Results) -> Gate {
    let void = results
        .trials
        .iter()
        .filter(|trial| trial.void.is_some())
        .count();
    let cells = group(&results.trials);
    let thin = cells.iter().filter(|cell| cell.usable().is_empty()).count();
    Gate {
        name: "Valid trials",
        asks: "A void trial is left out. A cell with fewer than 3 valid ones has no estimates.",
        found: format!(
            "{} planned, {} run, {void} void; {thin} of {} cells have fewer than 3",
            results.scenario.planned_trials,
            results.trials.len(),
            cells.len()
        ),
        passed: Some(thin == 0),
    }
}

fn void(results: &Results) -> Vec<(String, String)> {
    let one = |trial: &Trial| {
        let level = super::level::words(trial.level.as_ref());
        let what = [&trial.experiment, &trial.label, &level].map(String::as_str);
        let what: Vec<_> = what.into_iter().filter(|part| !part.is_empty()).collect();
        Some((
            format!("{}, repetition {}", what.join(", "), trial.repetition + 1),
            trial.void.as_ref()?.told(),
        ))
    };
    results.trials.iter().filter_map(one).collect()
}
