//! The names of metrics in `results.json` and in the columns of CSV files. They are frozen.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::definition::{
    LatencyKind::{Delivery, EndToEnd},
    Metric,
    Quantile::{P50, P90, P95, P99, P99_9},
    Statistic::{Max, Mean, Quantile},
};

impl Metric {
    pub fn name(self) -> &'static str {
        match self {
            Metric::Latency(Delivery, Mean) => "delivery_mean_us",
            Metric::Latency(Delivery, Quantile(P50)) => "delivery_p50_us",
            Metric::Latency(Delivery, Quantile(P90)) => "delivery_p90_us",
            Metric::Latency(Delivery, Quantile(P95)) => "delivery_p95_us",
            Metric::Latency(Delivery, Quantile(P99)) => "delivery_p99_us",
            Metric::Latency(Delivery, Quantile(P99_9)) => "delivery_p99_9_us",
            Metric::Latency(Delivery, Max) => "delivery_max_us",
            Metric::Latency(EndToEnd, Mean) => "end_to_end_mean_us",
            Metric::Latency(EndToEnd, Quantile(P50)) => "end_to_end_p50_us",
            Metric::Latency(EndToEnd, Quantile(P90)) => "end_to_end_p90_us",
            Metric::Latency(EndToEnd, Quantile(P95)) => "end_to_end_p95_us",
            Metric::Latency(EndToEnd, Quantile(P99)) => "end_to_end_p99_us",
            Metric::Latency(EndToEnd, Quantile(P99_9)) => "end_to_end_p99_9_us",
            Metric::Latency(EndToEnd, Max) => "end_to_end_max_us",
            Metric::RequestsPerS => "requests_per_s",
            Metric::EmptyShare => "empty_share",
            Metric::AppBytesPerMessage => "app_bytes_per_message",
            Metric::IpBytesPerMessage => "ip_bytes_per_message",
            Metric::AppBytesPerS => "app_bytes_per_s",
            Metric::IpBytesPerS => "ip_bytes_per_s",
            Metric::SegmentsPerS => "segments_per_s",
            Metric::CpuPerDelivery => "server_cpu_us_per_delivery",
            Metric::PssPerClient => "pss_bytes_per_client",
            Metric::Capacity => "capacity_deliveries_per_s",
            Metric::CapacityByCpu => "capacity_by_cpu_deliveries_per_s",
            Metric::CatchUpPerClient => "catch_up_bytes_per_client",
            Metric::RecoverP50 => "recover_p50_us",
            Metric::ConnectionsPerRequest => "connections_per_request",
            Metric::CpuPerClientS => "server_cpu_us_per_client_s",
            Metric::NoticeP50 => "notice_p50_us",
            Metric::NoticedShare => "noticed_share",
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Metric {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Metric::all()
            .find(|metric| metric.name() == name)
            .ok_or_else(|| {
                let names: Vec<_> = Metric::all().map(Metric::name).collect();
                format!(
                    "there is no metric {name}: give one of {}",
                    names.join(", ")
                )
            })
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Metric {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_metric_has_a_name_of_its_own_and_is_found_by_it() {
        let names: BTreeSet<_> = Metric::all().map(Metric::name).collect();
        assert_eq!(names.len(), 31);
        for metric in Metric::all() {
            assert_eq!(metric.name().parse(), Ok(metric));
            assert_eq!(serde_json::to_value(metric).unwrap(), metric.name());
        }
        let refused = "delivery_p42_us".parse::<Metric>().unwrap_err();
        assert!(refused.contains("delivery_p42_us") && refused.contains("delivery_p99_us"));
    }
}
