//! A figure: a chart with its texts, a text alternative and its data as CSV.

use std::fmt::Write;

use analysis::metric::Quantity;

use super::{
    chart::Chart,
    drawing::Drawing,
    series::{Point, Series},
    text::{number, quoted},
};
use crate::{data::MeasuredValue, units::show};

/// A figure as the page shows it.
pub struct Figure {
    /// The name of its files, without `.svg` and `.csv`.
    pub slug: String,
    pub title: String,
    pub caption: String,
    /// The inputs of the theory that it shows, where it shows any.
    pub inputs: Option<String>,
    pub drawing: Drawing,
    /// `None` of a diagram, which shows no data.
    pub csv: Option<String>,
}

/// The texts of a chart, and the names of its CSV columns.
pub struct FigureText {
    pub slug: String,
    pub title: String,
    pub caption: String,
    /// The inputs of theory, which are shown if the chart has any theory.
    pub inputs: Option<String>,
    pub x: (String, Quantity),
    pub y: (String, Quantity),
    /// The size of the parameter's unit, in which the CSV has x, in units of the axis.
    pub x_unit: f64,
}

/// A figure of a chart; `None` if the chart has no data, or nothing but zeros.
pub fn figure(mut chart: Chart, text: FigureText) -> Option<Figure> {
    chart.series.retain(|series| !series.is_empty());
    if chart
        .series
        .iter()
        .flat_map(Series::heights)
        .all(|height| height == 0.0)
    {
        return None;
    }
    let alt = alternative(&chart, &text);
    let has_theory = chart.series.iter().any(|series| !series.theory.is_empty());
    Some(Figure {
        drawing: chart.draw(&alt),
        csv: Some(table(&chart, &text)),
        slug: text.slug,
        title: text.title,
        caption: text.caption,
        inputs: text.inputs.filter(|_| has_theory),
    })
}

pub fn point(x: f64, measured: MeasuredValue) -> Point {
    Point {
        x,
        y: measured.value,
        interval: measured.interval,
        name: None,
    }
}

/// The text alternative: the first and the last value of each transport.
fn alternative(chart: &Chart, text: &FigureText) -> String {
    let y = |value| show(text.y.1, value);
    let x = |value| show(text.x.1, value);
    let one = |series: &Series| {
        let name = series.transport.name();
        match (series.points.first(), series.points.last(), series.level) {
            (Some(first), Some(last), _) if first.x != last.x => format!(
                "{name}: {} at {}, {} at {}",
                y(first.y),
                x(first.x),
                y(last.y),
                x(last.x)
            ),
            (Some(only), ..) => format!("{name}: {} at {}", y(only.y), x(only.x)),
            (None, _, level) => format!("{name}: {} throughout", y(level.unwrap_or_default())),
        }
    };
    let parts: Vec<_> = chart.series.iter().map(one).collect();
    format!(
        "{}. {} against {}. {}.",
        text.title,
        chart.y.title,
        chart.x.title,
        parts.join("; ")
    )
}

fn table(chart: &Chart, text: &FigureText) -> String {
    let mut out = format!(
        "kind,transport,name,{},{},ci95_low,ci95_high\n",
        text.x.0, text.y.0
    );
    for series in &chart.series {
        let slug = series.transport.slug();
        for point in &series.points {
            let name = quoted(point.name.as_deref().unwrap_or_default());
            let [low, high] = point
                .interval
                .map_or([String::new(), String::new()], |ends| ends.map(number));
            let _ = writeln!(
                out,
                "measured,{slug},{name},{},{},{low},{high}",
                number(point.x / text.x_unit),
                number(point.y)
            );
        }
        if let Some(level) = series.level {
            let _ = writeln!(out, "measured,{slug},,,{},,", number(level));
        }
        for (x, y) in &series.curve {
            let [x, y] = [x / text.x_unit, *y].map(number);
            let _ = writeln!(out, "curve,{slug},,{x},{y},,");
        }
        for (x, y) in &series.theory {
            let [x, y] = [x / text.x_unit, *y].map(number);
            let _ = writeln!(out, "theory,{slug},,{x},{y},,");
        }
    }
    out
}
