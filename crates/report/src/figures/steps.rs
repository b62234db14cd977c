//! The load ramp of `capacity`: the p99 of latency against the load.

use analysis::{
    cell_trials::CellTrials,
    metric::{Metric, Quantile, Quantity},
    results::CapacityStep,
    scenario::Level,
};

use super::{
    axis::Axis,
    chart::{Chart, ReferenceLine},
    figure::{Figure, FigureText, figure},
    series::{Point, Series},
    text::slug,
};
use crate::data::Data;

pub fn figures(data: &Data, experiment: &str) -> Vec<Figure> {
    let levels = data.levels(experiment);
    levels
        .into_iter()
        .filter_map(|level| at_level(data, experiment, level))
        .collect()
}

fn at_level(data: &Data, experiment: &str, level: Option<&Level>) -> Option<Figure> {
    let cells = data
        .cells(experiment)
        .into_iter()
        .filter(|cell| cell.level == level);
    let series: Vec<_> = cells.map(series).collect();
    let points = || series.iter().flat_map(|series| &series.points);
    let limit = data
        .results
        .experiment(experiment)
        .and_then(|experiment| experiment.search);
    let limit = limit.map(|search| search.p99_ms * 1e3);
    let words = FigureText {
        slug: slug(&[
            experiment,
            "steps",
            &level.map(Level::to_string).unwrap_or_default(),
        ]),
        title: "p99 end-to-end latency as the load grows".into(),
        caption:
            "Each point is a step of the load ramp in one trial. The capacity of a trial is the greatest \
                  load at which 99 % of the deliveries were within the limit and the generator used at \
                  most 80 % of its core."
                .into(),
        inputs: None,
        x: ("deliveries_per_s".into(), Quantity::PerSecond),
        y: (
            Metric::end_to_end(Quantile::P99).name().into(),
            Quantity::Time,
        ),
        x_unit: 1.0,
    };
    let chart = Chart {
        x: Axis::over(
            "Deliveries",
            Quantity::PerSecond,
            points().map(|point| point.x),
        ),
        y: Axis::over(
            "p99 end-to-end latency",
            Quantity::Time,
            points().map(|point| point.y).chain(limit),
        ),
        reference_lines: limit
            .map(|at| ReferenceLine {
                vertical: false,
                at,
                text: "limit".into(),
            })
            .into_iter()
            .collect(),
        series,
    };
    figure(chart, words)
}

fn series(cell: &CellTrials) -> Series {
    let mut series = Series::new(cell.transport);
    let steps = cell
        .valid
        .iter()
        .filter_map(|trial| trial.capacity.as_ref());
    let point = |step: &CapacityStep| {
        Some(Point {
            x: step.deliveries_per_s,
            y: step.p99_us? as f64,
            interval: None,
            name: None,
        })
    };
    series.points = steps
        .flat_map(|found| &found.steps)
        .filter_map(point)
        .collect();
    series.points.sort_by(|a, b| a.x.total_cmp(&b.x));
    series
}
