//! Criterion's estimates of the benchmarks that were run on this machine.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use analysis::{benchmarks::Benchmark, metric::Quantity};
use serde::Deserialize;

/// The folder into which `cargo bench` writes them.
pub const ROOT: &str = "target/criterion";

/// The group that measures bytes per message delivered; all others measure time.
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

/// The newest estimates of each benchmark under `root`; an empty list if there are none.
pub fn benchmarks(root: &Path) -> Vec<Benchmark> {
    let mut files = Vec::new();
    // A folder that cannot be read counts as one without benchmarks.
    let _ = find(root, &mut files);
    files.sort();
    let found = files.iter().filter_map(|file| benchmark(root, file));
    found.collect()
}

/// Collects all files `…/new/estimates.json`.
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
        mean: mean.point_estimate / unit,
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
    fn estimates_are_read_in_their_units() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "fan-out/1000");
        write(root.path(), "bandwidth/sse/32");
        let found = benchmarks(root.path());
        let values = found
            .iter()
            .map(|one| (one.name.as_str(), one.mean, one.interval));
        let expected = [
            ("bandwidth/sse/32", 1_100.0, [1_000.0, 1_200.0]),
            ("fan-out/1000", 1.1, [1.0, 1.2]),
        ];
        assert!(values.eq(expected));
        assert_eq!(found[0].quantity, Quantity::WholeBytes);
    }

    #[test]
    fn a_missing_folder_has_no_benchmarks() {
        assert!(benchmarks(Path::new("/nowhere/at/all")).is_empty());
    }
}
