//! Conclusions on what must not be lost: `outage`, `durability`.

use analysis::{
    cells::Cell,
    metric::{Metric, Quantile},
};
use protocol::Transport::{self, ShortPoll, WebSocket};

use super::said::{Pair, most, times};
use crate::{
    data::Data,
    level,
    units::{number, shown},
};

pub fn outage(data: &Data, name: &str) -> Vec<String> {
    [nothing_lost(data, name), recovery(data, name)]
        .into_iter()
        .flatten()
        .collect()
}

/// Of all trials, void ones too.
fn nothing_lost(data: &Data, name: &str) -> Option<String> {
    let trials: Vec<_> = data
        .results
        .trials
        .iter()
        .filter(|trial| trial.experiment == name)
        .collect();
    let cuts = trials.iter().filter(|trial| trial.outage.is_some()).count();
    let whole = trials
        .iter()
        .all(|trial| trial.lost + trial.duplicated + trial.reordered == 0);
    let due: u64 = trials.iter().map(|trial| trial.expected).sum();
    (cuts > 0 && whole && due > 0).then(|| {
        format!(
            "Nothing was lost, doubled or out of order: {} deliveries were due over {cuts} cuts, and every \
             one came, by every transport.",
            number(due as f64)
        )
    })
}

fn recovery(data: &Data, name: &str) -> Option<String> {
    let level = most(data, name, "outage.seconds")?;
    let pair = Pair::at(data, name, [ShortPoll, WebSocket], level)?;
    let metric = Metric::RecoverP50;
    let (short, push) = pair.values(data, metric)?;
    let ratio = pair.ratio(data, metric)?;
    let difference = if ratio.holds_one() {
        "no difference could be shown,"
    } else {
        "they differ,"
    };
    Some(format!(
        "After a {} half of the clients had a message again within {} by short polling and {} \
         over a WebSocket: {difference} {}.",
        level::words(level),
        shown(metric, short.value),
        shown(metric, push.value),
        times(ratio)
    ))
}

/// Each other database against the one in memory.
pub fn durability(data: &Data, name: &str) -> Vec<String> {
    let memory = |cell: &Cell| {
        let database = cell.level.and_then(|level| level.setting("database"));
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

fn commit(data: &Data, memory: &Cell, cell: &Cell) -> Option<String> {
    let metric = Metric::end_to_end(Quantile::P50);
    let (base, found) = (data.measured(memory, metric)?, data.measured(cell, metric)?);
    let ratio = data.ratio(cell, memory, metric)?;
    let who = cell.transport.name();
    let what = level::words(cell.level);
    Some(if ratio.holds_one() {
        format!(
            "{who}, {what}: no difference from memory could be shown in the median end to end: {}.",
            times(ratio)
        )
    } else {
        format!(
            "{who}, {what}: the median end to end is {} against {} in memory, {}.",
            shown(metric, found.value),
            shown(metric, base.value),
            times(ratio)
        )
    })
}
