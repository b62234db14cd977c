//! Conclusions on bytes: `rate`, `size`, `equal-latency`, `connections`.

use analysis::{
    cells::Cell,
    metric::{Metric, Quantity},
};
use protocol::Transport::{self, LongPoll, ShortPoll, WebSocket};

use super::{
    crossing::crossing,
    said::{Pair, at, by, ends, most, times},
};
use crate::{
    data::Data,
    level, ratio,
    units::{number, show, show_interval, shown},
};

const WIRE: Metric = Metric::IpBytesPerMessage;

pub fn rate(data: &Data, name: &str) -> Vec<String> {
    [crossover(data, name), batching(data, name)]
        .into_iter()
        .flatten()
        .collect()
}

/// The headline on bytes.
pub fn crossover(data: &Data, name: &str) -> Option<String> {
    let found = crossing(data, name)?;
    let theory = found
        .theory
        .map(|rate| format!(" ({} in theory)", number(rate)));
    Some(format!(
        "Short polling costs {} the bytes of WebSocket at λ = {}/s, but {} at {}/s: by batching it \
         becomes the cheaper one at about λ* = {} messages a second in a room{}, and pays for it \
         in latency.",
        times(found.below.1),
        number(found.below.0),
        times(found.above.1),
        number(found.above.0),
        number(found.at),
        theory.unwrap_or_default()
    ))
}

fn batching(data: &Data, name: &str) -> Option<String> {
    let (rare, busy) = ends(data, name, LongPoll, "rate")?;
    let fewer = data
        .ratio(rare, busy, WIRE)
        .filter(|ratio| ratio.interval[0] > 1.0)?;
    Some(format!(
        "Long polling batches too: from {} to {} its bytes per message fall by {}, for an answer \
         carries all that gathered while no poll was parked.",
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
        let tell = |value, interval| {
            format!(
                "{} ({})",
                show(Quantity::Share, value),
                show_interval(Quantity::Share, interval)
            )
        };
        format!(
            "{}: the message is {} of the wire at {}, {} at {}.",
            transport.name(),
            tell(low, low_ci),
            level::words(small.level),
            tell(high, high_ci),
            level::words(large.level)
        )
    })
}

/// The share of IP bytes that is message, over trials.
fn share(cell: &Cell) -> Option<(f64, [f64; 2])> {
    let each = cell.trials.iter().filter_map(|trial| {
        let ip = trial.bytes.ip()?;
        (ip > 0.0).then(|| trial.bytes.payload as f64 / ip)
    });
    ratio::mean(&each.collect::<Vec<_>>())
}

/// What polling pays to come near to push.
pub fn equal_latency(data: &Data, name: &str) -> Vec<String> {
    let (near, _) = match ends(data, name, ShortPoll, "target_ms") {
        Some(ends) => ends,
        None => return Vec::new(),
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
    let asks =
        requests.map(|found| format!(" and {} requests a second per client", number(found.value)));
    let tell = |ratio| {
        format!(
            "At {} (a mean of {} measured, against {} for WebSocket) short polling needs {} the traffic of \
             WebSocket{}.",
            level::words(near.level),
            shown(Metric::MEAN, poll.value),
            shown(Metric::MEAN, pushed.value),
            times(ratio),
            asks.clone().unwrap_or_default()
        )
    };
    traffic.map(tell).into_iter().collect()
}

/// What a new connection for every poll costs.
pub fn connections(data: &Data, name: &str) -> Vec<String> {
    let one = |transport: Transport| {
        let cell = |value: bool| {
            let is = |cell: &&Cell| {
                let kept = cell.level.and_then(|level| level.setting("keep_alive"));
                cell.transport == transport && kept.is_some_and(|kept| kept.value == value)
            };
            data.cells(name).into_iter().find(is)
        };
        let (kept, opened) = (cell(true)?, cell(false)?);
        let bytes = data
            .ratio(opened, kept, WIRE)
            .filter(|ratio| !ratio.holds_one())?;
        let delay = data
            .ratio(opened, kept, Metric::MEAN)
            .filter(|ratio| !ratio.holds_one());
        let delay = delay.map(|ratio| format!(" and {} the mean delay", times(ratio)));
        Some(format!(
            "{}: a new connection for every poll costs {} the bytes per message{} of a kept one.",
            transport.name(),
            times(bytes),
            delay.unwrap_or_default()
        ))
    };
    let kept = [ShortPoll, LongPoll].into_iter().filter_map(one);
    kept.chain(cliff(data, name)).collect()
}

/// The interval beyond which the server has closed the connection before the next poll.
fn cliff(data: &Data, name: &str) -> Option<String> {
    let mut cells = data.cells(name);
    cells.retain(|cell| cell.transport == ShortPoll && cell.number("interval_ms").is_some());
    let opened = |cell: &Cell| ratio::mean(&cell.values(Metric::ConnectionsPerRequest));
    let step = cells.windows(2).find(|pair| {
        let (before, after) = (opened(pair[0]), opened(pair[1]));
        before
            .zip(after)
            .is_some_and(|(before, after)| before.0 < 0.5 && after.1[0] > 0.5)
    })?;
    Some(format!(
        "The cliff is between {} and {}: beyond it the server's keep-alive has run out and nearly every \
         poll opens a connection.",
        level::words(step[0].level),
        level::words(step[1].level)
    ))
}

/// For the head of the page: bytes a message of a transport against WebSocket.
pub fn bytes_against_push(data: &Data, name: &str, transport: Transport) -> Option<String> {
    let level = most(data, name, "one_way_ms")?;
    let pair = Pair::at(data, name, [transport, WebSocket], level)?;
    pair.values(data, WIRE)?;
    let ratio = pair.ratio(data, WIRE)?;
    if ratio.holds_one() {
        return pair.told(data, WIRE, "bytes per message");
    }
    Some(format!(
        "{} needs {} the bytes of WebSocket per message on the wire{}.",
        transport.name(),
        times(ratio),
        at(level)
    ))
}
