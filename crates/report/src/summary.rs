//! The first section of the page: the transports side by side, and the main conclusions.

use analysis::{
    cell_trials::CellTrials,
    metric::{LatencyKind, Metric, Quantity, Statistic},
    results::{Cost, CostFit},
    scenario::Level,
};
use protocol::Transport;

use super::{
    conclusions::{between, cost, delay, highest_level, load},
    data::{Data, MeasuredValue},
    level,
    subject::Subject,
    table::{Value, marker},
};

/// The most sentences that are shown.
const SENTENCES: usize = 6;

pub struct Summary {
    pub caption: String,
    pub columns: Vec<String>,
    pub rows: Vec<SummaryRow>,
    /// What lies between the two latencies of the table.
    pub between: Option<String>,
    pub sentences: Vec<String>,
}

pub struct SummaryRow {
    pub transport: Transport,
    pub values: Vec<Option<Value>>,
}

impl SummaryRow {
    pub fn marker(&self) -> String {
        marker(self.transport)
    }
}

/// Without a fit of the costs, the mixture stands for them.
const CPU_MIXED: &str = "Server CPU per delivery, its share of posts and requests included";
/// The columns of the costs that were fitted.
const COSTS: [&str; 2] = ["Server CPU per request", "Server CPU per delivery"];

/// The metrics of the table.
pub const COLUMNS: [(&str, Metric); 7] = [
    ("Mean delivery latency", Metric::MEAN),
    (
        "Mean end-to-end latency",
        Metric::Latency(LatencyKind::EndToEnd, Statistic::Mean),
    ),
    ("Median delivery latency", Metric::P50),
    ("p99 delivery latency", Metric::P99),
    ("Requests a minute, per client", Metric::RequestsPerS),
    ("IP bytes per message", Metric::IpBytesPerMessage),
    (CPU_MIXED, Metric::CpuPerDelivery),
];

/// What the table is of.
pub struct Headline<'d, 'a> {
    pub experiment: &'a str,
    pub level: Option<&'a Level>,
    pub cells: Vec<&'d CellTrials<'a>>,
}

/// `None` if no experiment has trials.
pub fn headline<'d, 'a>(data: &'d Data<'a>) -> Option<Headline<'d, 'a>> {
    let experiment = data
        .on(Subject::Latency)
        .or_else(|| with_several_transports(data))?;
    let level = highest_level(data, experiment, "one_way_ms")?;
    let cells = Transport::ALL
        .into_iter()
        .filter_map(|transport| data.cell(experiment, transport, level));
    Some(Headline {
        experiment,
        level,
        cells: cells.collect(),
    })
}

/// `None` if no experiment has trials.
pub fn summary(data: &Data) -> Option<Summary> {
    let Headline {
        experiment,
        level,
        cells,
    } = headline(data)?;
    let any = |(_, metric): &(&str, Metric)| {
        cells
            .iter()
            .any(|cell| data.measured(cell, *metric).is_some())
    };
    let mut columns: Vec<_> = COLUMNS.into_iter().filter(any).collect();
    let fits = &data.results.costs;
    if !fits.is_empty() {
        columns.retain(|(name, _)| *name != CPU_MIXED);
    }
    let row = |cell: &&CellTrials| {
        let measured = columns.iter().map(|(_, metric)| value(data, cell, *metric));
        SummaryRow {
            transport: cell.transport,
            values: measured.chain(costs(fits, cell.transport)).collect(),
        }
    };
    Some(Summary {
        caption: caption(data, experiment, level),
        rows: cells.iter().map(row).collect(),
        between: between::between(&cells),
        columns: columns
            .iter()
            .map(|(name, _)| *name)
            .chain(COSTS.into_iter().filter(|_| !fits.is_empty()))
            .map(str::to_owned)
            .collect(),
        sentences: sentences(data, experiment),
    })
}

/// The first experiment with more than one transport; otherwise the first with any.
fn with_several_transports<'a>(data: &Data<'a>) -> Option<&'a str> {
    let names = data.experiments();
    let transports = |name: &str| {
        let mut found: Vec<_> = data.cells(name).iter().map(|cell| cell.transport).collect();
        found.sort();
        found.dedup();
        found.len()
    };
    let many = names.iter().find(|name| transports(name) > 1);
    many.or_else(|| names.iter().find(|name| transports(name) > 0))
        .copied()
}

fn value(data: &Data, cell: &CellTrials, metric: Metric) -> Option<Value> {
    let found = data.measured(cell, metric)?;
    if metric != Metric::RequestsPerS {
        return Some(Value::new(metric.quantity(), found));
    }
    // The rates of polls are easier to compare by the minute.
    let minute = |value: f64| value * 60.0;
    let found = MeasuredValue {
        value: minute(found.value),
        interval: found.interval.map(|ends| ends.map(minute)),
        theory: found.theory.map(minute),
        censored: found.censored,
    };
    Some(Value::new(Quantity::Count, found))
}

/// b and c of a transport, in the columns of [`COSTS`]; no column where the campaign has no fit.
fn costs(fits: &[CostFit], transport: Transport) -> Vec<Option<Value>> {
    if fits.is_empty() {
        return Vec::new();
    }
    let own = fits.iter().find(|fit| fit.transport == transport);
    let both = [
        own.and_then(|fit| fit.request_us),
        own.map(|fit| fit.delivery_us),
    ];
    let shown = |cost: Cost| {
        let found = MeasuredValue {
            value: cost.value,
            interval: Some(cost.ci95),
            theory: None,
            censored: false,
        };
        Value::new(Quantity::Time, found)
    };
    both.map(|cost| cost.map(shown)).into()
}

fn caption(data: &Data, experiment: &str, level: Option<&Level>) -> String {
    let setting = data
        .results
        .experiment(experiment)
        .and_then(|found| found.at(level).ok());
    let setting = setting.map(|found| {
        format!(
            "{} messages a second in a room, a pause of {} between short polls, a one-way delay of {}",
            super::units::number(found.load.rate),
            super::units::show(Quantity::Time, found.transport.interval_ms * 1e3),
            super::units::show(Quantity::Time, found.network.one_way_ms * 1e3),
        )
    });
    let setting = setting.unwrap_or_else(|| level::words(level));
    let units = data.results.intervals_cover.units();
    format!("{setting}. In small figures, and in brackets: 95 % intervals over {units}.")
}

fn sentences(data: &Data, experiment: &str) -> Vec<String> {
    let bytes = |transport| cost::bytes_against_push(data, experiment, transport);
    let on_rate = |of: fn(&Data, &str) -> Option<String>| {
        data.on(Subject::Rate).and_then(|name| of(data, name))
    };
    let mut found: Vec<String> = [
        delay::polling_latency(data, experiment),
        delay::equal_medians(data, experiment),
        bytes(Transport::ShortPoll),
        bytes(Transport::LongPoll),
        on_rate(cost::crossover),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.extend(
        load::cpu(data, experiment, "one_way_ms")
            .into_iter()
            .take(1),
    );
    found.truncate(SENTENCES);
    found
}
