//! What is shown of each subject.

use analysis::metric::{Kind, Metric, Quantile, Statistic};

use super::shows;
use crate::{
    conclusions::{cost, delay, load, loss, other},
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
    Metric::Latency(Kind::EndToEnd, Statistic::Mean),
    Metric::end_to_end(Quantile::P50),
    Metric::end_to_end(Quantile::P99),
    Metric::MEAN,
    Metric::CpuPerDelivery,
];

/// What an experiment shows.
pub struct About {
    pub figures: fn(&Data, &str) -> Vec<Figure>,
    /// Metrics of the table; a column without a value is left out.
    pub columns: &'static [Metric],
    pub conclusions: fn(&Data, &str) -> Vec<String>,
    pub cannot: &'static str,
}

pub fn about(subject: Subject) -> About {
    match subject {
        Subject::Latency => About {
            figures: shows::latency,
            columns: DELAY,
            conclusions: delay::latency,
            cannot: "How these transports fare under loss, reordering or a mobile link: the emulated delay \
                 is constant and loses nothing. Nor what a browser adds: the clients are the \
                 lab's own.",
        },
        Subject::Interval => About {
            figures: shows::interval,
            columns: TRAFFIC,
            conclusions: delay::interval,
            cannot: "Which interval is right: that depends on what a second of waiting and a kilobyte are \
                 worth to you. Nor what many clients polling at once do to a server near its limit.",
        },
        Subject::Rtt => About {
            figures: shows::rtt,
            columns: &[
                Metric::MEAN,
                Metric::P50,
                Metric::P99,
                Metric::MAX,
                Metric::RequestsPerS,
            ],
            conclusions: delay::rtt,
            cannot: "What a real network of the same mean delay does: its delay varies, and loss makes \
                 TCP wait for retransmissions. The handshakes are counted, encryption is not.",
        },
        Subject::Rate => About {
            figures: shows::rate,
            columns: TRAFFIC,
            conclusions: cost::rate,
            cannot: "Where the crossover lies for other header sizes: longer headers move it up. \
                 Compression (of bodies or, in HTTP/2, of headers) was not used.",
        },
        Subject::Size => About {
            figures: shows::size,
            columns: &[
                Metric::AppBytesPerMessage,
                Metric::IpBytesPerMessage,
                Metric::MEAN,
            ],
            conclusions: cost::size,
            cannot: "What an Ethernet, Wi-Fi or mobile frame adds below IP; and segments on a real path \
                 are smaller than the loopback's 64 KiB, so that large bodies need more of them.",
        },
        Subject::EqualLatency => About {
            figures: shows::equal_latency,
            columns: TRAFFIC,
            conclusions: cost::equal_latency,
            cannot: "That polling can be made as fast as push: below 2d no interval helps, however short. \
                 Equal means still have unequal tails.",
        },
        Subject::Capacity => About {
            figures: shows::capacity,
            columns: &[Metric::Capacity, Metric::CpuPerDelivery],
            conclusions: load::capacity,
            cannot: "The capacity of another machine, or of this one with the generator elsewhere. Where \
                 the search ended at the generator's limit the figure is a lower bound.",
        },
        Subject::Connections => About {
            figures: shows::connections,
            columns: &[
                Metric::MEAN,
                Metric::RequestsPerS,
                Metric::ConnectionsPerRequest,
                Metric::IpBytesPerMessage,
                Metric::CpuPerDelivery,
            ],
            conclusions: cost::connections,
            cannot: "What TLS adds: one more round trip for each connection and some kilobytes of \
                 certificates, neither of which is measured here.",
        },
        Subject::Fanout => About {
            figures: shows::fanout,
            columns: SERVER,
            conclusions: load::fanout,
            cannot: "How several cores or several servers would share the work: the server has one core \
                 here. Memory is the process's, without the kernel's socket buffers.",
        },
        Subject::Idle => About {
            figures: shows::idle,
            columns: &[
                Metric::RequestsPerS,
                Metric::AppBytesPerS,
                Metric::IpBytesPerS,
                Metric::CpuPerClientS,
                Metric::PssPerClient,
            ],
            conclusions: load::idle,
            cannot: "What silence costs a phone: its radio wakes for every packet, which is not measured \
                 here. Proxies may want heartbeats more often than every 15 s.",
        },
        Subject::Outage => About {
            figures: shows::outage,
            columns: &[
                Metric::RecoverP50,
                Metric::NoticedShare,
                Metric::NoticeP50,
                Metric::CatchUpPerClient,
                Metric::MEAN,
                Metric::MAX,
            ],
            conclusions: loss::outage,
            cannot: "When exactly a real TCP would go on: the instant of the retransmission after the cut \
                 is modelled, not observed. A change of network, which breaks the connection, is \
                 another matter.",
        },
        Subject::Durability => About {
            figures: shows::durability,
            columns: COMMIT,
            conclusions: loss::durability,
            cannot: "What other disks do: the price of a commit is that of this disk's flush. Delivery \
                 latency starts after the commit and cannot show it; end-to-end latency does.",
        },
        Subject::Own => About {
            figures: shows::generic,
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
            cannot: "Anything beyond the settings that were tried: between and outside of them, only \
                 theory speaks.",
        },
    }
}
