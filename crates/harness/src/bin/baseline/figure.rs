//! The ratios as a figure.

use std::fmt::Write;

use crate::{
    fan_out::Server,
    summary::{BUSY, Summary},
};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 250.0;
const TOP: f64 = 40.0;
const ROW: f64 = 22.0;
const STYLE: &str = "text{font:13px sans-serif;fill:#222}line{stroke:#ccc}.floor{stroke:#222}\
                     .interval{stroke-width:2}circle.open{fill:#fff;stroke-width:2}\
                     @media(prefers-color-scheme:dark){svg{background:#16181c}text{fill:#ddd}\
                     line{stroke:#444}.floor{stroke:#ddd}circle.open{fill:#16181c}}";

/// Draws a row for each server and number of readers: its cost as a multiple of the floor's, with its 95 %
/// interval.
pub fn draw(summaries: &[Summary]) -> String {
    let rows: Vec<_> = summaries
        .iter()
        .filter(|summary| summary.server != Server::Bare)
        .collect();
    let most = rows
        .iter()
        .map(|row| row.ratio.0 + row.ratio.1)
        .fold(2.0, f64::max)
        .ceil();
    let x = |ratio: f64| LEFT + (WIDTH - LEFT - 20.0) * ratio / most;
    let height = TOP + ROW * rows.len() as f64 + 50.0;
    let bottom = height - 45.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"Cost of a delivery as a multiple of the floor\"><style>{STYLE}</style>\
         <text x=\"10\" y=\"20\">Processor time of a delivery, as a multiple of a bare send's</text>"
    );
    let step = if most > 8.0 { 2 } else { 1 };
    // The floor has its line in any case.
    for tick in (0..=most as u32).filter(|tick| tick % step == 0 || *tick == 1) {
        let (at, class) = (x(f64::from(tick)), if tick == 1 { "floor" } else { "" });
        let _ = write!(
            svg,
            "<line class=\"{class}\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{bottom}\"/>\
             <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{tick} ×</text>",
            bottom + 18.0
        );
    }
    for (number, row) in rows.iter().enumerate() {
        svg.push_str(&self::row(row, TOP + ROW * (number as f64 + 0.6), x));
    }
    let _ = write!(
        svg,
        "<text x=\"10\" y=\"{:.1}\">bars: 95 % intervals; an open circle: the load generator was over \
         {:.0} % of its core</text></svg>",
        height - 6.0,
        BUSY * 100.0
    );
    svg
}

fn row(summary: &Summary, y: f64, x: impl Fn(f64) -> f64) -> String {
    let Server::Pushlab(transport) = summary.server else {
        return String::new();
    };
    let (ratio, half) = summary.ratio;
    let colour = transport.colour();
    let class = if summary.is_limited() { "open" } else { "" };
    format!(
        "<text x=\"10\" y=\"{:.1}\">{}, {}</text>\
         <line class=\"interval\" style=\"stroke:{colour}\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
         <circle class=\"{class}\" style=\"stroke:{colour}\" fill=\"{colour}\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"5\"/>",
        y + 4.0,
        transport.name(),
        readers(summary.readers),
        x((ratio - half).max(0.0)),
        x(ratio + half),
        x(ratio)
    )
}

fn readers(count: usize) -> String {
    match count {
        1 => "1 reader".into(),
        count => format!("{count} readers"),
    }
}
