//! Conclusions on the load of the server: `capacity`, `fanout`, `idle`.

use analysis::{cell_trials::CellTrials, metric::Metric, results::Limit};
use protocol::Transport::{self, LongPoll, ShortPoll, WebSocket};

use super::phrases::{Pair, at, ends, highest_level, times};
use crate::{data::Data, units::shown};

const CAPACITY: Metric = Metric::Capacity;

pub fn capacity(data: &Data, name: &str) -> Vec<String> {
    let one = |transport| capacity_against_push(data, name, transport);
    WebSocket
        .others()
        .filter_map(one)
        .chain(lower_bounds(data, name))
        .collect()
}

/// Only if the server's limit ended every search of both; otherwise the capacities are lower
/// bounds.
fn capacity_against_push(data: &Data, name: &str, transport: Transport) -> Option<String> {
    let level = data.levels(name).into_iter().next()?;
    let pair = Pair::at(data, name, [transport, WebSocket], level)?;
    (is_limited_by_server(pair.a) && is_limited_by_server(pair.b))
        .then(|| pair.comparison(data, CAPACITY, "capacity in deliveries a second"))?
}

fn is_limited_by_server(cell: &CellTrials) -> bool {
    let trials = cell.valid.iter();
    let mut found = trials.filter_map(|trial| trial.capacity.as_ref());
    found.all(|found| found.limit == Limit::Latency)
}

fn lower_bounds(data: &Data, name: &str) -> Option<String> {
    let cells = data.cells(name);
    let bounded: Vec<_> = cells
        .iter()
        .filter(|cell| !is_limited_by_server(cell))
        .collect();
    let bound_of = |cell: &&&CellTrials| {
        let found = data.measured(cell, CAPACITY)?;
        Some(format!(
            "{} (at least {})",
            cell.transport.name(),
            shown(CAPACITY, found.value)
        ))
    };
    let bounds: Vec<_> = bounded.iter().filter_map(bound_of).collect();
    (!bounds.is_empty()).then(|| {
        format!(
            "The load ramp ended before the server reached its limit (its schedule had no more steps, \
             or the generator used over 80 % of its core): {}.",
            bounds.join(", ")
        )
    })
}

pub fn fanout(data: &Data, name: &str) -> Vec<String> {
    let grows = |transport| growth(data, name, transport);
    let grown = Transport::ALL.into_iter().filter_map(grows);
    grown.chain(cpu(data, name, "clients")).collect()
}

fn growth(data: &Data, name: &str, transport: Transport) -> Option<String> {
    let (few, many) = ends(data, name, transport, "clients")?;
    let p99 = Metric::P99;
    let (from, to) = (data.measured(few, p99)?, data.measured(many, p99)?);
    let ratio = data
        .ratio(many, few, p99)
        .filter(|ratio| !ratio.includes_one())?;
    Some(format!(
        "{}: p99 changes from {}{} to {}{}: {} as long.",
        transport.name(),
        shown(p99, from.value),
        at(few.level),
        shown(p99, to.value),
        at(many.level),
        times(ratio)
    ))
}

/// Processor time per delivery against WebSocket's, at the highest level of a parameter.
pub fn cpu(data: &Data, name: &str, parameter: &str) -> Vec<String> {
    let metric = Metric::CpuPerDelivery;
    let one = |transport| {
        let level = highest_level(data, name, parameter)?;
        let pair = Pair::at(data, name, [transport, WebSocket], level)?;
        pair.values(data, metric)?;
        pair.comparison(data, metric, "server CPU time per delivery")
    };
    WebSocket.others().filter_map(one).collect()
}

pub fn idle(data: &Data, name: &str) -> Vec<String> {
    let against_push = |transport, metric, what: &str| {
        let level = highest_level(data, name, "clients")?;
        let pair = Pair::at(data, name, [transport, WebSocket], level)?;
        pair.values(data, metric)?;
        pair.comparison(data, metric, what)
    };
    let of = |transport| {
        [
            against_push(transport, Metric::IpBytesPerS, "idle traffic"),
            against_push(transport, Metric::CpuPerClientS, "idle server CPU time"),
        ]
    };
    [ShortPoll, LongPoll]
        .into_iter()
        .flat_map(of)
        .flatten()
        .collect()
}
