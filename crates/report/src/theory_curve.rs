//! The models' curves between the measured levels, as lists of points for a figure. The measured
//! inputs of the models are interpolated linearly between the levels.

use analysis::{
    cell_trials::CellTrials,
    cost::SendCosts,
    estimate::{CellTheory, MeasuredInputs},
    metric::Metric,
    results::MeanSizes,
    scenario::{Experiment, Level},
};
use protocol::Transport;

use super::data::Data;

/// The number of intervals of a curve.
const STEPS: usize = 60;

/// A transport's model over a swept parameter.
pub struct TheoryCurve<'a> {
    experiment: Experiment,
    transport: Transport,
    parameter: &'a str,
    /// The level of the other swept parameters.
    facet: Option<Level>,
    /// The measured inputs at each value of the parameter, in its own unit and in ascending order.
    measured: Vec<(f64, MeasuredInputs)>,
    sends: SendCosts,
}

impl<'a> TheoryCurve<'a> {
    /// The curve through the cells of one transport and one facet; `None` unless the parameter has
    /// two values or more.
    pub fn through(data: &Data, cells: &[&CellTrials], parameter: &'a str) -> Option<Self> {
        let measured = |cell: &&CellTrials| {
            let settings = data.settings(cell)?;
            let measured = MeasuredInputs::of(&settings, cell.transport, &cell.valid)?;
            Some((cell.number(parameter)?, measured))
        };
        let first = cells.first()?;
        let mut measured: Vec<_> = cells.iter().filter_map(measured).collect();
        measured.sort_by(|a, b| a.0.total_cmp(&b.0));
        (measured.len() > 1).then_some(TheoryCurve {
            experiment: data.results.experiment(first.experiment)?,
            transport: first.transport,
            parameter,
            facet: Level::facet(first.level, parameter),
            measured,
            sends: data.sends.clone(),
        })
    }

    /// The lowest and the highest value of the parameter.
    pub fn span(&self) -> [f64; 2] {
        [self.measured[0].0, self.measured[self.measured.len() - 1].0]
    }

    /// Theory at a value of the parameter. `None` where no model applies.
    pub fn at(&self, x: f64) -> Option<CellTheory> {
        let settings = self
            .settings(x)
            .or_else(|_| self.settings(x.round()))
            .ok()?;
        CellTheory::at(&settings, self.transport, self.measured(x), &self.sends)
    }

    /// The experiment at a value of the parameter. It fails for a fraction where the parameter
    /// accepts only whole numbers.
    fn settings(&self, x: f64) -> Result<Experiment, String> {
        let own = Level::of_number(self.parameter, x);
        let level = match self.facet.clone() {
            Some(facet) => facet.and(own),
            None => own,
        };
        self.experiment.at(Some(&level))
    }

    fn measured(&self, x: f64) -> MeasuredInputs {
        let between = |of: &dyn Fn(&MeasuredInputs) -> Option<f64>| {
            let known = self
                .measured
                .iter()
                .filter_map(|(x, measured)| Some((*x, of(measured)?)));
            interpolate(&known.collect::<Vec<_>>(), x)
        };
        MeasuredInputs {
            one_way: between(&|measured| Some(measured.one_way)).unwrap_or_default(),
            digits: between(&|measured| Some(measured.digits)).unwrap_or_default(),
            sizes: MeanSizes {
                request: between(&|measured| measured.sizes.request),
                empty_response: between(&|measured| measured.sizes.empty_response),
                full_response: between(&|measured| measured.sizes.full_response),
                message: between(&|measured| measured.sizes.message),
            },
        }
    }

    /// Theory of a metric against the parameter, in the parameter's unit.
    pub fn of(&self, metric: Metric) -> Vec<(f64, f64)> {
        let point = |x| Some((x, self.at(x)?.value(metric)?));
        self.xs().filter_map(point).collect()
    }

    /// Theory of one metric against another.
    pub fn of_two(&self, x: Metric, y: Metric) -> Vec<(f64, f64)> {
        let point = |at| {
            let theory = self.at(at)?;
            Some((theory.value(x)?, theory.value(y)?))
        };
        self.xs().filter_map(point).collect()
    }

    /// Values of the parameter, evenly spaced: on a logarithm, unless they begin at 0.
    fn xs(&self) -> impl Iterator<Item = f64> {
        let [low, high] = self.span();
        (0..=STEPS).map(move |step| match step as f64 / STEPS as f64 {
            // Exactly the last level, in spite of rounding.
            share if share >= 1.0 => high,
            share if low > 0.0 => low * (high / low).powf(share),
            share => low + (high - low) * share,
        })
    }
}

/// Linear between points in ascending order of x, and constant beyond them; `None` of no points.
fn interpolate(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let after = points.partition_point(|point| point.0 < x);
    let (from, to) = match (after.checked_sub(1), points.get(after)) {
        (Some(before), Some(to)) => (points[before], *to),
        (Some(before), None) => return Some(points[before].1),
        (None, to) => return to.map(|to| to.1),
    };
    Some(from.1 + (to.1 - from.1) * (x - from.0) / (to.0 - from.0))
}

/// The quantiles of latency as points (q, µs), dense towards the tail, up to the quantile `most`.
pub fn distribution(theory: &CellTheory, most: f64) -> Vec<(f64, f64)> {
    let Some(latency) = theory.latency() else {
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

    fn with_curve<T>(
        sweep: (&str, serde_json::Value),
        transport: Transport,
        check: impl Fn(&Data, TheoryCurve) -> T,
    ) -> T {
        let run = sample::results(&[sample::experiment("mine", std::slice::from_ref(&sweep))]);
        let data = Data::new(&run);
        let mut cells = data.cells("mine");
        cells.retain(|cell| cell.transport == transport);
        check(&data, TheoryCurve::through(&data, &cells, sweep.0).unwrap())
    }

    #[test]
    fn a_curve_meets_the_theory_of_every_level() {
        for metric in [
            Metric::MEAN,
            Metric::IpBytesPerMessage,
            Metric::AppBytesPerS,
            Metric::RequestsPerS,
        ] {
            with_curve(
                ("rate", json!([0.05, 1, 50])),
                Transport::LongPoll,
                |data, curve| {
                    let points = curve.of(metric);
                    assert_eq!(points.len(), STEPS + 1);
                    for cell in data
                        .cells("mine")
                        .iter()
                        .filter(|cell| cell.transport == Transport::LongPoll)
                    {
                        let theory = data.measured(cell, metric).unwrap().theory.unwrap();
                        let drawn = curve
                            .at(cell.number("rate").unwrap())
                            .unwrap()
                            .value(metric)
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
    fn a_curve_uses_the_measured_delay() {
        with_curve(
            ("one_way_ms", json!([1, 100])),
            Transport::ShortPoll,
            |_, curve| {
                // The sample's link adds 60 µs; T = 2 s.
                let mean = curve.at(30.0).unwrap().value(Metric::MEAN).unwrap();
                assert!((mean - 2.0 * 30_060.0 - 1e6).abs() < 1.0, "{mean}");
                assert_eq!(curve.span(), [1.0, 100.0]);
                assert_eq!(curve.of(Metric::PssPerClient), []);
            },
        );
    }

    #[test]
    fn where_no_model_applies_there_is_no_curve() {
        with_curve(("jitter_ms", json!([1, 10])), Transport::Sse, |_, curve| {
            assert_eq!(curve.of(Metric::MEAN), []);
        });
        // 1,000 messages a second in 2.08 s are more than a response holds.
        with_curve(
            ("rate", json!([1, 1000])),
            Transport::ShortPoll,
            |_, curve| {
                let points = curve.of(Metric::MEAN);
                assert!(points.len() > STEPS / 2 && points.last().unwrap().0 < 500.0 / 2.08);
            },
        );
    }

    #[test]
    fn whole_numbers_stay_whole() {
        with_curve(
            ("body_bytes", json!([32, 4000])),
            Transport::WebSocket,
            |_, curve| {
                assert_eq!(curve.of(Metric::IpBytesPerMessage).len(), STEPS + 1);
            },
        );
    }

    #[test]
    fn linear_between_and_constant_beyond() {
        let points = [(1.0, 10.0), (3.0, 30.0)];
        let found = [0.0, 1.0, 2.0, 3.0, 9.0].map(|x| interpolate(&points, x).unwrap());
        assert_eq!(found, [10.0, 10.0, 20.0, 30.0, 30.0]);
        assert_eq!(interpolate(&[], 1.0), None);
    }
}
