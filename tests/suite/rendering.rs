//! What `pushlab report` writes and where, and commands whose output is a closed pipe.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
    process::{Command, Output, Stdio},
};

use analysis::{
    estimate::estimate,
    gates,
    results::{Results, Trial},
};
use tempfile::TempDir;

fn pushlab(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    command.args(arguments).current_dir(folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    pushlab(folder, arguments).output().unwrap()
}

fn committed() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/reports/coursework"))
}

/// The names of a folder's files with what is in them.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Copies of the committed report under these names.
fn copies(names: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in names {
        fs::create_dir(folder.path().join(name)).unwrap();
        for (file, text) in files(committed()) {
            fs::write(folder.path().join(name).join(file), text).unwrap();
        }
    }
    folder
}

fn differing(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names: BTreeSet<_> = a.keys().chain(b.keys()).collect();
    let differ = names
        .into_iter()
        .filter(|name| a.get(*name) != b.get(*name));
    differ.cloned().collect()
}

#[test]
fn an_old_report_is_rendered_the_same_despite_later_benchmarks() {
    let folder = copies(&["old"]);
    let since = folder.path().join("target/criterion/fan-out/1000/new");
    fs::create_dir_all(&since).unwrap();
    let estimates = r#"{"mean":{"confidence_interval":{"lower_bound":1.0,"upper_bound":2.0},"point_estimate":1.5}}"#;
    fs::write(since.join("estimates.json"), estimates).unwrap();
    fs::remove_file(folder.path().join("old/index.html")).unwrap();
    assert!(run(folder.path(), &["report", "old"]).status.success());
    let again = files(&folder.path().join("old"));
    assert_eq!(differing(&files(committed()), &again), [""; 0]);
}

/// The committed run is older than `void_kinds` and `is_control`, and is read nevertheless.
#[test]
fn an_old_run_is_estimated_the_same() {
    let results = Results::read(committed()).unwrap();
    let names = results.scenario.experiments.keys();
    let experiments = names
        .filter_map(|name| Some((name.clone(), results.experiment(name)?)))
        .collect();
    let again = estimate(&results.trials, &experiments).unwrap();
    assert_eq!(again.estimates.len(), results.estimates.len());
    for (again, before) in again.estimates.iter().zip(&results.estimates) {
        assert_eq!((again.metric, &again.level), (before.metric, &before.level));
        assert!(close(again.value, before.value), "{again:?} {before:?}");
    }
    assert_eq!(again.comparisons.len(), results.comparisons.len());
    for (again, before) in again.comparisons.iter().zip(&results.comparisons) {
        assert_eq!(
            (&again.a, &again.b, again.metric),
            (&before.a, &before.b, before.metric)
        );
        assert_eq!(again.is_control, before.is_control);
        assert!(close(again.ratio, before.ratio), "{again:?} {before:?}");
    }
}

#[test]
fn an_old_run_is_judged_the_same() {
    let results = Results::read(committed()).unwrap();
    let mut again = results.clone();
    gates::judge(&mut again.trials);
    gates::decide(&mut again, None);
    assert_eq!(again.gates, results.gates);
    assert_eq!(again.valid, results.valid);
    assert_eq!(again.reasons, results.reasons);
    // Some limits follow from medians, of which packing has changed the last digits.
    let invalid = |results: &Results| -> Vec<Vec<_>> {
        let reasons = |trial: &Trial| {
            let reasons = trial.invalidity.iter().flat_map(|why| why.without(&[]));
            reasons.map(|reason| reason.kind).collect()
        };
        results.trials.iter().map(reasons).collect()
    };
    assert_eq!(invalid(&again), invalid(&results));
}

/// Equal but for what packing loses of a quantile: its bucket is 1/128 of its value wide.
fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= b.abs() / 128.0,
        (a, b) => a == b,
    }
}

#[test]
fn a_comparison_is_written_only_to_its_out_folder() {
    let folder = copies(&["a", "b"]);
    let before = ["a", "b"].map(|name| files(&folder.path().join(name)));
    let output = run(folder.path(), &["report", "a", "b"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("noise") && text.contains("--out"), "{text}");
    let written = run(folder.path(), &["report", "a", "b", "--out", "new/c"]);
    let text = String::from_utf8(written.stdout).unwrap();
    assert!(text.ends_with("new/c/compare.html\n"), "{text}");
    assert!(folder.path().join("new/c/compare.html").exists());
    let after = ["a", "b"].map(|name| files(&folder.path().join(name)));
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(differing(before, after), [""; 0]);
    }
}

#[test]
fn a_single_report_is_rendered_in_place() {
    let folder = copies(&["a"]);
    let refused = run(folder.path(), &["report", "a", "--out", "b"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("--out"));
    assert!(!folder.path().join("b").exists());
}

#[test]
fn a_closed_pipe_ends_a_command_quietly() {
    let folder = copies(&["a", "b"]);
    for arguments in [
        &["lab", "--list"][..],
        &["lab", "smoke", "--dry-run"],
        &["report", "a", "b"],
        &["report", "a"],
    ] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = pushlab(folder.path(), arguments);
        let output = command.stdout(writer).stderr(Stdio::piped());
        let output = output.spawn().unwrap().wait_with_output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success() && text.is_empty(),
            "{arguments:?}: {text}"
        );
    }
}

/// Writes the results of a folder as they were before they were packed.
fn unpack(folder: &Path) {
    let results = Results::read(folder).unwrap();
    results.write(folder).unwrap();
}

#[test]
fn packed_results_are_rendered_and_compared_like_plain_ones() {
    let folder = copies(&["a", "b"]);
    for name in ["a", "b"] {
        unpack(&folder.path().join(name));
        assert!(run(folder.path(), &["report", name]).status.success());
    }
    let refused = run(folder.path(), &["report", "a", "b", "--compress"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("--compress")
    );
    let packed = run(folder.path(), &["report", "a", "--compress"]);
    assert!(packed.status.success());
    let [a, b] = ["a", "b"].map(|name| files(&folder.path().join(name)));
    let names = ["index.html", "results.json", "results.json.gz"];
    assert_eq!(differing(&a, &b), names);
    assert!(a.contains_key("results.json.gz") && !a.contains_key("results.json"));
    let page = std::str::from_utf8(&a["index.html"]).unwrap();
    assert!(page.contains("<a href=\"results.json.gz\">"));
    assert!(!page.contains("href=\"results.json\""));
    assert!(run(folder.path(), &["report", "a"]).status.success());
    assert_eq!(differing(&files(&folder.path().join("a")), &a), [""; 0]);
    let compared = run(folder.path(), &["report", "a", "b"]);
    assert!(
        String::from_utf8(compared.stdout)
            .unwrap()
            .contains(" 0 worse, 0 better")
    );
}
