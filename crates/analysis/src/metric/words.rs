//! A metric in words, its quantity, and which direction is worse.

use super::{
    definition::{LatencyKind, Metric, Quantile, Statistic},
    quantity::Quantity,
};

impl Metric {
    /// The metric's name in headings.
    pub fn words(self) -> String {
        let words = match self {
            Metric::Latency(kind, statistic) => return latency(kind, statistic),
            Metric::RequestsPerS => "Requests a second, per client",
            Metric::EmptyShare => "Share of empty polls",
            Metric::AppBytesPerMessage => "Application bytes per message",
            Metric::IpBytesPerMessage => "IP bytes per message",
            Metric::AppBytesPerS => "Application bytes a second, per client",
            Metric::IpBytesPerS => "IP bytes a second, per client",
            Metric::SegmentsPerS => "TCP segments per client",
            Metric::CpuPerDelivery => "Server CPU time per delivery, posts and requests included",
            Metric::PssPerClient => "Server memory per client (PSS)",
            Metric::Capacity => "Capacity",
            Metric::CapacityByCpu => "Capacity predicted by CPU time",
            Metric::CatchUpPerClient => "Bytes to catch up per client",
            Metric::RecoverP50 => "Median time to recover after the outage",
            Metric::ConnectionsPerRequest => "Connections opened per request",
            Metric::CpuPerClientS => "Server CPU time per client and second",
            Metric::NoticeP50 => "Median time to notice the outage",
            Metric::NoticedShare => "Share of clients that noticed the outage",
        };
        words.to_owned()
    }

    pub fn quantity(self) -> Quantity {
        match self {
            Metric::Latency(..)
            | Metric::CpuPerDelivery
            | Metric::CpuPerClientS
            | Metric::NoticeP50
            | Metric::RecoverP50 => Quantity::Time,
            Metric::AppBytesPerMessage
            | Metric::IpBytesPerMessage
            | Metric::PssPerClient
            | Metric::CatchUpPerClient => Quantity::Bytes,
            Metric::AppBytesPerS | Metric::IpBytesPerS => Quantity::BytesPerSecond,
            Metric::RequestsPerS
            | Metric::SegmentsPerS
            | Metric::Capacity
            | Metric::CapacityByCpu => Quantity::PerSecond,
            Metric::EmptyShare | Metric::NoticedShare => Quantity::Share,
            Metric::ConnectionsPerRequest => Quantity::Count,
        }
    }

    /// True for all metrics except the capacities.
    pub fn more_is_worse(self) -> bool {
        !matches!(self, Metric::Capacity | Metric::CapacityByCpu)
    }
}

fn latency(kind: LatencyKind, statistic: Statistic) -> String {
    let kind = match kind {
        LatencyKind::Delivery => "delivery latency",
        LatencyKind::EndToEnd => "end-to-end latency",
    };
    match statistic {
        Statistic::Mean => format!("Mean {kind}"),
        Statistic::Quantile(Quantile::P50) => format!("Median {kind}"),
        Statistic::Quantile(quantile) => format!("{} {kind}", quantile.name()),
        Statistic::Max => format!("Longest {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_in_words() {
        let words = |metric: Metric| metric.words();
        assert_eq!(words(Metric::P99_9), "p99.9 delivery latency");
        assert_eq!(
            words(Metric::Latency(LatencyKind::EndToEnd, Statistic::Mean)),
            "Mean end-to-end latency"
        );
        assert!(Metric::MEAN.more_is_worse() && !Metric::Capacity.more_is_worse());
    }
}
