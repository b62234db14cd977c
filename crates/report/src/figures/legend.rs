//! The legend above a chart: a group of what was measured, and one of theory.

use plotters::style::Color;
use protocol::Transport;

use super::canvas::{Anchor, Canvas, INK, dashed, width_of};

const ROW_HEIGHT: f64 = 21.0;
/// Where the entries begin, beside the names of the groups.
const INDENT: f64 = 88.0;
const MARK: f64 = 24.0;
const GAP: f64 = 12.0;

pub enum Entry {
    Marker(Transport),
    Interval,
    Line(Transport),
}

/// Entries of one kind, after a name such as "Measured".
pub struct Group {
    pub name: &'static str,
    pub entries: Vec<Entry>,
}

struct Row<'a> {
    /// Only of the first row of a group.
    name: &'static str,
    entries: Vec<(f64, &'a Entry)>,
}

impl Entry {
    fn text(&self) -> &'static str {
        match self {
            Entry::Marker(transport) | Entry::Line(transport) => transport.name(),
            Entry::Interval => "95 % interval",
        }
    }

    fn width(&self) -> f64 {
        MARK + width_of(self.text()) + GAP
    }
}

/// Every group begins a row.
fn rows(groups: &[Group], width: f64) -> Vec<Row<'_>> {
    groups
        .iter()
        .flat_map(|group| of_group(group, width))
        .collect()
}

fn of_group(group: &Group, width: f64) -> Vec<Row<'_>> {
    let mut rows = vec![Row {
        name: group.name,
        entries: Vec::new(),
    }];
    let mut x = INDENT;
    for entry in &group.entries {
        if x + entry.width() - GAP > width {
            x = INDENT;
            rows.push(Row {
                name: "",
                entries: Vec::new(),
            });
        }
        let last = rows.len() - 1;
        rows[last].entries.push((x, entry));
        x += entry.width();
    }
    rows
}

pub fn height(groups: &[Group], width: f64) -> f64 {
    rows(groups, width).len() as f64 * ROW_HEIGHT
}

pub fn draw(canvas: &Canvas, groups: &[Group], width: f64) {
    for (place, row) in rows(groups, width).iter().enumerate() {
        let y = (place as f64 + 0.5) * ROW_HEIGHT;
        canvas.text((10.0, y), row.name, Anchor::Start, true);
        for (x, entry) in &row.entries {
            draw_entry(canvas, (*x, y), entry);
        }
    }
}

fn draw_entry(canvas: &Canvas, (x, y): (f64, f64), entry: &Entry) {
    let middle = x + MARK / 2.0 - 4.0;
    match entry {
        Entry::Marker(transport) => canvas.marker((middle, y), Some(*transport), 5.5),
        Entry::Interval => canvas.whisker((middle, y - 8.0), (middle, y + 8.0), INK.mix(0.7)),
        Entry::Line(transport) => {
            canvas.line(&[(x - 6.0, y), (x + 19.0, y)], dashed(*transport), 2.0);
        }
    }
    canvas.text((x + MARK, y), entry.text(), Anchor::Start, false);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurement_and_theory_begin_rows_of_their_own() {
        let measured = Transport::ALL.map(Entry::Marker);
        let groups = [
            Group {
                name: "Measured",
                entries: measured.into(),
            },
            Group {
                name: "Theory",
                entries: vec![Entry::Line(Transport::Sse)],
            },
        ];
        let rows = rows(&groups, 480.0);
        let names: Vec<_> = rows.iter().map(|row| row.name).collect();
        assert_eq!(names, ["Measured", "", "Theory"]);
        let ends = |(x, entry): &(f64, &Entry)| x + entry.width() - GAP;
        assert!(
            rows.iter()
                .flat_map(|row| &row.entries)
                .map(ends)
                .all(|end| end <= 480.0)
        );
        assert_eq!(height(&groups, 480.0), 3.0 * ROW_HEIGHT);
    }
}
