//! Thresholds of a scenario, and what machines read of them.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::running::{check_exit_code, results, run, text};
use crate::schema;

/// One threshold that every machine passes, and one that none does.
const ASKED: &str = r#"
name = "asked"
[load]
rooms = 10
rate = 10.0
seconds = 0.6
[network]
one_way_ms = 5
[transport]
list = ["websocket"]
[runs]
repetitions = 3
[pass]
websocket.delivery_mean_us = "< 10s"
websocket.end_to_end_max_us = "< 1us"
"#;

#[test]
fn thresholds_are_judged_wherever_a_campaign_is_shown() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("asked.toml"), ASKED).unwrap();
    let output = run(folder.path(), &["asked.toml", "--out", "out", "--quiet"]);
    let out = folder.path().join("out");
    let stderr = text(&output.stderr);
    let results = results(&out, &stderr);
    check_exit_code(&output, &results);
    assert_eq!(schema::errors(&results), [""; 0]);
    let thresholds = results["thresholds"].as_array().unwrap();
    assert_eq!(thresholds.len(), 2, "no control has a threshold of its own");
    assert_eq!(thresholds[0]["condition"], "< 10s");
    assert_eq!(
        results["scenario"]["experiments"]["asked"]["pass"]["websocket"]["delivery_mean_us"],
        "< 10s"
    );
    // Trials that are all invalid on a busy machine have no values.
    if thresholds[0]["value"].is_number() {
        assert_eq!(thresholds[0]["verdict"], "passed");
        assert_eq!(thresholds[1]["verdict"], "failed");
        assert!(
            stderr.contains("passed: asked, WebSocket: Mean delivery latency < 10s"),
            "{stderr}"
        );
        assert!(
            stderr.contains("failed: asked, WebSocket: Longest end-to-end"),
            "{stderr}"
        );
    }
    assert!(
        !stderr.contains(" so far"),
        "--quiet shows no progress: {stderr}"
    );
    check_for_machines(&out, &results);
}

fn check_for_machines(out: &Path, results: &Value) {
    let summary = fs::read_to_string(out.join("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["schema"], 1);
    assert_eq!(summary["scenario"], "asked");
    for member in ["seed", "started_at", "valid", "reasons", "thresholds"] {
        assert_eq!(summary[member], results[member], "{member}");
    }
    let mean = summary["headline"].as_array().unwrap().iter();
    let mut mean = mean.filter(|one| one["metric"] == "delivery_mean_us");
    assert_eq!(mean.next().unwrap()["transport"], json!("websocket"));
    let junit = fs::read_to_string(out.join("junit.xml")).unwrap();
    for words in [
        "<testsuite name=\"gates\"",
        "<testsuite name=\"asked\"",
        "&lt; 10s",
        "<failure ",
    ] {
        assert!(junit.contains(words), "{words}: {junit}");
    }
}
