//! The models' curves between the measured points, as lists of points for a figure. The formulas
//! are the lab's; what is measured and goes into them is taken straight between the levels.

use analysis::{
    cells::Cell,
    estimate::{Expected, Given},
    metric::Metric,
    results::Sizes,
    scenario::{Experiment, Level},
};
use protocol::Transport;

use super::data::Data;

/// Points of a curve.
const STEPS: usize = 120;

/// A transport's models over a swept number.
pub struct TheoryCurve<'a> {
    experiment: Experiment,
    transport: Transport,
    parameter: &'a str,
    /// What else is swept, at its level.
    rest: Option<Level>,
    /// What was measured at each number, in the parameter's own unit and from the smallest.
    given: Vec<(f64, Given)>,
}

impl<'a> TheoryCurve<'a> {
    /// Through the cells of one transport and one facet; `None` where no number is swept over them.
    pub fn through(data: &Data, cells: &[&Cell], parameter: &'a str) -> Option<Self> {
        let given = |cell: &&Cell| {
            let given = Given::of(&data.setting(cell)?, &cell.trials)?;
            Some((cell.number(parameter)?, given))
        };
        let first = cells.first()?;
        let mut given: Vec<_> = cells.iter().filter_map(given).collect();
        given.sort_by(|a, b| a.0.total_cmp(&b.0));
        (given.len() > 1).then_some(TheoryCurve {
            experiment: data.results.experiment(first.experiment)?,
            transport: first.transport,
            parameter,
            rest: Level::facet(first.level, parameter),
            given,
        })
    }

    /// The smallest and the largest number.
    pub fn span(&self) -> [f64; 2] {
        [self.given[0].0, self.given[self.given.len() - 1].0]
    }

    /// What the models expect at a number between the levels. `None` where none applies.
    pub fn at(&self, x: f64) -> Option<Expected> {
        let setting = self.setting(x).or_else(|_| self.setting(x.round())).ok()?;
        Expected::at(&setting, self.transport, self.given(x))
    }

    /// Some parameters take whole numbers alone.
    fn setting(&self, x: f64) -> Result<Experiment, String> {
        let own = Level::of_number(self.parameter, x);
        let level = match self.rest.clone() {
            Some(rest) => rest.and(own),
            None => own,
        };
        self.experiment.at(Some(&level))
    }

    fn given(&self, x: f64) -> Given {
        let between = |of: &dyn Fn(&Given) -> Option<f64>| {
            let known = self
                .given
                .iter()
                .filter_map(|(x, given)| Some((*x, of(given)?)));
            straight(&known.collect::<Vec<_>>(), x)
        };
        Given {
            one_way: between(&|given| Some(given.one_way)).unwrap_or_default(),
            digits: between(&|given| Some(given.digits)).unwrap_or_default(),
            send: between(&|given| given.send),
            sizes: Sizes {
                request: between(&|given| given.sizes.request),
                empty_answer: between(&|given| given.sizes.empty_answer),
                full_answer: between(&|given| given.sizes.full_answer),
                message: between(&|given| given.sizes.message),
            },
        }
    }

    /// A metric against the parameter, in the parameter's unit, where there is a model.
    pub fn of(&self, metric: Metric) -> Vec<(f64, f64)> {
        let point = |x| Some((x, self.at(x)?.of(metric)?));
        self.places().filter_map(point).collect()
    }

    /// A metric against another one.
    pub fn both(&self, x: Metric, y: Metric) -> Vec<(f64, f64)> {
        let point = |place| {
            let expected = self.at(place)?;
            Some((expected.of(x)?, expected.of(y)?))
        };
        self.places().filter_map(point).collect()
    }

    /// Evenly spaced, on a logarithm where there is one.
    fn places(&self) -> impl Iterator<Item = f64> {
        let [low, high] = self.span();
        (0..=STEPS).map(move |step| match step as f64 / STEPS as f64 {
            // Rounding must not lead beyond the last level.
            share if share >= 1.0 => high,
            share if low > 0.0 => low * (high / low).powf(share),
            share => low + (high - low) * share,
        })
    }
}

/// Straight between points in the order of their x, and level beyond them; `None` of no points.
fn straight(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let after = points.partition_point(|point| point.0 < x);
    let (from, to) = match (after.checked_sub(1), points.get(after)) {
        (Some(before), Some(to)) => (points[before], *to),
        (Some(before), None) => return Some(points[before].1),
        (None, to) => return to.map(|to| to.1),
    };
    Some(from.1 + (to.1 - from.1) * (x - from.0) / (to.0 - from.0))
}

/// The latency that each share stays below: (q, µs), dense towards the tail, up to the share `most`.
pub fn distribution(expected: &Expected, most: f64) -> Vec<(f64, f64)> {
    let Some(latency) = expected.latency() else {
        return Vec::new();
    };
    let nines = -(1.0 - most).log10();
    let share = |step: usize| 1.0 - 10f64.powf(-nines * step as f64 / STEPS as f64);
    let point = |q: f64| (q, latency.quantile(q) * 1e6);
    (0..=STEPS).map(share).map(point).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    fn with_line<T>(
        sweep: (&str, serde_json::Value),
        transport: Transport,
        look: impl Fn(&Data, TheoryCurve) -> T,
    ) -> T {
        let run = sample::results(&[sample::experiment("mine", std::slice::from_ref(&sweep))]);
        let data = Data::new(&run);
        let mut cells = data.cells("mine");
        cells.retain(|cell| cell.transport == transport);
        look(&data, TheoryCurve::through(&data, &cells, sweep.0).unwrap())
    }

    #[test]
    fn a_line_meets_the_theory_of_every_level() {
        for metric in [
            Metric::MEAN,
            Metric::IpBytesPerMessage,
            Metric::AppBytesPerS,
            Metric::RequestsPerS,
        ] {
            with_line(
                ("rate", json!([0.05, 1, 50])),
                Transport::LongPoll,
                |data, line| {
                    let points = line.of(metric);
                    assert_eq!(points.len(), STEPS + 1);
                    for cell in data
                        .cells("mine")
                        .iter()
                        .filter(|cell| cell.transport == Transport::LongPoll)
                    {
                        let theory = data.measured(cell, metric).unwrap().theory.unwrap();
                        let drawn = line
                            .at(cell.number("rate").unwrap())
                            .unwrap()
                            .of(metric)
                            .unwrap();
                        assert!(
                            (drawn / theory - 1.0).abs() < 1e-9,
                            "{metric}: {drawn} {theory}"
                        );
                    }
                },
            );
        }
    }

    #[test]
    fn delay_is_the_one_measured_and_its_line_is_closed() {
        with_line(
            ("one_way_ms", json!([1, 100])),
            Transport::ShortPoll,
            |_, line| {
                // The sample's link adds 60 µs; T = 2 s.
                let mean = line.at(30.0).unwrap().of(Metric::MEAN).unwrap();
                assert!((mean - 2.0 * 30_060.0 - 1e6).abs() < 1.0, "{mean}");
                assert_eq!(line.span(), [1.0, 100.0]);
                assert_eq!(line.of(Metric::PssPerClient), []);
            },
        );
    }

    #[test]
    fn where_no_model_applies_there_is_no_line() {
        with_line(("jitter_ms", json!([1, 10])), Transport::Sse, |_, line| {
            assert_eq!(line.of(Metric::MEAN), []);
        });
        // 2.08 s of 1,000 a second are more than an answer holds.
        with_line(
            ("rate", json!([1, 1000])),
            Transport::ShortPoll,
            |_, line| {
                let points = line.of(Metric::MEAN);
                assert!(points.len() > 60 && points.last().unwrap().0 < 500.0 / 2.08);
            },
        );
    }

    #[test]
    fn whole_numbers_stay_whole() {
        with_line(
            ("body_bytes", json!([32, 16000])),
            Transport::WebSocket,
            |_, line| {
                assert_eq!(line.of(Metric::IpBytesPerMessage).len(), STEPS + 1);
            },
        );
    }

    #[test]
    fn straight_between_and_level_beyond() {
        let points = [(1.0, 10.0), (3.0, 30.0)];
        let found = [0.0, 1.0, 2.0, 3.0, 9.0].map(|x| straight(&points, x).unwrap());
        assert_eq!(found, [10.0, 10.0, 20.0, 30.0, 30.0]);
        assert_eq!(straight(&[], 1.0), None);
    }
}
