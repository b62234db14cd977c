//! The figures of each subject.

use analysis::metric::{Metric, Quantile};
use protocol::Transport;

use super::against::{against, swept};
use crate::{
    conclusions::{crossing, interval_and_delay},
    data::Data,
    figures::{
        Figure, by_parameter::ParameterFigures, costs, distribution, dots, layers, over_time,
        steps, trade_off,
    },
};

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
