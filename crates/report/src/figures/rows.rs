//! Charts of rows: a group for each level, with a row for each transport.

use plotters::style::Color;
use protocol::Transport;

use super::{
    axis::Axis,
    canvas::{Anchor, Canvas, INK, WIDTH, width_of},
};

pub const LEFT: f64 = 174.0;
const RIGHT: f64 = 88.0;
pub const ROW_HEIGHT: f64 = 22.0;
const HEADING: f64 = 24.0;
const BELOW: f64 = 54.0;

pub struct RowGroup<R> {
    /// Empty if there is only one group.
    pub heading: String,
    pub rows: Vec<R>,
}

/// The height of the canvas below `top`.
pub fn height<R>(groups: &[RowGroup<R>]) -> f64 {
    groups.iter().map(group_height).sum::<f64>() + BELOW
}

fn group_height<R>(group: &RowGroup<R>) -> f64 {
    let heading = if group.heading.is_empty() {
        0.0
    } else {
        HEADING
    };
    heading + group.rows.len() as f64 * ROW_HEIGHT + 6.0
}

pub fn x(axis: &Axis, value: f64) -> f64 {
    LEFT + axis.place(value).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
}

/// Draws the axis, the headings and the names of the transports, and calls `draw` for each row with
/// its y.
pub fn draw<R>(
    canvas: &Canvas,
    top: f64,
    axis: &Axis,
    groups: &[RowGroup<R>],
    transport: impl Fn(&R) -> Transport,
    draw: impl Fn(&Canvas, f64, &R),
) {
    let bottom = top + groups.iter().map(group_height).sum::<f64>();
    for value in &axis.minor {
        let x = x(axis, *value);
        canvas.line(&[(x, top), (x, bottom)], INK.mix(0.06), 1.0);
    }
    for (value, label) in axis.ticks_with_room(WIDTH - LEFT - RIGHT) {
        let x = x(axis, *value);
        canvas.line(&[(x, top), (x, bottom)], INK.mix(0.13), 1.0);
        canvas.text((x, bottom + 17.0), label, Anchor::Middle, false);
    }
    let half = width_of(&axis.title) / 2.0;
    let middle = (LEFT + (WIDTH - LEFT - RIGHT) / 2.0).min(WIDTH - 10.0 - half);
    canvas.text((middle, bottom + 39.0), &axis.title, Anchor::Middle, true);
    let mut y = top;
    for group in groups {
        if !group.heading.is_empty() {
            canvas.text(
                (10.0, y + HEADING / 2.0),
                &group.heading,
                Anchor::Start,
                true,
            );
            y += HEADING;
        }
        for row in &group.rows {
            let transport = transport(row);
            canvas.marker((18.0, y + ROW_HEIGHT / 2.0), Some(transport), 5.0);
            canvas.text(
                (32.0, y + ROW_HEIGHT / 2.0),
                transport.name(),
                Anchor::Start,
                false,
            );
            draw(canvas, y + ROW_HEIGHT / 2.0, row);
            y += ROW_HEIGHT;
        }
        y += 6.0;
    }
}
