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
         {low:.2}–{high:.2}, and for quantiles, maxima, processor time, memory and capacity inside {wide_low:.2}–{wide_high:.2}. Half of \
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
    let own: Vec<_> = cells.iter().filter(|cell| is_one_of(cell, first)).collect();
    let trials = own.iter().flat_map(|cell| &cell.valid);
    let stalled = trials.filter(|trial| stall_us(trial).is_some()).count();
    let verdicts: Vec<_> = pair.iter().map(|found| verdict(found, cells)).collect();
    let shown: Vec<_> = pair.iter().map(|found| shown(found)).collect();
    let covers = own
        .first()
        .map_or_else(IntervalsCover::default, |cell| cell.covers);
    let each = pair.iter().zip(&verdicts);
    let reasons: Vec<_> = each
        .filter_map(|(found, verdict)| verdict.reason(&name, found, covers))
        .collect();
    let is_known = verdicts.iter().all(|verdict| *verdict != Verdict::Unknown);
    let left_out = match stalled {
        0 => String::new(),
        stalled => format!("; {stalled} trials left out, in which the server stalled"),
    };
    Gate {
        name: format!("Control (A/A): {name}"),
        condition: condition(),
        found: format!("{}{left_out}", shown.join("; ")),
        passed: match reasons.is_empty() {
            true => is_known.then_some(true),
            false => Some(false),
        },
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
    /// The interval is too wide. About so many blocks would show equivalence, if that many are possible.
    TooWide(Option<u32>),
    /// Too few blocks have a valid trial under both labels.
    TooFew,
    /// The platform does not report the metric, or the blocks in which the server stalled, which is a
    /// result, are missing here.
    Unknown,
}

fn verdict(found: &Comparison, cells: &[CellTrials]) -> Verdict {
    let [least, most] = bounds(found.metric);
    match found.ci95 {
        Some([low, high]) if least <= low && high <= most => Verdict::Equivalent,
        Some([low, high]) if low > 1.0 || high < 1.0 => Verdict::Different,
        Some(_) => too_wide(&Blocks::of(found, cells), most.ln()),
        None => too_few(&Blocks::of(found, cells)),
    }
}

/// What the blocks of a control have of a metric.
#[derive(Default)]
struct Blocks {
    /// Whether any trial knows the metric: a platform may not report it.
    is_known: bool,
    /// Blocks with both values.
    all: usize,
    /// The logarithm of the ratio in each of those without a stall.
    logarithms: Vec<f64>,
}

impl Blocks {
    fn of(found: &Comparison, cells: &[CellTrials]) -> Self {
        let one = |is_control: bool| {
            let mut own = cells.iter().filter(|cell| is_one_of(cell, found));
            own.find(|cell| cell.is_control == is_control)
        };
        let (Some(cell), Some(control)) = (one(false), one(true)) else {
            return Blocks::default();
        };
        let pairs = |cell: &CellTrials, control: &CellTrials| {
            let pairs = paired_by_block(cell, control, found.metric).into_iter();
            let positive = pairs.filter(|(a, b)| *a > 0.0 && *b > 0.0);
            positive.map(|(a, b)| (a / b).ln()).collect::<Vec<_>>()
        };
        let trials = cell.all.iter().chain(&control.all);
        Blocks {
            is_known: trials.filter_map(|trial| trial.value(found.metric)).count() > 0,
            all: pairs(cell, control).len(),
            logarithms: pairs(&cell.without_stalls(), &control.without_stalls()),
        }
    }

    /// Whether blocks are missing in which the server stalled.
    fn miss_stalls(&self) -> bool {
        self.logarithms.len() < self.all
    }
}

/// Stalls are a result: where the blocks that they have left out would have been enough, nothing is
/// known.
fn too_wide(blocks: &Blocks, bound: f64) -> Verdict {
    let needed = repetitions_needed(&blocks.logarithms, bound);
    let were_enough = needed.is_some_and(|needed| needed as usize <= blocks.all);
    match blocks.miss_stalls() && were_enough {
        true => Verdict::Unknown,
        false => Verdict::TooWide(needed),
    }
}

fn too_few(blocks: &Blocks) -> Verdict {
    let were_enough = blocks.miss_stalls() && blocks.all >= MIN_TRIALS;
    match were_enough || !blocks.is_known {
        true => Verdict::Unknown,
        false => Verdict::TooFew,
    }
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
    // As many as there were have not shown it.
    let more = (MIN_TRIALS as u32).max(logarithms.len() as u32 + 1);
    (more..=MOST_REPETITIONS).find(fits)
}

impl Verdict {
    /// Why the gate is not passed; `None` where it is.
    fn reason(self, cell: &str, found: &Comparison, covers: IntervalsCover) -> Option<String> {
        let repetitions = match covers {
            IntervalsCover::Run => "repetitions",
            IntervalsCover::Runs => "blocks, of all runs together,",
        };
        let words = found.metric.words().to_lowercase();
        let [least, most] = bounds(found.metric);
        let [low, high] = found.ci95.unwrap_or_default();
        let ratio = format!(
            "A/A cell, {cell}: the ratio of the {words} is {low:.3}–{high:.3} (95 % interval)"
        );
        match self {
            Verdict::Equivalent | Verdict::Unknown => None,
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
                "A/A cell, {cell}: fewer than {MIN_TRIALS} blocks have a valid trial under both labels, so \
                 the ratio of the {words} is unknown"
            )),
        }
    }
}
