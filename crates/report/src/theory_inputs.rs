//! The inputs of the theory in a figure, in one line: what was measured, and what was configured.

use analysis::{
    cell_trials::CellTrials,
    estimate::MeasuredInputs,
    metric::{LatencyKind, Metric, Quantity, Statistic},
    misses::{MetricKind, kind},
    scenario::Experiment,
};
use protocol::Transport;

use super::{
    data::Data,
    units::{show, show_interval},
};

/// A cell that has theory, with the inputs.
struct Inputs {
    transport: Transport,
    settings: Experiment,
    measured: MeasuredInputs,
}

/// "Measured inputs of theory: d = 40.1 ms, …; configured: T = 2 s, …", with the range over the cells
/// that have theory of these metrics. `None` where none has.
pub fn line(data: &Data, cells: &[&CellTrials], metrics: &[Metric]) -> Option<String> {
    let has_theory = |cell: &&&CellTrials| {
        let theory = data.theory(cell);
        theory.is_some_and(|theory| metrics.iter().any(|one| theory.value(*one).is_some()))
    };
    let inputs = |cell: &&CellTrials| {
        let settings = data.settings(cell)?;
        let measured = MeasuredInputs::of(&settings, cell.transport, &cell.valid)?;
        Some(Inputs {
            transport: cell.transport,
            settings,
            measured,
        })
    };
    let all: Vec<_> = cells.iter().filter(has_theory).filter_map(inputs).collect();
    if all.is_empty() {
        return None;
    }
    let measured = [
        range(&all, Quantity::Time, "d", |one| {
            Some(one.measured.one_way * 1e6)
        }),
        sizes(&all, metrics),
        sends(data, &all, metrics),
    ];
    Some(format!(
        "Measured inputs of theory: {}; configured: {}.",
        measured.concat().join(", "),
        configured(&all).join(", ")
    ))
}

/// The sizes, where one of the metrics is of bytes.
fn sizes(all: &[Inputs], metrics: &[Metric]) -> Vec<String> {
    if metrics.iter().all(|one| kind(*one) != MetricKind::Bytes) {
        return Vec::new();
    }
    let of_polls = |of: fn(&MeasuredInputs) -> Option<f64>| {
        move |one: &Inputs| of(&one.measured).filter(|_| one.transport.is_poll())
    };
    let bytes = Quantity::WholeBytes;
    [
        range(
            all,
            bytes,
            "header section of a request",
            of_polls(|one| one.sizes.request),
        ),
        range(
            all,
            bytes,
            "of an empty response",
            of_polls(|one| one.sizes.empty_response),
        ),
        range(
            all,
            bytes,
            "of a full response",
            of_polls(|one| one.sizes.full_response),
        ),
        range(all, bytes, "JSON of a message", |one| {
            one.measured.sizes.message
        }),
        range(all, Quantity::Count, "digits of its number", |one| {
            Some(one.measured.digits)
        }),
    ]
    .concat()
}

/// b and c of the transports that send to one client of a room after the other, where one of the
/// metrics is their mean latency.
fn sends(data: &Data, all: &[Inputs], metrics: &[Metric]) -> Vec<String> {
    let mean = Metric::Latency(LatencyKind::Delivery, Statistic::Mean);
    let queues = |one: &Inputs| one.settings.load.clients > 1 && !one.transport.pauses();
    if !metrics.contains(&mean) {
        return Vec::new();
    }
    let fits = &data.results.costs;
    let of = |transport: Transport| {
        all.iter()
            .find(|one| one.transport == transport && queues(one))?;
        let fit = fits.iter().find(|fit| fit.transport == transport)?;
        let c = show(Quantity::Time, fit.delivery_us.value);
        let parks = fit.request_us.filter(|_| transport.parks());
        let b = parks.map(|b| format!("b\u{a0}=\u{a0}{} and ", show(Quantity::Time, b.value)));
        Some(format!(
            "{}c\u{a0}=\u{a0}{c} of {}",
            b.unwrap_or_default(),
            transport.in_a_sentence()
        ))
    };
    Transport::ALL.into_iter().filter_map(of).collect()
}

fn configured(all: &[Inputs]) -> Vec<String> {
    let time = Quantity::Time;
    [
        range(all, time, "T", |one| {
            let pauses = one.transport.pauses();
            pauses.then_some(one.settings.transport.interval_ms * 1e3)
        }),
        range(all, Quantity::PerSecond, "λ", |one| {
            Some(one.settings.load.rate)
        }),
        range(all, time, "M", |one| {
            let parks = one.transport.parks();
            parks.then(|| f64::from(one.settings.transport.wait_s) * 1e6)
        }),
    ]
    .concat()
}

/// "d = 40.1 ms", or the least and the greatest value: "d = 0.03–40.1 ms"; nothing where no cell has
/// the input.
fn range(
    all: &[Inputs],
    quantity: Quantity,
    name: &str,
    of: impl Fn(&Inputs) -> Option<f64>,
) -> Vec<String> {
    let values: Vec<f64> = all.iter().filter_map(of).collect();
    let least = values.iter().copied().reduce(f64::min);
    let most = values.iter().copied().reduce(f64::max);
    let Some((least, most)) = least.zip(most) else {
        return Vec::new();
    };
    let shown = match show(quantity, least) == show(quantity, most) {
        true => show(quantity, most),
        false => show_interval(quantity, [least, most]),
    };
    vec![format!("{name}\u{a0}=\u{a0}{shown}")]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    fn shown(sweep: (&str, serde_json::Value), metric: Metric, of: &[Transport]) -> Option<String> {
        let run = sample::results(&[
            sample::experiment("mine", std::slice::from_ref(&sweep)),
            sample::experiment(
                "cost",
                &[("clients", json!([0, 20])), ("rate", json!([1, 50]))],
            ),
        ]);
        let data = Data::new(&run);
        let mut cells = data.cells("mine");
        cells.retain(|cell| of.contains(&cell.transport));
        let line = line(&data, &cells, &[metric]);
        line.map(|line| line.replace('\u{a0}', " "))
    }

    #[test]
    fn a_latency_has_the_delay_and_the_settings() {
        let of = shown(
            ("one_way_ms", json!([1, 100])),
            Metric::MEAN,
            &[Transport::ShortPoll],
        );
        // The sample's link adds 60 µs.
        assert_eq!(
            of.as_deref(),
            Some("Measured inputs of theory: d = 1.06–100 ms; configured: T = 2 s, λ = 0.5/s.")
        );
        let of = shown(("rate", json!([1, 5])), Metric::P50, &[Transport::LongPoll]);
        assert_eq!(
            of.as_deref(),
            Some("Measured inputs of theory: d = 40.1 ms; configured: λ = 1–5/s, M = 30 s.")
        );
    }

    #[test]
    fn bytes_have_the_sizes_that_their_transports_need() {
        let metric = Metric::IpBytesPerMessage;
        let sweep = || ("rate", json!([1, 5]));
        let polls = shown(sweep(), metric, &[Transport::LongPoll]).unwrap();
        assert!(
            polls.contains("header section of a request = 120 B, of an empty"),
            "{polls}"
        );
        assert!(
            polls.contains("JSON of a message = 200 B, digits"),
            "{polls}"
        );
        let push = shown(sweep(), metric, &[Transport::Sse]).unwrap();
        assert!(
            !push.contains("request") && push.contains("JSON of a message"),
            "{push}"
        );
    }

    #[test]
    fn fan_out_has_its_calibration() {
        let both = [Transport::LongPoll, Transport::WebSocket];
        let sweep = || ("clients", json!([10, 100]));
        let line = shown(sweep(), Metric::MEAN, &both).unwrap();
        assert!(
            line.contains("of long polling") && line.contains("of WebSocket"),
            "{line}"
        );
        assert_eq!(line.matches("b = ").count(), 1, "{line}");
        assert_eq!(shown(sweep(), Metric::PssPerClient, &both), None);
    }
}
