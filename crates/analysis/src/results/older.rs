//! Files of other versions: fields and gates that older versions lacked, and metrics that only newer versions
//! know.

use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error};
use serde_json::Value;

use super::{estimate::Comparison, gate::Gate, run::Results, trial::Trial};
use crate::{metric::Metric, scenario::CONTROL_SUFFIX};

/// Sets `is_control`, which older versions marked by the label alone.
pub fn mark_controls(trials: &mut [Trial], comparisons: &mut [Comparison]) {
    for trial in trials {
        trial.is_control |= trial.label.ends_with(CONTROL_SUFFIX);
    }
    for comparison in comparisons {
        comparison.is_control |= comparison.b.ends_with(CONTROL_SUFFIX);
    }
}

/// Adds one gate in place of those that older versions did not record.
pub fn add_gate(results: &mut Results) {
    if !results.gates.is_empty() {
        return;
    }
    let found = if results.valid { "valid" } else { "invalid" };
    results.gates.push(Gate {
        name: "Validity".into(),
        condition:
            "The version of pushlab that measured this campaign judged it, and did not record its \
                    gates."
                .into(),
        found: found.into(),
        passed: Some(results.valid),
        reasons: results.reasons.clone(),
    });
}

/// Reads a list whose entries have a metric each. An entry with an unknown metric is left out: no
/// figure or table could show it.
pub fn of_known_metrics<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let all = Vec::<Value>::deserialize(deserializer)?;
    let known = all.into_iter().filter(|one| {
        let name = one["metric"].as_str();
        name.is_none_or(|name| name.parse::<Metric>().is_ok())
    });
    known
        .map(|one| T::deserialize(one).map_err(D::Error::custom))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::results::Estimate;

    #[derive(Deserialize)]
    struct Holder {
        #[serde(deserialize_with = "of_known_metrics")]
        estimates: Vec<Estimate>,
    }

    #[test]
    fn an_estimate_of_an_unknown_metric_is_left_out() {
        let estimate = |metric: &str| {
            json!({ "experiment": "x", "transport": "sse", "level": null, "metric": metric,
                    "value": 1.5, "ci95": null, "theory": null })
        };
        let all = json!({ "estimates": [estimate("smell_per_s"), estimate(Metric::MEAN.name())] });
        let read: Holder = serde_json::from_value(all).unwrap();
        assert_eq!(read.estimates.len(), 1);
        assert_eq!(read.estimates[0].metric, Metric::MEAN);
        let broken = json!({ "estimates": [{ "metric": Metric::MEAN.name() }] });
        assert!(serde_json::from_value::<Holder>(broken).is_err());
    }
}
