//! Conclusions on latency: the experiments `latency`, `interval` and `rtt`.

use analysis::{
    cells::Cell,
    metric::{Metric, Quantile, Quantity},
    stats,
};
use protocol::Transport::{self, LongPoll, ShortPoll, WebSocket};

use super::said::{Pair, at, by, ends, most, times};
use crate::{
    data::Data,
    level,
    ratio::Ratio,
    units::{factor, number, show, shown},
};

const MEAN: Metric = Metric::MEAN;
/// A mean this near to theory is said to agree with it.
const AGREES: f64 = 0.03;
/// Medians are said to be shared when the whole interval of their ratio is within this.
const SHARED: [f64; 2] = [0.9, 1.1];

pub fn latency(data: &Data, name: &str) -> Vec<String> {
    let found = [
        polling_delay(data, name),
        median_shared(data, name),
        pushes_alike(data, name),
        agreement(data, name),
    ];
    found
        .into_iter()
        .flatten()
        .chain(deviations(data, name))
        .collect()
}

pub fn interval(data: &Data, name: &str) -> Vec<String> {
    [price_of_haste(data, name), dominated(data, name)]
        .into_iter()
        .flatten()
        .collect()
}

pub fn rtt(data: &Data, name: &str) -> Vec<String> {
    Transport::ALL
        .into_iter()
        .filter_map(|transport| slope(data, name, transport))
        .collect()
}

/// What short polling adds to the delay of a push.
pub fn polling_delay(data: &Data, name: &str) -> Option<String> {
    let level = most(data, name, "one_way_ms")?;
    let pair = Pair::at(data, name, [ShortPoll, WebSocket], level)?;
    let (short, push) = pair.values(data, MEAN)?;
    let ratio = pair.ratio(data, MEAN).filter(|ratio| !ratio.holds_one())?;
    Some(format!(
        "A message takes {} to arrive by short polling and {} over a WebSocket in the mean{}: {} as \
         long.",
        shown(MEAN, short.value),
        shown(MEAN, push.value),
        at(level),
        times(ratio)
    ))
}

/// The headline: long polling and WebSocket share the median, only the tail tells them apart.
pub fn median_shared(data: &Data, name: &str) -> Option<String> {
    let level = most(data, name, "one_way_ms")?;
    let pair = Pair::at(data, name, [LongPoll, WebSocket], level)?;
    let median = Metric::P50;
    let (long, push) = pair.values(data, median)?;
    let shared = pair.ratio(data, median)?;
    let within = shared.interval[0] >= SHARED[0] && shared.interval[1] <= SHARED[1];
    let (q, tail) = tail(data, &pair)?;
    within.then(|| {
        let [ratio, range] = factor(shared.value, shared.interval);
        format!(
            "Long polling and WebSocket share the median{}, {} and {}, a ratio of {ratio} ({range}); \
             only the tail tells them apart: at {q} long polling takes {} as long.",
            at(level),
            shown(median, long.value),
            shown(median, push.value),
            times(tail)
        )
    })
}

/// The least extreme quantile at which long polling is slower beyond doubt.
fn tail(data: &Data, pair: &Pair) -> Option<(&'static str, Ratio)> {
    let quantiles = [Quantile::P90, Quantile::P95, Quantile::P99, Quantile::P99_9];
    quantiles.into_iter().find_map(|quantile| {
        let metric = Metric::delivery(quantile);
        pair.values(data, metric)?;
        let ratio = pair.ratio(data, metric)?;
        (ratio.interval[0] > 1.2).then_some((quantile.word(), ratio))
    })
}

fn pushes_alike(data: &Data, name: &str) -> Option<String> {
    let level = most(data, name, "one_way_ms")?;
    let pair = Pair::at(data, name, [Transport::Sse, WebSocket], level)?;
    pair.values(data, MEAN)?;
    pair.told(data, MEAN, "mean delay")
}

/// Each cell's distance from theory, as a share of it.
fn residuals<'d, 'a>(data: &'d Data<'a>, name: &str) -> Vec<(&'d Cell<'a>, f64, bool)> {
    let residual = |cell: &'d Cell<'a>| {
        let found = data.measured(cell, MEAN)?;
        let theory = found.theory.filter(|theory| *theory > 1e3)?;
        let beyond = found
            .interval
            .is_some_and(|[low, high]| theory < low || theory > high);
        Some((cell, found.value / theory - 1.0, beyond))
    };
    data.cells(name).into_iter().filter_map(residual).collect()
}

fn agreement(data: &Data, name: &str) -> Option<String> {
    let residuals = residuals(data, name);
    let widest = residuals
        .iter()
        .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    (widest.1.abs() <= AGREES).then(|| {
        format!(
            "Theory and measurement agree: of {} means above a millisecond none is farther than {} from \
             its model, which was not fitted.",
            residuals.len(), show(Quantity::Share, widest.1.abs())
        )
    })
}

/// Where a mean is away from theory by more than its interval and more than the tolerance.
fn deviations(data: &Data, name: &str) -> Vec<String> {
    let far = residuals(data, name)
        .into_iter()
        .filter(|(_, share, beyond)| *beyond && share.abs() > AGREES);
    let tell = |(cell, share, _): (&Cell, f64, bool)| {
        let side = if share > 0.0 { "above" } else { "below" };
        format!(
            "The mean of {}{} lies {} {side} its model, beyond its interval: something costs time that \
             the model leaves out.",
            cell.transport.name(),
            at(cell.level),
            show(Quantity::Share, share.abs())
        )
    };
    far.map(tell).collect()
}

/// What the shortest interval buys and costs against the longest.
fn price_of_haste(data: &Data, name: &str) -> Option<String> {
    let (quick, slow) = ends(data, name, ShortPoll, "interval_ms")?;
    let gain = data
        .ratio(slow, quick, MEAN)
        .filter(|ratio| ratio.interval[0] > 1.0)?;
    let cost = data
        .ratio(quick, slow, Metric::IpBytesPerS)
        .filter(|ratio| ratio.interval[0] > 1.0)?;
    Some(format!(
        "Polling at {} instead of {} divides the mean delay by {} and multiplies the traffic by {}.",
        level::words(quick.level),
        level::words(slow.level),
        by(gain),
        by(cost)
    ))
}

/// Whether push is both sooner and cheaper than short polling.
fn dominated(data: &Data, name: &str) -> Option<String> {
    let push = data.cell(name, WebSocket, None)?;
    let polls: Vec<_> = data
        .cells(name)
        .into_iter()
        .filter(|cell| cell.transport == ShortPoll)
        .collect();
    let below = |cell: &Cell, metric| {
        data.ratio(push, cell, metric)
            .is_some_and(|ratio| ratio.interval[1] < 1.0)
    };
    let beaten = polls
        .iter()
        .filter(|cell| below(cell, MEAN) && below(cell, Metric::IpBytesPerS))
        .count();
    let whole = beaten == polls.len();
    (beaten > 0).then(|| {
        let of = if whole {
            "every interval tried".into()
        } else {
            format!("{beaten} of {} intervals tried", polls.len())
        };
        format!(
            "WebSocket is both sooner and cheaper on the wire than short polling at {of}: there is \
             nothing to trade{}.",
            if whole { "" } else { " there" }
        )
    })
}

/// How a transport's mean delay grows with d: over trials, not over levels.
fn slope(data: &Data, name: &str, transport: Transport) -> Option<String> {
    // Long polling has no one slope: it turns from 1 to 2.
    let theory = match transport {
        ShortPoll => 2.0,
        LongPoll => return None,
        Transport::Sse | WebSocket => 1.0,
    };
    let cells = data
        .cells(name)
        .into_iter()
        .filter(|cell| cell.transport == transport);
    let trials = cells.flat_map(|cell| cell.trials.iter());
    let points: Vec<_> = trials
        .filter_map(|trial| Some((trial.one_way_us?, trial.delivery_us.mean?)))
        .collect();
    let (value, interval) = stats::slope(&points)?;
    let verdict = if interval[0] <= theory && theory <= interval[1] {
        "which the interval holds".to_owned()
    } else {
        // A narrow interval may leave out what no digit shown tells apart.
        let away = show(Quantity::Share, (value / theory - 1.0).abs());
        format!("{away} away and beyond the interval")
    };
    let [value, range] = factor(value, interval);
    (interval[0] > 0.0).then(|| {
        format!(
            "{}: each millisecond of one-way delay adds {value} ms ({range}) to the mean; theory says {}, \
             {verdict}.",
            transport.name(), number(theory)
        )
    })
}
