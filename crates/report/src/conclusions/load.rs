//! Conclusions on what the server bears: `capacity`, `fanout`, `idle`.

use analysis::{cells::Cell, metric::Metric, results::Limit};
use protocol::Transport::{self, LongPoll, ShortPoll, WebSocket};

use super::said::{Pair, at, ends, most, times};
use crate::{data::Data, units::shown};

const MOST: Metric = Metric::Capacity;

pub fn capacity(data: &Data, name: &str) -> Vec<String> {
    let one = |transport| capacity_against_push(data, name, transport);
    WebSocket
        .others()
        .filter_map(one)
        .chain(bounds(data, name))
        .collect()
}

/// Only where the server's own limit ended every search: otherwise both are lower bounds.
fn capacity_against_push(data: &Data, name: &str, transport: Transport) -> Option<String> {
    let level = data.levels(name).into_iter().next()?;
    let pair = Pair::at(data, name, [transport, WebSocket], level)?;
    (limited(pair.a) && limited(pair.b))
        .then(|| pair.told(data, MOST, "capacity in deliveries a second"))?
}

fn limited(cell: &Cell) -> bool {
    let trials = cell.trials.iter();
    let mut found = trials.filter_map(|trial| trial.capacity.as_ref());
    found.all(|found| found.limit == Limit::Latency)
}

fn bounds(data: &Data, name: &str) -> Option<String> {
    let cells = data.cells(name);
    let bound: Vec<_> = cells.iter().filter(|cell| !limited(cell)).collect();
    let tell = |cell: &&&Cell| {
        let found = data.measured(cell, MOST)?;
        Some(format!(
            "{} (at least {})",
            cell.transport.name(),
            shown(MOST, found.value)
        ))
    };
    let told: Vec<_> = bound.iter().filter_map(tell).collect();
    (!told.is_empty()).then(|| {
        format!(
            "Not the server but the generator or the schedule ended the search for {}.",
            told.join(", ")
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
        .filter(|ratio| !ratio.holds_one())?;
    Some(format!(
        "{}: p99 goes from {}{} to {}{}, {}.",
        transport.name(),
        shown(p99, from.value),
        at(few.level),
        shown(p99, to.value),
        at(many.level),
        times(ratio)
    ))
}

/// CPU a delivery against WebSocket's, at the largest level of a parameter.
pub fn cpu(data: &Data, name: &str, parameter: &str) -> Vec<String> {
    let metric = Metric::CpuPerDelivery;
    let one = |transport| {
        let level = most(data, name, parameter)?;
        let pair = Pair::at(data, name, [transport, WebSocket], level)?;
        pair.values(data, metric)?;
        pair.told(data, metric, "server CPU time per delivery")
    };
    WebSocket.others().filter_map(one).collect()
}

pub fn idle(data: &Data, name: &str) -> Vec<String> {
    let silence = |transport, metric, what: &str| {
        let level = most(data, name, "clients")?;
        let pair = Pair::at(data, name, [transport, WebSocket], level)?;
        pair.values(data, metric)?;
        pair.told(data, metric, what)
    };
    let of = |transport| {
        [
            silence(transport, Metric::IpBytesPerS, "traffic in silence"),
            silence(
                transport,
                Metric::CpuPerClientS,
                "server CPU time in silence",
            ),
        ]
    };
    [ShortPoll, LongPoll]
        .into_iter()
        .flat_map(of)
        .flatten()
        .collect()
}
