//! A metric by category: a dot with its interval for each transport at each level.

use std::fmt::Write;

use analysis::{
    cell_trials::CellTrials,
    metric::{Metric, Quantity},
    scenario::Level,
};
use plotters::style::Color;
use protocol::Transport;

use crate::{
    data::{Data, MeasuredValue},
    level, theory_inputs,
    units::show,
};

use super::{
    axis::Axis,
    canvas::{Anchor, Canvas, INK, WIDTH, colour, drawing},
    figure::Figure,
    rows::{self, ROW_HEIGHT, RowGroup},
    text::{axis_title, number, quoted, slug},
};

/// The length of the arrow at a lower bound.
const ARROW: f64 = 30.0;

/// A transport with its measured value.
pub struct DotRow {
    pub transport: Transport,
    pub measured: MeasuredValue,
    /// Of a lower bound: where a model expects the value.
    pub predicted: Option<f64>,
}

/// The texts and the quantity of a figure.
pub struct DotFigure<'a> {
    pub slug: String,
    pub title: String,
    pub caption: &'a str,
    /// The title of the axis.
    pub axis: String,
    pub quantity: Quantity,
    /// The column of its CSV.
    pub column: &'a str,
    /// What a vertical stroke beside a marker is.
    pub stroke: &'a str,
    /// The inputs of theory, where a stroke is theory.
    pub inputs: Option<String>,
}

pub fn figures(data: &Data, experiment: &str, metric: Metric, caption: &str) -> Vec<Figure> {
    let levels = data.levels(experiment).into_iter();
    let groups: Vec<_> = levels
        .filter_map(|level| group(data, experiment, level, metric))
        .collect();
    let several = if groups.len() > 1 { " and level" } else { "" };
    let figure = DotFigure {
        slug: slug(&[experiment, metric.name()]),
        title: format!("{}, by transport{several}", metric.words()),
        caption,
        axis: axis_title(&metric.words()),
        quantity: metric.quantity(),
        column: metric.name(),
        stroke: "theory",
        inputs: theory_inputs::line(data, &data.cells(experiment), &[metric]),
    };
    drawn(&figure, &groups).into_iter().collect()
}

/// The figure of these groups; `None` of no groups, and where every value is 0.
pub fn drawn(figure: &DotFigure, groups: &[RowGroup<DotRow>]) -> Option<Figure> {
    let rows = || groups.iter().flat_map(|group| &group.rows);
    if rows().all(|row| row.measured.value == 0.0) {
        return None;
    }
    let axis = Axis::over(&figure.axis, figure.quantity, rows().flat_map(extent));
    let alt = alternative(figure, groups);
    let theory = match rows().any(|row| row.measured.theory.is_some()) {
        true => format!("; a vertical stroke is {}", figure.stroke),
        false => String::new(),
    };
    let bound = match has_bound(groups) {
        true => {
            " An arrow means: at least this much, because the measurement ended first. A cross is a \
                 prediction, not a measurement: the load at which the server's core would be full, by \
                 its CPU time per delivery in the highest step that held."
        }
        false => "",
    };
    let caption = format!("{} Bars are 95 % intervals{theory}.{bound}", figure.caption);
    Some(Figure {
        slug: figure.slug.clone(),
        drawing: drawing(WIDTH, rows::height(groups) + 8.0, &alt, |canvas| {
            let each =
                |canvas: &Canvas, y, row: &DotRow| draw(canvas, y, row, &axis, figure.quantity);
            rows::draw(canvas, 8.0, &axis, groups, |row| row.transport, each);
        }),
        csv: Some(table(groups, figure.column)),
        title: figure.title.clone(),
        caption: caption.trim().into(),
        inputs: figure.inputs.clone(),
    })
}

fn alternative(figure: &DotFigure, groups: &[RowGroup<DotRow>]) -> String {
    let shown = |row: &DotRow| {
        let value = row.measured.text(figure.quantity);
        let predicted = row.predicted.map(|at| {
            let at = show(figure.quantity, at);
            format!(" (predicted by CPU time: {at})")
        });
        let predicted = predicted.unwrap_or_default();
        format!("{} {value}{predicted}", row.transport.name())
    };
    let each = groups.iter().map(|group| {
        let rows: Vec<_> = group.rows.iter().map(shown).collect();
        format!("{} {}", group.heading, rows.join(", "))
    });
    format!("{}. {}.", figure.title, each.collect::<Vec<_>>().join("; "))
}

fn draw(canvas: &Canvas, y: f64, row: &DotRow, axis: &Axis, quantity: Quantity) {
    let at = |value| rows::x(axis, value);
    if let Some([low, high]) = row.measured.interval {
        canvas.whisker((at(low), y), (at(high), y), colour(row.transport));
    }
    if let Some(theory) = row.measured.theory {
        let (x, half) = (at(theory), ROW_HEIGHT / 2.0 - 3.0);
        canvas.line(&[(x, y - half), (x, y + half)], INK.mix(0.7), 1.5);
    }
    if row.measured.censored {
        let from = (at(row.measured.value), y);
        canvas.arrow_right(from, ARROW, colour(row.transport));
    }
    if let Some(predicted) = row.predicted {
        canvas.cross((at(predicted), y), 5.0, colour(row.transport));
    }
    canvas.marker((at(row.measured.value), y), Some(row.transport), 5.5);
    let value = row.measured.text(quantity);
    canvas.text((WIDTH - 8.0, y), &value, Anchor::End, false);
}

/// Whether a row is a lower bound.
fn has_bound(groups: &[RowGroup<DotRow>]) -> bool {
    let mut rows = groups.iter().flat_map(|group| &group.rows);
    rows.any(|row| row.measured.censored)
}

fn group(
    data: &Data,
    experiment: &str,
    level: Option<&Level>,
    metric: Metric,
) -> Option<RowGroup<DotRow>> {
    let cells = data
        .cells(experiment)
        .into_iter()
        .filter(|cell| cell.level == level);
    let row = |cell: &CellTrials| {
        let measured = data.measured(cell, metric)?;
        let predicted = match measured.censored {
            true => data.measured(cell, Metric::CapacityByCpu),
            false => None,
        };
        Some(DotRow {
            transport: cell.transport,
            measured,
            predicted: predicted.map(|predicted| predicted.value),
        })
    };
    let rows: Vec<_> = cells.filter_map(row).collect();
    let heading = sentence(level);
    (!rows.is_empty()).then_some(RowGroup { heading, rows })
}

fn sentence(level: Option<&Level>) -> String {
    let words = level::words(level);
    let mut chars = words.chars();
    match chars.next() {
        // A symbol such as d or T keeps its case.
        Some(first) if !words[first.len_utf8()..].starts_with(' ') => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => words,
    }
}

fn extent(row: &DotRow) -> Vec<f64> {
    let MeasuredValue {
        value,
        interval,
        theory,
        censored: _,
    } = row.measured;
    let [low, high] = interval.unwrap_or([value; 2]);
    let low = if low > 0.0 { low } else { value };
    let lines = theory.into_iter().chain(row.predicted);
    [value, low, high].into_iter().chain(lines).collect()
}

/// Where a row is a lower bound, two more columns say which, and what is predicted.
fn table(groups: &[RowGroup<DotRow>], column: &str) -> String {
    let has_bound = has_bound(groups);
    let more = if has_bound {
        ",bound,predicted_by_cpu"
    } else {
        ""
    };
    let mut out = format!("level,transport,{column},ci95_low,ci95_high,theory{more}\n");
    for group in groups {
        for row in &group.rows {
            let MeasuredValue {
                value,
                interval,
                theory,
                censored,
            } = row.measured;
            let [low, high] = interval.map_or([None; 2], |ends| ends.map(Some));
            let cell = |value: Option<f64>| value.map(number).unwrap_or_default();
            let more = match (has_bound, censored) {
                (false, _) => String::new(),
                (true, false) => ",,".into(),
                (true, true) => format!(",≥,{}", cell(row.predicted)),
            };
            let _ = writeln!(
                out,
                "{},{},{},{},{},{}{more}",
                quoted(&group.heading),
                row.transport.slug(),
                number(value),
                cell(low),
                cell(high),
                cell(theory)
            );
        }
    }
    out
}
