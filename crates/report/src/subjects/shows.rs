//! The figures of each subject.

use analysis::{
    metric::{Metric, Quantile},
    scenario::Level,
};

use crate::{
    conclusions::crossing,
    data::Data,
    figures::{Figure, against::Against, distribution, dots, layers, steps, trade_off},
};

fn against(data: &Data, name: &str, parameter: &str, metric: Metric, caption: &str) -> Vec<Figure> {
    Against {
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
    figures
}

pub fn interval(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = trade_off::figures(data, name, "interval_ms", Metric::IpBytesPerS);
    figures.extend(trade_off::figures(
        data,
        name,
        "interval_ms",
        Metric::RequestsPerS,
    ));
    figures
}

pub fn rtt(data: &Data, name: &str) -> Vec<Figure> {
    let mean = "Each line is theory at the configured T and λ. Push grows with d, short polling with \
                2d above its half interval, long polling turns from d towards 2d as messages begin \
                to fall into the gap between polls.";
    let most = "The lines are the models' bounds: d, 3d and T + 3d.";
    let mut figures = against(data, name, "one_way_ms", Metric::MEAN, mean);
    figures.extend(against(data, name, "one_way_ms", Metric::MAX, most));
    figures
}

pub fn rate(data: &Data, name: &str) -> Vec<Figure> {
    let mark = crossing::crossover_in_theory(data, name)
        .map(|rate| (rate, "byte crossover λ* in theory".to_owned()));
    let bytes = "Right of the crossover one answer of a short poll carries so many messages that its \
                 headers cost less than push's framing and segments for each of them.";
    let bytes = Against {
        parameter: "rate",
        metric: Metric::IpBytesPerMessage,
        caption: bytes,
        mark,
        logarithmic: true,
    };
    let mut figures = bytes.figures(data, name);
    let requests = "Short polling asks at its own pace whatever there is; long polling once a message, \
                    until the gap 2d binds it.";
    figures.extend(against(data, name, "rate", Metric::RequestsPerS, requests));
    let mean = "Only long polling's latency depends on the rate: the busier the room, the more messages \
                find no poll parked.";
    figures.extend(against(data, name, "rate", Metric::MEAN, mean));
    figures
}

pub fn size(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = layers::figures(data, name, "body_bytes", true);
    let bytes = "Where the curves meet, the message outweighs everything around it.";
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
    let mut figures = trade_off::figures(data, name, "target_ms", Metric::IpBytesPerS);
    figures.extend(trade_off::figures(
        data,
        name,
        "target_ms",
        Metric::RequestsPerS,
    ));
    figures
}

pub fn capacity(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = dots::figures(data, name, Metric::Capacity, "More is better.");
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

pub fn fanout(data: &Data, name: &str) -> Vec<Figure> {
    let mut figures = Vec::new();
    let sends = "One thread sends to each client in turn: the last waits for all the others.";
    figures.extend(against(data, name, "clients", Metric::MEAN, sends));
    figures.extend(against(data, name, "clients", Metric::P99, sends));
    figures.extend(against(
        data,
        name,
        "clients",
        Metric::CpuPerDelivery,
        "One µs per delivery is one second per million.",
    ));
    let memory = "The process's share of memory above that of a server without clients.";
    figures.extend(against(data, name, "clients", Metric::PssPerClient, memory));
    figures
}

pub fn idle(data: &Data, name: &str) -> Vec<Figure> {
    let polls = "Nothing is said in any room: this is the price of asking, or of the heartbeats.";
    let memory = "The process's share of memory above that of a server without clients.";
    let shown = [
        (Metric::IpBytesPerS, polls),
        (Metric::CpuPerClientS, "The whole server process."),
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
    let modelled = "From the healing of the link to the first message after it. When TCP retransmits \
                    is modelled.";
    let mut figures = swept(data, name, Metric::RecoverP50, modelled);
    let noticed = "Clients that gave their connection up before the link healed.";
    figures.extend(swept(data, name, Metric::NoticedShare, noticed));
    figures.extend(swept(
        data,
        name,
        Metric::NoticeP50,
        "Of the clients that noticed.",
    ));
    figures.extend(swept(
        data,
        name,
        Metric::CatchUpPerClient,
        "Both ways, until the last held message.",
    ));
    figures
}

pub fn durability(data: &Data, name: &str) -> Vec<Figure> {
    let commit = "From the intended sending instant, through the commit, to the receipt.";
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

/// Against the first swept number that there is; by category where there is none.
fn swept(data: &Data, name: &str, metric: Metric, caption: &str) -> Vec<Figure> {
    let numbers = |level: Option<&Level>| -> Option<String> {
        let mut settings = level?.settings().iter();
        let number = settings.find(|setting| setting.number().is_some())?;
        Some(number.key().to_owned())
    };
    match data.levels(name).into_iter().find_map(numbers) {
        Some(parameter) => against(data, name, &parameter, metric, caption),
        None => dots::figures(data, name, metric, caption),
    }
}
