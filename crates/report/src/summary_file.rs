//! `summary.json`: the verdicts and the first table of the page, for machines.

use std::io;

use analysis::{
    estimate,
    results::{Cost, Estimate, Results, ThresholdRecord},
};
use protocol::Transport;
use serde::Serialize;

use crate::{
    data::Data,
    summary::{self, Headline},
};

/// The version of the format.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct SummaryFile<'a> {
    schema: u32,
    scenario: &'a str,
    seed: u64,
    started_at: &'a str,
    valid: bool,
    reasons: &'a [String],
    /// The first conclusion of the page; `null` where the data support none.
    found: Option<String>,
    thresholds: &'a [ThresholdRecord],
    /// The values of the first table of the page, as `estimates` has them.
    headline: Vec<Estimate>,
    /// Its costs by the fit; empty where the campaign has none.
    costs: Vec<CostSummary>,
}

/// The last two columns of the first table, in microseconds.
#[derive(Serialize)]
struct CostSummary {
    transport: Transport,
    request_us: Option<Cost>,
    delivery_us: Cost,
}

/// The document.
///
/// # Errors
/// A value cannot be written as JSON.
pub fn text(results: &Results) -> io::Result<String> {
    let data = Data::new(results);
    let costs = results.costs.iter().map(|fit| CostSummary {
        transport: fit.transport,
        request_us: fit.request_us,
        delivery_us: fit.delivery_us,
    });
    let file = SummaryFile {
        schema: SCHEMA,
        scenario: &results.scenario.name,
        seed: results.seed,
        started_at: &results.started_at,
        valid: results.valid,
        reasons: &results.reasons,
        found: summary::summary(&data).and_then(|page| page.sentences.into_iter().next()),
        thresholds: &results.thresholds,
        headline: summary::headline(&data).map_or_else(Vec::new, |found| values(results, &found)),
        costs: costs.collect(),
    };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

fn values(results: &Results, headline: &Headline) -> Vec<Estimate> {
    let of_cell = |cell| {
        let metrics = summary::COLUMNS.into_iter();
        metrics.filter_map(move |(_, metric)| estimate::of_cell(results, cell, metric))
    };
    headline.cells.iter().copied().flat_map(of_cell).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::sample;

    #[test]
    fn it_has_every_transport_with_the_metrics_of_the_first_table() {
        let results = sample::everything();
        let file: Value = serde_json::from_str(&text(&results).unwrap()).unwrap();
        let mut names: Vec<_> = file.as_object().unwrap().keys().collect();
        names.sort();
        let expected = [
            "costs",
            "found",
            "headline",
            "reasons",
            "scenario",
            "schema",
            "seed",
            "started_at",
            "thresholds",
            "valid",
        ];
        assert_eq!(names, expected);
        assert_eq!((&file["schema"], &file["valid"]), (&json!(1), &json!(true)));
        let headline = file["headline"].as_array().unwrap();
        for transport in Transport::ALL {
            let is_own = |one: &&Value| one["transport"] == transport.slug();
            let own: Vec<_> = headline.iter().filter(is_own).collect();
            assert_eq!(own.len(), summary::COLUMNS.len(), "{transport:?}");
            let mean = own.iter().find(|one| one["metric"] == "delivery_mean_us");
            let mean = mean.unwrap();
            assert!(
                mean["value"].is_number() && mean["ci95"].is_array(),
                "{mean}"
            );
            assert_eq!(mean["level"], "one_way_ms=40");
        }
        assert_eq!(file["costs"].as_array().unwrap().len(), results.costs.len());
    }

    #[test]
    fn a_campaign_without_trials_has_no_values() {
        let mut results = sample::everything();
        results.trials.clear();
        let file: Value = serde_json::from_str(&text(&results).unwrap()).unwrap();
        assert_eq!(file["headline"], json!([]));
    }
}
