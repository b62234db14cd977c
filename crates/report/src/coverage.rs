//! What the intervals of a campaign cover, as a sentence.

use analysis::{
    results::{IntervalsCover, Results},
    stats::MIN_TRIALS,
};

use crate::page::duration;

/// The sentence near the summary: how far the intervals speak for other runs.
pub fn coverage(results: &Results) -> String {
    match results.intervals_cover {
        IntervalsCover::Run => {
            "The intervals cover chance within this run alone: on another day the \
             figures may differ by more than they show."
                .into()
        }
        IntervalsCover::Runs if results.runs.len() < MIN_TRIALS => format!(
            "There are no intervals: they would be over runs, and {} runs are too few.",
            results.runs.len()
        ),
        IntervalsCover::Runs => format!(
            "The intervals cover what differed between {} runs within {}.",
            results.runs.len(),
            duration(results.scenario.seconds)
        ),
    }
}

#[cfg(test)]
mod tests {
    use analysis::results::RunRecord;
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn a_single_run_speaks_of_itself_and_several_of_their_time() {
        let experiment = sample::experiment("latency", &[("one_way_ms", json!([40]))]);
        let mut results = sample::results(&[experiment]);
        assert!(coverage(&results).contains("this run alone"));
        results.intervals_cover = IntervalsCover::Runs;
        let record = RunRecord {
            started_at: results.started_at.clone(),
            baseline: results.baseline.clone(),
        };
        results.runs = vec![record; 5];
        results.scenario.seconds = 9.0 * 3_600.0;
        let sentence = "The intervals cover what differed between 5 runs within 9 hours.";
        assert_eq!(coverage(&results), sentence);
        results.runs.truncate(2);
        assert!(coverage(&results).contains("2 runs are too few"));
    }
}
