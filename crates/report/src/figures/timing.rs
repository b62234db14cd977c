//! The exchange of a transport over the link as a diagram. Time runs to the right; the server's line
//! is above the client's, and what crosses the link is a slanted arrow between them.

use plotters::style::{Color, RGBAColor};
use protocol::Transport;

use super::{
    canvas::{Anchor, Canvas, INK, WIDTH, colour, drawing, width_of},
    drawing::Drawing,
};

/// The canvas: pixels of a d, and the heights of the two lines.
const D: f64 = 53.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = WIDTH - 10.0;
const KEY_ROW: f64 = 21.0;
const SERVER: f64 = 3.0 * KEY_ROW + 44.0;
const CLIENT: f64 = SERVER + 86.0;
const HEIGHT: f64 = CLIENT + 44.0;

/// An exchange over a link. All times are in units of d.
pub struct Exchange {
    pub transport: Transport,
    pub arrows: Vec<Arrow>,
    pub messages: Vec<Stored>,
    /// The times in which the server holds a request, from and to.
    pub parked: Vec<(f64, f64)>,
    /// Durations that have a name, at the server and at the client.
    pub server_marks: Vec<Mark>,
    pub client_marks: Vec<Mark>,
}

/// What crosses the link in one d.
pub struct Arrow {
    pub leaves: f64,
    pub what: Crossing,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Crossing {
    /// A request of the client.
    Request,
    /// A response, or the beginning of one, without a message.
    NoMessage,
    /// A response, an event or a frame, with messages.
    Messages,
    /// A message that the client sends over the connection on which it receives.
    Post,
}

/// A message at the server: when it is stored, and when it leaves.
pub struct Stored {
    pub at: f64,
    pub leaves: f64,
}

/// A duration with its name.
pub struct Mark {
    pub from: f64,
    pub to: f64,
    pub name: &'static str,
}

impl Crossing {
    const ALL: [Crossing; 4] = [
        Crossing::Request,
        Crossing::NoMessage,
        Crossing::Messages,
        Crossing::Post,
    ];

    pub fn is_up(self) -> bool {
        matches!(self, Crossing::Request | Crossing::Post)
    }

    fn name(self) -> &'static str {
        match self {
            Crossing::Request => "request",
            Crossing::NoMessage => "response without a message",
            Crossing::Messages => "messages",
            Crossing::Post => "a client's own message",
        }
    }
}

impl Exchange {
    pub fn draw(&self, alt: &str) -> Drawing {
        drawing(WIDTH, HEIGHT, alt, |canvas| {
            self.key(canvas);
            for (y, name) in [(SERVER, "Server"), (CLIENT, "Client")] {
                canvas.text((10.0, y), name, Anchor::Start, true);
                canvas.line(&[(LEFT - 10.0, y), (RIGHT, y)], INK.mix(0.7), 1.5);
            }
            self.parked
                .iter()
                .for_each(|(from, to)| parked(canvas, x(*from), x(*to), SERVER));
            self.messages.iter().for_each(|one| self.waits(canvas, one));
            self.arrows.iter().for_each(|one| self.arrow(canvas, one));
            let dots = self.messages.iter().map(|one| (x(one.at), SERVER));
            dots.for_each(|place| canvas.marker(place, Some(self.transport), 5.0));
            self.server_marks
                .iter()
                .for_each(|one| mark(canvas, one, SERVER - 20.0, SERVER - 34.0));
            self.client_marks
                .iter()
                .for_each(|one| mark(canvas, one, CLIENT + 14.0, CLIENT + 29.0));
        })
    }

    /// The line of what crosses the link.
    fn ink(&self, what: Crossing) -> (RGBAColor, f64) {
        match what {
            Crossing::Request => (INK.mix(0.9), 1.5),
            Crossing::NoMessage => (INK.mix(0.4), 1.5),
            Crossing::Messages | Crossing::Post => (colour(self.transport).mix(1.0), 3.0),
        }
    }

    fn arrow(&self, canvas: &Canvas, one: &Arrow) {
        let (from, to) = if one.what.is_up() {
            (CLIENT, SERVER)
        } else {
            (SERVER, CLIENT)
        };
        let (ink, width) = self.ink(one.what);
        arrow(
            canvas,
            [(x(one.leaves), from), (x(one.leaves + 1.0), to)],
            ink,
            width,
        );
    }

    /// The wait of a message at the server.
    fn waits(&self, canvas: &Canvas, message: &Stored) {
        let line = [(x(message.at), SERVER), (x(message.leaves), SERVER)];
        canvas.line(&line, colour(self.transport), 5.0);
    }

    /// What the signs mean, only those that occur.
    fn key(&self, canvas: &Canvas) {
        let crosses = |what: &Crossing| self.arrows.iter().any(|arrow| arrow.what == *what);
        let mut place = KeyPlace::default();
        for what in Crossing::ALL.into_iter().filter(crosses) {
            let (left, y) = place.next(what.name());
            let (ink, width) = self.ink(what);
            let (low, high) = ((left, y + 6.0), (left + 18.0, y - 6.0));
            let ends = if what.is_up() {
                [low, high]
            } else {
                [(left, y - 6.0), (left + 18.0, y + 6.0)]
            };
            arrow(canvas, ends, ink, width);
            canvas.text(
                (left + KeyPlace::SIGN, y),
                what.name(),
                Anchor::Start,
                false,
            );
        }
        self.key_of_server(canvas, &mut place);
    }

    fn key_of_server(&self, canvas: &Canvas, place: &mut KeyPlace) {
        let (stored, waits, holds) = ("message is stored", "it waits", "request is parked");
        let (left, y) = place.next(stored);
        canvas.marker((left + 9.0, y), Some(self.transport), 5.0);
        canvas.text((left + KeyPlace::SIGN, y), stored, Anchor::Start, false);
        if self.messages.iter().any(|one| one.leaves > one.at) {
            let (left, y) = place.next(waits);
            canvas.line(&[(left, y), (left + 18.0, y)], colour(self.transport), 5.0);
            canvas.text((left + KeyPlace::SIGN, y), waits, Anchor::Start, false);
        }
        if !self.parked.is_empty() {
            let (left, y) = place.next(holds);
            parked(canvas, left, left + 18.0, y);
            canvas.text((left + KeyPlace::SIGN, y), holds, Anchor::Start, false);
        }
    }
}

/// The place of the next entry in the key.
struct KeyPlace {
    x: f64,
    y: f64,
}

impl Default for KeyPlace {
    fn default() -> Self {
        KeyPlace {
            x: Self::LEFT,
            y: KEY_ROW / 2.0,
        }
    }
}

impl KeyPlace {
    const LEFT: f64 = 10.0;
    const SIGN: f64 = 26.0;
    const GAP: f64 = 16.0;

    fn next(&mut self, text: &str) -> (f64, f64) {
        let width = Self::SIGN + width_of(text);
        if self.x + width > WIDTH {
            (self.x, self.y) = (Self::LEFT, self.y + KEY_ROW);
        }
        let place = (self.x, self.y);
        self.x += width + Self::GAP;
        place
    }
}

fn x(time: f64) -> f64 {
    LEFT + time * D
}

fn parked(canvas: &Canvas, from: f64, to: f64, y: f64) {
    canvas.rectangle((from, y - 6.0), (to, y + 6.0), INK.mix(0.25));
}

/// A line with a head at its second end.
fn arrow(canvas: &Canvas, [from, to]: [(f64, f64); 2], ink: RGBAColor, width: f64) {
    const HEAD: f64 = 8.0;
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let (dx, dy) = (dx / length * HEAD, dy / length * HEAD);
    let side = |turn: f64| (to.0 - dx + turn * dy * 0.5, to.1 - dy - turn * dx * 0.5);
    canvas.line(&[from, to], ink, width);
    canvas.line(&[side(1.0), to, side(-1.0)], ink, width);
}

/// A bracket over a duration, and its name at another height.
fn mark(canvas: &Canvas, one: &Mark, y: f64, name_y: f64) {
    let (from, to) = (x(one.from), x(one.to));
    canvas.line(&[(from, y), (to, y)], INK.mix(0.7), 1.25);
    for end in [from, to] {
        canvas.line(&[(end, y - 4.0), (end, y + 4.0)], INK.mix(0.7), 1.25);
    }
    canvas.text(
        (f64::midpoint(from, to), name_y),
        one.name,
        Anchor::Middle,
        false,
    );
}
