//! Conclusions on bytes: `rate`, `size`, `equal-latency`, `connections`.

use analysis::{
    cell_trials::CellTrials,
    metric::{Metric, Quantity},
};
use protocol::Transport::{self, LongPoll, ShortPoll, WebSocket};

use super::{
    crossing::crossing,
    levels,
    phrases::{Pair, by, ends, highest_level, times},
};
use crate::{
    data::Data,
    level, ratio,
    units::{number, show, show_interval, shown},
};

const IP_BYTES: Metric = Metric::IpBytesPerMessage;

pub fn rate(data: &Data, name: &str) -> Vec<String> {
    [crossover(data, name), batching(data, name)]
        .into_iter()
        .flatten()
        .collect()
}

/// The crossover of bytes, which the summary shows too.
pub fn crossover(data: &Data, name: &str) -> Option<String> {
    let found = crossing(data, name)?;
    let theory = found
        .theory
        .map(|rate| format!(" (theory: {}/s)", number(rate)));
    Some(format!(
        "Short polling needs {} the IP bytes of WebSocket at λ = {}/s, but {} at {}/s. Above about \
         λ* = {} messages/s at {}{} short polling needs fewer bytes, because a response carries \
         several messages.",
        times(found.below.1),
        number(found.below.0),
        times(found.above.1),
        number(found.above.0),
        number(found.at),
        found.settings,
        theory.unwrap_or_default()
    ))
}

fn batching(data: &Data, name: &str) -> Option<String> {
    let (rare, busy) = ends(data, name, LongPoll, "rate")?;
    let fewer = data
        .ratio(rare, busy, IP_BYTES)
        .filter(|ratio| ratio.interval[0] > 1.0)?;
    Some(format!(
        "Long polling also combines messages: from {} to {} its IP bytes per message fall by {}, \
         because a response carries all messages that were stored while no poll was parked.",
        level::words(rare.level),
        level::words(busy.level),
        by(fewer)
    ))
}

pub fn size(data: &Data, name: &str) -> Vec<String> {
    let one = |transport| share_of_message(data, name, transport);
    Transport::ALL.into_iter().filter_map(one).collect()
}

fn share_of_message(data: &Data, name: &str, transport: Transport) -> Option<String> {
    let (small, large) = ends(data, name, transport, "body_bytes")?;
    let ((low, low_ci), (high, high_ci)) = (share(small)?, share(large)?);
    (low_ci[1] < high_ci[0]).then(|| {
        let shown = |value, interval| {
            format!(
                "{} ({})",
                show(Quantity::Share, value),
                show_interval(Quantity::Share, interval)
            )
        };
        format!(
            "{}: the message is {} of the IP bytes at {}; {} at {}.",
            transport.name(),
            shown(low, low_ci),
            level::words(small.level),
            shown(high, high_ci),
            level::words(large.level)
        )
    })
}

/// The share of the IP bytes that is message, as a mean over trials or over runs.
fn share(cell: &CellTrials) -> Option<(f64, [f64; 2])> {
    let each = cell.means_by_unit(|trial| {
        let ip = trial.bytes.ip()?;
        (ip > 0.0).then(|| trial.bytes.payload as f64 / ip)
    });
    ratio::mean(&each)
}

/// The cost of short polling at the lowest target latency, against push.
pub fn equal_latency(data: &Data, name: &str) -> Vec<String> {
    let Some((near, _)) = ends(data, name, ShortPoll, "target_ms") else {
        return Vec::new();
    };
    let Some(push) = data.cell(name, WebSocket, None) else {
        return Vec::new();
    };
    let delays = (
        data.measured(near, Metric::MEAN),
        data.measured(push, Metric::MEAN),
    );
    let (Some(poll), Some(pushed)) = delays else {
        return Vec::new();
    };
    let traffic = data
        .ratio(near, push, Metric::IpBytesPerS)
        .filter(|ratio| ratio.interval[0] > 1.0);
    let requests = data.measured(near, Metric::RequestsPerS);
    let request_rate =
        requests.map(|found| format!(" and {} requests a second per client", number(found.value)));
    let sentence = |ratio| {
        format!(
            "At {} (measured mean delivery latency: {}; WebSocket: {}) short polling needs {} the IP \
             traffic of WebSocket{}.",
            level::words(near.level),
            shown(Metric::MEAN, poll.value),
            shown(Metric::MEAN, pushed.value),
            times(ratio),
            request_rate.clone().unwrap_or_default()
        )
    };
    traffic.map(sentence).into_iter().collect()
}

/// The cost of opening connections: of a new one for every poll, and of a server that closes them
/// between polls.
pub fn connections(data: &Data, name: &str) -> Vec<String> {
    let is_interval = |cell: &&CellTrials| cell.number("interval_ms").is_some();
    // Levels of T differ in more than their connections.
    match data.cells(name).iter().any(is_interval) {
        true => keep_alive_limit(data, name).into_iter().collect(),
        false => levels::against_first(data, name),
    }
}

/// The interval beyond which the server closes the connection before the next poll.
fn keep_alive_limit(data: &Data, name: &str) -> Option<String> {
    let mut cells = data.cells(name);
    cells.retain(|cell| cell.transport == ShortPoll && cell.number("interval_ms").is_some());
    let opened = |cell: &CellTrials| ratio::mean(&cell.values(Metric::ConnectionsPerRequest));
    let step = cells.windows(2).find(|pair| {
        let (before, after) = (opened(pair[0]), opened(pair[1]));
        before
            .zip(after)
            .is_some_and(|(before, after)| before.0 < 0.5 && after.1[0] > 0.5)
    })?;
    Some(format!(
        "Between {} and {} the pause exceeds the server's keep-alive: beyond it nearly every poll \
         opens a connection.",
        level::words(step[0].level),
        level::words(step[1].level)
    ))
}

/// For the summary: a transport's bytes per message against WebSocket.
pub fn bytes_against_push(data: &Data, name: &str, transport: Transport) -> Option<String> {
    let level = highest_level(data, name, "one_way_ms")?;
    let pair = Pair::at(data, name, [transport, WebSocket], level)?;
    pair.values(data, IP_BYTES)?;
    let ratio = pair.ratio(data, IP_BYTES)?;
    if ratio.includes_one() {
        return pair.comparison(data, IP_BYTES, "IP bytes per message");
    }
    Some(format!(
        "{} needs {} the IP bytes of WebSocket per message{}.",
        transport.name(),
        times(ratio),
        pair.conditions(data)
    ))
}
