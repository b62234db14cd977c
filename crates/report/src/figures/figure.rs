//! A figure: a chart or rows with words, a text alternative and the numbers as CSV.

use std::fmt::Write;

use analysis::metric::Quantity;

use super::{
    chart::Chart,
    series::{Point, Series},
    text::quoted,
};
use crate::{data::Measured, units::show};

/// A figure as the page shows it.
pub struct Figure {
    /// Its file's name, without the `.csv`.
    pub slug: String,
    pub title: String,
    pub caption: String,
    pub svg: String,
    pub csv: String,
}

/// The words around a chart, and the names of its columns.
pub struct Words {
    pub slug: String,
    pub title: String,
    pub caption: String,
    pub x: (String, Quantity),
    pub y: (String, Quantity),
    /// The x of the CSV is in the parameter's unit: this many of the axis's.
    pub x_unit: f64,
}

/// A chart with its words; `None` where it has nothing to show.
pub fn figure(mut chart: Chart, words: Words) -> Option<Figure> {
    chart.series.retain(|series| !series.is_empty());
    if chart.series.is_empty() {
        return None;
    }
    let alt = alternative(&chart, &words);
    Some(Figure {
        svg: chart.draw(&alt),
        csv: table(&chart, &words),
        slug: words.slug,
        title: words.title,
        caption: words.caption,
    })
}

pub fn point(x: f64, measured: Measured) -> Point {
    Point {
        x,
        y: measured.value,
        interval: measured.interval,
        name: None,
    }
}

/// What a reader who does not see the figure should know: where each transport begins and ends.
fn alternative(chart: &Chart, words: &Words) -> String {
    let y = |value| show(words.y.1, value);
    let x = |value| show(words.x.1, value);
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
        words.title,
        chart.y.title,
        chart.x.title,
        parts.join("; ")
    )
}

fn table(chart: &Chart, words: &Words) -> String {
    let mut out = format!(
        "kind,transport,name,{},{},ci95_low,ci95_high\n",
        words.x.0, words.y.0
    );
    for series in &chart.series {
        let slug = series.transport.slug();
        for point in &series.points {
            let name = quoted(point.name.as_deref().unwrap_or_default());
            let [low, high] = point
                .interval
                .map_or([String::new(), String::new()], |ends| {
                    ends.map(|end| end.to_string())
                });
            let _ = writeln!(
                out,
                "measured,{slug},{name},{},{},{low},{high}",
                point.x / words.x_unit,
                point.y
            );
        }
        if let Some(level) = series.level {
            let _ = writeln!(out, "measured,{slug},,,{level},,");
        }
        for (x, y) in &series.theory {
            let _ = writeln!(out, "theory,{slug},,{},{y},,", x / words.x_unit);
        }
    }
    out
}
