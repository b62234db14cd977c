//! What a chart has of one transport.

use analysis::cells::Cell;
use protocol::Transport;

/// A measured point; `interval` is that of y.
#[derive(Clone, Debug)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub interval: Option<[f64; 2]>,
    /// Written beside it.
    pub name: Option<String>,
}

pub struct Series {
    pub transport: Transport,
    pub points: Vec<Point>,
    /// A measured curve, drawn faintly behind the points.
    pub curve: Vec<(f64, f64)>,
    pub theory: Vec<(f64, f64)>,
    /// A measured value that the x axis does not concern.
    pub level: Option<f64>,
}

impl Series {
    pub fn new(transport: Transport) -> Self {
        Series {
            transport,
            points: Vec::new(),
            curve: Vec::new(),
            theory: Vec::new(),
            level: None,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty() && self.level.is_none()
    }

    /// Everything that the y axis should hold.
    pub fn heights(&self) -> Vec<f64> {
        let points = self.points.iter().flat_map(|point| {
            let [low, high] = point.interval.unwrap_or([point.y; 2]);
            // An interval that reaches below nothing does not stretch a logarithm.
            [
                point.y,
                if low > 0.0 {
                    low.max(point.y / 3.0)
                } else {
                    point.y
                },
                high,
            ]
        });
        let lines = self.theory.iter().chain(&self.curve).map(|point| point.1);
        points.chain(lines).chain(self.level).collect()
    }
}

/// Transports that the cells have, in their order.
pub fn transports(cells: &[&Cell]) -> Vec<Transport> {
    let has = |transport: &Transport| cells.iter().any(|cell| cell.transport == *transport);
    Transport::ALL.into_iter().filter(has).collect()
}
