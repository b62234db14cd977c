//! Criterion's estimates, where benchmarks have been run: its means, and links to its own files.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::units::{Quantity, show, show_interval};

#[derive(Deserialize)]
struct Estimates {
    mean: Statistic,
}

/// Nanoseconds.
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
    pub mean: String,
    pub interval: String,
    /// From the report's folder to the estimates.
    pub link: String,
}

/// The newest estimates of each benchmark under `root` (`target/criterion`), for a page in
/// `folder`. None where there are none, or where no relative path leads there.
pub fn benchmarks(root: &Path, folder: &Path) -> Vec<Benchmark> {
    let mut files = Vec::new();
    // A folder that cannot be read has no benchmarks to show.
    let _ = find(root, &mut files);
    files.sort();
    files
        .iter()
        .filter_map(|file| benchmark(root, folder, file))
        .collect()
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

fn benchmark(root: &Path, folder: &Path, file: &Path) -> Option<Benchmark> {
    let text = fs::read_to_string(file).ok()?;
    let mean = serde_json::from_str::<Estimates>(&text).ok()?.mean;
    let name = file.parent()?.parent()?.strip_prefix(root).ok()?;
    let Interval {
        lower_bound,
        upper_bound,
    } = mean.confidence_interval;
    Some(Benchmark {
        name: name.to_string_lossy().into_owned(),
        mean: show(Quantity::Time, mean.point_estimate / 1e3),
        interval: show_interval(Quantity::Time, [lower_bound / 1e3, upper_bound / 1e3]),
        link: relative(folder, file)?,
    })
}

/// The way from a folder to a file, `..` upwards.
fn relative(folder: &Path, file: &Path) -> Option<String> {
    let (folder, file) = (fs::canonicalize(folder).ok()?, fs::canonicalize(file).ok()?);
    let shared = folder
        .components()
        .zip(file.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = file
        .components()
        .skip(shared)
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    Some(up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_found_and_linked_by_a_relative_path() {
        let home = tempfile::tempdir().unwrap();
        let (root, folder) = (
            home.path().join("target/criterion"),
            home.path().join("reports/one"),
        );
        let place = root.join("fan-out/1000/new");
        fs::create_dir_all(&place).unwrap();
        fs::create_dir_all(&folder).unwrap();
        let text = r#"{"mean":{"confidence_interval":{"confidence_level":0.95,"lower_bound":1000.0,
            "upper_bound":1200.0},"point_estimate":1100.0,"standard_error":1.0}}"#;
        fs::write(place.join("estimates.json"), text).unwrap();
        let found = benchmarks(&root, &folder);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].name.as_str(), found[0].mean.as_str()),
            ("fan-out/1000", "1.1\u{a0}µs")
        );
        assert_eq!(found[0].interval, "1–1.2\u{a0}µs");
        assert_eq!(
            found[0].link,
            "../../target/criterion/fan-out/1000/new/estimates.json"
        );
    }

    #[test]
    fn where_there_are_none_there_is_nothing() {
        assert!(benchmarks(Path::new("/nowhere/at/all"), Path::new("/")).is_empty());
    }
}
