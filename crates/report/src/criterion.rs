//! The benchmarks that are kept with a run.

use analysis::{benchmarks::Benchmark, metric::Quantity};
use protocol::Transport;

use super::{
    data::MeasuredValue,
    figures::{
        Figure,
        dots::{self, DotFigure, DotRow},
        rows::RowGroup,
    },
    units::{show, show_interval},
};

/// The group whose measurement is bytes for each message delivered.
const OF_BYTES: &str = "bandwidth/";

/// A benchmark's row in the table of the page.
pub struct BenchmarkRow {
    pub name: String,
    pub mean: String,
    pub interval: String,
}

pub fn rows(benchmarks: &[Benchmark]) -> Vec<BenchmarkRow> {
    let row = |one: &Benchmark| BenchmarkRow {
        name: one.name.clone(),
        mean: show(one.quantity, one.mean),
        interval: show_interval(one.quantity, one.interval),
    };
    benchmarks.iter().map(row).collect()
}

/// The figure of the benchmarks of bytes, which criterion cannot plot.
pub fn figure(benchmarks: &[Benchmark]) -> Option<Figure> {
    let mut groups: Vec<RowGroup<DotRow>> = Vec::new();
    for benchmark in benchmarks {
        let Some((heading, row)) = bytes(benchmark) else {
            continue;
        };
        match groups.iter_mut().find(|group| group.heading == heading) {
            Some(group) => group.rows.push(row),
            None => groups.push(RowGroup {
                heading,
                rows: vec![row],
            }),
        }
    }
    for group in &mut groups {
        group.rows.sort_by_key(|row| row.transport);
    }
    let description = DotFigure {
        slug: "criterion-bandwidth".into(),
        title: "Application bytes per message delivered, by cargo bench".into(),
        caption: "Counted at the client's socket, both ways, without TCP/IP headers.",
        axis: "Application bytes per message delivered".into(),
        quantity: Quantity::WholeBytes,
        column: "bytes",
        stroke: "theory",
        inputs: None,
    };
    dots::drawn(&description, &groups)
}

/// Parses a name such as `bandwidth/short_poll_mostly_empty/32` into the heading of its group and a
/// row.
fn bytes(benchmark: &Benchmark) -> Option<(String, DotRow)> {
    let (case, size) = benchmark.name.strip_prefix(OF_BYTES)?.rsplit_once('/')?;
    let transport = Transport::ALL
        .into_iter()
        .find(|transport| case.starts_with(transport.slug()))?;
    let variant = case.strip_prefix(transport.slug())?.replace('_', " ");
    let comma = if variant.is_empty() { "" } else { "," };
    let measured = MeasuredValue {
        value: benchmark.mean,
        interval: Some(benchmark.interval),
        theory: None,
        censored: false,
    };
    Some((
        format!("Bodies of {size} B{comma}{variant}"),
        DotRow {
            transport,
            measured,
            predicted: None,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn benchmark(name: &str, quantity: Quantity) -> Benchmark {
        Benchmark {
            name: name.into(),
            quantity,
            mean: 1.1,
            interval: [1.0, 1.2],
        }
    }

    #[test]
    fn bytes_are_drawn_and_times_are_not() {
        let mut all = vec![benchmark("fan-out/1000", Quantity::Time)];
        assert!(figure(&all).is_none());
        assert_eq!(rows(&all)[0].mean, "1.1\u{a0}µs");
        assert_eq!(rows(&all)[0].interval, "1–1.2\u{a0}µs");
        for name in [
            "bandwidth/websocket/32",
            "bandwidth/short_poll_mostly_empty/32",
        ] {
            all.push(benchmark(name, Quantity::WholeBytes));
        }
        let csv = figure(&all).unwrap().csv.unwrap();
        assert!(csv.contains("mostly empty") && csv.contains("websocket"));
    }
}
