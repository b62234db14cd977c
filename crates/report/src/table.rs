//! Tables: a row for each cell, with a value, its interval and theory in each column.

use analysis::{
    cell_trials::CellTrials,
    metric::{Metric, Quantity},
};
use protocol::{Marker, Transport};

use super::{
    data::{Data, MeasuredValue},
    level,
    units::{NEGLIGIBLE_SHARE, number, residual, show, show_interval},
};

/// The texts of a value, its interval and theory: `1.08 s` (a lower bound: `≥ 80,000/s`),
/// `1.07–1.09 s`, `1.08 s (+0.1 %)`.
pub struct Value {
    pub value: String,
    pub interval: Option<String>,
    pub theory: Option<String>,
}

impl Value {
    pub fn new(quantity: Quantity, found: MeasuredValue) -> Self {
        let theory = |theory: f64| {
            let share = (found.value / theory - 1.0).abs();
            let shown = match theory < NEGLIGIBLE_SHARE || share < 5e-5 {
                true => String::new(),
                false => format!(" ({})", residual(quantity, found.value, theory)),
            };
            format!("{}{shown}", show(quantity, theory))
        };
        Value {
            value: found.text(quantity),
            interval: found
                .interval
                .filter(|[low, high]| low < high)
                .map(|ends| show_interval(quantity, ends)),
            theory: found.theory.map(theory),
        }
    }
}

pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<TableRow>,
    /// Whether any cell has a level to show.
    pub levels: bool,
}

pub struct TableRow {
    pub transport: Transport,
    pub level: String,
    pub trials: String,
    pub values: Vec<Option<Value>>,
}

impl TableRow {
    pub fn marker(&self) -> String {
        marker(self.transport)
    }
}

pub fn table(data: &Data, experiment: &str, columns: &[Metric]) -> Table {
    let cells: Vec<_> = data
        .levels(experiment)
        .into_iter()
        .flat_map(|level| {
            data.cells(experiment)
                .into_iter()
                .filter(move |cell| cell.level == level)
        })
        .collect();
    let any = |metric: &&Metric| {
        cells
            .iter()
            .any(|cell| data.measured(cell, **metric).is_some())
    };
    let columns: Vec<Metric> = columns.iter().filter(any).copied().collect();
    Table {
        rows: cells.iter().map(|cell| row(data, cell, &columns)).collect(),
        levels: cells.iter().any(|cell| cell.level.is_some()),
        columns: columns.iter().map(|metric| metric.words()).collect(),
    }
}

fn row(data: &Data, cell: &CellTrials, columns: &[Metric]) -> TableRow {
    let value = |metric: &Metric| {
        data.measured(cell, *metric)
            .map(|found| Value::new(metric.quantity(), found))
    };
    TableRow {
        transport: cell.transport,
        level: level::words(cell.level),
        trials: number(cell.valid.len() as f64),
        values: columns.iter().map(value).collect(),
    }
}

/// A transport's marker for the page: an inline SVG of the size of a letter.
pub fn marker(transport: Transport) -> String {
    let shape = match transport.marker() {
        Marker::Circle => "<circle cx=\"8\" cy=\"8\" r=\"5.5\"/>",
        Marker::Triangle => "<path d=\"M8 1.5 14.5 13H1.5z\"/>",
        Marker::Square => "<path d=\"M3 3h10v10H3z\"/>",
        Marker::Diamond => "<path d=\"M8 1 15 8 8 15 1 8z\"/>",
    };
    let colour = transport.colour();
    format!(
        "<svg class=\"marker\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><g fill=\"{colour}\">{shape}</g></svg>"
    )
}
