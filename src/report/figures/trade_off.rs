//! Latency against what it costs: polling at each interval, push as a point.

use crate::{
    report::{
        data::{Cell, Data},
        level,
        metrics::meaning,
        theory_line::{self, Setting},
    },
    wire::Transport,
};

use super::{
    Figure, Words,
    axis::Axis,
    chart::{Chart, Series},
    figure, point, slug, transports,
};

/// Mean latency against a cost, over the levels of `parameter`.
pub fn figures(data: &Data, experiment: &str, parameter: &str, cost: &str) -> Vec<Figure> {
    one(data, experiment, parameter, cost).into_iter().collect()
}

fn one(data: &Data, experiment: &str, parameter: &str, cost: &str) -> Option<Figure> {
    let cells = data.cells(experiment);
    let series: Vec<_> = transports(&cells)
        .into_iter()
        .map(|t| series(data, &cells, t, parameter, cost))
        .collect();
    let (x, y) = (meaning(cost), meaning("delivery_mean_us"));
    let xs: Vec<f64> = series.iter().flat_map(|s| &s.points).map(|p| p.x).collect();
    let heights: Vec<f64> = series.iter().flat_map(Series::heights).collect();
    let words = Words {
        slug: slug(&[experiment, "trade-off", cost]),
        title: format!("What low latency costs: {}", lower(&x.words)),
        caption:
            "Down and to the left is better: sooner and cheaper. The line is theory, each point \
                  of short polling is named by its setting; bars are 95 % intervals of the latency."
                .into(),
        x: (cost.into(), x.quantity),
        y: ("delivery_mean_us".into(), y.quantity),
        x_unit: 1.0,
    };
    let chart = Chart {
        x: Axis::over(&x.words, x.quantity, xs),
        y: Axis::over(&y.words, y.quantity, heights),
        series,
        rules: Vec::new(),
    };
    figure(chart, words)
}

fn series(
    data: &Data,
    cells: &[&Cell],
    transport: Transport,
    parameter: &str,
    cost: &str,
) -> Series {
    let mut series = Series::new(transport);
    let own: Vec<_> = cells
        .iter()
        .filter(|cell| cell.transport == transport)
        .collect();
    let mut known = Vec::new();
    for cell in &own {
        let found = (
            data.measured(cell, cost),
            data.measured(cell, "delivery_mean_us"),
        );
        let (Some(price), Some(latency)) = found else {
            continue;
        };
        let name = cell.number(parameter).map(|_| level::words(cell.level));
        series.points.push(super::Point {
            name,
            ..point(price.value, latency)
        });
        known.extend(price.theory.zip(latency.theory));
    }
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let curve = own
        .first()
        .and_then(|cell| curve(data, cell, &own, parameter, cost));
    series.theory = curve.unwrap_or(known);
    series
}

/// The model's curve from the shortest interval to the longest.
fn curve(
    data: &Data,
    cell: &Cell,
    own: &[&&Cell],
    parameter: &str,
    cost: &str,
) -> Option<Vec<(f64, f64)>> {
    let numbers = own.iter().filter_map(|cell| cell.number(parameter));
    let (low, high) = numbers.fold((f64::MAX, f64::MIN), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    let setting = Setting::of(&data.setting(cell)?, cell.one_way_us()?);
    let line =
        |metric| theory_line::against(metric, cell.transport, &setting, parameter, [low, high]);
    let (price, latency) = (line(cost)?, line("delivery_mean_us")?);
    (low < high).then(|| {
        price
            .into_iter()
            .zip(latency)
            .map(|((_, x), (_, y))| (x, y))
            .collect()
    })
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(chars).collect()
    })
}
