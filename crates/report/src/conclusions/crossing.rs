//! The crossover of the bytes of short polling and of WebSocket.

use analysis::{metric::Metric, scenario::Level};
use protocol::Transport::{ShortPoll, WebSocket};

use super::phrases::{Pair, interval_and_delay};
use crate::{data::Data, ratio::Ratio, theory_curve::TheoryCurve};

const IP_BYTES: Metric = Metric::IpBytesPerMessage;

/// The two measured rates between which short polling becomes cheaper than WebSocket.
pub struct Crossing {
    pub below: (f64, Ratio),
    pub above: (f64, Ratio),
    /// The crossover, interpolated linearly on logarithms.
    pub at: f64,
    /// The crossover of the models.
    pub theory: Option<f64>,
    /// The T and d that it belongs to.
    pub settings: String,
}

/// The crossing, if the ratios on both sides of it exclude 1.
pub fn crossing(data: &Data, name: &str) -> Option<Crossing> {
    let settings = interval_and_delay(data, name, ShortPoll)?;
    let mut significant = ratios(data, name);
    significant.retain(|(_, ratio)| !ratio.includes_one());
    let dearer = |(_, ratio): &(f64, Ratio)| ratio.value > 1.0;
    let place = significant
        .windows(2)
        .position(|pair| dearer(&pair[0]) && !dearer(&pair[1]))?;
    let (below, above) = (significant[place], significant[place + 1]);
    Some(Crossing {
        at: interpolated((below.0, below.1.value), (above.0, above.1.value)),
        theory: crossover_in_theory(data, name),
        settings,
        below,
        above,
    })
}

/// Where a ratio passes 1 between two rates, interpolated linearly on logarithms.
fn interpolated(below: (f64, f64), above: (f64, f64)) -> f64 {
    let share = below.1.ln() / (below.1.ln() - above.1.ln());
    below.0 * (above.0 / below.0).powf(share)
}

/// The models' crossover λ*, from the sizes measured near it. Headers and messages grow by a few
/// digits with the rate, so it is computed twice: with the sizes at the lowest rate, then with
/// those at the first result. `None` if it is outside the swept rates.
pub fn crossover_in_theory(data: &Data, name: &str) -> Option<f64> {
    let cells = data.cells(name);
    let polls: Vec<_> = cells
        .into_iter()
        .filter(|cell| cell.transport == ShortPoll)
        .collect();
    let curve = TheoryCurve::through(data, &polls, "rate")?;
    let [low, high] = curve.span();
    let first = curve.at(low)?.byte_crossover()?;
    let found = curve.at(first)?.byte_crossover()?;
    (low..=high).contains(&found).then_some(found)
}

/// Short polling's bytes per message divided by WebSocket's, at each rate.
fn ratios(data: &Data, name: &str) -> Vec<(f64, Ratio)> {
    let ratio = |level: Option<&Level>| {
        let pair = Pair::at(data, name, [ShortPoll, WebSocket], level)?;
        pair.values(data, IP_BYTES)?;
        Some((Level::number(level, "rate")?, pair.ratio(data, IP_BYTES)?))
    };
    data.levels(name).into_iter().filter_map(ratio).collect()
}
