//! Latency against a cost: short polling at each interval, push as a point.

use analysis::{cell_trials::CellTrials, metric::Metric};
use protocol::Transport;

use super::{
    axis::Axis,
    chart::Chart,
    figure::{Figure, FigureText, figure, point},
    series::{Point, Series, transports},
    text::slug,
};
use crate::{data::Data, level, theory_curve::TheoryCurve, theory_inputs};

/// Mean delivery latency against a cost, over the levels of `parameter`.
pub fn figures(data: &Data, experiment: &str, parameter: &str, cost: Metric) -> Vec<Figure> {
    figure_of(data, experiment, parameter, cost)
        .into_iter()
        .collect()
}

fn figure_of(data: &Data, experiment: &str, parameter: &str, cost: Metric) -> Option<Figure> {
    let cells = data.cells(experiment);
    let series: Vec<_> = transports(&cells)
        .into_iter()
        .map(|t| series(data, &cells, t, parameter, cost))
        .collect();
    let (x, y) = (cost, Metric::MEAN);
    let xs: Vec<f64> = series.iter().flat_map(|s| &s.points).map(|p| p.x).collect();
    let heights: Vec<f64> = series.iter().flat_map(Series::heights).collect();
    let words = FigureText {
        slug: slug(&[experiment, "trade-off", cost.name()]),
        title: format!("Mean delivery latency against {}", lower_first(&x.words())),
        caption:
            "Lower and further to the left is better. Each point of short polling has its level beside \
                  it; bars are 95 % intervals of the latency."
                .into(),
        inputs: theory_inputs::line(data, &cells, &[x, y]),
        x: (cost.name().into(), x.quantity()),
        y: (y.name().into(), y.quantity()),
        x_unit: 1.0,
    };
    let chart = Chart {
        x: Axis::over(&x.words(), x.quantity(), xs),
        y: Axis::over(&y.words(), y.quantity(), heights),
        series,
        reference_lines: Vec::new(),
    };
    figure(chart, words)
}

fn series(
    data: &Data,
    cells: &[&CellTrials],
    transport: Transport,
    parameter: &str,
    cost: Metric,
) -> Series {
    let mut series = Series::new(transport);
    let own: Vec<_> = cells
        .iter()
        .copied()
        .filter(|cell| cell.transport == transport)
        .collect();
    for cell in &own {
        let found = (data.measured(cell, cost), data.measured(cell, Metric::MEAN));
        let (Some(cost_value), Some(latency)) = found else {
            continue;
        };
        let name = cell.number(parameter).map(|_| level::words(cell.level));
        series.points.push(Point {
            name,
            ..point(cost_value.value, latency)
        });
    }
    series.theory = match TheoryCurve::through(data, &own, parameter) {
        Some(curve) => curve.of_two(cost, Metric::MEAN),
        None => Vec::new(),
    };
    series
}

/// With a small first letter, unless the first word is an abbreviation such as IP.
fn lower_first(text: &str) -> String {
    if text.chars().nth(1).is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(chars).collect()
    })
}
