//! What lies between end-to-end latency and delivery latency.

use analysis::{cell_trials::CellTrials, metric::Quantity, results::Trial};

use crate::{
    ratio,
    units::{show, show_interval},
};

/// By how much end-to-end latency is longer in each cell, and of what that consists; `None` where
/// no cell has both latencies.
pub fn between(cells: &[&CellTrials]) -> Option<String> {
    let each: Vec<_> = cells.iter().filter_map(|cell| difference(cell)).collect();
    (!each.is_empty()).then(|| {
        format!(
            "End-to-end latency begins when a message is due, delivery latency at the server's \
             stamp. Between the two are the sender's delay, the request's way to the server and the \
             wait for the writer, on average: {}.",
            each.join("; ")
        )
    })
}

/// "WebSocket 0.31 ms (0.29–0.33 ms), of which 0.02 ms is the sender's delay".
fn difference(cell: &CellTrials) -> Option<String> {
    let mean = |of: fn(&Trial) -> Option<f64>| {
        let values: Vec<_> = cell.valid.iter().filter_map(|trial| of(trial)).collect();
        ratio::mean(&values)
    };
    let (longer, interval) =
        mean(|trial| Some(trial.end_to_end_us.mean? - trial.delivery_us.mean?))?;
    let (sender, _) = mean(|trial| trial.generator.schedule_delay_us.mean)?;
    Some(format!(
        "{} {} ({}), of which {} is the sender's delay",
        cell.transport.in_a_sentence(),
        show(Quantity::Time, longer),
        show_interval(Quantity::Time, interval),
        show(Quantity::Time, sender)
    ))
}
