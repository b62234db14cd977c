//! The gates of a run: the condition of each, what was measured, and whether it was passed.

mod gate;
mod instruments;
mod trials;
use analysis::{
    cell_trials::group,
    results::{Results, Trial},
};

use gate::Gate;
use instruments::{baseline, control, cores, link};
use trials::{accounted, reconciled, schedule_delay, steal, uniform};

pub struct Validity {
    pub gates: Vec<Gate>,
    /// The name of each invalid trial, and the reason.
    pub invalid: Vec<(String, String)>,
}

impl Validity {
    /// The number of gates that were not passed.
    pub fn failed(&self) -> usize {
        let failed = |gate: &&Gate| gate.passed == Some(false);
        self.gates.iter().filter(failed).count()
    }
}

pub fn validity(results: &Results) -> Validity {
    let machine = [cores(&results.environment), baseline(results)];
    let gates = control(results).into_iter().chain(machine);
    let links = link(results);
    let of_trials = [
        schedule_delay(results),
        accounted(results),
        uniform(results),
    ]
    .into_iter()
    .flatten();
    let of_counts = [
        reconciled(results),
        steal(results),
        Some(valid_trials(results)),
    ]
    .into_iter()
    .flatten();
    Validity {
        gates: gates
            .chain(links)
            .chain(of_trials)
            .chain(of_counts)
            .collect(),
        invalid: invalid(results),
    }
}

fn valid_trials(results: &Results) -> Gate {
    let invalid = results
        .trials
        .iter()
        .filter(|trial| trial.invalidity.is_some())
        .count();
    let cells = group(&results.trials);
    let too_few = cells.iter().filter(|cell| cell.usable().is_empty()).count();
    Gate {
        name: "Valid trials",
        condition: "An invalid trial is left out. Each cell needs at least 3 valid trials, or it has no estimates.",
        found: format!(
            "{} planned, {} run, {invalid} invalid; {too_few} of {} cells have fewer than 3",
            results.scenario.planned_trials,
            results.trials.len(),
            cells.len()
        ),
        passed: Some(too_few == 0),
    }
}

fn invalid(results: &Results) -> Vec<(String, String)> {
    let one = |trial: &Trial| {
        let level = super::level::words(trial.level.as_ref());
        let what = [&trial.experiment, &trial.label, &level].map(String::as_str);
        let what: Vec<_> = what.into_iter().filter(|part| !part.is_empty()).collect();
        Some((
            format!("{}, repetition {}", what.join(", "), trial.repetition + 1),
            trial.invalidity.as_ref()?.text(),
        ))
    };
    results.trials.iter().filter_map(one).collect()
}
