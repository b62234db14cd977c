//! Figures, one kind a file: each is drawn at once with its text alternative and its CSV.

pub mod against;
mod axis;
mod canvas;
mod chart;
pub mod distribution;
pub mod dots;
pub mod layers;
mod legend;
pub mod rows;
pub mod steps;
pub mod trade_off;

use std::fmt::Write;

use chart::{Chart, Point, Series};

use crate::analysis::{cells::Cell, metric::Quantity};

use super::{data::Measured, units::show};

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
struct Words {
    slug: String,
    title: String,
    caption: String,
    x: (String, Quantity),
    y: (String, Quantity),
    /// The x of the CSV is in the parameter's unit: this many of the axis's.
    x_unit: f64,
}

/// A chart with its words; `None` where it has nothing to show.
fn figure(mut chart: Chart, words: Words) -> Option<Figure> {
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

fn point(x: f64, measured: Measured) -> Point {
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

fn quoted(text: &str) -> String {
    let text = &text.replace('\u{a0}', " ");
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A name for a file: what is neither letter nor digit becomes a hyphen.
fn slug(parts: &[&str]) -> String {
    let joined = parts
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join("-");
    let clean = joined.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    clean
        .collect::<String>()
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Transports that the cells have, in their order.
fn transports(cells: &[&Cell]) -> Vec<crate::wire::Transport> {
    let has =
        |transport: &crate::wire::Transport| cells.iter().any(|cell| cell.transport == *transport);
    crate::wire::Transport::ALL
        .into_iter()
        .filter(has)
        .collect()
}
