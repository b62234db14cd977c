//! The frame of a chart: where its values are on the canvas, its axes and its reference lines.

use plotters::style::Color;

use super::{
    canvas::{Anchor, Canvas, INK, WIDTH, width_of},
    chart::Chart,
};

const PLOT: f64 = 172.0;
const BELOW: f64 = 54.0;
/// Above the plot: the title of the y axis, and the text of a vertical line.
const TITLE: f64 = 30.0;
const LINE_TEXT: f64 = 18.0;

/// The plot's position on the canvas.
pub struct Frame<'a> {
    pub chart: &'a Chart,
    /// The middle of the y axis's title.
    title: f64,
    top: f64,
}

impl<'a> Frame<'a> {
    pub const LEFT: f64 = 78.0;
    pub const RIGHT: f64 = WIDTH - 22.0;
    const WIDE: f64 = Self::RIGHT - Self::LEFT;

    /// The frame of a chart below its legend, which ends at this height.
    pub fn below(chart: &'a Chart, legend: f64) -> Self {
        let has_text = chart.reference_lines.iter().any(|line| line.vertical);
        let line_text = if has_text { LINE_TEXT } else { 0.0 };
        let top = legend + TITLE + line_text;
        Frame {
            chart,
            title: legend + TITLE / 2.0 - 1.0,
            top,
        }
    }

    fn bottom(&self) -> f64 {
        self.top + PLOT
    }

    /// The height of the figure.
    pub fn end(&self) -> f64 {
        self.bottom() + BELOW
    }

    pub fn x(&self, value: f64) -> f64 {
        Self::LEFT + self.chart.x.place(value) * Self::WIDE
    }

    pub fn y(&self, value: f64) -> f64 {
        self.top + PLOT * (1.0 - self.chart.y.place(value).clamp(0.0, 1.0))
    }

    pub fn axes(&self, canvas: &Canvas) {
        let bottom = self.bottom();
        self.minor_lines(canvas);
        for (value, label) in &self.chart.y.ticks {
            let y = self.y(*value);
            canvas.line(&[(Self::LEFT, y), (Self::RIGHT, y)], INK.mix(0.13), 1.0);
            canvas.text((Self::LEFT - 8.0, y), label, Anchor::End, false);
        }
        for (value, label) in self.chart.x.ticks_with_room(Self::WIDE) {
            let x = self.x(*value);
            canvas.line(&[(x, self.top), (x, bottom)], INK.mix(0.13), 1.0);
            let inside = x.min(WIDTH - 4.0 - width_of(label) / 2.0);
            canvas.text((inside, bottom + 17.0), label, Anchor::Middle, false);
        }
        canvas.line(
            &[(Self::LEFT, bottom), (Self::RIGHT, bottom)],
            INK.mix(0.6),
            1.25,
        );
        canvas.text((10.0, self.title), &self.chart.y.title, Anchor::Start, true);
        let title = &self.chart.x.title;
        let middle = (Self::LEFT + Self::WIDE / 2.0).min(WIDTH - 10.0 - width_of(title) / 2.0);
        canvas.text((middle, bottom + 40.0), title, Anchor::Middle, true);
    }

    /// The lines between the labelled ones.
    fn minor_lines(&self, canvas: &Canvas) {
        let bottom = self.bottom();
        for value in &self.chart.y.minor {
            let y = self.y(*value);
            canvas.line(&[(Self::LEFT, y), (Self::RIGHT, y)], INK.mix(0.06), 1.0);
        }
        for value in &self.chart.x.minor {
            let x = self.x(*value);
            canvas.line(&[(x, self.top), (x, bottom)], INK.mix(0.06), 1.0);
        }
    }

    /// Vertical lines have their text above the plot, where no curve is.
    pub fn reference_lines(&self, canvas: &Canvas) {
        let bottom = self.bottom();
        for line in &self.chart.reference_lines {
            if line.vertical {
                let x = self.x(line.at);
                canvas.line(&[(x, self.top), (x, bottom)], INK.mix(0.7), 1.5);
                let half = width_of(&line.text) / 2.0;
                let middle = x.clamp(half + 4.0, (WIDTH - 4.0 - half).max(half + 4.0));
                canvas.text((middle, self.top - 9.0), &line.text, Anchor::Middle, false);
            } else {
                let y = self.y(line.at);
                canvas.line(&[(Self::LEFT, y), (Self::RIGHT, y)], INK.mix(0.7), 1.5);
                canvas.text(
                    (Self::LEFT + 6.0, y - 11.0),
                    &line.text,
                    Anchor::Start,
                    false,
                );
            }
        }
    }
}
