//! The names of points in a chart, each where no curve, no marker and no other name is.

use super::{
    canvas::{Anchor, Canvas, WIDTH, width_of},
    frame::Frame,
    series::{Point, Series},
};

/// Where a name may stand, as an offset from its point, in the order in which it is tried.
const PLACES: [(f64, f64); 4] = [(10.0, -12.0), (-10.0, -12.0), (10.0, 14.0), (-10.0, 14.0)];
/// Half the height of a name, and half the size of a marker.
const HALF_TEXT: f64 = 8.0;
const HALF_MARKER: f64 = 6.0;

/// A rectangle on the canvas.
#[derive(Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    /// Of a name that begins or ends at this place.
    fn of_text((x, y): (f64, f64), anchor: Anchor, wide: f64) -> Self {
        let left = match anchor {
            Anchor::End => x - wide,
            _ => x,
        };
        Area {
            left,
            top: y - HALF_TEXT,
            right: left + wide,
            bottom: y + HALF_TEXT,
        }
    }

    fn of_marker((x, y): (f64, f64)) -> Self {
        Area {
            left: x - HALF_MARKER,
            top: y - HALF_MARKER,
            right: x + HALF_MARKER,
            bottom: y + HALF_MARKER,
        }
    }

    fn overlaps(&self, other: &Area) -> bool {
        let across = self.left < other.right && other.left < self.right;
        across && self.top < other.bottom && other.top < self.bottom
    }

    fn has(&self, (x, y): (f64, f64)) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    fn is_on_canvas(&self) -> bool {
        self.left >= 0.0 && self.right <= WIDTH
    }
}

/// Draws the names of all points. A name without a free place is left out: the CSV has it.
pub fn draw(canvas: &Canvas, frame: &Frame) {
    let series = || frame.chart.series.iter();
    let points = || series().flat_map(|one| one.points.iter().map(move |point| (one, point)));
    let place = |(series, point): (&Series, &Point)| {
        (
            frame.x(point.x) + frame.aside(series, point),
            frame.y(point.y),
        )
    };
    let mut taken: Vec<_> = points().map(|one| Area::of_marker(place(one))).collect();
    let lines = series().flat_map(|one| one.theory.iter().chain(&one.curve));
    let lines: Vec<_> = lines.map(|(x, y)| (frame.x(*x), frame.y(*y))).collect();
    for (series, point) in points() {
        let Some(name) = &point.name else { continue };
        if let Some((at, anchor, area)) =
            free(place((series, point)), width_of(name), &taken, &lines)
        {
            canvas.text(at, name, anchor, false);
            taken.push(area);
        }
    }
}

/// The first place beside a point that is free: where the name begins or ends.
fn free(
    (x, y): (f64, f64),
    wide: f64,
    taken: &[Area],
    lines: &[(f64, f64)],
) -> Option<((f64, f64), Anchor, Area)> {
    let placed = |(dx, dy): (f64, f64)| {
        let at = (x + dx, y + dy);
        let anchor = if dx > 0.0 { Anchor::Start } else { Anchor::End };
        (at, anchor, Area::of_text(at, anchor, wide))
    };
    let is_free = |(_, _, area): &((f64, f64), Anchor, Area)| {
        let is_taken = taken.iter().any(|other| area.overlaps(other));
        area.is_on_canvas() && !is_taken && !lines.iter().any(|point| area.has(*point))
    };
    PLACES.into_iter().map(placed).find(is_free)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_avoids_lines_markers_names_and_the_edge() {
        let at = |point, taken: &[Area], lines: &[(f64, f64)]| {
            free(point, 60.0, taken, lines).map(|(at, ..)| at)
        };
        assert_eq!(at((200.0, 100.0), &[], &[]), Some((210.0, 88.0)));
        assert_eq!(at((450.0, 100.0), &[], &[]), Some((440.0, 88.0)));
        let line = [(215.0, 90.0)];
        assert_eq!(at((200.0, 100.0), &[], &line), Some((190.0, 88.0)));
        let marker = [Area::of_marker((180.0, 90.0))];
        assert_eq!(at((200.0, 100.0), &marker, &line), Some((210.0, 114.0)));
        let all = [(215.0, 90.0), (180.0, 90.0), (215.0, 114.0), (180.0, 114.0)];
        assert_eq!(at((200.0, 100.0), &[], &all), None);
    }
}
