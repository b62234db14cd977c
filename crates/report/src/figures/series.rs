//! The data of one transport in a chart.

use analysis::cell_trials::CellTrials;
use protocol::Transport;

/// A measured point; `interval` is that of y.
#[derive(Clone, Debug)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub interval: Option<[f64; 2]>,
    /// A text beside the point.
    pub name: Option<String>,
}

pub struct Series {
    pub transport: Transport,
    pub points: Vec<Point>,
    /// A measured curve, drawn pale behind the points.
    pub curve: Vec<(f64, f64)>,
    pub theory: Vec<(f64, f64)>,
    /// A measured value that does not depend on x, drawn as a horizontal line.
    pub level: Option<f64>,
    /// Whether the points are a course over time, joined by a line.
    pub is_course: bool,
}

impl Series {
    pub fn new(transport: Transport) -> Self {
        Series {
            transport,
            points: Vec::new(),
            curve: Vec::new(),
            theory: Vec::new(),
            level: None,
            is_course: false,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty() && self.level.is_none()
    }

    /// All values that the y axis should show.
    pub fn heights(&self) -> Vec<f64> {
        let points = self.points.iter().flat_map(|point| {
            let [low, high] = point.interval.unwrap_or([point.y; 2]);
            // The lower end of an interval may be negative or close to 0, which would stretch a
            // logarithmic axis.
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

/// The transports of the cells, in their usual order.
pub fn transports(cells: &[&CellTrials]) -> Vec<Transport> {
    let has = |transport: &Transport| cells.iter().any(|cell| cell.transport == *transport);
    Transport::ALL.into_iter().filter(has).collect()
}
