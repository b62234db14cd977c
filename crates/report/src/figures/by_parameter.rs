//! A metric against a swept parameter: one figure for each facet of the other swept parameters.

use analysis::{
    cell_trials::CellTrials,
    metric::Metric,
    scenario::{Level, level::key},
};
use protocol::Transport;

use super::{
    axis::Axis,
    chart::{Chart, ReferenceLine},
    figure::{Figure, FigureText, figure, point},
    series::{Series, transports},
    text::{axis_title, slug},
};
use crate::{data::Data, level, theory_curve::TheoryCurve, theory_inputs};

/// The figures of one metric against one parameter.
pub struct ParameterFigures<'a> {
    pub parameter: &'a str,
    pub metric: Metric,
    pub caption: &'a str,
    /// A value of the parameter to mark with a vertical line and a text.
    pub mark: Option<(f64, String)>,
    /// Whether the y axis is logarithmic even for a narrow range.
    pub logarithmic: bool,
}

impl ParameterFigures<'_> {
    pub fn figures(&self, data: &Data, experiment: &str) -> Vec<Figure> {
        let facets = self.facets(data, experiment);
        facets
            .into_iter()
            .filter_map(|facet| self.facet(data, experiment, facet.as_ref()))
            .collect()
    }

    fn facets(&self, data: &Data, experiment: &str) -> Vec<Option<Level>> {
        let mut facets = Vec::new();
        for cell in data.cells(experiment) {
            let facet = Level::facet(cell.level, self.parameter);
            if cell.number(self.parameter).is_some() && !facets.contains(&facet) {
                facets.push(facet);
            }
        }
        facets
    }

    fn facet(&self, data: &Data, experiment: &str, facet: Option<&Level>) -> Option<Figure> {
        let of_facet = |cell: &&CellTrials| {
            Level::facet(cell.level, self.parameter).as_ref() == facet || cell.level.is_none()
        };
        let cells: Vec<_> = data
            .cells(experiment)
            .into_iter()
            .filter(of_facet)
            .collect();
        let series: Vec<_> = transports(&cells)
            .into_iter()
            .map(|t| self.series(data, &cells, t))
            .collect();
        let (name, quantity, unit) = level::parameter(self.parameter);
        let y = self.metric;
        let xs = xs(&series);
        let x = Axis::over(&capitalised(name), quantity, xs.iter().copied())
            .with_ticks_at(quantity, &xs);
        let heights: Vec<f64> = series.iter().flat_map(Series::heights).collect();
        let at = facet
            .map(|facet| format!(" ({})", level::words(Some(facet))))
            .unwrap_or_default();
        let words = FigureText {
            slug: slug(&[
                experiment,
                self.metric.name(),
                &facet.map(Level::to_string).unwrap_or_default(),
            ]),
            title: format!("{} against {}{at}", y.words(), before_comma(name)),
            caption: self.caption.into(),
            inputs: theory_inputs::line(data, &cells, &[y]),
            x: (key(self.parameter).into(), quantity),
            y: (self.metric.name().into(), y.quantity()),
            x_unit: unit,
        };
        let reference_lines = self.mark.iter().map(|(at, text)| ReferenceLine {
            vertical: true,
            at: at * unit,
            text: text.clone(),
        });
        let axis = axis_title(&y.words());
        let chart = Chart {
            x,
            y: if self.logarithmic {
                Axis::logarithmic(&axis, y.quantity(), heights)
            } else {
                Axis::over(&axis, y.quantity(), heights)
            },
            series,
            reference_lines: reference_lines.collect(),
        };
        figure(chart, words)
    }

    fn series(&self, data: &Data, cells: &[&CellTrials], transport: Transport) -> Series {
        let unit = level::parameter(self.parameter).2;
        let mut series = Series::new(transport);
        let own: Vec<_> = cells
            .iter()
            .copied()
            .filter(|cell| cell.transport == transport)
            .collect();
        for cell in &own {
            let Some(measured) = data.measured(cell, self.metric) else {
                continue;
            };
            match cell.number(self.parameter) {
                Some(x) => series.points.push(point(x * unit, measured)),
                None => series.level = Some(measured.value),
            }
        }
        series.points.sort_by(|a, b| a.x.total_cmp(&b.x));
        if let Some(curve) = TheoryCurve::through(data, &own, self.parameter) {
            let points = curve.of(self.metric).into_iter();
            series.theory = points.map(|(x, y)| (x * unit, y)).collect();
        }
        series
    }
}

fn xs(series: &[Series]) -> Vec<f64> {
    let mut xs: Vec<f64> = series
        .iter()
        .flat_map(|series| &series.points)
        .map(|point| point.x)
        .collect();
    xs.sort_by(f64::total_cmp);
    xs.dedup();
    xs
}

/// With a capital first letter.
fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The part before a comma, for titles.
fn before_comma(name: &str) -> &str {
    name.split(',').next().unwrap_or(name)
}
