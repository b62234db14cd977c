//! A chart with two axes: theory as lines, measurements as points with their intervals.

use plotters::style::{Color, RGBAColor};

use super::{
    axis::Axis,
    canvas::{Anchor, Canvas, INK, colour, svg, width_of},
    legend::{self, Entry},
    series::{Point, Series},
};

pub const WIDTH: f64 = 760.0;
const PLOT: f64 = 330.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 26.0;
const BELOW: f64 = 56.0;

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

/// The plot's position on the canvas.
struct Frame<'a> {
    chart: &'a Chart,
    top: f64,
}

impl Chart {
    pub fn draw(&self, alt: &str) -> String {
        let entries = self.legend();
        let top = legend::height(&entries, WIDTH) + 34.0;
        svg(WIDTH, top + PLOT + BELOW, alt, |canvas| {
            legend::draw(canvas, &entries, WIDTH);
            let frame = Frame { chart: self, top };
            frame.axes(canvas);
            frame.reference_lines(canvas);
            self.series
                .iter()
                .for_each(|series| frame.lines(canvas, series));
            self.series
                .iter()
                .for_each(|series| frame.points(canvas, series));
            frame.names(canvas);
        })
    }
}

impl Chart {
    /// The entries of what the chart shows.
    fn legend(&self) -> Vec<Entry> {
        let transports = self
            .series
            .iter()
            .map(|series| Entry::Transport(series.transport));
        let theory = self.series.iter().any(|series| series.theory.len() > 1);
        let mut points = self.series.iter().flat_map(|series| &series.points);
        let interval = points.any(|point| point.interval.is_some());
        let theory = theory.then_some(Entry::Theory);
        let interval = interval.then_some(Entry::Interval);
        transports.chain(theory).chain(interval).collect()
    }
}

impl Frame<'_> {
    const WIDE: f64 = WIDTH - LEFT - RIGHT;

    fn x(&self, value: f64) -> f64 {
        LEFT + self.chart.x.place(value) * Self::WIDE
    }

    fn y(&self, value: f64) -> f64 {
        self.top + PLOT * (1.0 - self.chart.y.place(value).clamp(0.0, 1.0))
    }

    fn axes(&self, canvas: &Canvas) {
        let (bottom, right) = (self.top + PLOT, LEFT + Self::WIDE);
        for (value, label) in &self.chart.y.ticks {
            let y = self.y(*value);
            canvas.line(&[(LEFT, y), (right, y)], INK.mix(0.13), 1.0);
            canvas.text((LEFT - 8.0, y), label, Anchor::End, false);
        }
        for (value, label) in self.chart.x.ticks_with_room(Self::WIDE) {
            let x = self.x(*value);
            canvas.line(&[(x, self.top), (x, bottom)], INK.mix(0.13), 1.0);
            let inside = x.min(WIDTH - 4.0 - width_of(label) / 2.0);
            canvas.text((inside, bottom + 17.0), label, Anchor::Middle, false);
        }
        canvas.line(&[(LEFT, bottom), (right, bottom)], INK.mix(0.6), 1.25);
        canvas.text(
            (10.0, self.top - 18.0),
            &self.chart.y.title,
            Anchor::Start,
            true,
        );
        canvas.text(
            (LEFT + Self::WIDE / 2.0, bottom + 41.0),
            &self.chart.x.title,
            Anchor::Middle,
            true,
        );
    }

    fn reference_lines(&self, canvas: &Canvas) {
        let (bottom, right) = (self.top + PLOT, LEFT + Self::WIDE);
        for line in &self.chart.reference_lines {
            if line.vertical {
                let x = self.x(line.at);
                canvas.line(&[(x, self.top), (x, bottom)], INK.mix(0.7), 1.5);
                let left = x + width_of(&line.text) + 8.0 < right;
                let (x, anchor) = if left {
                    (x + 6.0, Anchor::Start)
                } else {
                    (x - 6.0, Anchor::End)
                };
                canvas.text((x, self.top + 12.0), &line.text, anchor, false);
            } else {
                let y = self.y(line.at);
                canvas.line(&[(LEFT, y), (right, y)], INK.mix(0.7), 1.5);
                canvas.text((LEFT + 6.0, y - 11.0), &line.text, Anchor::Start, false);
            }
        }
    }

    fn lines(&self, canvas: &Canvas, series: &Series) {
        let ink = colour(series.transport);
        self.path(canvas, &series.curve, ink.mix(0.4), 4.0);
        self.path(canvas, &series.theory, ink.mix(1.0), 1.5);
        if let Some(level) = series.level {
            let y = self.y(level);
            canvas.line(&[(LEFT, y), (LEFT + Self::WIDE, y)], ink.mix(0.45), 1.25);
            // The markers are side by side, because the values are often nearly equal.
            let aside = 14.0 * (3 - series.transport.index()) as f64;
            canvas.marker((LEFT + Self::WIDE - aside, y), Some(series.transport), 5.0);
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
        for point in &series.points {
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

    /// The horizontal offset of a point: points that would overlap are drawn side by side.
    fn aside(&self, series: &Series, point: &Point) -> f64 {
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

    /// Draws names above and to the right of their points. A name that would overlap another is
    /// left out.
    fn names(&self, canvas: &Canvas) {
        let mut taken: Vec<[f64; 4]> = Vec::new();
        for series in &self.chart.series {
            for point in &series.points {
                let Some(name) = &point.name else { continue };
                let (x, y) = (self.x(point.x) + self.aside(series, point), self.y(point.y));
                let wide = width_of(name);
                let (start, anchor) = if x + 10.0 + wide > WIDTH {
                    (x - 10.0 - wide, Anchor::End)
                } else {
                    (x + 10.0, Anchor::Start)
                };
                let boxed = [start, y - 20.0, start + wide, y - 4.0];
                let overlaps = |other: &[f64; 4]| {
                    boxed[0] < other[2]
                        && other[0] < boxed[2]
                        && boxed[1] < other[3]
                        && other[1] < boxed[3]
                };
                if taken.iter().any(overlaps) {
                    continue;
                }
                taken.push(boxed);
                let x = if matches!(anchor, Anchor::End) {
                    x - 10.0
                } else {
                    x + 10.0
                };
                canvas.text((x, y - 12.0), name, anchor, false);
            }
        }
    }
}
