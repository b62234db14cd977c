//! The gates of the controls (A/A): one cell under two labels. What they differ by is chance, and
//! the campaign must show that it is small. An interval that only has to include 1 would be passed
//! by noise, so these gates ask for equivalence (two one-sided tests: Schuirmann, Journal of
//! Pharmacokinetics and Biopharmaceutics 15, 1987), with the 95 % interval in place of the usual
//! 90 % one.

use super::{
    limits::{EQUIVALENCE, WIDE_EQUIVALENCE},
    stall::stall_us,
};
use crate::{
    cell_trials::{CellTrials, paired_by_block},
    metric::{LatencyKind, Metric, Statistic},
    results::{Comparison, Gate, IntervalsCover, cell_name},
    stats::{MIN_TRIALS, critical},
};

/// More repetitions than these are not proposed.
const MOST_REPETITIONS: u32 = 1_000;

/// One gate for each control, with all its metrics.
pub fn gates(comparisons: &[Comparison], cells: &[CellTrials]) -> Vec<Gate> {
    let mut pairs: Vec<Vec<&Comparison>> = Vec::new();
    for found in comparisons.iter().filter(|found| found.is_control) {
        match pairs.iter_mut().find(|pair| is_same_pair(pair[0], found)) {
            Some(pair) => pair.push(found),
            None => pairs.push(vec![found]),
        }
    }
    if pairs.is_empty() {
        return vec![missing()];
    }
    pairs.iter().map(|pair| gate(pair, cells)).collect()
}

fn is_same_pair(a: &Comparison, b: &Comparison) -> bool {
    a.experiment == b.experiment && a.level == b.level && a.a == b.a
}

fn condition() -> String {
    let [low, high] = EQUIVALENCE;
    let [wide_low, wide_high] = WIDE_EQUIVALENCE;
    format!(
        "One cell is run under two labels. The 95 % interval of the ratio of the two must lie inside \
         {low:.2}–{high:.2}, and for p99 and server CPU time inside {wide_low:.2}–{wide_high:.2}. Half of \
         the interval's width is the noise floor: smaller differences cannot be distinguished from \
         chance."
    )
}

fn missing() -> Gate {
    Gate {
        name: "Control (A/A)".into(),
        condition: condition(),
        found: "this campaign has no control".into(),
        passed: Some(false),
        reasons: vec![
            "no A/A cell: the campaign does not show how far two equal cells differ by chance"
                .into(),
        ],
    }
}

fn gate(pair: &[&Comparison], cells: &[CellTrials]) -> Gate {
    let first = pair[0];
    let name = cell_name(&first.experiment, &first.a, first.level.as_ref());
    let own = cells.iter().filter(|cell| is_one_of(cell, first));
    let stalled = own
        .flat_map(|cell| &cell.valid)
        .filter(|trial| stall_us(trial).is_some())
        .count();
    let covers = cells
        .first()
        .map_or_else(IntervalsCover::default, |cell| cell.covers);
    let verdicts: Vec<_> = pair.iter().map(|found| verdict(found, cells)).collect();
    let shown: Vec<_> = pair.iter().map(|found| shown(found)).collect();
    // Stalls of the server are a result. Blocks with one say nothing about the instruments.
    let unknown = stalled > 0 && verdicts.contains(&Verdict::TooFew);
    let each = pair.iter().zip(&verdicts).filter(|_| !unknown);
    let reasons: Vec<_> = each
        .filter_map(|(found, verdict)| verdict.reason(&name, found, covers))
        .collect();
    let left_out = match stalled {
        0 => String::new(),
        stalled => format!("; {stalled} trials left out, in which the server stalled"),
    };
    Gate {
        name: format!("Control (A/A): {name}"),
        condition: condition(),
        found: format!("{}{left_out}", shown.join("; ")),
        passed: (!unknown).then_some(reasons.is_empty()),
        reasons,
    }
}

fn is_one_of(cell: &CellTrials, found: &Comparison) -> bool {
    let labels = [&found.a, &found.b];
    cell.experiment == found.experiment
        && cell.level == found.level.as_ref()
        && cell.all.iter().any(|trial| labels.contains(&&trial.label))
}

fn shown(found: &Comparison) -> String {
    let words = found.metric.words();
    match found.ratio.zip(found.ci95) {
        Some((ratio, [low, high])) => format!(
            "{words} {ratio:.3} ({low:.3}–{high:.3}), noise floor ±{:.1} %",
            (high - low) / 2.0 * 100.0
        ),
        None => format!("{words}: unknown"),
    }
}

/// The bounds within which two equal cells count as equivalent in a metric.
pub fn bounds(metric: Metric) -> [f64; 2] {
    match metric {
        Metric::Latency(LatencyKind::Delivery | LatencyKind::EndToEnd, Statistic::Mean)
        | Metric::RequestsPerS
        | Metric::EmptyShare
        | Metric::AppBytesPerMessage
        | Metric::IpBytesPerMessage
        | Metric::AppBytesPerS
        | Metric::IpBytesPerS
        | Metric::SegmentsPerS
        | Metric::ConnectionsPerRequest
        | Metric::CatchUpPerClient => EQUIVALENCE,
        Metric::Latency(_, Statistic::Quantile(_) | Statistic::Max)
        | Metric::CpuPerDelivery
        | Metric::CpuPerClientS
        | Metric::PssPerClient
        | Metric::Capacity
        | Metric::CapacityByCpu
        | Metric::RecoverP50
        | Metric::NoticeP50
        | Metric::NoticedShare => WIDE_EQUIVALENCE,
    }
}

/// What an interval of a control shows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Equivalent,
    /// The cells differ, so that more repetitions do not help.
    Different,
    /// The interval is too wide. About so many repetitions, or runs where there are several, would
    /// show equivalence, if that many are possible.
    TooWide(Option<u32>),
    /// Too few blocks, or runs, have a valid trial under both labels.
    TooFew,
}

fn verdict(found: &Comparison, cells: &[CellTrials]) -> Verdict {
    let Some([low, high]) = found.ci95 else {
        return Verdict::TooFew;
    };
    let [least, most] = bounds(found.metric);
    if least <= low && high <= most {
        return Verdict::Equivalent;
    }
    if low > 1.0 || high < 1.0 {
        return Verdict::Different;
    }
    Verdict::TooWide(repetitions_needed(&logarithms(found, cells), most.ln()))
}

/// The logarithm of the ratio of the two cells in each block.
fn logarithms(found: &Comparison, cells: &[CellTrials]) -> Vec<f64> {
    let of = |is_control: bool| {
        let mut own = cells.iter().filter(|cell| is_one_of(cell, found));
        own.find(|cell| cell.is_control == is_control)
    };
    let (Some(cell), Some(control)) = (of(false), of(true)) else {
        return Vec::new();
    };
    let pairs = paired_by_block(cell, control, found.metric).into_iter();
    let positive = pairs.filter(|(a, b)| *a > 0.0 && *b > 0.0);
    positive.map(|(a, b)| (a / b).ln()).collect()
}

/// The least number of repetitions with which two equal cells whose log ratios vary like these pass
/// in about 19 of 20 campaigns: half of the interval and the deviation of the mean fit into the
/// bound together.
fn repetitions_needed(logarithms: &[f64], bound: f64) -> Option<u32> {
    let count = logarithms.len() as f64;
    if count < 2.0 {
        return None;
    }
    let mean = logarithms.iter().sum::<f64>() / count;
    let squares: f64 = logarithms.iter().map(|one| (one - mean).powi(2)).sum();
    let deviation = (squares / (count - 1.0)).sqrt();
    let fits = |repetitions: &u32| {
        let error = deviation / f64::from(*repetitions).sqrt();
        (critical(0.95, repetitions - 1) + critical(0.95, MOST_REPETITIONS)) * error <= bound
    };
    (MIN_TRIALS as u32..=MOST_REPETITIONS).find(fits)
}

impl Verdict {
    /// Why the gate is not passed; `None` where it is.
    fn reason(self, cell: &str, found: &Comparison, covers: IntervalsCover) -> Option<String> {
        let (repetitions, blocks) = match covers {
            IntervalsCover::Run => ("repetitions", "blocks"),
            IntervalsCover::Runs => ("runs", "runs"),
        };
        let words = found.metric.words().to_lowercase();
        let [least, most] = bounds(found.metric);
        let [low, high] = found.ci95.unwrap_or_default();
        let ratio = format!(
            "A/A cell, {cell}: the ratio of the {words} is {low:.3}–{high:.3} (95 % interval)"
        );
        match self {
            Verdict::Equivalent => None,
            Verdict::Different => Some(format!(
                "{ratio}, although the two cells are equal. Something differs between them; more \
                 repetitions will not help"
            )),
            Verdict::TooWide(needed) => {
                let needed = match needed {
                    Some(needed) => format!("about {needed} {repetitions} would show it"),
                    None => format!("more than {MOST_REPETITIONS} {repetitions} would be needed"),
                };
                Some(format!(
                    "{ratio} and not inside {least:.2}–{most:.2}, so noise may hide a difference as large; \
                     {needed}"
                ))
            }
            Verdict::TooFew => Some(format!(
                "A/A cell, {cell}: fewer than {MIN_TRIALS} {blocks} have a valid trial under both labels, so \
                 the ratio of the {words} is unknown"
            )),
        }
    }
}
