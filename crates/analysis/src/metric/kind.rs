//! Which metrics there are.

/// A metric of a cell: microseconds, bytes, a share of 1, or a number a second (see
/// [`Metric::quantity`]). Rates are per client, but for the capacity, which is of all together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    Latency(Kind, Statistic),
    RequestsPerS,
    /// Of the answers to polls.
    EmptyShare,
    AppBytesPerMessage,
    IpBytesPerMessage,
    AppBytesPerS,
    IpBytesPerS,
    SegmentsPerS,
    CpuPerDelivery,
    /// What the clients added to the server's memory.
    PssPerClient,
    /// The most deliveries a second that were held.
    Capacity,
    CatchUpPerClient,
    /// The median from a cut's healing to a client's first message.
    RecoverP50,
    ConnectionsPerRequest,
    CpuPerClientS,
    /// The median from a cut's beginning to a client's giving up, of those that did.
    NoticeP50,
    /// Of the clients, those that gave up.
    NoticedShare,
}

/// Where a latency counts from, always to the client's receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// From the server's acceptance.
    Delivery,
    /// From the intended sending instant.
    EndToEnd,
}

/// A figure of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    Mean,
    Quantile(Quantile),
    Max,
}

/// The quantiles that are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantile {
    P50,
    P90,
    P95,
    P99,
    P99_9,
}

impl Quantile {
    pub const ALL: [Quantile; 5] = [
        Quantile::P50,
        Quantile::P90,
        Quantile::P95,
        Quantile::P99,
        Quantile::P99_9,
    ];

    /// Of 0..1.
    pub fn share(self) -> f64 {
        match self {
            Quantile::P50 => 0.5,
            Quantile::P90 => 0.9,
            Quantile::P95 => 0.95,
            Quantile::P99 => 0.99,
            Quantile::P99_9 => 0.999,
        }
    }

    /// `p99.9`.
    pub fn word(self) -> &'static str {
        match self {
            Quantile::P50 => "p50",
            Quantile::P90 => "p90",
            Quantile::P95 => "p95",
            Quantile::P99 => "p99",
            Quantile::P99_9 => "p99.9",
        }
    }
}

impl Statistic {
    /// In the order of `results.json`.
    pub const ALL: [Statistic; 7] = [
        Statistic::Mean,
        Statistic::Quantile(Quantile::P50),
        Statistic::Quantile(Quantile::P90),
        Statistic::Quantile(Quantile::P95),
        Statistic::Quantile(Quantile::P99),
        Statistic::Quantile(Quantile::P99_9),
        Statistic::Max,
    ];
}

impl Metric {
    /// What nearly everything is compared by.
    pub const MEAN: Metric = Metric::Latency(Kind::Delivery, Statistic::Mean);
    pub const MAX: Metric = Metric::Latency(Kind::Delivery, Statistic::Max);
    pub const P50: Metric = Metric::delivery(Quantile::P50);
    pub const P95: Metric = Metric::delivery(Quantile::P95);
    pub const P99: Metric = Metric::delivery(Quantile::P99);
    pub const P99_9: Metric = Metric::delivery(Quantile::P99_9);

    /// Those that are no latency, in the order of `results.json`; the last four are in no estimate
    /// there, and are taken from its trials.
    pub const OTHERS: [Metric; 16] = [
        Metric::RequestsPerS,
        Metric::EmptyShare,
        Metric::AppBytesPerMessage,
        Metric::IpBytesPerMessage,
        Metric::AppBytesPerS,
        Metric::IpBytesPerS,
        Metric::SegmentsPerS,
        Metric::CpuPerDelivery,
        Metric::PssPerClient,
        Metric::Capacity,
        Metric::CatchUpPerClient,
        Metric::RecoverP50,
        Metric::ConnectionsPerRequest,
        Metric::CpuPerClientS,
        Metric::NoticeP50,
        Metric::NoticedShare,
    ];

    pub const fn delivery(quantile: Quantile) -> Self {
        Metric::Latency(Kind::Delivery, Statistic::Quantile(quantile))
    }

    pub const fn end_to_end(quantile: Quantile) -> Self {
        Metric::Latency(Kind::EndToEnd, Statistic::Quantile(quantile))
    }

    /// Every metric.
    pub fn all() -> impl Iterator<Item = Metric> {
        let latencies = [Kind::Delivery, Kind::EndToEnd]
            .into_iter()
            .flat_map(|kind| Statistic::ALL.map(|statistic| Metric::Latency(kind, statistic)));
        latencies.chain(Metric::OTHERS)
    }

    /// Whether it is a figure of single samples, of all trials' together: such are never averaged
    /// over trials.
    pub fn is_of_samples(self) -> bool {
        matches!(
            self,
            Metric::Latency(..) | Metric::RecoverP50 | Metric::NoticeP50
        )
    }
}
