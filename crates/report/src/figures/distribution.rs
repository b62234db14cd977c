//! The distribution of latency at one level, on an axis that is stretched towards the tail.

use analysis::{
    cell_trials::CellTrials,
    metric::{Metric, Quantity},
    samples::Samples,
    scenario::Level,
};

use super::{
    axis::Axis,
    chart::Chart,
    figure::{Figure, FigureText, figure},
    series::{Point, Series},
    text::slug,
};
use crate::{data::Data, level, theory_curve, theory_inputs};

/// The quantiles that have a marker.
const MARKED: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];
const STEPS: i32 = 60;

/// A figure for each level of an experiment.
pub fn figures(data: &Data, experiment: &str) -> Vec<Figure> {
    let levels = data.levels(experiment);
    levels
        .into_iter()
        .filter_map(|level| at_level(data, experiment, level))
        .collect()
}

fn at_level(data: &Data, experiment: &str, level: Option<&Level>) -> Option<Figure> {
    let cells: Vec<_> = data
        .cells(experiment)
        .into_iter()
        .filter(|cell| cell.level == level)
        .collect();
    let merged: Vec<(&CellTrials, Samples)> =
        cells.iter().map(|cell| (*cell, cell.merged())).collect();
    let most = merged
        .iter()
        .filter_map(|(_, samples)| supported(samples))
        .fold(0.0, f64::max);
    if most <= 0.5 {
        return None;
    }
    let series: Vec<_> = merged
        .iter()
        .map(|(cell, samples)| series(data, cell, samples, most))
        .collect();
    let x = Axis::nines(most);
    let heights: Vec<f64> = series.iter().flat_map(Series::heights).collect();
    let y = Axis::over("Delivery latency", Quantity::Time, heights);
    let at = level::words(level);
    let place = if at.is_empty() {
        String::new()
    } else {
        format!(" at {at}")
    };
    let words = FigureText {
        slug: slug(&[
            experiment,
            "distribution",
            &level.map(Level::to_string).unwrap_or_default(),
        ]),
        title: format!("Distribution of delivery latency{place}"),
        caption:
            "All deliveries of the cell's valid trials together: the broad pale line. Markers: p50, p90, p95, \
                  p99 and p99.9, each with 100/(1 − q) samples or more. The axis is stretched to the tail."
                .into(),
        inputs: theory_inputs::line(data, &cells, &[Metric::P50]),
        x: ("quantile".into(), Quantity::Share),
        y: ("delivery_us".into(), Quantity::Time),
        x_unit: 1.0,
    };
    figure(
        Chart {
            x,
            y,
            series,
            reference_lines: Vec::new(),
        },
        words,
    )
}

/// The highest marked quantile for which there are enough samples.
fn supported(samples: &Samples) -> Option<f64> {
    MARKED
        .into_iter()
        .rev()
        .find(|q| samples.quantile(*q).is_some())
}

fn series(data: &Data, cell: &CellTrials, samples: &Samples, most: f64) -> Series {
    let mut series = Series::new(cell.transport);
    let marked = MARKED
        .into_iter()
        .filter_map(|q| Some((q, samples.quantile(q)?)));
    series.points = marked
        .map(|(x, y)| Point {
            x,
            y: y as f64,
            interval: None,
            name: None,
        })
        .collect();
    series.curve = curve(samples);
    series.theory = data
        .theory(cell)
        .map_or_else(Vec::new, |theory| theory_curve::distribution(&theory, most));
    series
}

/// The measured quantiles, evenly spaced on the axis.
fn curve(samples: &Samples) -> Vec<(f64, f64)> {
    let Some(most) = supported(samples) else {
        return Vec::new();
    };
    let nines = -(1.0 - most).log10();
    let share = |step: i32| 1.0 - 10f64.powf(-nines * f64::from(step) / f64::from(STEPS));
    (1..=STEPS)
        .map(share)
        .map(|q| (q, samples.raw_quantile(q) as f64))
        .collect()
}
