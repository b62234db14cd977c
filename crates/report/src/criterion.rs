//! The benchmarks that were kept with a run.

use analysis::{benchmarks::Benchmark, metric::Quantity};
use protocol::Transport;

use super::{
    data::Measured,
    figures::{
        Figure,
        dots::{self, About, Row},
        rows::Group,
    },
    units::{show, show_interval},
};

/// The group whose measurement is bytes for each message delivered.
const OF_BYTES: &str = "bandwidth/";

/// A benchmark in the table of the page.
pub struct BenchmarkRow {
    pub name: String,
    pub mean: String,
    pub interval: String,
}

pub fn lines(benchmarks: &[Benchmark]) -> Vec<BenchmarkRow> {
    let line = |one: &Benchmark| BenchmarkRow {
        name: one.name.clone(),
        mean: show(one.quantity, one.mean),
        interval: show_interval(one.quantity, one.interval),
    };
    benchmarks.iter().map(line).collect()
}

/// The bytes of each transport, drawn: criterion itself can't.
pub fn figure(benchmarks: &[Benchmark]) -> Option<Figure> {
    let mut groups: Vec<Group<Row>> = Vec::new();
    for benchmark in benchmarks {
        let Some((heading, row)) = bytes(benchmark) else {
            continue;
        };
        match groups.iter_mut().find(|group| group.heading == heading) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                heading,
                rows: vec![row],
            }),
        }
    }
    for group in &mut groups {
        group.rows.sort_by_key(|row| row.transport);
    }
    let about = About {
        slug: "criterion-bandwidth".into(),
        title: "Bytes on the wire for each message delivered, by cargo bench".into(),
        caption: "Counted at the client's socket, both ways, without segments.",
        words: "Bytes for each message delivered".into(),
        quantity: Quantity::WholeBytes,
        column: "bytes",
    };
    dots::drawn(&about, &groups)
}

/// Of `bandwidth/short_poll_mostly_empty/32`: what is special about it, and its row.
fn bytes(benchmark: &Benchmark) -> Option<(String, Row)> {
    let (case, size) = benchmark.name.strip_prefix(OF_BYTES)?.rsplit_once('/')?;
    let transport = Transport::ALL
        .into_iter()
        .find(|transport| case.starts_with(transport.slug()))?;
    let special = case.strip_prefix(transport.slug())?.replace('_', " ");
    let comma = if special.is_empty() { "" } else { "," };
    let measured = Measured {
        value: benchmark.mean,
        interval: Some(benchmark.interval),
        theory: None,
    };
    Some((
        format!("Bodies of {size} B{comma}{special}"),
        Row {
            transport,
            measured,
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
        assert_eq!(lines(&all)[0].mean, "1.1\u{a0}µs");
        assert_eq!(lines(&all)[0].interval, "1–1.2\u{a0}µs");
        for name in [
            "bandwidth/websocket/32",
            "bandwidth/short_poll_mostly_empty/32",
        ] {
            all.push(benchmark(name, Quantity::WholeBytes));
        }
        let drawn = figure(&all).unwrap();
        assert!(drawn.csv.contains("mostly empty") && drawn.csv.contains("websocket"));
    }
}
