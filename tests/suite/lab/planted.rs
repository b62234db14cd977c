//! Faults that are planted into the lab itself: the gates must find each, whatever else goes on.

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::TempDir;

use super::running::{run, text};

/// Small enough to be measured once for each fault.
const SMALL: &str = r#"
name = "small"
[load]
rooms = 20
rate = 10.0
seconds = 0.5
[network]
one_way_ms = 2
[transport]
list = ["websocket"]
[runs]
repetitions = 3
"#;

/// The results of a campaign with a planted fault, and the lab's messages.
fn planted(fault: &str) -> (Value, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    let output = run(
        folder.path(),
        &["small.toml", "--out", "out", "--plant", fault],
    );
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{fault}: {stderr}");
    let results = results(&folder.path().join("out"));
    let page = fs::read_to_string(folder.path().join("out/index.html")).unwrap();
    assert!(page.contains("A fault was planted on purpose"));
    (results, stderr)
}

fn results(out: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(out.join("results.json")).unwrap()).unwrap()
}

fn kinds(trial: &Value) -> Vec<&str> {
    let kinds = trial["void_kinds"].as_array().unwrap().iter();
    kinds.filter_map(Value::as_str).collect()
}

#[test]
fn each_planted_fault_is_found_in_every_trial() {
    for (fault, kind) in [
        ("drop", "account"),
        ("repeat", "account"),
        ("swap", "account"),
        ("bytes", "bytes"),
        ("publisher", "slip"),
        ("receivers", "receiver_lag"),
    ] {
        let (results, stderr) = planted(fault);
        let trials = results["trials"].as_array().unwrap();
        assert_eq!(trials.len(), 6, "a cell and its control, three times");
        for trial in trials {
            assert!(kinds(trial).contains(&kind), "{fault}: {:?}", kinds(trial));
        }
        assert_eq!(results["valid"], false);
        // Page, terminal and file have the same reasons.
        for reason in results["reasons"].as_array().unwrap() {
            assert!(stderr.contains(reason.as_str().unwrap()), "{stderr}");
        }
        let failed = |gate: &&Value| gate["passed"] == false;
        let gates = results["gates"].as_array().unwrap();
        assert!(gates.iter().filter(failed).count() > 0);
    }
}
