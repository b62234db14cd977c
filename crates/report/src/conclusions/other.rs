//! Conclusions on experiments that are not built in.

use analysis::{cell_trials::CellTrials, metric::Metric};
use protocol::Transport::WebSocket;

use super::{levels, phrases::Pair};
use crate::data::Data;

/// Each transport against WebSocket (or the last transport of the experiment) at each level, and
/// each level against the first.
pub fn generic(data: &Data, name: &str) -> Vec<String> {
    let cells = data.cells(name);
    let base = cells
        .iter()
        .map(|cell| cell.transport)
        .max()
        .unwrap_or(WebSocket);
    let others = cells.iter().filter(|cell| cell.transport != base);
    let one = |cell: &&CellTrials| {
        let metric = Metric::MEAN;
        let pair = Pair::at(data, name, [cell.transport, base], cell.level)?;
        pair.values(data, metric)?;
        pair.comparison(data, metric, "mean delivery latency")
    };
    let across = levels::against_first(data, name);
    others.filter_map(one).chain(across).collect()
}
