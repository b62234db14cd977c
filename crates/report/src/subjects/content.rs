//! The content of each subject's section.

use analysis::metric::{LatencyKind, Metric, Quantile, Statistic};

use super::figures;
use crate::{
    conclusions::{cost, delay, load, loss, other, processor},
    data::Data,
    figures::Figure,
    subject::Subject,
};

const DELAY: &[Metric] = &[
    Metric::MEAN,
    Metric::P50,
    Metric::P95,
    Metric::P99,
    Metric::P99_9,
    Metric::MAX,
    Metric::end_to_end(Quantile::P50),
];
const TRAFFIC: &[Metric] = &[
    Metric::MEAN,
    Metric::RequestsPerS,
    Metric::EmptyShare,
    Metric::AppBytesPerMessage,
    Metric::IpBytesPerMessage,
    Metric::IpBytesPerS,
];
const SERVER: &[Metric] = &[
    Metric::MEAN,
    Metric::P99,
    Metric::CpuPerDelivery,
    Metric::PssPerClient,
];

const COMMIT: &[Metric] = &[
    Metric::Latency(LatencyKind::EndToEnd, Statistic::Mean),
    Metric::end_to_end(Quantile::P50),
    Metric::end_to_end(Quantile::P99),
    Metric::MEAN,
    Metric::CpuPerDelivery,
];

/// The content of an experiment's section.
pub struct SubjectContent {
    pub figures: fn(&Data, &str) -> Vec<Figure>,
    /// Metrics of the table; a column without a value is left out.
    pub columns: &'static [Metric],
    pub conclusions: fn(&Data, &str) -> Vec<String>,
    /// What the experiment cannot show, in words.
    pub cannot: &'static str,
}

pub fn content(subject: Subject) -> SubjectContent {
    match subject {
        Subject::Latency => latency(),
        Subject::Interval => interval(),
        Subject::Rtt => rtt(),
        Subject::Rate => rate(),
        Subject::Size => size(),
        Subject::EqualLatency => equal_latency(),
        Subject::Capacity => capacity(),
        Subject::Connections => connections(),
        Subject::Cost => cost(),
        Subject::Fanout => fanout(),
        Subject::Idle => idle(),
        Subject::Outage => outage(),
        Subject::Durability => durability(),
        Subject::Own => own(),
    }
}

fn latency() -> SubjectContent {
    SubjectContent {
        figures: figures::latency,
        columns: DELAY,
        conclusions: delay::latency,
        cannot: "How the transports behave with packet loss, reordering or a mobile link: the \
                 emulated delay is constant and nothing is lost. Nor what a browser adds: the \
                 receivers are the lab's own clients.",
    }
}

fn interval() -> SubjectContent {
    SubjectContent {
        figures: figures::interval,
        columns: TRAFFIC,
        conclusions: delay::interval,
        cannot: "Which pause is right: that depends on what a second of latency and a kilobyte \
                 of traffic cost in your application. Nor how a server near its capacity behaves \
                 when many clients poll at once.",
    }
}

fn rtt() -> SubjectContent {
    SubjectContent {
        figures: figures::rtt,
        columns: &[
            Metric::MEAN,
            Metric::P50,
            Metric::P99,
            Metric::MAX,
            Metric::RequestsPerS,
        ],
        conclusions: delay::rtt,
        cannot: "How a real network with the same mean delay behaves: its delay varies, and with \
                 loss TCP waits for retransmissions. TCP handshakes are measured; TLS is not.",
    }
}

fn rate() -> SubjectContent {
    SubjectContent {
        figures: figures::rate,
        columns: TRAFFIC,
        conclusions: cost::rate,
        cannot: "Where the crossover is with other header sizes: longer headers move it to higher \
                 rates. Nothing was compressed, neither bodies nor, as in HTTP/2, headers.",
    }
}

fn size() -> SubjectContent {
    SubjectContent {
        figures: figures::size,
        columns: &[
            Metric::AppBytesPerMessage,
            Metric::IpBytesPerMessage,
            Metric::MEAN,
        ],
        conclusions: cost::size,
        cannot: "What Ethernet, Wi-Fi or mobile frames add below IP. On a real path segments are \
                 smaller than the loopback's 64 KiB, so large bodies need more of them.",
    }
}

fn equal_latency() -> SubjectContent {
    SubjectContent {
        figures: figures::equal_latency,
        columns: TRAFFIC,
        conclusions: cost::equal_latency,
        cannot: "That polling can be made as fast as push: its mean latency is above 2d however \
                 short the pause is. Transports with equal means still differ in the tail.",
    }
}

fn capacity() -> SubjectContent {
    SubjectContent {
        figures: figures::capacity,
        columns: &[
            Metric::Capacity,
            Metric::CapacityByCpu,
            Metric::CpuPerDelivery,
        ],
        conclusions: load::capacity,
        cannot: "The capacity of another machine, or of this one with the generator on another \
                 machine. Where the search ended before the server reached its limit, the \
                 capacity is a lower bound (≥), and the prediction beside it assumes that a \
                 delivery takes the same CPU time at every load.",
    }
}

fn connections() -> SubjectContent {
    SubjectContent {
        figures: figures::connections,
        columns: &[
            Metric::MEAN,
            Metric::RequestsPerS,
            Metric::ConnectionsPerRequest,
            Metric::IpBytesPerMessage,
            Metric::CpuPerDelivery,
        ],
        conclusions: cost::connections,
        cannot: "What TLS adds: one more round trip for each connection and some kilobytes of \
                 certificates. Neither is measured here.",
    }
}

fn cost() -> SubjectContent {
    SubjectContent {
        figures: figures::cost,
        columns: &[Metric::CpuPerDelivery, Metric::RequestsPerS],
        conclusions: processor::costs,
        cannot: "What a post costs with a database on a disk, or with bodies of another length: all \
                 cells have a database in memory and one length. The costs are those of a server \
                 far from its capacity; near it, work is done in larger batches.",
    }
}

fn fanout() -> SubjectContent {
    SubjectContent {
        figures: figures::fanout,
        columns: SERVER,
        conclusions: load::fanout,
        cannot: "How several cores or several servers would share the work: the server has one \
                 core here. The memory is that of the process, without the kernel's socket \
                 buffers.",
    }
}

fn idle() -> SubjectContent {
    SubjectContent {
        figures: figures::idle,
        columns: &[
            Metric::RequestsPerS,
            Metric::AppBytesPerS,
            Metric::IpBytesPerS,
            Metric::CpuPerClientS,
            Metric::PssPerClient,
        ],
        conclusions: load::idle,
        cannot: "What an idle connection costs a phone: its radio wakes for every packet, which \
                 is not measured here. Some proxies need heartbeats more often than every 15 s.",
    }
}

fn outage() -> SubjectContent {
    SubjectContent {
        figures: figures::outage,
        columns: &[
            Metric::RecoverP50,
            Metric::NoticedShare,
            Metric::NoticeP50,
            Metric::CatchUpPerClient,
            Metric::MEAN,
            Metric::MAX,
        ],
        conclusions: loss::outage,
        cannot: "When exactly a real TCP would retransmit: the instant of the retransmission after \
                 the outage is modelled, not measured. A change of network, which breaks the \
                 connection, is not covered.",
    }
}

fn durability() -> SubjectContent {
    SubjectContent {
        figures: figures::durability,
        columns: COMMIT,
        conclusions: loss::durability,
        cannot: "What other disks cost: the cost of a commit is that of this disk's flush. The \
                 stamp is made before the commit, so both latencies include it.",
    }
}

fn own() -> SubjectContent {
    SubjectContent {
        figures: figures::generic,
        columns: &[
            Metric::MEAN,
            Metric::P50,
            Metric::P95,
            Metric::P99,
            Metric::RequestsPerS,
            Metric::IpBytesPerMessage,
            Metric::CpuPerDelivery,
        ],
        conclusions: other::generic,
        cannot: "Anything about settings that were not measured: between and beyond the measured \
                 levels there is only theory.",
    }
}
