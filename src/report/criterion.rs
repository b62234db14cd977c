//! Criterion's estimates, where benchmarks have been run. They are copied into a file beside the
//! page, which is what the page links: criterion's own files stay where they were.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{analysis::metric::Quantity, wire::Transport};

use super::{
    data::Measured,
    figures::{
        Figure,
        dots::{self, About, Row},
        rows::Group,
    },
    units::{show, show_interval},
};

/// The group whose measurement is bytes for each message delivered; all others are of time.
const OF_BYTES: &str = "bandwidth/";

#[derive(Deserialize)]
struct Estimates {
    mean: Statistic,
}

/// Nanoseconds, or bytes.
#[derive(Deserialize)]
struct Statistic {
    point_estimate: f64,
    confidence_interval: Interval,
}

#[derive(Deserialize)]
struct Interval {
    lower_bound: f64,
    upper_bound: f64,
}

pub struct Benchmark {
    pub name: String,
    quantity: Quantity,
    /// Microseconds, or bytes.
    value: f64,
    interval: [f64; 2],
}

impl Benchmark {
    pub fn mean(&self) -> String {
        show(self.quantity, self.value)
    }

    pub fn interval(&self) -> String {
        show_interval(self.quantity, self.interval)
    }
}

/// The newest estimates of each benchmark under `root` (`target/criterion`). None where there are
/// none.
pub fn benchmarks(root: &Path) -> Vec<Benchmark> {
    let mut files = Vec::new();
    // A folder that cannot be read has no benchmarks to show.
    let _ = find(root, &mut files);
    files.sort();
    files
        .iter()
        .filter_map(|file| benchmark(root, file))
        .collect()
}

/// All of them, with the unit of each.
pub fn csv(benchmarks: &[Benchmark]) -> String {
    let mut out = "benchmark,unit,mean,ci95_low,ci95_high\n".to_owned();
    for Benchmark {
        name,
        quantity,
        value,
        interval: [low, high],
    } in benchmarks
    {
        let unit = match quantity {
            Quantity::WholeBytes => "bytes",
            _ => "us",
        };
        let _ = writeln!(out, "{name},{unit},{value},{low},{high}");
    }
    out
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
        value: benchmark.value,
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

/// Each `…/new/estimates.json`.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.ends_with("new/estimates.json") {
            files.push(path);
        }
    }
    Ok(())
}

fn benchmark(root: &Path, file: &Path) -> Option<Benchmark> {
    let text = fs::read_to_string(file).ok()?;
    let mean = serde_json::from_str::<Estimates>(&text).ok()?.mean;
    let name = file.parent()?.parent()?.strip_prefix(root).ok()?;
    let name = name.to_string_lossy().into_owned();
    let (quantity, unit) = match name.starts_with(OF_BYTES) {
        true => (Quantity::WholeBytes, 1.0),
        false => (Quantity::Time, 1e3),
    };
    let Interval {
        lower_bound,
        upper_bound,
    } = mean.confidence_interval;
    Some(Benchmark {
        name,
        quantity,
        value: mean.point_estimate / unit,
        interval: [lower_bound / unit, upper_bound / unit],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, name: &str) {
        let place = root.join(name).join("new");
        fs::create_dir_all(&place).unwrap();
        let text = r#"{"mean":{"confidence_interval":{"confidence_level":0.95,"lower_bound":1000.0,
            "upper_bound":1200.0},"point_estimate":1100.0,"standard_error":1.0}}"#;
        fs::write(place.join("estimates.json"), text).unwrap();
    }

    #[test]
    fn estimates_are_found_each_in_its_unit() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "fan-out/1000");
        write(root.path(), "bandwidth/sse/32");
        let found = benchmarks(root.path());
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.name.as_str(), one.mean()))
            .collect();
        assert_eq!(
            told,
            [
                ("bandwidth/sse/32", "1100\u{a0}B".into()),
                ("fan-out/1000", "1.1\u{a0}µs".into())
            ]
        );
        assert_eq!(found[1].interval(), "1–1.2\u{a0}µs");
        assert!(csv(&found).contains("bandwidth/sse/32,bytes,1100,1000,1200\n"));
    }

    #[test]
    fn bytes_are_drawn_and_times_are_not() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "fan-out/1000");
        assert!(figure(&benchmarks(root.path())).is_none());
        write(root.path(), "bandwidth/websocket/32");
        write(root.path(), "bandwidth/short_poll_mostly_empty/32");
        let drawn = figure(&benchmarks(root.path())).unwrap();
        assert!(drawn.csv.contains("mostly empty") && drawn.csv.contains("websocket"));
    }

    #[test]
    fn where_there_are_none_there_is_nothing() {
        assert!(benchmarks(Path::new("/nowhere/at/all")).is_empty());
    }
}
