//! The table `[pass]` of an experiment: thresholds by transport and metric.

use std::{collections::BTreeMap, fmt};

use protocol::Transport;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};

use super::threshold::Threshold;
use crate::metric::Metric;

/// What the cells of each transport must reach.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pass(BTreeMap<Transport, Thresholds>);

/// The thresholds of one transport.
#[derive(Clone, Debug, Default, PartialEq)]
struct Thresholds(BTreeMap<Metric, Threshold>);

impl Pass {
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|thresholds| thresholds.0.is_empty())
    }

    /// The thresholds of a transport, in the order of the metrics.
    pub fn of(&self, transport: Transport) -> impl Iterator<Item = (Metric, Threshold)> {
        let own = self.0.get(&transport).into_iter();
        own.flat_map(|thresholds| &thresholds.0)
            .map(|(metric, threshold)| (*metric, *threshold))
    }

    /// # Errors
    /// A transport that is not measured; the sentence begins with the key.
    pub fn check(&self, measured: &[Transport]) -> Result<(), String> {
        let other = self.0.iter().find(|(one, _)| !measured.contains(one));
        let Some((transport, Thresholds(thresholds))) = other else {
            return Ok(());
        };
        let metric = thresholds.keys().next();
        let metric = metric.map_or(String::new(), |metric| format!(".{metric}"));
        let measured: Vec<_> = measured.iter().map(|one| one.slug()).collect();
        Err(format!(
            "{}{metric}: a threshold of a transport that is not measured: give one of {}",
            transport.slug(),
            measured.join(", ")
        ))
    }
}

impl Serialize for Thresholds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = self.0.iter().map(|(metric, one)| (metric, one.to_string()));
        serializer.collect_map(texts)
    }
}

impl<'de> Deserialize<'de> for Thresholds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OfMetrics)
    }
}

/// Reads a table whose values can only be read with their keys: a metric has its units.
struct OfMetrics;

impl<'de> Visitor<'de> for OfMetrics {
    type Value = Thresholds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table with keys METRIC = \"< 50ms\"")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Thresholds, A::Error> {
        let mut thresholds = BTreeMap::new();
        while let Some(metric) = table.next_key()? {
            thresholds.insert(metric, table.next_value_seed(Of(metric))?);
        }
        Ok(Thresholds(thresholds))
    }
}

/// The threshold of this metric.
struct Of(Metric);

impl<'de> DeserializeSeed<'de> for Of {
    type Value = Threshold;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Threshold, D::Error> {
        let text = String::deserialize(deserializer)?;
        Threshold::parse(&text, self.0).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "websocket.delivery_p99_us = \"< 50ms\"\n\
                        websocket.requests_per_s = \"<= 1\"\n\
                        sse.delivery_mean_us = \"< 1s\"\n";

    #[test]
    fn a_table_is_read_and_written_back() {
        let pass: Pass = toml::from_str(TEXT).unwrap();
        let of = |transport| -> Vec<_> {
            let all = pass.of(transport);
            all.map(|(metric, one)| format!("{metric} {one}")).collect()
        };
        let both = ["delivery_p99_us < 50ms", "requests_per_s <= 1"];
        assert_eq!(of(Transport::WebSocket), both);
        assert_eq!(of(Transport::Sse), ["delivery_mean_us < 1s"]);
        assert_eq!(of(Transport::LongPoll), [""; 0]);
        let json = serde_json::to_value(&pass).unwrap();
        assert_eq!(json["websocket"]["delivery_p99_us"], "< 50ms");
        assert_eq!(serde_json::from_value::<Pass>(json).unwrap(), pass);
        assert!(!pass.is_empty() && Pass::default().is_empty());
    }

    #[test]
    fn a_transport_that_is_not_measured_is_refused() {
        let pass: Pass = toml::from_str(TEXT).unwrap();
        let refused = pass.check(&[Transport::WebSocket]).unwrap_err();
        assert!(refused.starts_with("sse.delivery_mean_us: "), "{refused}");
        assert!(refused.contains("one of websocket"), "{refused}");
        assert!(pass.check(&Transport::ALL).is_ok());
    }
}
