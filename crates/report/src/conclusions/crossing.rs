//! Where the bytes of short polling and of WebSocket cross.

use analysis::{metric::Metric, scenario::Level};
use protocol::Transport::{ShortPoll, WebSocket};

use super::said::Pair;
use crate::{data::Data, ratio::Ratio, theory_curve::TheoryCurve};

const WIRE: Metric = Metric::IpBytesPerMessage;

/// Where short polling becomes cheaper than WebSocket: between two measured rates.
pub struct Crossing {
    pub below: (f64, Ratio),
    pub above: (f64, Ratio),
    /// Between them, straight on logarithms.
    pub at: f64,
    /// Where the models cross.
    pub theory: Option<f64>,
}

/// The crossing, where both sides of it are beyond doubt.
pub fn crossing(data: &Data, name: &str) -> Option<Crossing> {
    let mut sure = ratios(data, name);
    sure.retain(|(_, ratio)| !ratio.holds_one());
    let dearer = |(_, ratio): &(f64, Ratio)| ratio.value > 1.0;
    let place = sure
        .windows(2)
        .position(|pair| dearer(&pair[0]) && !dearer(&pair[1]))?;
    let (below, above) = (sure[place], sure[place + 1]);
    Some(Crossing {
        at: meeting((below.0, below.1.value), (above.0, above.1.value)),
        theory: crossover_in_theory(data, name),
        below,
        above,
    })
}

/// Where a ratio passes 1 between two rates, straight on logarithms.
fn meeting(below: (f64, f64), above: (f64, f64)) -> f64 {
    let share = below.1.ln() / (below.1.ln() - above.1.ln());
    below.0 * (above.0 / below.0).powf(share)
}

/// λ* of the models, from the sizes measured near it: headers and messages grow with the rate by a
/// few digits, so the second look is taken where the first one found it. `None` where it is not among the
/// rates that were swept.
pub fn crossover_in_theory(data: &Data, name: &str) -> Option<f64> {
    let cells = data.cells(name);
    let polls: Vec<_> = cells
        .into_iter()
        .filter(|cell| cell.transport == ShortPoll)
        .collect();
    let line = TheoryCurve::through(data, &polls, "rate")?;
    let [low, high] = line.span();
    let first = line.at(low)?.byte_crossover()?;
    let found = line.at(first)?.byte_crossover()?;
    (low..=high).contains(&found).then_some(found)
}

/// Short polling's bytes a message over WebSocket's, at each rate.
fn ratios(data: &Data, name: &str) -> Vec<(f64, Ratio)> {
    let ratio = |level: Option<&Level>| {
        let pair = Pair::at(data, name, [ShortPoll, WebSocket], level)?;
        pair.values(data, WIRE)?;
        Some((Level::number(level, "rate")?, pair.ratio(data, WIRE)?))
    };
    data.levels(name).into_iter().filter_map(ratio).collect()
}
