//! The value of each metric in a single trial: the samples of intervals over trials.

use super::{
    costs::{ClientBytes, Segments},
    special::{Limit, OutageRecord},
    trial::Trial,
};
use crate::{
    metric::{LatencyKind, Metric, Quantile, Statistic},
    samples::SamplesRecord,
};

impl Trial {
    /// In the metric's unit; `None` where the trial has no such value, or where the divisor is 0.
    /// A quantile may have few samples here: it is good only for the spread between trials.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Latency(..) | Metric::NoticeP50 | Metric::RecoverP50 => {
                let (record, which) = self.samples_of(metric)?;
                statistic(record, which)
            }
            Metric::RequestsPerS => self.per_client_second(self.requests as f64),
            Metric::EmptyShare => ratio(self.empty as f64, self.requests as f64),
            Metric::AppBytesPerMessage => self.per_delivery(self.bytes.app()),
            Metric::IpBytesPerMessage => self.per_delivery(self.bytes.ip()?),
            Metric::AppBytesPerS => self.per_client_second(self.bytes.app()),
            Metric::IpBytesPerS => self.per_client_second(self.bytes.ip()?),
            Metric::SegmentsPerS => self.per_client_second(self.segments.both()?),
            Metric::CpuPerDelivery => self.per_delivery(self.server.cpu_us?),
            Metric::CpuPerClientS => self.per_client_second(self.server.cpu_us?),
            Metric::PssPerClient => self.per_client(self.added_memory()?),
            Metric::Capacity => Some(self.capacity.as_ref()?.deliveries_per_s),
            Metric::CapacityByCpu => self.capacity.as_ref()?.predicted_by_cpu,
            Metric::CatchUpPerClient => self.per_client(self.outage()?.catch_up_bytes as f64),
            Metric::NoticedShare => self.per_client(f64::from(self.outage()?.noticed)),
            Metric::ConnectionsPerRequest => ratio(self.connections as f64, self.requests as f64),
        }
    }

    /// Whether the trial's value of the metric is a lower bound: a capacity that was not ended by
    /// the server's latency.
    pub fn is_censored(&self, metric: Metric) -> bool {
        let found = self
            .capacity
            .as_ref()
            .filter(|_| metric == Metric::Capacity);
        found.is_some_and(|found| found.limit != Limit::Latency)
    }

    pub fn latency(&self, kind: LatencyKind) -> &SamplesRecord {
        match kind {
            LatencyKind::Delivery => &self.delivery_us,
            LatencyKind::EndToEnd => &self.end_to_end_us,
        }
    }

    /// The samples that the metric is a statistic of; `None` for a metric that is no statistic of
    /// samples, or where the trial has no such samples.
    pub fn samples_of(&self, metric: Metric) -> Option<(&SamplesRecord, Statistic)> {
        let median = Statistic::Quantile(Quantile::P50);
        match metric {
            Metric::Latency(kind, which) => Some((self.latency(kind), which)),
            Metric::NoticeP50 => Some((&self.outage()?.notice_us, median)),
            Metric::RecoverP50 => Some((&self.outage()?.recover_us, median)),
            Metric::RequestsPerS
            | Metric::EmptyShare
            | Metric::AppBytesPerMessage
            | Metric::IpBytesPerMessage
            | Metric::AppBytesPerS
            | Metric::IpBytesPerS
            | Metric::SegmentsPerS
            | Metric::CpuPerDelivery
            | Metric::CpuPerClientS
            | Metric::PssPerClient
            | Metric::Capacity
            | Metric::CapacityByCpu
            | Metric::CatchUpPerClient
            | Metric::NoticedShare
            | Metric::ConnectionsPerRequest => None,
        }
    }

    /// Half a count, in the metric's unit: a value that counts requests, segments, bytes or clients
    /// cannot be known better than that. `None` for a metric that counts nothing.
    pub fn half_a_count(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::RequestsPerS
            | Metric::SegmentsPerS
            | Metric::AppBytesPerS
            | Metric::IpBytesPerS => self.per_client_second(0.5),
            Metric::EmptyShare | Metric::ConnectionsPerRequest => ratio(0.5, self.requests as f64),
            Metric::AppBytesPerMessage | Metric::IpBytesPerMessage => self.per_delivery(0.5),
            Metric::CatchUpPerClient | Metric::NoticedShare => self.per_client(0.5),
            Metric::Latency(..)
            | Metric::CpuPerDelivery
            | Metric::CpuPerClientS
            | Metric::PssPerClient
            | Metric::Capacity
            | Metric::CapacityByCpu
            | Metric::NoticeP50
            | Metric::RecoverP50 => None,
        }
    }

    fn outage(&self) -> Option<&OutageRecord> {
        self.outage.as_ref()
    }

    fn added_memory(&self) -> Option<f64> {
        Some(self.server.pss_bytes? as f64 - self.server.pss_idle_bytes? as f64)
    }

    fn per_client_second(&self, amount: f64) -> Option<f64> {
        ratio(amount, self.seconds * f64::from(self.clients))
    }

    fn per_delivery(&self, amount: f64) -> Option<f64> {
        ratio(amount, self.received as f64)
    }

    fn per_client(&self, amount: f64) -> Option<f64> {
        ratio(amount, f64::from(self.clients))
    }
}

impl ClientBytes {
    /// Both ways, at the client's socket.
    pub fn app(&self) -> f64 {
        (self.up + self.down) as f64
    }

    /// Both ways, with the TCP/IP headers of the segments.
    pub fn ip(&self) -> Option<f64> {
        Some((self.ip_up? + self.ip_down?) as f64)
    }
}

impl Segments {
    pub fn both(&self) -> Option<f64> {
        Some((self.up? + self.down?) as f64)
    }
}

fn statistic(record: &SamplesRecord, which: Statistic) -> Option<f64> {
    match which {
        Statistic::Mean => record.mean,
        Statistic::Quantile(which) => quantile(record, which),
        Statistic::Max => record.max.map(|max| max as f64),
    }
}

fn quantile(record: &SamplesRecord, which: Quantile) -> Option<f64> {
    let samples = record.samples().ok()?;
    (samples.count() > 0).then(|| samples.raw_quantile(which.share()) as f64)
}

fn ratio(amount: f64, divisor: f64) -> Option<f64> {
    (divisor > 0.0).then(|| amount / divisor)
}
