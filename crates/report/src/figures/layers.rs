//! The IP bytes of a message by layer: message, headers, framing, TCP/IP.

use std::fmt::Write;

use analysis::{cell_trials::CellTrials, metric::Quantity, results::Trial, scenario::Level};
use plotters::style::{Color, RGBAColor};
use protocol::Transport;

use crate::{data::Data, level, units::show};

use super::{
    axis::Axis,
    canvas::{ACCENT, Anchor, Canvas, INK, WIDTH, drawing, width_of},
    drawing::Drawing,
    figure::Figure,
    rows::{self, ROW_HEIGHT, RowGroup},
    text::{number, quoted, slug},
};

const NAMES: [&str; 4] = ["message", "headers", "framing", "TCP/IP"];

/// Bytes per message of each layer, in the order of `NAMES`.
struct LayerRow {
    transport: Transport,
    layers: [f64; 4],
}

impl LayerRow {
    fn total(&self) -> f64 {
        self.layers.iter().sum()
    }
}

/// A figure for each facet of the parameters other than `parameter`.
pub fn figures(data: &Data, experiment: &str, parameter: &str, share: bool) -> Vec<Figure> {
    let mut facets: Vec<Option<Level>> = Vec::new();
    for level in data.levels(experiment) {
        let facet = Level::facet(level, parameter);
        if !facets.contains(&facet) {
            facets.push(facet);
        }
    }
    let one = |facet: Option<Level>| of_facet(data, experiment, parameter, facet.as_ref(), share);
    facets.into_iter().filter_map(one).collect()
}

fn of_facet(
    data: &Data,
    experiment: &str,
    parameter: &str,
    facet: Option<&Level>,
    share: bool,
) -> Option<Figure> {
    let levels = data.levels(experiment).into_iter();
    let levels = levels.filter(|level| Level::facet(*level, parameter).as_ref() == facet);
    let groups: Vec<_> = levels
        .filter_map(|level| group(data, experiment, level, parameter))
        .collect();
    if groups.is_empty() {
        return None;
    }
    let at = facet
        .map(|facet| format!(" ({})", level::words(Some(facet))))
        .unwrap_or_default();
    let title = if share {
        format!("Share of the IP bytes that is message{at}")
    } else {
        format!("IP bytes per message by layer{at}")
    };
    Some(Figure {
        slug: slug(&[
            experiment,
            "layers",
            &facet.map(Level::to_string).unwrap_or_default(),
        ]),
        drawing: drawn(&groups, share, &alternative(&title, &groups)),
        csv: Some(table(&groups)),
        title,
        caption:
            "Bytes in both directions for each message received. TCP/IP is 52 bytes for each segment. \
                  The number at the end of a bar is its total."
                .into(),
        inputs: None,
    })
}

fn group(
    data: &Data,
    experiment: &str,
    level: Option<&Level>,
    parameter: &str,
) -> Option<RowGroup<LayerRow>> {
    let cells = data
        .cells(experiment)
        .into_iter()
        .filter(|cell| cell.level == level);
    let rows: Vec<_> = cells.filter_map(row).collect();
    let own = level.and_then(|level| level.only(parameter));
    (!rows.is_empty()).then(|| RowGroup {
        heading: level::words(own.as_ref()),
        rows,
    })
}

fn row(cell: &CellTrials) -> Option<LayerRow> {
    let sum = |of: fn(&Trial) -> u64| cell.valid.iter().map(|trial| of(trial) as f64).sum::<f64>();
    let received = sum(|trial| trial.received);
    let app = [
        sum(|t| t.bytes.payload),
        sum(|t| t.bytes.headers),
        sum(|t| t.bytes.framing),
    ];
    let ip = cell.valid.iter().map(|trial| trial.bytes.ip());
    let ip: f64 = ip.sum::<Option<f64>>()?;
    let tcp = (ip - app.iter().sum::<f64>()).max(0.0);
    let layers = [app[0], app[1], app[2], tcp].map(|bytes| bytes / received);
    (received > 0.0).then_some(LayerRow {
        transport: cell.transport,
        layers,
    })
}

/// From dark to light, so that the layers can be told apart in grey too.
fn shade(layer: usize) -> RGBAColor {
    match layer {
        0 => ACCENT.mix(1.0),
        1 => INK.mix(0.42),
        2 => INK.mix(0.24),
        _ => INK.mix(0.1),
    }
}

fn drawn(groups: &[RowGroup<LayerRow>], share: bool, alt: &str) -> Drawing {
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let axis = if share {
        Axis::over("Share of all IP bytes", Quantity::Share, [1.0])
    } else {
        Axis::over(
            "IP bytes per message",
            Quantity::Bytes,
            rows().map(LayerRow::total).chain([0.0]),
        )
    };
    drawing(WIDTH, rows::height(groups) + 34.0, alt, |canvas| {
        key(canvas);
        rows::draw(
            canvas,
            34.0,
            &axis,
            groups,
            |row| row.transport,
            |canvas, y, row| {
                bar(canvas, &axis, y, row, if share { row.total() } else { 1.0 });
            },
        );
    })
}

fn bar(canvas: &Canvas, axis: &Axis, y: f64, row: &LayerRow, whole: f64) {
    let mut below = 0.0;
    for (layer, bytes) in row.layers.iter().enumerate() {
        let (from, to) = (
            rows::x(axis, below / whole),
            rows::x(axis, (below + bytes) / whole),
        );
        canvas.rectangle(
            (from, y - ROW_HEIGHT / 2.0 + 3.0),
            (to, y + ROW_HEIGHT / 2.0 - 3.0),
            shade(layer),
        );
        below += bytes;
    }
    canvas.text(
        (WIDTH - 8.0, y),
        &show(Quantity::Bytes, row.total()),
        Anchor::End,
        false,
    );
}

fn key(canvas: &Canvas) {
    let mut x = 10.0;
    for (layer, name) in NAMES.into_iter().enumerate() {
        canvas.rectangle((x, 6.0), (x + 14.0, 20.0), shade(layer));
        canvas.text((x + 20.0, 13.0), name, Anchor::Start, false);
        x += 20.0 + width_of(name) + 22.0;
    }
}

fn alternative(title: &str, groups: &[RowGroup<LayerRow>]) -> String {
    let one = |row: &LayerRow| {
        let share = show(Quantity::Share, row.layers[0] / row.total());
        format!(
            "{} {} per message, {share} of it message",
            row.transport.name(),
            show(Quantity::Bytes, row.total())
        )
    };
    let group = |group: &RowGroup<LayerRow>| {
        format!(
            "{} {}",
            group.heading,
            group.rows.iter().map(one).collect::<Vec<_>>().join(", ")
        )
    };
    format!(
        "{title}. {}.",
        groups.iter().map(group).collect::<Vec<_>>().join("; ")
    )
}

fn table(groups: &[RowGroup<LayerRow>]) -> String {
    let mut out =
        "level,transport,message_bytes,headers_bytes,framing_bytes,tcp_ip_bytes\n".to_owned();
    for group in groups {
        for row in &group.rows {
            let [message, headers, framing, tcp] = row.layers.map(number);
            let _ = writeln!(
                out,
                "{},{},{message},{headers},{framing},{tcp}",
                quoted(&group.heading),
                row.transport.slug()
            );
        }
    }
    out
}
