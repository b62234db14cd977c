//! What `cargo bench` had found when a run was made: a file of the run's folder, so that the report
//! tells the same of it whenever it is rendered again.

use std::{fmt::Write, fs, io, path::Path};

use super::metric::Quantity;

const FILE: &str = "criterion.csv";
const HEAD: &str = "benchmark,unit,mean,ci95_low,ci95_high\n";

/// A benchmark's mean with its 95 % interval, in microseconds or in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    /// With its group: `bandwidth/sse/32`.
    pub name: String,
    pub quantity: Quantity,
    pub mean: f64,
    pub interval: [f64; 2],
}

/// Keeps them with the run of this folder; none take the place of an earlier run's.
///
/// # Errors
/// A folder that cannot be written to.
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

/// Those of the run of this folder; none where none were kept.
pub fn read(folder: &Path) -> Vec<Benchmark> {
    let text = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    text.lines().skip(1).filter_map(line).collect()
}

fn csv(benchmarks: &[Benchmark]) -> String {
    let mut out = HEAD.to_owned();
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

fn line(line: &str) -> Option<Benchmark> {
    // From the right: a name may have a comma.
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
    fn what_is_kept_is_read_again_until_a_run_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let benchmark = |name: &str, quantity| Benchmark {
            name: name.into(),
            quantity,
            mean: 1.0 / 3.0,
            interval: [0.1, 1497.283089961417],
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
