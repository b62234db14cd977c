//! Which rate a load ramp tries next: it is raised until it fails, then bisected. Pure arithmetic:
//! `load_ramp` measures.

use analysis::{results::Limit, scenario::Search};

/// The least rate that is tried, as a share of the first.
const LEAST_SHARE: f64 = 1e-3;

/// What a step showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Held,
    /// Too many deliveries were late.
    Late,
    /// The generator used too much of its core, so that the step says nothing about the server.
    GeneratorBusy,
}

/// The state of a search. Rates are in messages a second in each room.
#[derive(Clone, Debug)]
pub struct CapacitySearch {
    first: f64,
    factor: f64,
    /// The greatest rate that held.
    held: Option<f64>,
    /// The least rate that was late.
    late: Option<f64>,
    generator_was_busy: bool,
}

impl CapacitySearch {
    /// A search that begins at the rate `first` and raises it by `factor`.
    pub fn new(first: f64, factor: f64) -> Self {
        CapacitySearch {
            first,
            factor,
            held: None,
            late: None,
            generator_was_busy: false,
        }
    }

    /// The rate to try next; `None` once the search is over. Without a step that was late the rate
    /// is raised, without one that held it is lowered, and between the two it is their geometric
    /// mean.
    pub fn next(&self) -> Option<f64> {
        let range = self.first * LEAST_SHARE..=Search::MOST_RATE;
        let rate = match (self.held, self.late) {
            (None, None) => self.first,
            (Some(held), None) => held * self.factor,
            (None, Some(late)) => late / self.factor,
            (Some(held), Some(late)) => (held * late).sqrt(),
        };
        let is_over = self.generator_was_busy || self.is_found();
        (!is_over && rate > 0.0 && range.contains(&rate)).then_some(rate)
    }

    /// Takes the verdict on the rate that [`next`](Self::next) gave.
    pub fn record(&mut self, rate: f64, verdict: Verdict) {
        match verdict {
            Verdict::Held => self.held = Some(rate),
            Verdict::Late => self.late = Some(rate),
            Verdict::GeneratorBusy => self.generator_was_busy = true,
        }
    }

    /// Why the search ended, if it ends now.
    pub fn limit(&self) -> Limit {
        if self.generator_was_busy {
            Limit::Generator
        } else if self.is_found() {
            Limit::Latency
        } else {
            Limit::Schedule
        }
    }

    /// Whether the capacity is between two rates that are close enough.
    fn is_found(&self) -> bool {
        let bracket = self.held.zip(self.late);
        bracket.is_some_and(|(held, late)| late <= held * Search::PRECISION)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Searches for a capacity that is known, and returns the greatest rate that held, the limit
    /// and the number of steps.
    fn searched(
        first: f64,
        factor: f64,
        verdict: impl Fn(f64) -> Verdict,
    ) -> (Option<f64>, Limit, u32) {
        let mut search = CapacitySearch::new(first, factor);
        let (mut greatest, mut steps) = (None::<f64>, 0);
        while let Some(rate) = search.next() {
            let found = verdict(rate);
            search.record(rate, found);
            if found == Verdict::Held {
                greatest = Some(greatest.map_or(rate, |other| other.max(rate)));
            }
            steps += 1;
            assert!(steps < 1_000, "the search does not end");
        }
        (greatest, search.limit(), steps)
    }

    fn oracle(capacity: f64) -> impl Fn(f64) -> Verdict {
        move |rate| match rate <= capacity {
            true => Verdict::Held,
            false => Verdict::Late,
        }
    }

    proptest! {
        #[test]
        fn it_ends_within_five_per_cent_below_the_capacity(
            first in 0.1f64..1_000.0,
            share in -2.9f64..1.0,
            factor in 1.05f64..10.0,
        ) {
            // From a thousandth of the first rate to ten times as much.
            let capacity = (first * 10f64.powf(share)).min(9_000.0 / factor);
            prop_assume!(capacity > first * LEAST_SHARE * factor);
            let (held, limit, steps) = searched(first, factor, oracle(capacity));
            let held = held.unwrap();
            prop_assert_eq!(limit, Limit::Latency);
            prop_assert!(held <= capacity && capacity <= held * 1.05 * (1.0 + 1e-9));
            let ramp = (capacity / first).ln().abs() / factor.ln();
            let halvings = (factor.ln() / 1.05f64.ln()).log2().max(0.0);
            prop_assert!(f64::from(steps) <= ramp + halvings + 4.0, "{}", steps);
        }

        /// Whatever the steps show, the search ends, and it names no rate that did not hold.
        #[test]
        fn it_is_bounded_and_never_calls_a_failed_step_held(
            first in 0.0f64..10_000.0,
            factor in 1.05f64..10.0,
            seed: u64,
        ) {
            use rand::{Rng, SeedableRng, rngs::StdRng};
            let random = std::cell::RefCell::new(StdRng::seed_from_u64(seed));
            let verdicts = std::cell::RefCell::new(Vec::new());
            let (held, limit, _) = searched(first, factor, |rate| {
                let verdict = match random.borrow_mut().random_range(0..20) {
                    0 => Verdict::GeneratorBusy,
                    1..8 => Verdict::Late,
                    _ => Verdict::Held,
                };
                verdicts.borrow_mut().push((rate, verdict));
                verdict
            });
            let verdicts = verdicts.into_inner();
            if let Some(held) = held {
                prop_assert!(verdicts.contains(&(held, Verdict::Held)));
            }
            let late = verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::Late);
            let least_late = late.map(|(rate, _)| *rate).fold(f64::MAX, f64::min);
            prop_assert!(held.is_none_or(|held| held < least_late));
            let busy = verdicts.iter().any(|(_, verdict)| *verdict == Verdict::GeneratorBusy);
            prop_assert_eq!(limit == Limit::Generator, busy);
        }
    }

    #[test]
    fn a_ramp_from_100_doubles_and_then_bisects() {
        let mut search = CapacitySearch::new(100.0, 2.0);
        // 100 and 200 hold, 400 is late; the geometric mean of 200 and 400 is 282.84.
        let verdicts = [Verdict::Held, Verdict::Held, Verdict::Late, Verdict::Held];
        let rates = verdicts.map(|verdict| {
            let rate = search.next().unwrap();
            search.record(rate, verdict);
            (rate * 100.0).round() / 100.0
        });
        assert_eq!(rates, [100.0, 200.0, 400.0, 282.84]);
        // The geometric mean of 282.84 and 400.
        assert!((search.next().unwrap() - 336.36).abs() < 0.01);
        assert_eq!(search.limit(), Limit::Schedule, "it is not over");
    }

    #[test]
    fn a_busy_generator_and_the_range_end_it_as_censored() {
        let busy = |rate| match rate <= 300.0 {
            true => Verdict::Held,
            false => Verdict::GeneratorBusy,
        };
        assert_eq!(
            searched(100.0, 2.0, busy),
            (Some(200.0), Limit::Generator, 3)
        );
        let tireless = searched(100.0, 10.0, |_| Verdict::Held);
        assert_eq!(tireless, (Some(10_000.0), Limit::Schedule, 3));
        let broken = searched(100.0, 10.0, |_| Verdict::Late);
        assert_eq!((broken.0, broken.1), (None, Limit::Schedule));
        assert_eq!(searched(0.0, 2.0, |_| Verdict::Held).2, 0);
    }
}
