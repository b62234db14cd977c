//! What a metric is to people: words, quantity, and which way is worse.

use super::{
    kind::{Kind, Metric, Quantile, Statistic},
    quantity::Quantity,
};

impl Metric {
    /// As a heading has it.
    pub fn words(self) -> String {
        let words = match self {
            Metric::Latency(kind, statistic) => return latency(kind, statistic),
            Metric::RequestsPerS => "Requests per client",
            Metric::EmptyShare => "Share of empty answers",
            Metric::AppBytesPerMessage => "Bytes per message, application",
            Metric::IpBytesPerMessage => "Bytes per message on the wire (IP)",
            Metric::AppBytesPerS => "Traffic per client, application",
            Metric::IpBytesPerS => "Traffic per client on the wire (IP)",
            Metric::SegmentsPerS => "TCP segments per client",
            Metric::CpuPerDelivery => "Server CPU time per delivery",
            Metric::PssPerClient => "Server memory per client (PSS)",
            Metric::Capacity => "Most deliveries held",
            Metric::CatchUpPerClient => "Bytes to catch up per client",
            Metric::RecoverP50 => "Median time to recover after the cut",
            Metric::ConnectionsPerRequest => "Connections opened per request",
            Metric::CpuPerClientS => "Server CPU time per client and second",
            Metric::NoticeP50 => "Median time to notice the cut",
            Metric::NoticedShare => "Share of clients that noticed the cut",
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
            Metric::RequestsPerS | Metric::SegmentsPerS | Metric::Capacity => Quantity::PerSecond,
            Metric::EmptyShare | Metric::NoticedShare => Quantity::Share,
            Metric::ConnectionsPerRequest => Quantity::Count,
        }
    }

    /// Of almost everything, more is worse.
    pub fn more_is_worse(self) -> bool {
        self != Metric::Capacity
    }
}

fn latency(kind: Kind, statistic: Statistic) -> String {
    let kind = match kind {
        Kind::Delivery => "delivery latency",
        Kind::EndToEnd => "end-to-end latency",
    };
    match statistic {
        Statistic::Mean => format!("Mean {kind}"),
        Statistic::Quantile(Quantile::P50) => format!("Median {kind}"),
        Statistic::Quantile(quantile) => format!("{} {kind}", quantile.word()),
        Statistic::Max => format!("Longest {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_reads_well() {
        let told = |metric: Metric| metric.words();
        assert_eq!(told(Metric::P99_9), "p99.9 delivery latency");
        assert_eq!(
            told(Metric::Latency(Kind::EndToEnd, Statistic::Mean)),
            "Mean end-to-end latency"
        );
        assert!(Metric::MEAN.more_is_worse() && !Metric::Capacity.more_is_worse());
    }
}
