//! Conclusions on an experiment of one's own.

use analysis::{cells::Cell, metric::Metric};
use protocol::Transport::WebSocket;

use super::said::Pair;
use crate::data::Data;

/// Each transport against WebSocket (or the last that there is), at each level.
pub fn generic(data: &Data, name: &str) -> Vec<String> {
    let cells = data.cells(name);
    let base = cells
        .iter()
        .map(|cell| cell.transport)
        .max()
        .unwrap_or(WebSocket);
    let others = cells.iter().filter(|cell| cell.transport != base);
    let one = |cell: &&Cell| {
        let metric = Metric::MEAN;
        let pair = Pair::at(data, name, [cell.transport, base], cell.level)?;
        pair.values(data, metric)?;
        pair.told(data, metric, "mean delivery latency")
    };
    others.filter_map(one).collect()
}
