//! The runs of a campaign: how many, how far apart, and the seed of each.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use analysis::stats::MIN_TRIALS;
use protocol::duration;

use crate::schedule::seed_for;

/// How soon a signal ends the wait for the next run.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// How often, and how far apart, the whole campaign is measured.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Repeats {
    /// Repeat the whole campaign, each time in another order: 1, or 3 and more, whose intervals cover
    /// what differs between runs
    #[arg(long, env = "PUSHLAB_RUNS", value_name = "N", default_value_t = 1, value_parser = count)]
    pub runs: u32,
    /// Start each run this long after the start of the run before, such as 2h; without it, and where a
    /// run takes longer, the next one follows at once
    #[arg(long, env = "PUSHLAB_EVERY", value_name = "DURATION", value_parser = duration::parse)]
    pub every: Option<Duration>,
}

/// Parses the number of runs.
fn count(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(2) => Err(
            "an interval over two runs is of no use: Student's t has one degree of freedom then, and a \
             critical value of 12.7. Give 1, or 3 and more"
                .into(),
        ),
        Ok(runs @ 1..=1_000) => Ok(runs),
        _ => Err("give 1, or 3 to 1000 runs".into()),
    }
}

impl Repeats {
    /// # Errors
    /// `--every` with a single run has nothing to space; the sentence says what to give.
    pub fn check(self) -> Result<Self, String> {
        match self.every {
            Some(_) if self.runs == 1 => Err(format!(
                "--every says how far apart the runs start, and there is only one: give --runs {MIN_TRIALS} \
                 or more with it"
            )),
            _ => Ok(self),
        }
    }

    /// How much later than now the next run starts, if the run before it started at `began`.
    pub fn pause(self, began: Instant) -> Duration {
        let next = self.every.unwrap_or_default();
        next.saturating_sub(began.elapsed())
    }
}

/// Waits, and returns whether it was until the end: not if `stop` is set.
pub fn wait(pause: Duration, stop: &AtomicBool) -> bool {
    let began = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        let left = pause.saturating_sub(began.elapsed());
        if left.is_zero() {
            return true;
        }
        thread::sleep(left.min(LOOK_AGAIN));
    }
    false
}

/// The seed of a run, from that of the campaign. The first run has the campaign's own, so that a
/// campaign of a single run is the first run of one that has several.
pub fn seed_of_run(seed: u64, run: u32) -> u64 {
    match run {
        0 => seed,
        run => seed_for(seed, &["run"], run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_are_refused_with_the_reason() {
        assert_eq!(["1", "3", "20"].map(count), [Ok(1), Ok(3), Ok(20)]);
        let refused = count("2").unwrap_err();
        assert!(
            refused.contains("12.7") && refused.contains("3 and more"),
            "{refused}"
        );
        for text in ["0", "-1", "many", "1001"] {
            assert!(count(text).unwrap_err().contains("3 to 1000"), "{text}");
        }
    }

    #[test]
    fn a_pause_needs_several_runs() {
        let repeats = |runs, every| Repeats { runs, every };
        let hour = Some(Duration::from_hours(1));
        assert!(repeats(1, hour).check().unwrap_err().contains("--runs 3"));
        assert!(repeats(3, hour).check().is_ok() && repeats(1, None).check().is_ok());
    }

    #[test]
    fn the_next_run_follows_at_once_where_nothing_else_is_said() {
        let now = Instant::now();
        let repeats = |every| Repeats { runs: 3, every };
        assert_eq!(repeats(None).pause(now), Duration::ZERO);
        let late = repeats(Some(Duration::from_nanos(1))).pause(now);
        assert_eq!(late, Duration::ZERO);
        let pause = repeats(Some(Duration::from_hours(2))).pause(now);
        assert!(pause > Duration::from_hours(1) && pause <= Duration::from_hours(2));
    }

    #[test]
    fn a_wait_ends_at_its_end_and_at_a_signal() {
        assert!(wait(Duration::ZERO, &AtomicBool::new(false)));
        assert!(!wait(Duration::from_hours(1), &AtomicBool::new(true)));
    }

    #[test]
    fn every_run_has_a_seed_of_its_own() {
        let seeds: std::collections::BTreeSet<_> = (0..50).map(|run| seed_of_run(7, run)).collect();
        assert_eq!((seeds.len(), seed_of_run(7, 0)), (50, 7));
    }
}
