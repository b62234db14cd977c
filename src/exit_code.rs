//! The exit codes: what each means, and which one a campaign has.

use analysis::results::Results;

/// The campaign is not valid, or was interrupted.
pub const INVALID: u8 = 3;
/// The campaign is valid, and a threshold of its scenario was not passed.
pub const NOT_PASSED: u8 = 4;

/// The words of `--help`. `docs/API.md` has the same codes in a table.
pub const HELP: &str = "\
Exit codes: 0, success; 1, an error, or a metric that got worse by more than --fail-over; 2, wrong \
arguments; 3, a campaign that is not valid or was interrupted; 4, a valid campaign that did not pass a \
threshold of its scenario. Durations are written as 40ms, 75s, 30d.";

/// The exit code of a campaign: nothing follows from the thresholds of an invalid one.
pub fn of(results: &Results) -> u8 {
    match results.valid {
        false => INVALID,
        true if results.not_passed().next().is_some() => NOT_PASSED,
        true => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use analysis::{
        metric::Metric,
        results::{Results, ThresholdRecord, Verdict},
    };

    use super::*;

    fn campaign(valid: bool, verdicts: &[Verdict]) -> Results {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/coursework");
        let mut results = Results::read(&folder).unwrap();
        let of = results.trials[0].clone();
        let record = |verdict: &Verdict| ThresholdRecord {
            experiment: of.experiment.clone(),
            transport: of.transport,
            level: None,
            metric: Metric::MEAN,
            condition: "< 50ms".into(),
            value: None,
            ci95: None,
            censored: false,
            verdict: *verdict,
        };
        results.valid = valid;
        results.thresholds = verdicts.iter().map(record).collect();
        results
    }

    #[test]
    fn validity_comes_first_and_only_passed_thresholds_are_a_success() {
        use Verdict::{Failed, Passed, Undecided};
        for (valid, verdicts, code) in [
            (true, &[][..], 0),
            (true, &[Passed, Passed], 0),
            (true, &[Passed, Failed], NOT_PASSED),
            (true, &[Undecided], NOT_PASSED),
            (false, &[Passed], INVALID),
            (false, &[Failed], INVALID),
        ] {
            let campaign = campaign(valid, verdicts);
            assert_eq!(of(&campaign), code, "{valid} {verdicts:?}");
        }
    }
}
