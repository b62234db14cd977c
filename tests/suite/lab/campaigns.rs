//! Whole campaigns: what they measure and write, and how they end.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::running::{lab, run, text};

/// What the lab wrote; `told` is what it said meanwhile.
fn results(folder: &Path, told: &str) -> Value {
    let text = fs::read_to_string(folder.join("results.json"));
    serde_json::from_str(&text.unwrap_or_else(|error| panic!("{error}: {told}"))).unwrap()
}

fn number(value: &Value, path: &str) -> u64 {
    value
        .pointer(path)
        .and_then(Value::as_u64)
        .unwrap_or_else(|| panic!("{path} in {value}"))
}

/// On a busy machine a trial may be void, and then the campaign is not valid; nothing else may be
/// wrong.
fn ended_well(output: &Output, results: &Value) {
    let valid = results["valid"].as_bool().unwrap();
    let code = output.status.code();
    assert_eq!(
        code,
        Some(if valid { 0 } else { 3 }),
        "{}",
        text(&output.stderr)
    );
    if !valid {
        let told = text(&output.stderr);
        assert!(told.contains("not valid"), "{told}");
    }
}

/// What must hold for every trial, whatever the machine does meanwhile.
fn sound(trial: &Value) {
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
    assert!(!void.contains("kernel"), "the two counts agree: {void}");
    assert!(!void.contains("answered"), "nothing is refused: {void}");
}

#[test]
fn the_small_scenario_makes_a_whole_report() {
    let folder = TempDir::new().unwrap();
    let output = run(folder.path(), &["smoke", "--seed", "7", "--samples"]);
    let out = folder.path().join("reports/smoke");
    let results = results(&out, &text(&output.stderr));
    ended_well(&output, &results);
    assert_eq!(text(&output.stdout).trim(), "reports/smoke/index.html");
    assert_eq!(results["schema"], 1);
    assert_eq!(results["seed"], 7);
    let trials = results["trials"].as_array().unwrap();
    assert_eq!(
        trials.len(),
        9,
        "two transports and one of them again, three times"
    );
    trials.iter().for_each(sound);
    let page = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("<svg") && !page.contains("<script"));
    let samples = fs::read_to_string(out.join("samples.csv")).unwrap();
    let received: u64 = trials.iter().map(|trial| number(trial, "/received")).sum();
    assert_eq!(samples.lines().count() as u64, received + 1);
    renders_again(&out, &page);
}

fn renders_again(out: &Path, page: &str) {
    let report = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
        command.arg("report").args(arguments).current_dir(out);
        command.output().unwrap()
    };
    fs::remove_file(out.join("index.html")).unwrap();
    assert!(report(&["."]).status.success());
    let again = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(again == page, "the same results make the same page");
    // A run held against itself has changed nowhere.
    let both = report(&["--fail-over", "0%", ".", "."]);
    assert!(both.status.success(), "{}", text(&both.stdout));
}

/// Every transport over a link that is cut, uneven and narrow.
const ROUGH: &str = r#"
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
repetitions = 1
"#;

#[test]
fn nothing_is_lost_over_a_link_that_is_cut() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("rough.toml"), ROUGH).unwrap();
    let output = run(folder.path(), &["rough.toml", "--out", "here"]);
    let results = results(&folder.path().join("here"), &text(&output.stderr));
    ended_well(&output, &results);
    let trials = results["trials"].as_array().unwrap();
    trials.iter().for_each(sound);
    let cut: Vec<_> = trials
        .iter()
        .filter(|trial| trial["experiment"] == "rough")
        .collect();
    assert_eq!(cut.len(), 4);
    for trial in cut {
        assert!(number(trial, "/outage/recover_us/count") > 0, "{trial}");
        assert!(number(trial, "/outage/catch_up_bytes") > 0);
    }
}

/// What each kind of client does, and what it costs, is told apart.
#[test]
fn a_new_connection_for_each_poll_and_silence_are_measured_too() {
    let folder = TempDir::new().unwrap();
    let scenario = "name = \"own\"\n[load]\nrooms = 4\nrate = 5\nseconds = 1\n[transport]\nlist = [\"short_poll\", \"long_poll\"]\n\
                    interval_ms = 100\nkeep_alive = false\nheaders = \"browser\"\n[runs]\nrepetitions = 1\n";
    fs::write(folder.path().join("own.toml"), scenario).unwrap();
    let output = run(folder.path(), &["own.toml", "--out", "here"]);
    let results = results(&folder.path().join("here"), &text(&output.stderr));
    for trial in results["trials"].as_array().unwrap() {
        sound(trial);
        let (requests, connections) = (number(trial, "/requests"), number(trial, "/connections"));
        assert!(
            requests > 0 && requests.abs_diff(connections) <= 8,
            "{trial}"
        );
        assert!(
            trial["sizes"]["request"].as_f64().unwrap() > 200.0,
            "a browser's headers"
        );
    }
}

#[test]
fn it_ends_when_asked_and_keeps_what_is_finished() {
    let folder = TempDir::new().unwrap();
    let mut command = lab(folder.path(), &["smoke", "--out", "here"]);
    let mut child = command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    // Each trial that is over has a line.
    told.next().unwrap().unwrap();
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let rest: Vec<String> = told.map_while(Result::ok).collect();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{rest:?}");
    let results = results(&folder.path().join("here"), &rest.join("\n"));
    let done = results["trials"].as_array().unwrap().len();
    assert!((1..9).contains(&done));
    assert!(
        rest.iter().any(|line| line.contains("interrupted")),
        "{rest:?}"
    );
    assert!(folder.path().join("here/index.html").exists());
}
