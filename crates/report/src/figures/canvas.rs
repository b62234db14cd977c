//! Drawing in CSS pixels with plotters' SVG backend.
//!
//! Plotters rounds coordinates to whole units, so everything is drawn `SCALE` times as large and
//! the view box scales it down.

use plotters::{
    coord::Shift,
    element::Drawable,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use protocol::{Marker, Transport};

use super::{
    drawing::{Drawing, dash_mark},
    straighten::straightened,
};

pub const SCALE: f64 = 4.0;
/// The width of every figure: on a phone, and two side by side on paper, its texts can still be read.
pub const WIDTH: f64 = 480.0;
/// Plotters divides the size of a font by this.
const FONT_DIVISOR: f64 = 1.24;
/// A character's mean width in units of the font size, estimated high for the usual system fonts.
const ADVANCE: f64 = 0.58;

pub const INK: RGBColor = BLACK;
/// The page's accent colour; dark mode has a lighter one.
pub const ACCENT: RGBColor = RGBColor(0x51, 0x45, 0xCD);
pub const TEXT: f64 = 13.0;

pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Which point of a text is placed at the given position.
#[derive(Clone, Copy)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// Draws a figure; `alt` is its text alternative.
pub fn drawing(width: f64, height: f64, alt: &str, draw: impl FnOnce(&Canvas)) -> Drawing {
    let mut text = String::new();
    let size = ((width * SCALE) as u32, (height * SCALE) as u32);
    let canvas = Canvas {
        area: SVGBackend::with_string(&mut text, size).into_drawing_area(),
    };
    draw(&canvas);
    drop(canvas);
    Drawing::new(size, alt, &text)
}

/// The estimated width of a text.
pub fn width_of(text: &str) -> f64 {
    text.chars().count() as f64 * TEXT * ADVANCE
}

pub fn colour(transport: Transport) -> RGBColor {
    let part = |from: usize| u8::from_str_radix(&transport.colour()[from..from + 2], 16);
    let parts = (part(1), part(3), part(5));
    match parts {
        (Ok(red), Ok(green), Ok(blue)) => RGBColor(red, green, blue),
        _ => INK,
    }
}

/// A transport's colour for a line, with its dashes.
pub fn dashed(transport: Transport) -> RGBAColor {
    colour(transport).mix(dash_mark(transport))
}

fn at((x, y): (f64, f64)) -> (i32, i32) {
    ((x * SCALE).round() as i32, (y * SCALE).round() as i32)
}

impl Canvas<'_> {
    fn put<E>(&self, element: E)
    where
        for<'b> &'b E: plotters::element::PointCollection<'b, (i32, i32)>,
        for<'b> E: Drawable<SVGBackend<'b>>,
    {
        self.area
            .draw(&element)
            .expect("drawing to memory does not fail");
    }

    pub fn line(&self, points: &[(f64, f64)], colour: impl Color, width: f64) {
        let style = colour.stroke_width((width * SCALE).round() as u32);
        let points: Vec<_> = points.iter().copied().map(at).collect();
        self.put(PathElement::new(straightened(&points), style));
    }

    pub fn rectangle(&self, from: (f64, f64), to: (f64, f64), colour: impl Color) {
        self.put(Rectangle::new([at(from), at(to)], colour.filled()));
    }

    pub fn text(&self, place: (f64, f64), text: &str, anchor: Anchor, strong: bool) {
        let horizontal = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = if strong {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let font = FontDesc::new(FontFamily::SansSerif, TEXT * SCALE * FONT_DIVISOR, style);
        let style = TextStyle::from(font)
            .color(&INK)
            .pos(Pos::new(horizontal, VPos::Center));
        self.put(Text::new(text.to_owned(), at(place), style));
    }

    /// A transport's marker. The document's style gives it a rim in the background colour, to separate
    /// it from what is behind.
    pub fn marker(&self, (x, y): (f64, f64), transport: Option<Transport>, size: f64) {
        let colour = transport.map_or(INK, colour);
        let polygon = |points: &[(f64, f64)]| {
            let points = points
                .iter()
                .map(|(dx, dy)| at((x + dx * size, y + dy * size)));
            self.put(Polygon::new(points.collect::<Vec<_>>(), colour.filled()));
        };
        match transport.map(Transport::marker) {
            None | Some(Marker::Circle) => {
                self.put(Circle::new(
                    at((x, y)),
                    (size * SCALE) as i32,
                    colour.filled(),
                ));
            }
            Some(Marker::Triangle) => polygon(&[(0.0, -1.25), (1.15, 0.8), (-1.15, 0.8)]),
            Some(Marker::Square) => polygon(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
            Some(Marker::Diamond) => {
                polygon(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]);
            }
        }
    }

    /// An arrow to the right: a lower bound.
    pub fn arrow_right(&self, (x, y): (f64, f64), length: f64, colour: RGBColor) {
        let (tip, back) = (x + length, x + length - 6.0);
        self.line(&[(x, y), (tip, y)], colour, 1.75);
        self.line(&[(back, y - 4.5), (tip, y), (back, y + 4.5)], colour, 1.75);
    }

    /// A cross: a prediction.
    pub fn cross(&self, (x, y): (f64, f64), size: f64, colour: RGBColor) {
        for dy in [size, -size] {
            self.line(&[(x - size, y - dy), (x + size, y + dy)], colour, 2.0);
        }
    }

    /// An interval: a vertical or horizontal bar with caps.
    pub fn whisker(&self, from: (f64, f64), to: (f64, f64), colour: impl Color + Copy) {
        let vertical = (from.0 - to.0).abs() < (from.1 - to.1).abs();
        let (dx, dy) = if vertical { (4.0, 0.0) } else { (0.0, 4.0) };
        self.line(&[from, to], colour, 1.75);
        for (x, y) in [from, to] {
            self.line(&[(x - dx, y - dy), (x + dx, y + dy)], colour, 1.75);
        }
    }
}
