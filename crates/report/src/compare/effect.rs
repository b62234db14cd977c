//! The effect on one metric of one cell: a ratio, or a difference where a ratio says nothing.

use analysis::{
    cell_trials::CellTrials,
    estimate::resolution,
    metric::{Metric, Quantity},
    results::IntervalsCover,
    stats::{self, CampaignValues},
};

use super::change::{Difference, Effect};
use crate::ratio::Ratio;

/// A cell of one campaign, with the value of the metric.
pub struct Side<'c, 'a> {
    pub cell: &'c CellTrials<'a>,
    pub value: f64,
}

/// The effect of going from `before` to `after`, and what its interval covers. Shares have a
/// difference in percentage points. Other metrics have a ratio, or a difference where a value is not
/// positive. `None` where the values are too few.
pub fn effect(metric: Metric, before: &Side, after: &Side) -> Option<(Effect, IntervalsCover)> {
    let [old, new] = [before, after].map(|side| side.cell.campaign_values(metric));
    let ratio = match metric.quantity() {
        Quantity::Share => None,
        Quantity::Time
        | Quantity::Bytes
        | Quantity::BytesPerSecond
        | Quantity::WholeBytes
        | Quantity::PerSecond
        | Quantity::Count => stats::ratio_of_campaigns(&new, &old),
    };
    let steps = [before, after].map(|side| half_step(metric, side));
    let effect = if let Some(found) = ratio {
        let relative = steps[0] / before.value + steps[1] / after.value;
        Effect::Ratio(widened_ratio(Ratio::from(found), relative))
    } else {
        let found = stats::difference_of_campaigns(&new, &old)?;
        Effect::Difference(widened(Difference::from(found), steps[0] + steps[1]))
    };
    Some((effect, coverage(&old, &new)))
}

/// Two single runs have intervals over trials; where one side has several runs, the variance between
/// them stands for both.
fn coverage(old: &CampaignValues, new: &CampaignValues) -> IntervalsCover {
    match old.has_several_runs() || new.has_several_runs() {
        true => IntervalsCover::Runs,
        false => IntervalsCover::Run,
    }
}

/// Half of the values that the measurement does not tell apart.
fn half_step(metric: Metric, side: &Side) -> f64 {
    resolution(side.cell, metric, side.value).map_or(0.0, |[low, high]| (high - low) / 2.0)
}

/// At least `share` of the ratio to both sides: the resolution of its two values.
fn widened_ratio(ratio: Ratio, share: f64) -> Ratio {
    let [low, high] = ratio.interval;
    let half = ratio.value * share;
    Ratio {
        interval: [
            low.min(ratio.value - half).max(0.0),
            high.max(ratio.value + half),
        ],
        ..ratio
    }
}

/// At least `half` to both sides: the resolution of the two values.
fn widened(difference: Difference, half: f64) -> Difference {
    let Difference { value, interval } = difference;
    Difference {
        interval: [interval[0].min(value - half), interval[1].max(value + half)],
        value,
    }
}
