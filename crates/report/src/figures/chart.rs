//! A chart with two axes: theory as lines, measurements as points with their intervals.

use plotters::style::{Color, RGBAColor};

use super::{
    axis::Axis,
    canvas::{Canvas, WIDTH, colour, dashed, drawing},
    drawing::Drawing,
    frame::Frame,
    labels,
    legend::{self, Entry, Group},
    series::{Point, Series},
};

/// Of a course over time, every fourth point has a marker.
const MARKED: usize = 4;

/// A vertical or horizontal line across the chart, with a text.
pub struct ReferenceLine {
    pub vertical: bool,
    pub at: f64,
    pub text: String,
}

pub struct Chart {
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    pub reference_lines: Vec<ReferenceLine>,
}

impl Chart {
    pub fn draw(&self, alt: &str) -> Drawing {
        let legend = self.legend();
        let frame = Frame::below(self, legend::height(&legend, WIDTH));
        drawing(WIDTH, frame.end(), alt, |canvas| {
            legend::draw(canvas, &legend, WIDTH);
            frame.axes(canvas);
            frame.reference_lines(canvas);
            self.series
                .iter()
                .for_each(|series| frame.lines(canvas, series));
            self.series
                .iter()
                .for_each(|series| frame.points(canvas, series));
            labels::draw(canvas, &frame);
        })
    }

    /// What the chart shows: what was measured, and theory.
    fn legend(&self) -> Vec<Group> {
        let has_interval = |series: &Series| series.points.iter().any(|p| p.interval.is_some());
        let interval = self
            .series
            .iter()
            .any(has_interval)
            .then_some(Entry::Interval);
        let markers = self
            .series
            .iter()
            .map(|series| Entry::Marker(series.transport));
        let with_theory = self.series.iter().filter(|series| series.theory.len() > 1);
        let groups = [
            Group {
                name: "Measured",
                entries: markers.chain(interval).collect(),
            },
            Group {
                name: "Theory",
                entries: with_theory
                    .map(|series| Entry::Line(series.transport))
                    .collect(),
            },
        ];
        groups
            .into_iter()
            .filter(|group| !group.entries.is_empty())
            .collect()
    }
}

impl Frame<'_> {
    fn lines(&self, canvas: &Canvas, series: &Series) {
        let ink = colour(series.transport);
        self.path(canvas, &series.curve, ink.mix(0.4), 4.0);
        if series.is_course {
            let course: Vec<_> = series
                .points
                .iter()
                .map(|point| (point.x, point.y))
                .collect();
            self.path(canvas, &course, ink.mix(0.4), 4.0);
        }
        self.path(canvas, &series.theory, dashed(series.transport), 2.0);
        if let Some(level) = series.level {
            let y = self.y(level);
            canvas.line(&[(Frame::LEFT, y), (Frame::RIGHT, y)], ink.mix(0.45), 1.25);
            // The markers are side by side, because the values are often nearly equal.
            let aside = 14.0 * (3 - series.transport.index()) as f64;
            canvas.marker((Frame::RIGHT - aside, y), Some(series.transport), 5.0);
        }
    }

    /// Draws the parts of a line that are within the axes.
    fn path(&self, canvas: &Canvas, line: &[(f64, f64)], colour: RGBAColor, width: f64) {
        let inside = |(x, y): &(f64, f64)| self.chart.x.contains(*x) && self.chart.y.contains(*y);
        for run in line.split(|point| !inside(point)) {
            let points: Vec<_> = run.iter().map(|(x, y)| (self.x(*x), self.y(*y))).collect();
            if points.len() > 1 {
                canvas.line(&points, colour, width);
            }
        }
    }

    fn points(&self, canvas: &Canvas, series: &Series) {
        for point in marked(series) {
            let x = self.x(point.x) + self.aside(series, point);
            if let Some([low, high]) = point.interval {
                let (low, high) = (self.y(low), self.y(high));
                // The marker would hide a shorter bar.
                if (low - high).abs() > 8.0 {
                    canvas.whisker((x, low), (x, high), colour(series.transport));
                }
            }
            canvas.marker((x, self.y(point.y)), Some(series.transport), 5.0);
        }
    }

    /// The horizontal offset of a point: points that would overlap are drawn side by side. Those of a
    /// course stay at their seconds.
    pub fn aside(&self, series: &Series, point: &Point) -> f64 {
        if series.is_course {
            return 0.0;
        }
        let close = |other: &&Series| {
            let near = |p: &Point| {
                (self.x(p.x) - self.x(point.x)).abs() < 3.0
                    && (self.y(p.y) - self.y(point.y)).abs() < 9.0
            };
            other.points.iter().any(near)
        };
        let overlapping: Vec<_> = self.chart.series.iter().filter(close).collect();
        let place = overlapping
            .iter()
            .position(|other| other.transport == series.transport);
        (place.unwrap_or(0) as f64 - (overlapping.len().max(1) as f64 - 1.0) / 2.0) * 9.0
    }
}

/// The points that have a marker. Of courses they are not at the same places, so that one does not hide
/// the other.
fn marked(series: &Series) -> impl Iterator<Item = &Point> {
    let (first, step) = match series.is_course {
        true => (series.transport.index() % MARKED, MARKED),
        false => (0, 1),
    };
    series.points.iter().skip(first).step_by(step)
}

#[cfg(test)]
mod tests {
    use analysis::metric::Quantity;
    use protocol::Transport;

    use super::*;

    /// A course of 40 points, with a line of theory.
    fn chart() -> Chart {
        let point = |place: i32| Point {
            x: f64::from(place),
            y: 2.0,
            interval: None,
            name: None,
        };
        let mut series = Series::new(Transport::LongPoll);
        series.points = (0..40).map(point).collect();
        series.theory = vec![(0.0, 1.0), (39.0, 3.0)];
        Chart {
            x: Axis::over("x", Quantity::Count, [0.0, 40.0]),
            y: Axis::over("y", Quantity::Count, [0.0, 3.0]),
            series: vec![series],
            reference_lines: Vec::new(),
        }
    }

    #[test]
    fn measurement_and_theory_are_named_apart() {
        let mut chart = chart();
        let both = chart.draw("").inline();
        assert!(both.contains("Measured</text>") && both.contains("Theory</text>"));
        chart.series[0].theory.clear();
        assert!(!chart.draw("").inline().contains("Theory</text>"));
    }

    #[test]
    fn a_transport_is_known_by_its_dashes_and_markers_too() {
        let svg = chart().draw("").inline();
        // The line and its entry in the legend.
        assert_eq!(svg.matches("stroke-dasharray").count(), 2);
        // One more marker is in the legend.
        assert_eq!(svg.matches("<polygon").count(), 40 + 1);
    }

    #[test]
    fn of_a_course_every_fourth_point_has_a_marker() {
        let mut chart = chart();
        chart.series[0].is_course = true;
        let svg = chart.draw("").inline();
        assert_eq!(svg.matches("<polygon").count(), 10 + 1);
    }

    #[test]
    fn the_text_of_a_vertical_line_is_above_the_plot() {
        let mut chart = chart();
        let before = Frame::below(&chart, 0.0).y(3.0);
        chart.reference_lines.push(ReferenceLine {
            vertical: true,
            at: 20.0,
            text: "limit".into(),
        });
        assert_eq!(Frame::below(&chart, 0.0).y(3.0) - before, 18.0);
        assert!(chart.draw("").inline().contains("limit</text>"));
    }
}
