//! The metrics.

/// A metric of a cell. [`Metric::quantity`] is its unit: microseconds, bytes, a share of 1, or a
/// number a second. Rates are per client, except the capacities, which are of all clients together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    Latency(LatencyKind, Statistic),
    RequestsPerS,
    /// The share of empty polls.
    EmptyShare,
    AppBytesPerMessage,
    IpBytesPerMessage,
    AppBytesPerS,
    IpBytesPerS,
    SegmentsPerS,
    CpuPerDelivery,
    /// The server's memory above that without clients, per client.
    PssPerClient,
    /// The highest load, in deliveries a second, at which the p99 of latency held.
    Capacity,
    /// The load, in deliveries a second, at which the server's core would be full.
    CapacityByCpu,
    CatchUpPerClient,
    /// The median time from the end of an outage to a client's first message.
    RecoverP50,
    ConnectionsPerRequest,
    CpuPerClientS,
    /// The median time from the start of an outage until a client closed its connection, of those
    /// that did.
    NoticeP50,
    /// The share of clients that closed their connection during an outage.
    NoticedShare,
}

/// The start of a latency; its end is always the client's receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LatencyKind {
    /// From the server's stamp (`sent_at`).
    Delivery,
    /// From the scheduled instant.
    EndToEnd,
}

/// A statistic of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    Mean,
    Quantile(Quantile),
    Max,
}

/// The quantiles that are recorded.
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

    /// The quantile as a number of 0..1.
    pub fn share(self) -> f64 {
        match self {
            Quantile::P50 => 0.5,
            Quantile::P90 => 0.9,
            Quantile::P95 => 0.95,
            Quantile::P99 => 0.99,
            Quantile::P99_9 => 0.999,
        }
    }

    /// As text: `p99.9`.
    pub fn name(self) -> &'static str {
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
    /// The metric by which cells are usually compared.
    pub const MEAN: Metric = Metric::Latency(LatencyKind::Delivery, Statistic::Mean);
    pub const MAX: Metric = Metric::Latency(LatencyKind::Delivery, Statistic::Max);
    pub const P50: Metric = Metric::delivery(Quantile::P50);
    pub const P95: Metric = Metric::delivery(Quantile::P95);
    pub const P99: Metric = Metric::delivery(Quantile::P99);
    pub const P99_9: Metric = Metric::delivery(Quantile::P99_9);

    /// The metrics other than latencies, in the order of `results.json`. The last five have no
    /// estimates there; the report computes them from the trials.
    pub const OTHERS: [Metric; 17] = [
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
        Metric::CapacityByCpu,
        Metric::ConnectionsPerRequest,
        Metric::CpuPerClientS,
        Metric::NoticeP50,
        Metric::NoticedShare,
    ];

    pub const fn delivery(quantile: Quantile) -> Self {
        Metric::Latency(LatencyKind::Delivery, Statistic::Quantile(quantile))
    }

    pub const fn end_to_end(quantile: Quantile) -> Self {
        Metric::Latency(LatencyKind::EndToEnd, Statistic::Quantile(quantile))
    }

    /// Every metric.
    pub fn all() -> impl Iterator<Item = Metric> {
        let latencies = [LatencyKind::Delivery, LatencyKind::EndToEnd]
            .into_iter()
            .flat_map(|kind| Statistic::ALL.map(|statistic| Metric::Latency(kind, statistic)));
        latencies.chain(Metric::OTHERS)
    }

    /// Whether the metric is computed from the samples of all trials together. Such a metric is
    /// never averaged over trials.
    pub fn is_of_samples(self) -> bool {
        matches!(
            self,
            Metric::Latency(..) | Metric::RecoverP50 | Metric::NoticeP50
        )
    }
}
