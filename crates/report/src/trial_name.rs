//! The name of a trial in words.

use analysis::results::{Results, Trial};

use super::level;

/// "latency, WebSocket, d = 40 ms, repetition 2"; in a campaign of several runs with the run.
pub fn trial_name(results: &Results, trial: &Trial) -> String {
    let level = level::words(trial.level.as_ref());
    let what = [&trial.experiment, &trial.label, &level].map(String::as_str);
    let what: Vec<_> = what.into_iter().filter(|part| !part.is_empty()).collect();
    let run = match results.scenario.runs {
        1 => String::new(),
        _ => format!("run {}, ", trial.run + 1),
    };
    format!(
        "{}, {run}repetition {}",
        what.join(", "),
        trial.repetition + 1
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn a_name_has_its_run_where_there_are_several() {
        let experiment = sample::experiment("latency", &[("one_way_ms", json!([40]))]);
        let mut results = sample::results(&[experiment]);
        let name =
            |results: &Results| trial_name(results, &results.trials[0]).replace('\u{a0}', " ");
        assert_eq!(
            name(&results),
            "latency, Short polling, d = 40 ms, repetition 1"
        );
        results.scenario.runs = 3;
        assert_eq!(
            name(&results),
            "latency, Short polling, d = 40 ms, run 1, repetition 1"
        );
    }
}
