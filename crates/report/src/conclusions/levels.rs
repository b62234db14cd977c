//! Conclusions across levels: each level of a sweep against its first, paired by block.

use analysis::{cell_trials::CellTrials, metric::Metric};
use protocol::Transport;

use super::phrases::times;
use crate::{data::Data, level, ratio::Ratio};

/// The metrics that levels are compared by, as the sentences name them.
const COMPARED: [(Metric, &str); 3] = [
    (Metric::MEAN, "the mean delivery latency"),
    (Metric::IpBytesPerMessage, "the IP bytes per message"),
    (
        Metric::CpuPerDelivery,
        "the server CPU time per delivery (posts and requests included)",
    ),
];

/// One sentence for each level at which a metric differs from that at the first level of the sweep,
/// and one where latency moves against theory.
pub fn against_first(data: &Data, name: &str) -> Vec<String> {
    let of = |transport| {
        let cells = in_order_of_sweep(data, name, transport);
        let others = cells.iter().skip(1);
        let each = others.flat_map(|cell| {
            [
                differences(data, cell, cells[0]),
                against_theory(data, cell, cells[0]),
            ]
        });
        each.flatten().collect::<Vec<_>>()
    };
    Transport::ALL.into_iter().flat_map(of).collect()
}

/// The cells of a transport, the first level of the sweep first.
fn in_order_of_sweep<'d, 'a>(
    data: &'d Data<'a>,
    name: &str,
    transport: Transport,
) -> Vec<&'d CellTrials<'a>> {
    let planned = data
        .results
        .experiment(name)
        .and_then(|found| found.cells().ok());
    let planned: Vec<_> = planned
        .into_iter()
        .flatten()
        .map(|cell| cell.level)
        .collect();
    let mut cells = data.cells(name);
    cells.retain(|cell| cell.transport == transport);
    cells.sort_by_key(|cell| {
        planned
            .iter()
            .position(|level| level.as_ref() == cell.level)
    });
    cells
}

fn differences(data: &Data, cell: &CellTrials, first: &CellTrials) -> Option<String> {
    let differs = |(metric, what): (Metric, &str)| {
        let ratio = data.ratio(cell, first, metric)?;
        (!ratio.includes_one()).then(|| format!("{} {what}", times(ratio)))
    };
    let found: Vec<_> = COMPARED.into_iter().filter_map(differs).collect();
    (!found.is_empty()).then(|| {
        format!(
            "{}, {} against {}: {}.",
            cell.transport.name(),
            level::words(cell.level),
            level::words(first.level),
            found.join(", ")
        )
    })
}

/// Latency that differs between two levels in the other direction than its models.
fn against_theory(data: &Data, cell: &CellTrials, first: &CellTrials) -> Option<String> {
    let measured = data.ratio(cell, first, Metric::MEAN)?;
    let model = |cell| data.measured(cell, Metric::MEAN)?.theory;
    let predicted = model(cell)? / model(first)?;
    is_opposite(measured, predicted).then(|| {
        format!(
            "{}, {} against {}: the mean delivery latency moves against theory, {} instead of {:.3} \
             times. The models leave out what moves it.",
            cell.transport.name(),
            level::words(cell.level),
            level::words(first.level),
            times(measured),
            predicted
        )
    })
}

/// Whether the whole interval is on the other side of 1 than theory.
fn is_opposite(measured: Ratio, predicted: f64) -> bool {
    let [low, high] = measured.interval;
    (high < 1.0 && predicted > 1.0) || (low > 1.0 && predicted < 1.0)
}
