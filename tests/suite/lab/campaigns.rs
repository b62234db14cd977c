//! Whole campaigns: their results, their files and their exit codes.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::running::{check_exit_code, lab, results, run, text};
use crate::schema;

fn number(value: &Value, path: &str) -> u64 {
    value
        .pointer(path)
        .and_then(Value::as_u64)
        .unwrap_or_else(|| panic!("{path} in {value}"))
}

/// Checks what must hold for every trial, however busy the machine is.
fn check_trial(trial: &Value) {
    for path in ["/lost", "/duplicated", "/reordered"] {
        assert_eq!(number(trial, path), 0, "{path}: {trial}");
    }
    assert_eq!(number(trial, "/received"), number(trial, "/expected"));
    let bytes = |name: &str| number(trial, &format!("/bytes/{name}"));
    let by_kind = bytes("payload") + bytes("headers") + bytes("framing");
    assert_eq!(by_kind, bytes("up") + bytes("down"));
    let port = |name: &str| number(trial, &format!("/port_bytes/{name}"));
    assert!(port("up") > bytes("up") && port("down") > bytes("down"));
    let void = trial["void"].as_str().unwrap_or_default();
    assert!(
        !void.contains("kernel"),
        "the two byte counts are equal: {void}"
    );
    assert!(!void.contains("responded"), "no request is refused: {void}");
}

#[test]
fn the_small_scenario_makes_a_whole_report() {
    let folder = TempDir::new().unwrap();
    let output = run(folder.path(), &["smoke", "--seed", "7", "--samples"]);
    let out = folder.path().join("reports/smoke");
    let results = results(&out, &text(&output.stderr));
    check_exit_code(&output, &results);
    assert_eq!(text(&output.stdout).trim(), "reports/smoke/index.html");
    check_progress(&text(&output.stderr));
    assert_eq!(schema::errors(&results), [""; 0]);
    assert_eq!(results["seed"], 7);
    let trials = results["trials"].as_array().unwrap();
    assert_eq!(
        trials.len(),
        20,
        "two transports and their controls, five times"
    );
    trials.iter().for_each(check_trial);
    let page = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("<svg") && !page.contains("<script"));
    let samples = fs::read_to_string(out.join("samples.csv")).unwrap();
    let received: u64 = trials.iter().map(|trial| number(trial, "/received")).sum();
    assert_eq!(samples.lines().count() as u64, received + 1);
    check_dictionary(&out);
    check_rendering_again(&out, &page);
}

/// Without a terminal there is a line for each trial, with what was found so far and theory.
fn check_progress(stderr: &str) {
    let trials = stderr
        .lines()
        .filter(|line| line.contains(" of 20 trials, "));
    let trials: Vec<_> = trials.collect();
    assert_eq!(trials.len(), 20, "{stderr}");
    for word in ["smoke, ", "so far", "theory", " left; "] {
        assert!(
            trials.iter().all(|line| line.contains(word)),
            "{word}: {stderr}"
        );
    }
    let is_control = |c: char| c.is_control() && c != '\n';
    assert!(!stderr.contains(is_control), "{stderr:?}");
}

/// Every column of every CSV file is in the data dictionary, with a meaning.
fn check_dictionary(out: &Path) {
    let dictionary = fs::read_to_string(out.join("data-dictionary.csv")).unwrap();
    for entry in fs::read_dir(out).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.ends_with(".csv") {
            continue;
        }
        let table = fs::read_to_string(out.join(&name)).unwrap();
        for column in table.lines().next().unwrap().split(',') {
            let start = format!("{name},{column},");
            let row = dictionary.lines().find(|row| row.starts_with(&start));
            let row = row.unwrap_or_else(|| panic!("{start} in {dictionary}"));
            assert!(!row.ends_with(','), "no meaning: {row}");
        }
    }
}

fn check_rendering_again(out: &Path, page: &str) {
    let report = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
        command.arg("report").args(arguments).current_dir(out);
        command.output().unwrap()
    };
    fs::remove_file(out.join("index.html")).unwrap();
    assert!(report(&["."]).status.success());
    let again = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(again == page, "the same results make the same page");
    // A run compared with itself has no change.
    let both = report(&["--fail-over", "0%", ".", "."]);
    assert!(both.status.success(), "{}", text(&both.stdout));
}

/// All transports over a link with an outage, jitter and a limited rate.
const OUTAGE_AND_JITTER: &str = r#"
name = "rough"
[load]
rooms = 6
rate = 6.0
seconds = 1.6
[outage]
at = 0.4
seconds = 0.3
[network]
one_way_ms = 5
jitter_ms = 2
rate_kbps = 4000
[transport]
interval_ms = 100
wait_s = 1
[runs]
repetitions = 3
"#;

#[test]
fn no_message_is_lost_in_an_outage() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("rough.toml"), OUTAGE_AND_JITTER).unwrap();
    let output = run(folder.path(), &["rough.toml", "--out", "here"]);
    let results = results(&folder.path().join("here"), &text(&output.stderr));
    check_exit_code(&output, &results);
    let trials = results["trials"].as_array().unwrap();
    trials.iter().for_each(check_trial);
    let with_outage: Vec<_> = trials
        .iter()
        .filter(|trial| trial["experiment"] == "rough")
        .collect();
    assert_eq!(with_outage.len(), 12, "four transports, three times");
    for trial in with_outage {
        assert!(number(trial, "/outage/recover_us/count") > 0, "{trial}");
        assert!(number(trial, "/outage/catch_up_bytes") > 0);
    }
}

/// A new connection for each poll, with the headers of a browser; one trial a cell in each run.
const NEW_CONNECTIONS: &str = r#"
name = "own"
[load]
rooms = 4
rate = 5
seconds = 1
[transport]
list = ["short_poll", "long_poll"]
interval_ms = 100
keep_alive = false
headers = "browser"
[runs]
repetitions = 1
"#;

#[test]
fn a_new_connection_for_each_poll_is_counted() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("own.toml"), NEW_CONNECTIONS).unwrap();
    let output = run(folder.path(), &["own.toml", "--out", "here", "--runs", "3"]);
    let results = results(&folder.path().join("here"), &text(&output.stderr));
    check_exit_code(&output, &results);
    check_runs(&results, &folder.path().join("here"));
    for trial in results["trials"].as_array().unwrap() {
        check_trial(trial);
        let (requests, connections) = (number(trial, "/requests"), number(trial, "/connections"));
        assert!(
            requests > 0 && requests.abs_diff(connections) <= 8,
            "{trial}"
        );
        assert!(
            trial["sizes"]["request"].as_f64().unwrap() > 200.0,
            "the headers of a browser"
        );
    }
}

/// Three runs of two transports and the control, in one results.json.
fn check_runs(results: &Value, folder: &Path) {
    assert_eq!(results["scenario"]["runs"], 3);
    assert_eq!(results["scenario"]["every_s"], Value::Null);
    assert_eq!(results["intervals_cover"], "runs");
    let starts: Vec<_> = results["runs"].as_array().unwrap().iter().collect();
    assert_eq!(starts.len(), 3);
    assert_eq!(starts[0]["started_at"], results["started_at"]);
    let trials = results["trials"].as_array().unwrap();
    let runs: Vec<_> = trials.iter().map(|trial| number(trial, "/run")).collect();
    let of_one = runs.len() / 3;
    let in_order = (0..3).flat_map(|run| vec![run; of_one]);
    assert!(
        of_one >= 3 && runs == in_order.collect::<Vec<_>>(),
        "{runs:?}"
    );
    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    assert!(page.contains("between 3 runs") && page.contains("--runs 3"));
}

/// Starts the lab, interrupts it after the first line on standard error with these words, and checks
/// that it has kept its finished trials and not run all that were planned. Returns both numbers.
fn interrupted(arguments: &[&str], words: &str) -> [u64; 2] {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("own.toml"), NEW_CONNECTIONS).unwrap();
    let mut command = lab(folder.path(), arguments);
    let mut child = command
        .args(["--out", "here"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    let awaited = stderr.find(|line| line.as_ref().unwrap().contains(words));
    assert!(awaited.is_some(), "{words}");
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let rest: Vec<String> = stderr.map_while(Result::ok).collect();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{rest:?}");
    let results = results(&folder.path().join("here"), &rest.join("\n"));
    assert!(
        rest.iter().any(|line| line.contains("interrupted")),
        "{rest:?}"
    );
    assert!(folder.path().join("here/index.html").exists());
    let done = results["trials"].as_array().unwrap().len() as u64;
    let planned = number(&results, "/scenario/planned_trials");
    assert!(0 < done && done < planned, "{done} of {planned}");
    [done, planned]
}

#[test]
fn an_interrupted_run_keeps_its_finished_trials() {
    interrupted(&["smoke"], " trials, ");
}

#[test]
fn an_interrupted_wait_for_the_next_run_keeps_the_finished_run() {
    let arguments = ["own.toml", "--runs", "3", "--every", "2h"];
    let [done, planned] = interrupted(&arguments, "run 2 of 3: begins in 1h");
    assert_eq!(3 * done, planned);
}
