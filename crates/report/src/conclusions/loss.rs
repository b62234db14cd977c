//! Conclusions on reliability: `outage`, `durability`.

use analysis::{
    cell_trials::CellTrials,
    metric::{Metric, Quantile},
};
use protocol::Transport::{self, ShortPoll, WebSocket};

use super::phrases::{Pair, highest_level, times};
use crate::{
    data::Data,
    level,
    units::{exact, shown},
};

pub fn outage(data: &Data, name: &str) -> Vec<String> {
    [
        nothing_lost(data, name),
        unnoticed(data, name),
        recovery(data, name),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where no client noticed an outage, there is no figure of those that did.
fn unnoticed(data: &Data, name: &str) -> Option<String> {
    let cells = data.cells(name);
    let trials = cells.iter().flat_map(|cell| &cell.valid);
    let counts = trials.filter_map(|trial| Some((trial.outage.as_ref()?.noticed, trial.clients)));
    let (noticed, clients) = counts.fold((0, 0), |(noticed, clients), one| {
        (noticed + u64::from(one.0), clients + u64::from(one.1))
    });
    (noticed == 0 && clients > 0).then(|| {
        format!(
            "No client noticed an outage: none of the {} clients in the valid trials closed its connection \
             before the link was restored.",
            exact(clients)
        )
    })
}

/// Of all trials with an outage, invalid ones too.
fn nothing_lost(data: &Data, name: &str) -> Option<String> {
    let trials: Vec<_> = data
        .results
        .trials
        .iter()
        .filter(|trial| trial.experiment == name && trial.outage.is_some())
        .collect();
    let complete = trials
        .iter()
        .all(|trial| trial.lost + trial.duplicated + trial.reordered == 0);
    let names: Vec<_> = Transport::ALL
        .into_iter()
        .filter(|transport| trials.iter().any(|trial| trial.transport == *transport))
        .map(Transport::name)
        .collect();
    let due: u64 = trials.iter().map(|trial| trial.expected).sum();
    (complete && due > 0).then(|| {
        format!(
            "No message was lost, duplicated or reordered: all {} deliveries of {} trials with an \
             outage arrived, with {}.",
            exact(due),
            trials.len(),
            names.join(", ")
        )
    })
}

fn recovery(data: &Data, name: &str) -> Option<String> {
    let level = highest_level(data, name, "outage.seconds")?;
    let pair = Pair::at(data, name, [ShortPoll, WebSocket], level)?;
    let metric = Metric::RecoverP50;
    let (short, push) = pair.values(data, metric)?;
    let ratio = pair.ratio(data, metric)?;
    let outage = match level {
        Some(_) => format!("an {}", level::words(level)),
        None => "the outage".into(),
    };
    let comparison = if ratio.includes_one() {
        format!("No difference could be shown: {}.", times(ratio))
    } else {
        format!("Short polling took {} as long.", times(ratio))
    };
    Some(format!(
        "After {outage} half of the clients received a message within {} by short polling and \
         within {} over WebSocket. {comparison}",
        shown(metric, short.value),
        shown(metric, push.value),
    ))
}

/// Each database on the disk against the one in memory.
pub fn durability(data: &Data, name: &str) -> Vec<String> {
    let memory = |cell: &CellTrials| {
        let database = cell.level.and_then(|level| level.get("database"));
        database.is_some_and(|database| database.value == "memory")
    };
    let one = |transport: Transport| {
        let mut cells = data.cells(name);
        cells.retain(|cell| cell.transport == transport);
        let base = cells.iter().copied().find(|cell| memory(cell));
        let others = cells.into_iter().filter(move |cell| !memory(cell));
        base.into_iter().flat_map(move |base| {
            others
                .clone()
                .filter_map(|cell| commit(data, base, cell))
                .collect::<Vec<_>>()
        })
    };
    Transport::ALL.into_iter().flat_map(one).collect()
}

fn commit(data: &Data, memory: &CellTrials, cell: &CellTrials) -> Option<String> {
    let metric = Metric::end_to_end(Quantile::P50);
    let (base, found) = (data.measured(memory, metric)?, data.measured(cell, metric)?);
    let ratio = data.ratio(cell, memory, metric)?;
    let transport = cell.transport.name();
    let level = level::words(cell.level);
    Some(if ratio.includes_one() {
        format!(
            "{transport}, {level}: no difference from memory could be shown in the median end-to-end \
             latency: {}.",
            times(ratio)
        )
    } else {
        format!(
            "{transport}, {level}: the median end-to-end latency is {} against {} in memory: {} as \
             long.",
            shown(metric, found.value),
            shown(metric, base.value),
            times(ratio)
        )
    })
}
