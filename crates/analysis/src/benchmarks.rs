//! The results of `cargo bench` at the time of a run. They are kept in a file of the run's folder,
//! so that a later rendering of the report shows the same figures.

use std::{fmt::Write, fs, io, path::Path};

use super::metric::Quantity;

pub const FILE: &str = "criterion.csv";
const HEADER: &str = "benchmark,unit,mean,ci95_low,ci95_high\n";

/// A benchmark's mean with its 95 % interval, in microseconds or in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    /// The name with its group: `bandwidth/sse/32`.
    pub name: String,
    pub quantity: Quantity,
    pub mean: f64,
    pub interval: [f64; 2],
}

/// Writes the benchmarks into the folder of a run. An empty list removes those of an earlier run.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(folder: &Path, benchmarks: &[Benchmark]) -> io::Result<()> {
    let path = folder.join(FILE);
    if !benchmarks.is_empty() {
        return fs::write(path, csv(benchmarks));
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Reads the benchmarks from the folder of a run; an empty list if there are none.
pub fn read(folder: &Path) -> Vec<Benchmark> {
    let text = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    text.lines().skip(1).filter_map(parse_line).collect()
}

fn csv(benchmarks: &[Benchmark]) -> String {
    let mut out = HEADER.to_owned();
    for one in benchmarks {
        let unit = match one.quantity {
            Quantity::WholeBytes => "bytes",
            _ => "us",
        };
        let [low, high] = one.interval;
        let _ = writeln!(out, "{},{unit},{},{low},{high}", one.name, one.mean);
    }
    out
}

fn parse_line(line: &str) -> Option<Benchmark> {
    // The fields are taken from the right, because a name may contain a comma.
    let mut fields = line.rsplitn(5, ',');
    let mut number = || fields.next()?.parse().ok();
    let (high, low, mean) = (number()?, number()?, number()?);
    let quantity = match fields.next()? {
        "bytes" => Quantity::WholeBytes,
        _ => Quantity::Time,
    };
    Some(Benchmark {
        name: fields.next()?.to_owned(),
        quantity,
        mean,
        interval: [low, high],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_benchmarks_are_read_back_and_an_empty_list_removes_them() {
        let folder = tempfile::tempdir().unwrap();
        let benchmark = |name: &str, quantity| Benchmark {
            name: name.into(),
            quantity,
            mean: 1.0 / 3.0,
            interval: [0.1, 1_497.283_089_961_417],
        };
        let both = [
            benchmark("bandwidth/sse/32", Quantity::WholeBytes),
            benchmark("fan-out/1,000", Quantity::Time),
        ];
        write(folder.path(), &both).unwrap();
        assert_eq!(read(folder.path()), both);
        write(folder.path(), &[]).unwrap();
        assert_eq!(read(folder.path()), []);
        write(folder.path(), &[]).unwrap();
    }
}
