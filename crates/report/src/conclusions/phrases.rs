//! Parts that the sentences share: pairs of cells, and ratios in words.

use analysis::{
    cell_trials::CellTrials,
    metric::{Metric, Quantity},
    scenario::Level,
};
use protocol::Transport;

use crate::{
    data::{Data, MeasuredValue},
    level,
    ratio::Ratio,
    units,
};

/// The cells of two transports at one level.
pub struct Pair<'d, 'a> {
    pub a: &'d CellTrials<'a>,
    pub b: &'d CellTrials<'a>,
}

impl<'d, 'a> Pair<'d, 'a> {
    pub fn at(
        data: &'d Data<'a>,
        experiment: &str,
        [a, b]: [Transport; 2],
        level: Option<&Level>,
    ) -> Option<Self> {
        let cell = |transport| data.cell(experiment, transport, level);
        Some(Pair {
            a: cell(a)?,
            b: cell(b)?,
        })
    }

    /// The value of `a` divided by that of `b`.
    pub fn ratio(&self, data: &Data, metric: Metric) -> Option<Ratio> {
        data.ratio(self.a, self.b, metric)
    }

    /// Both values; `None` unless both are known.
    pub fn values(&self, data: &Data, metric: Metric) -> Option<(MeasuredValue, MeasuredValue)> {
        Some((
            data.measured(self.a, metric)?,
            data.measured(self.b, metric)?,
        ))
    }

    /// " at d = 40 ms, T = 2 s, λ = 2/s": the level, and those of d, T and λ that it does not name. T
    /// only where one of the two pauses; λ not of a load ramp, which changes it, nor of a silent room.
    pub fn conditions(&self, data: &Data) -> String {
        let level = level::words(self.a.level);
        let Some(settings) = data.settings(self.a) else {
            return at(self.a.level);
        };
        let time = |ms: f64| units::show(Quantity::Time, ms * 1e3);
        let pauses = self.a.transport.pauses() || self.b.transport.pauses();
        let has_rate = settings.search.is_none() && settings.load.rate > 0.0;
        let others = [
            (true, "one_way_ms", "d", time(settings.network.one_way_ms)),
            (
                pauses,
                "interval_ms",
                "T",
                time(settings.transport.interval_ms),
            ),
            (
                has_rate,
                "rate",
                "λ",
                format!("{}/s", units::number(settings.load.rate)),
            ),
        ];
        let is_named = |key: &str| self.a.level.is_some_and(|level| level.get(key).is_some());
        let others = others
            .into_iter()
            .filter(|(applies, key, ..)| *applies && !is_named(key));
        let others = others.map(|(_, _, sign, value)| format!("{sign}\u{a0}=\u{a0}{value}"));
        let parts = [level]
            .into_iter()
            .filter(|level| !level.is_empty())
            .chain(others);
        format!(" at {}", parts.collect::<Vec<_>>().join(", "))
    }

    /// "Short polling has 27 times (26–28) the mean latency of WebSocket at d = 40 ms …", or that no
    /// difference could be shown.
    pub fn comparison(&self, data: &Data, metric: Metric, what: &str) -> Option<String> {
        let ratio = self.ratio(data, metric)?;
        let (a, b, at) = (self.a.transport, self.b.transport, self.conditions(data));
        let shown = times(ratio);
        Some(if ratio.includes_one() {
            let (a, b) = (a.in_a_sentence(), b.in_a_sentence());
            format!("Between {a} and {b} no difference in {what} could be shown{at}: {shown}.")
        } else {
            format!(
                "{} has {shown} the {what} of {}{at}.",
                a.name(),
                b.in_a_sentence()
            )
        })
    }
}

/// "2.1 times (1.9–2.3)".
pub fn times(ratio: Ratio) -> String {
    units::times(ratio.value, ratio.interval)
}

/// "a factor of 2.1 (1.9–2.3)".
pub fn by(ratio: Ratio) -> String {
    let [value, interval] = units::factor(ratio.value, ratio.interval);
    format!("a factor of {value} ({interval})")
}

/// The level of an experiment at which a parameter is largest.
pub fn highest_level<'a>(
    data: &Data<'a>,
    experiment: &str,
    parameter: &str,
) -> Option<Option<&'a Level>> {
    let number = |level: &Option<&Level>| Level::number(*level, parameter).unwrap_or(f64::MIN);
    let levels = data.levels(experiment).into_iter();
    levels.max_by(|a, b| number(a).total_cmp(&number(b)))
}

/// A transport's cells with the lowest and the highest value of a parameter, within one facet of
/// the other swept parameters.
pub fn ends<'d, 'a>(
    data: &'d Data<'a>,
    experiment: &str,
    transport: Transport,
    parameter: &str,
) -> Option<(&'d CellTrials<'a>, &'d CellTrials<'a>)> {
    let mut cells = data.cells(experiment);
    cells.retain(|cell| {
        cell.transport == transport && cell.number(parameter).is_some() && !cell.valid.is_empty()
    });
    let facet = |cell: &CellTrials| Level::facet(cell.level, parameter);
    let first = facet(cells.first()?);
    cells.retain(|cell| facet(cell) == first);
    let place = |cell: &CellTrials| cell.number(parameter).unwrap_or_default();
    cells.sort_by(|a, b| place(a).total_cmp(&place(b)));
    let (first, last) = (*cells.first()?, *cells.last()?);
    (place(first) < place(last)).then_some((first, last))
}

/// " at d = 40 ms"; empty without a level.
pub fn at(level: Option<&Level>) -> String {
    let words = level::words(level);
    if words.is_empty() {
        words
    } else {
        format!(" at {words}")
    }
}

/// "T = 2 s, d = 40 ms": the settings that a crossover belongs to; `None` where cells of the
/// transport differ in one of them.
pub fn interval_and_delay(data: &Data, experiment: &str, transport: Transport) -> Option<String> {
    let mut cells = data.cells(experiment);
    cells.retain(|cell| cell.transport == transport);
    let of = |cell: &&CellTrials| {
        let settings = data.settings(cell)?;
        Some([settings.transport.interval_ms, settings.network.one_way_ms])
    };
    let each: Vec<_> = cells.iter().filter_map(of).collect();
    let [interval, delay] = *each.first()?;
    let shown = |ms: f64| units::show(Quantity::Time, ms * 1e3);
    let is_common = each.iter().all(|one| *one == [interval, delay]);
    is_common.then(|| {
        let (interval, delay) = (shown(interval), shown(delay));
        format!("T\u{a0}=\u{a0}{interval}, d\u{a0}=\u{a0}{delay}")
    })
}
