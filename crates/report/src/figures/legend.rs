//! The legend above a chart.

use plotters::style::Color;
use protocol::Transport;

use super::canvas::{Anchor, Canvas, INK, width_of};

const ROW_HEIGHT: f64 = 24.0;
const MARK: f64 = 24.0;
const GAP: f64 = 12.0;

pub enum Entry {
    Transport(Transport),
    Theory,
    Interval,
}

impl Entry {
    fn text(&self) -> &'static str {
        match self {
            Entry::Transport(transport) => transport.name(),
            Entry::Theory => "theory",
            Entry::Interval => "95 % interval",
        }
    }

    fn width(&self) -> f64 {
        MARK + width_of(self.text()) + GAP
    }
}

/// The entries with their positions.
fn placed(entries: &[Entry], width: f64) -> Vec<(f64, f64, &Entry)> {
    let (mut x, mut y) = (10.0, ROW_HEIGHT / 2.0);
    let place = |entry| {
        let entry: &Entry = entry;
        if x + entry.width() - GAP > width {
            (x, y) = (10.0, y + ROW_HEIGHT);
        }
        let place = (x, y, entry);
        x += entry.width();
        place
    };
    entries.iter().map(place).collect()
}

pub fn height(entries: &[Entry], width: f64) -> f64 {
    placed(entries, width)
        .last()
        .map_or(0.0, |(_, y, _)| y + ROW_HEIGHT / 2.0)
}

pub fn draw(canvas: &Canvas, entries: &[Entry], width: f64) {
    for (x, y, entry) in placed(entries, width) {
        let middle = x + MARK / 2.0 - 4.0;
        match entry {
            Entry::Transport(transport) => canvas.marker((middle, y), Some(*transport), 5.5),
            Entry::Theory => canvas.line(&[(x, y), (x + 18.0, y)], INK.mix(0.7), 1.5),
            Entry::Interval => canvas.whisker((middle, y - 8.0), (middle, y + 8.0), INK.mix(0.7)),
        }
        canvas.text((x + MARK, y), entry.text(), Anchor::Start, false);
    }
}
