//! Conclusions on latency: the experiments `latency`, `interval` and `rtt`.

use analysis::{
    cell_trials::CellTrials,
    estimate,
    metric::{Metric, Quantile, Quantity},
};
use protocol::Transport::{self, LongPoll, ShortPoll, WebSocket};

use super::phrases::{Pair, at, by, ends, highest_level, times};
use crate::{
    data::Data,
    level,
    ratio::Ratio,
    units::{factor, number, residual, show, shown},
};

const MEAN: Metric = Metric::MEAN;
/// The largest relative difference at which a mean agrees with theory.
const AGREES: f64 = 0.03;
/// Two medians count as equal if the whole interval of their ratio is within this range.
const EQUAL_MEDIANS: [f64; 2] = [0.9, 1.1];

pub fn latency(data: &Data, name: &str) -> Vec<String> {
    let found = [
        polling_latency(data, name),
        equal_medians(data, name),
        push_transports(data, name),
        agreement(data, name),
    ];
    found
        .into_iter()
        .flatten()
        .chain(deviations(data, name))
        .collect()
}

pub fn interval(data: &Data, name: &str) -> Vec<String> {
    [interval_trade_off(data, name), push_is_better(data, name)]
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

/// The latency of short polling against push.
pub fn polling_latency(data: &Data, name: &str) -> Option<String> {
    let level = highest_level(data, name, "one_way_ms")?;
    let pair = Pair::at(data, name, [ShortPoll, WebSocket], level)?;
    let (short, push) = pair.values(data, MEAN)?;
    let ratio = pair
        .ratio(data, MEAN)
        .filter(|ratio| !ratio.includes_one())?;
    Some(format!(
        "The mean delivery latency is {} with short polling and {} with WebSocket{}: {} as long.",
        shown(MEAN, short.value),
        shown(MEAN, push.value),
        pair.conditions(data),
        times(ratio)
    ))
}

/// Long polling and WebSocket have equal medians and differ in the tail; the summary shows it too.
pub fn equal_medians(data: &Data, name: &str) -> Option<String> {
    let level = highest_level(data, name, "one_way_ms")?;
    let pair = Pair::at(data, name, [LongPoll, WebSocket], level)?;
    let median = Metric::P50;
    let (long, push) = pair.values(data, median)?;
    let ratio = pair.ratio(data, median)?;
    let within = ratio.interval[0] >= EQUAL_MEDIANS[0] && ratio.interval[1] <= EQUAL_MEDIANS[1];
    let (q, tail) = tail(data, &pair)?;
    within.then(|| {
        let [value, range] = factor(ratio.value, ratio.interval);
        format!(
            "Long polling and WebSocket have nearly the same median delivery latency{}: {} and {}, a ratio of {value} \
             ({range}). They differ in the tail: at {q} long polling takes {} as long.",
            pair.conditions(data),
            shown(median, long.value),
            shown(median, push.value),
            times(tail)
        )
    })
}

/// The lowest quantile at which long polling is clearly slower.
fn tail(data: &Data, pair: &Pair) -> Option<(&'static str, Ratio)> {
    let quantiles = [Quantile::P90, Quantile::P95, Quantile::P99, Quantile::P99_9];
    quantiles.into_iter().find_map(|quantile| {
        let metric = Metric::delivery(quantile);
        pair.values(data, metric)?;
        let ratio = pair.ratio(data, metric)?;
        (ratio.interval[0] > 1.2).then_some((quantile.name(), ratio))
    })
}

fn push_transports(data: &Data, name: &str) -> Option<String> {
    let level = highest_level(data, name, "one_way_ms")?;
    let pair = Pair::at(data, name, [Transport::Sse, WebSocket], level)?;
    pair.values(data, MEAN)?;
    pair.comparison(data, MEAN, "mean delivery latency")
}

/// Each cell's residual as a share of theory, and whether theory is outside the interval.
fn residuals<'d, 'a>(data: &'d Data<'a>, name: &str) -> Vec<(&'d CellTrials<'a>, f64, bool)> {
    let residual = |cell: &'d CellTrials<'a>| {
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
            "Theory and measurement agree: of the cells whose model has a mean delivery latency above \
             1 ms, {} in all, none differs from it by more than {}. Nothing was fitted.",
            residuals.len(),
            show(Quantity::Share, widest.1.abs())
        )
    })
}

/// The means whose interval excludes theory, and which differ from it by more than the tolerance.
fn deviations(data: &Data, name: &str) -> Vec<String> {
    let far = residuals(data, name)
        .into_iter()
        .filter(|(_, share, beyond)| *beyond && share.abs() > AGREES);
    let sentence = |(cell, share, _): (&CellTrials, f64, bool)| {
        format!(
            "The mean delivery latency of {}{} differs from its model, which is outside the 95 % \
             interval: {}. The model leaves something out.",
            cell.transport.name(),
            at(cell.level),
            residual(Quantity::Time, 1.0 + share, 1.0)
        )
    };
    far.map(sentence).collect()
}

/// The shortest interval against the longest: latency gained and traffic added.
fn interval_trade_off(data: &Data, name: &str) -> Option<String> {
    let (quick, slow) = ends(data, name, ShortPoll, "interval_ms")?;
    let gain = data
        .ratio(slow, quick, MEAN)
        .filter(|ratio| ratio.interval[0] > 1.0)?;
    let cost = data
        .ratio(quick, slow, Metric::IpBytesPerS)
        .filter(|ratio| ratio.interval[0] > 1.0)?;
    Some(format!(
        "Polling at {} instead of {} reduces the mean delivery latency by {} and increases the IP \
         traffic by {}.",
        level::words(quick.level),
        level::words(slow.level),
        by(gain),
        by(cost)
    ))
}

/// Whether push has both lower latency and less traffic than short polling.
fn push_is_better(data: &Data, name: &str) -> Option<String> {
    let push = data.cell(name, WebSocket, None)?;
    let polls: Vec<_> = data
        .cells(name)
        .into_iter()
        .filter(|cell| cell.transport == ShortPoll)
        .collect();
    let below = |cell: &CellTrials, metric| {
        data.ratio(push, cell, metric)
            .is_some_and(|ratio| ratio.interval[1] < 1.0)
    };
    let better = polls
        .iter()
        .filter(|cell| below(cell, MEAN) && below(cell, Metric::IpBytesPerS))
        .count();
    let all = better == polls.len();
    (better > 0).then(|| {
        let of = if all {
            format!("all {better} measured pauses")
        } else {
            format!("{better} of {} measured pauses", polls.len())
        };
        format!("WebSocket has both a lower mean delivery latency and less IP traffic than short polling \
             at {of}.")
    })
}

/// The slope of a transport's mean latency over d, from trials, not from levels.
fn slope(data: &Data, name: &str, transport: Transport) -> Option<String> {
    // The slope of long polling is not constant: it grows from 1 to 2.
    let theory = match transport {
        ShortPoll => 2.0,
        LongPoll => return None,
        Transport::Sse | WebSocket => 1.0,
    };
    let cells = data
        .cells(name)
        .into_iter()
        .filter(|cell| cell.transport == transport);
    let (value, interval) = estimate::slope(cells, |trial| {
        Some((trial.one_way_us?, trial.delivery_us.mean?))
    })?;
    let agreement = if interval[0] <= theory && theory <= interval[1] {
        "which is within the interval".to_owned()
    } else {
        // The shown digits of a narrow interval may be equal to theory, so the difference is given.
        let away = residual(Quantity::Time, value, theory);
        format!("which is outside the interval (measured against theory: {away})")
    };
    let [value, range] = factor(value, interval);
    (interval[0] > 0.0).then(|| {
        format!(
            "{}: each millisecond of one-way delay adds {value} ms ({range}) to the mean delivery \
             latency; theory \
             predicts {}, {agreement}.",
            transport.name(),
            number(theory)
        )
    })
}
