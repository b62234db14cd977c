//! The figures of each subject.

use analysis::{
    metric::{Metric, Quantile},
    scenario::Level,
};
use protocol::Transport;

use crate::{
    conclusions::{crossing, interval_and_delay},
    data::Data,
    figures::{
        Figure, by_parameter::ParameterFigures, costs, distribution, dots, layers, over_time,
        steps, trade_off,
    },
};

/// The metric against a parameter; by category where only one level has a value, as with a p99 that
/// needs more samples than the other levels have.
fn against(data: &Data, name: &str, parameter: &str, metric: Metric, caption: &str) -> Vec<Figure> {
    let mut cells = data.cells(name);
    cells.retain(|cell| data.measured(cell, metric).is_some());
    let mut places: Vec<_> = cells
        .iter()
        .filter_map(|cell| cell.number(parameter))
        .collect();
    places.dedup();
    if places.len() == 1 {
        return dots::figures(data, name, metric, caption);
    }
    ParameterFigures {
        parameter,
        metric,
        caption,
        mark: None,
        logarithmic: false,
    }
    .figures(data, name)
}

pub fn latency(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = distribution::figures(data, name);
    figures.extend(layers::figures(data, name, "one_way_ms", false));
    figures.extend(over_time::figures(data, name));
    figures
}

pub fn interval(data: &Data, name: &str) -> Vec<Figure> {
    trade_offs(data, name, "interval_ms")
}

/// What a lower latency costs, in bytes and in requests.
fn trade_offs(data: &Data, name: &str, parameter: &str) -> Vec<Figure> {
    let costs = [Metric::IpBytesPerS, Metric::RequestsPerS];
    let figures = costs.map(|cost| trade_off::figures(data, name, parameter, cost));
    figures.into_iter().flatten().collect()
}

pub fn rtt(data: &Data, name: &str) -> Vec<Figure> {
    let mean = "Push grows with d, and short polling with 2d. Long polling changes from d towards 2d: the \
                longer the gap between two polls, the more messages are stored in it.";
    let most =
        "The models' bounds are d for push, 3d for long polling and T + 3d for short polling.";
    let mut figures = against(data, name, "one_way_ms", Metric::MEAN, mean);
    figures.extend(against(data, name, "one_way_ms", Metric::MAX, most));
    figures
}

pub fn rate(data: &Data, name: &str) -> Vec<Figure> {
    let settings = interval_and_delay(data, name, Transport::ShortPoll);
    let mark = crossing::crossover_in_theory(data, name)
        .zip(settings)
        .map(|(rate, settings)| (rate, format!("byte crossover λ* at {settings} (theory)")));
    let bytes = "To the right of the crossover short polling needs fewer bytes: a response carries so many \
                 messages that its headers cost less than the frame and the segments that push needs for \
                 each.";
    let bytes = ParameterFigures {
        parameter: "rate",
        metric: Metric::IpBytesPerMessage,
        caption: bytes,
        mark,
        logarithmic: true,
    };
    let mut figures = bytes.figures(data, name);
    let requests = "Short polling polls at a fixed rate, whatever the message rate is. Long polling polls \
                    once for each message, until the gap 2d limits it.";
    figures.extend(against(data, name, "rate", Metric::RequestsPerS, requests));
    let mean = "Only the latency of long polling depends on the message rate: the higher the rate, the more \
                messages find no poll parked.";
    figures.extend(against(data, name, "rate", Metric::MEAN, mean));
    figures
}

pub fn size(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = layers::figures(data, name, "body_bytes", true);
    let bytes =
        "With large bodies all transports cost nearly the same: the message is most of the bytes.";
    figures.extend(against(
        data,
        name,
        "body_bytes",
        Metric::IpBytesPerMessage,
        bytes,
    ));
    figures
}

pub fn equal_latency(data: &Data, name: &str) -> Vec<Figure> {
    trade_offs(data, name, "target_ms")
}

pub fn capacity(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = dots::figures(data, name, Metric::Capacity, "Higher is better.");
    figures.extend(steps::figures(data, name));
    figures
}

pub fn connections(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = Vec::new();
    for metric in [
        Metric::MEAN,
        Metric::ConnectionsPerRequest,
        Metric::IpBytesPerMessage,
    ] {
        figures.extend(swept(data, name, metric, ""));
    }
    figures
}

pub fn cost(data: &Data, name: &str) -> Vec<Figure> {
    costs::figures(data, name)
}

pub fn fanout(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = Vec::new();
    let sends = "One thread sends to one client after the other: the last client waits for all others. The lines \
         take the cost of a send from the experiment cost; without it there are none.";
    figures.extend(against(data, name, "clients", Metric::MEAN, sends));
    let tail = "The last client waits for all others. There is no model of this quantile.";
    figures.extend(against(data, name, "clients", Metric::P99, tail));
    figures.extend(against(
        data,
        name,
        "clients",
        Metric::CpuPerDelivery,
        "1 µs per delivery is 1 s per million deliveries.",
    ));
    let memory = "The server's memory (PSS) above that of a server without clients.";
    figures.extend(against(data, name, "clients", Metric::PssPerClient, memory));
    figures
}

pub fn idle(data: &Data, name: &str) -> Vec<Figure> {
    let polls = "No message is sent: the traffic consists of polls, or of heartbeats.";
    let memory = "The server's memory (PSS) above that of a server without clients.";
    let shown = [
        (Metric::IpBytesPerS, polls),
        (
            Metric::CpuPerClientS,
            "Processor time of the whole server process.",
        ),
        (Metric::PssPerClient, memory),
    ];
    let swept = data.levels(name).len() > 1;
    let figures = |(metric, caption): (Metric, &str)| match swept {
        true => against(data, name, "clients", metric, caption),
        false => dots::figures(data, name, metric, caption),
    };
    shown.into_iter().flat_map(figures).collect()
}

pub fn outage(data: &Data, name: &str) -> Vec<Figure> {
    let modelled = "From the end of the outage to the first message. The instant at which TCP retransmits \
                    is modelled.";
    let mut figures = swept(data, name, Metric::RecoverP50, modelled);
    let noticed = "Clients that closed their connection before the outage ended.";
    figures.extend(swept(data, name, Metric::NoticedShare, noticed));
    figures.extend(swept(
        data,
        name,
        Metric::NoticeP50,
        "Of the clients that closed their connection.",
    ));
    figures.extend(swept(
        data,
        name,
        Metric::CatchUpPerClient,
        "Both ways, from the end of the outage to the last delayed message.",
    ));
    figures
}

pub fn durability(data: &Data, name: &str) -> Vec<Figure> {
    let commit = "From the scheduled instant to the receipt, with the commit.";
    let mut figures = dots::figures(data, name, Metric::end_to_end(Quantile::P50), commit);
    figures.extend(dots::figures(
        data,
        name,
        Metric::end_to_end(Quantile::P99),
        commit,
    ));
    figures
}

pub fn generic(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = swept(data, name, Metric::MEAN, "");
    figures.extend(swept(data, name, Metric::P95, ""));
    figures
}

/// The metric against the first parameter that has numbers, several of them; by category if there is
/// none.
fn swept(data: &Data, name: &str, metric: Metric, caption: &str) -> Vec<Figure> {
    let levels = data.levels(name);
    let numbers = |key: &str| -> Vec<f64> {
        let mut found: Vec<_> = levels
            .iter()
            .filter_map(|level| Level::number(*level, key))
            .collect();
        found.dedup();
        found
    };
    let mut keys = levels.iter().copied().flatten().flat_map(Level::values);
    match keys.find(|one| numbers(one.key()).len() > 1) {
        Some(parameter) => against(data, name, parameter.key(), metric, caption),
        None => dots::figures(data, name, metric, caption),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    #[test]
    fn of_one_level_the_transports_are_compared() {
        let sweep = [("clients", json!([10, 1000]))];
        let mut run = sample::results(&[sample::experiment("fanout", &sweep)]);
        let axis = |run: &_| {
            let drawn = against(&Data::new(run), "fanout", "clients", Metric::P95, "");
            drawn[0].csv.clone().unwrap()
        };
        assert!(axis(&run).starts_with("kind,transport,name,clients,"));
        let many: Level = "clients=1000".parse().unwrap();
        run.estimates
            .retain(|one| one.metric != Metric::P95 || one.level.as_ref() == Some(&many));
        assert!(axis(&run).starts_with("level,transport,"));
    }

    #[test]
    fn a_parameter_with_one_value_is_no_axis() {
        let sweep = [
            ("load.seconds", json!([40])),
            ("outage.seconds", json!([1.0, 3.0])),
        ];
        let mut cut = sample::experiment("outage", &sweep);
        cut.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
        let run = sample::results(&[cut]);
        let drawn = outage(&Data::new(&run), "outage");
        let csv = drawn[0].csv.as_ref().unwrap();
        assert!(
            csv.starts_with("kind,transport,name,outage.seconds,"),
            "{csv}"
        );
    }

    #[test]
    fn what_is_zero_everywhere_is_not_drawn() {
        let mut cut = sample::experiment("outage", &[]);
        cut.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
        let run = sample::results(&[cut]);
        let drawn = outage(&Data::new(&run), "outage");
        assert!(!drawn.is_empty());
        assert!(
            drawn
                .iter()
                .all(|figure| figure.slug != "outage-noticed-share")
        );
    }
}
