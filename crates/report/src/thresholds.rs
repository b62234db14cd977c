//! The thresholds of a campaign in words.

use std::fmt;

use analysis::results::{Results, ThresholdRecord, Verdict};

use crate::{
    level,
    plain_table::PlainTable,
    units::{show_interval, shown},
};

/// A threshold at one cell: what was asked, what was found, and what can be said.
pub struct ThresholdRow {
    pub experiment: String,
    /// The transport and its level.
    pub cell: String,
    pub metric: String,
    /// `< 50ms`
    pub condition: String,
    /// The value with its interval, and why nothing can be said where that is so.
    pub found: String,
    pub verdict: Verdict,
}

/// Every threshold, in the order of the plan.
pub fn rows(results: &Results) -> Vec<ThresholdRow> {
    results.thresholds.iter().map(row).collect()
}

/// The thresholds as a table of the page; `None` where the scenario asked nothing.
pub fn table(results: &Results) -> Option<PlainTable> {
    let rows: Vec<_> = rows(results).iter().map(ThresholdRow::texts).collect();
    (!rows.is_empty()).then_some(PlainTable {
        title: "Thresholds",
        note: "What the scenario asks of its cells. A threshold is passed if the value and its whole 95 % interval \
               meet the condition."
            .into(),
        columns: vec!["Experiment", "Cell", "Quantity", "Condition", "Measured", "Result"],
        rows,
    })
}

fn row(record: &ThresholdRecord) -> ThresholdRow {
    let transport = record.transport.name();
    let level = level::words(record.level.as_ref());
    ThresholdRow {
        experiment: record.experiment.clone(),
        cell: match level.is_empty() {
            true => transport.into(),
            false => format!("{transport}, {level}"),
        },
        metric: record.metric.words(),
        condition: record.condition.clone(),
        found: found(record),
        verdict: record.verdict,
    }
}

fn found(record: &ThresholdRecord) -> String {
    let Some(value) = record.value else {
        return "not known: too few valid trials, or too few samples".into();
    };
    let value = shown(record.metric, value);
    match record.ci95 {
        _ if record.censored => format!("at least {value}"),
        Some(ends) => {
            let interval = show_interval(record.metric.quantity(), ends);
            format!("{value} (95 % interval {interval})")
        }
        None => format!("{value} (no interval)"),
    }
}

impl ThresholdRow {
    fn texts(&self) -> Vec<String> {
        let texts = [
            &self.experiment,
            &self.cell,
            &self.metric,
            &self.condition,
            &self.found,
        ];
        let verdict = self.verdict_words().to_owned();
        texts.into_iter().cloned().chain([verdict]).collect()
    }

    pub fn verdict_words(&self) -> &'static str {
        match self.verdict {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::Undecided => "cannot be said",
        }
    }
}

/// `failed: latency, WebSocket, d = 40 ms: p99 delivery latency < 50ms; found 61.2 ms (…)`.
impl fmt::Display for ThresholdRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}, {}: {} {}; found {}",
            self.verdict_words(),
            self.experiment,
            self.cell,
            self.metric,
            self.condition,
            self.found
        )
    }
}

#[cfg(test)]
mod tests {
    use analysis::metric::Metric;
    use protocol::Transport;

    use super::*;

    fn shown(value: Option<f64>, ci95: Option<[f64; 2]>, verdict: Verdict) -> String {
        let record = ThresholdRecord {
            experiment: "latency".into(),
            transport: Transport::WebSocket,
            level: Some("one_way_ms=40".parse().unwrap()),
            metric: Metric::P99,
            condition: "< 50ms".into(),
            value,
            ci95,
            censored: false,
            verdict,
        };
        row(&record).to_string().replace('\u{a0}', " ")
    }

    #[test]
    fn a_threshold_in_a_line() {
        let failed = shown(Some(61_200.0), Some([58e3, 64e3]), Verdict::Failed);
        let expected = "failed: latency, WebSocket, d = 40 ms: p99 delivery latency < 50ms; \
                        found 61.2 ms (95 % interval 58–64 ms)";
        assert_eq!(failed, expected);
        let unknown = shown(None, None, Verdict::Undecided);
        assert!(unknown.starts_with("cannot be said: ") && unknown.contains("too few"));
    }
}
