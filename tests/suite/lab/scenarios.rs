//! Scenarios: the built-in ones, and errors in files.

use std::{fs, process::Command};

use tempfile::TempDir;

use super::running::{run, text};

#[test]
fn the_built_in_scenarios_are_listed_and_planned() {
    let folder = TempDir::new().unwrap();
    let list = text(&run(folder.path(), &["--list"]).stdout);
    assert_eq!(list.lines().count(), 15);
    for line in list.lines() {
        let name = line.split_whitespace().next().unwrap();
        let plan = run(folder.path(), &[name, "--dry-run"]);
        assert!(plan.status.success(), "{name}: {}", text(&plan.stderr));
        let plan = text(&plan.stdout);
        assert!(
            plan.contains(" trials in about ") && plan.contains("difference"),
            "{plan}"
        );
    }
    let nothing: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert!(
        nothing.is_empty(),
        "nothing is measured and nothing is written"
    );
}

#[test]
fn an_error_in_a_scenario_is_reported_with_its_line_and_the_accepted_values() {
    for (scenario, words) in [
        (
            "name = \"x\"\n[load]\nroms = 3\n",
            ["line 3", "roms", "rooms"],
        ),
        (
            "name = \"x\"\n[load]\nrooms = 0\n",
            ["line 3", "0 is not possible", "1 to 5000"],
        ),
        (
            "name = \"x\"\n[load]\nrate = -1\n",
            ["line 3", "-1 is not possible", "messages a second"],
        ),
        (
            "name = \"x\"\n\n[transport]\nlist = [\"carrier\"]\n",
            ["line 4", "carrier", "short_poll"],
        ),
        (
            "name = \"x\"\n[transport]\nheaders = \"fat\"\n",
            ["line 3", "fat", "minimal"],
        ),
        (
            "name = \"x\"\n[[sweep]]\nparameter = \"colour\"\nvalues = [1]\n",
            ["line 3", "colour", "load.rate"],
        ),
        (
            "name = \"x\"\n[[sweep]]\nparameter = \"rate\"\nvalues = []\n",
            ["line 3", "rate", "values"],
        ),
        (
            "name = \"x\"\n[load]\nrooms = 5000\nclients = 3\n",
            ["line 4", "15000", "10000"],
        ),
        (
            "name = \"x\"\n[outage]\nat = 1\nseconds = 2\n",
            ["line 2", "outage", "one_way_ms"],
        ),
        (
            "name = \"x\"\nname = \"y\"\n",
            ["line 2", "name", "duplicate"],
        ),
        ("name = \"A room\"\n", ["line 1", "A room", "a–z"]),
        (
            "name = \"x\"\n[pass]\nwebsockt.delivery_p99_us = \"< 50ms\"\n",
            ["line 3", "websockt", "long_poll"],
        ),
        (
            "name = \"x\"\n[pass]\nsse.delivery_p98_us = \"< 50ms\"\n",
            ["line 3", "delivery_p98_us", "delivery_p99_us"],
        ),
        (
            "name = \"x\"\n[pass]\nsse.delivery_p99_us = \"< 50\"\n",
            ["line 3", "< 50", "ms, µs, us, s"],
        ),
        (
            "name = \"x\"\n[transport]\nlist = [\"sse\"]\n[pass]\nlong_poll.empty_share = \"< 5%\"\n",
            ["line 5", "long_poll", "one of sse"],
        ),
        (
            "name = \"x\"\ntitle = \"x\"\nquestion = \"x\"\n[[experiment]]\nfrom = \"latency\"\n\
             pass.sse.delivery_p99_us = \"50ms\"\n",
            ["line 6", "50ms", "<, <=, > or >="],
        ),
    ] {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("own.toml"), scenario).unwrap();
        let output = run(folder.path(), &["own.toml"]);
        assert_eq!(output.status.code(), Some(1));
        let stderr = text(&output.stderr);
        for word in words {
            assert!(stderr.contains(word), "{word}: {stderr}");
        }
    }
}

#[test]
fn a_plan_counts_all_runs() {
    let folder = TempDir::new().unwrap();
    let plan = |arguments: &[&str]| {
        let output = run(
            folder.path(),
            &[&["smoke", "--dry-run"], arguments].concat(),
        );
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let trials = |plan: &str| -> u32 {
        let total = plan.lines().last().unwrap();
        total.split(' ').next().unwrap().parse().unwrap()
    };
    let several = plan(&["--runs", "3", "--every", "2h"]);
    assert_eq!(trials(&several), 3 * trials(&plan(&[])));
    for word in ["in each of 3 runs", "starts 2h after"] {
        assert!(several.contains(word), "{word}: {several}");
    }
}

/// All are refused before anything is measured.
#[test]
fn runs_that_could_show_nothing_are_refused_with_what_to_give() {
    let folder = TempDir::new().unwrap();
    let scenario = "name = \"own\"\n[runs]\nrepetitions = 1\n";
    fs::write(folder.path().join("own.toml"), scenario).unwrap();
    for (arguments, words) in [
        (&["smoke", "--runs", "2"][..], ["12.7", "3 and more"]),
        (&["own.toml"], ["repetitions = 3", "--runs 3"]),
        (&["smoke", "--every", "2h"], ["--every", "--runs 3"]),
    ] {
        let output = run(folder.path(), arguments);
        assert!(!output.status.success());
        let stderr = text(&output.stderr);
        for word in words {
            assert!(stderr.contains(word), "{word}: {stderr}");
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_unknown_scenario_is_refused_with_the_list_of_names() {
    let folder = TempDir::new().unwrap();
    let stderr = text(&run(folder.path(), &["latancy"]).stderr);
    assert!(
        stderr.contains("latancy") && stderr.contains("coursework"),
        "{stderr}"
    );
    let stderr = text(&run(folder.path(), &["none.toml"]).stderr);
    assert!(stderr.contains("none.toml"), "{stderr}");
    let report = Command::new(env!("CARGO_BIN_EXE_pushlab"))
        .args(["report", folder.path().to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(report.status.code(), Some(1));
    assert!(text(&report.stderr).contains("pushlab lab"));
}
