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

/// Only where both capacities were reached: of a lower bound there is no ratio.
fn capacity_against_push(data: &Data, name: &str, transport: Transport) -> Option<String> {
    let level = data.levels(name).into_iter().next()?;
    let pair = Pair::at(data, name, [transport, WebSocket], level)?;
    pair.values(data, CAPACITY)?;
    pair.comparison(data, CAPACITY, "capacity in deliveries a second")
}

/// The capacities that are lower bounds, one sentence each.
fn lower_bounds(data: &Data, name: &str) -> Vec<String> {
    let mut cells = data.cells(name);
    cells.retain(|cell| cell.is_censored(CAPACITY));
    cells
        .into_iter()
        .filter_map(|cell| lower_bound(data, cell))
        .collect()
}

fn lower_bound(data: &Data, cell: &CellTrials) -> Option<String> {
    let found = data.measured(cell, CAPACITY)?;
    let predicted = data.measured(cell, Metric::CapacityByCpu).map(|predicted| {
        format!(
            " By its CPU time per delivery in the highest step that held, its core would be full \
             at {}: a prediction, not a measurement.",
            shown(CAPACITY, predicted.value)
        )
    });
    Some(format!(
        "{}: the server held at least {} deliveries{} in each of {} trials; {}, so its capacity is \
         not known.{}",
        cell.transport.name(),
        shown(CAPACITY, found.value),
        at(cell.level),
        cell.valid.len(),
        endings(cell),
        predicted.unwrap_or_default()
    ))
}

/// What ended the searches that did not reach the capacity: "in 4 of them the generator reached 80 %
/// of its core first".
fn endings(cell: &CellTrials) -> String {
    let count = |limit: Limit| {
        let found = cell
            .valid
            .iter()
            .filter_map(|trial| trial.capacity.as_ref());
        found.filter(|found| found.limit == limit).count()
    };
    let of = |(limit, what): (Limit, &str)| match count(limit) {
        0 => None,
        trials => Some(format!("in {trials} of them {what}")),
    };
    let named = [
        (
            Limit::Generator,
            "the generator used over 80 % of its core first",
        ),
        (
            Limit::Schedule,
            "the time or the range of the search ended first",
        ),
    ];
    named
        .into_iter()
        .filter_map(of)
        .collect::<Vec<_>>()
        .join(", ")
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
        "{}: the p99 delivery latency changes from {}{} to {}{}: {} as long.",
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
        pair.comparison(
            data,
            metric,
            "server CPU time per delivery (posts and requests included)",
        )
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
            against_push(transport, Metric::IpBytesPerS, "idle IP traffic"),
            against_push(transport, Metric::CpuPerClientS, "idle server CPU time"),
        ]
    };
    [ShortPoll, LongPoll]
        .into_iter()
        .flat_map(of)
        .flatten()
        .collect()
}
