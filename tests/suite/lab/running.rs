//! Runs the lab and reads its output.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

pub fn lab(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    command.arg("lab").args(arguments).current_dir(folder);
    command
}

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    lab(folder, arguments).output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Reads the results; `stderr` is for the panic.
pub fn results(folder: &Path, stderr: &str) -> Value {
    let text = fs::read_to_string(folder.join("results.json"));
    serde_json::from_str(&text.unwrap_or_else(|error| panic!("{error}: {stderr}"))).unwrap()
}

/// Checks the exit code of a campaign. On a busy machine trials may be invalid, and then the campaign
/// is; no other error is accepted.
pub fn check_exit_code(output: &Output, results: &Value) {
    let stderr = text(&output.stderr);
    let mut thresholds = results["thresholds"].as_array().unwrap().iter();
    let expected = match results["valid"].as_bool().unwrap() {
        false => 3,
        true if thresholds.any(|one| one["verdict"] != "passed") => 4,
        true => 0,
    };
    assert_eq!(output.status.code(), Some(expected), "{stderr}");
    assert_eq!(stderr.contains("not valid"), expected == 3, "{stderr}");
}
