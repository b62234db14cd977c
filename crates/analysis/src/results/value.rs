//! What one trial by itself says of each metric: what intervals over trials are made of.

use super::{
    costs::{Bytes, Segments},
    special::OutageRecord,
    trial::Trial,
};
use crate::{
    metric::{Kind, Metric, Quantile, Statistic},
    samples::Hist,
};

impl Trial {
    /// In the metric's unit; `None` where the trial does not tell, or where it would be divided by
    /// nothing. A quantile here may rest on few samples: it is good for the spread between trials
    /// alone.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Latency(kind, which) => statistic(self.latency(kind), which),
            Metric::RequestsPerS => self.each_second(self.requests as f64),
            Metric::EmptyShare => over(self.empty as f64, self.requests as f64),
            Metric::AppBytesPerMessage => self.each_delivery(self.bytes.app()),
            Metric::IpBytesPerMessage => self.each_delivery(self.bytes.ip()?),
            Metric::AppBytesPerS => self.each_second(self.bytes.app()),
            Metric::IpBytesPerS => self.each_second(self.bytes.ip()?),
            Metric::SegmentsPerS => self.each_second(self.segments.both()?),
            Metric::CpuPerDelivery => self.each_delivery(self.server.cpu_us?),
            Metric::CpuPerClientS => self.each_second(self.server.cpu_us?),
            Metric::PssPerClient => self.each_client(self.added_memory()?),
            Metric::Capacity => Some(self.capacity.as_ref()?.deliveries_per_s),
            Metric::CatchUpPerClient => self.each_client(self.cut()?.catch_up_bytes as f64),
            Metric::NoticedShare => self.each_client(f64::from(self.cut()?.noticed)),
            Metric::NoticeP50 => quantile(&self.cut()?.notice_us, Quantile::P50),
            Metric::RecoverP50 => quantile(&self.cut()?.recover_us, Quantile::P50),
            Metric::ConnectionsPerRequest => over(self.connections as f64, self.requests as f64),
        }
    }

    pub fn latency(&self, kind: Kind) -> &Hist {
        match kind {
            Kind::Delivery => &self.delivery_us,
            Kind::EndToEnd => &self.end_to_end_us,
        }
    }

    fn cut(&self) -> Option<&OutageRecord> {
        self.outage.as_ref()
    }

    fn added_memory(&self) -> Option<f64> {
        Some(self.server.pss_bytes? as f64 - self.server.pss_idle_bytes? as f64)
    }

    fn each_second(&self, amount: f64) -> Option<f64> {
        over(amount, self.seconds * f64::from(self.clients))
    }

    fn each_delivery(&self, amount: f64) -> Option<f64> {
        over(amount, self.received as f64)
    }

    fn each_client(&self, amount: f64) -> Option<f64> {
        over(amount, f64::from(self.clients))
    }
}

impl Bytes {
    /// Both ways, at the client's socket.
    pub fn app(&self) -> f64 {
        (self.up + self.down) as f64
    }

    /// Both ways, with the headers of segments.
    pub fn ip(&self) -> Option<f64> {
        Some((self.ip_up? + self.ip_down?) as f64)
    }
}

impl Segments {
    pub fn both(&self) -> Option<f64> {
        Some((self.up? + self.down?) as f64)
    }
}

fn statistic(hist: &Hist, which: Statistic) -> Option<f64> {
    match which {
        Statistic::Mean => hist.mean,
        Statistic::Quantile(which) => quantile(hist, which),
        Statistic::Max => hist.max.map(|max| max as f64),
    }
}

fn quantile(hist: &Hist, which: Quantile) -> Option<f64> {
    let samples = hist.samples().ok()?;
    (samples.count() > 0).then(|| samples.raw_quantile(which.share()) as f64)
}

fn over(amount: f64, of: f64) -> Option<f64> {
    (of > 0.0).then(|| amount / of)
}
