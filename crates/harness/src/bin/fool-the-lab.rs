//! Tries to fool the lab: it measures `smoke` alone and beside disturbances, and holds the verdicts
//! to what they must be. `scripts/fool-the-lab` builds and runs it.

use std::{
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

/// How often `smoke` is measured alone, and how many of these campaigns must be valid.
const ALONE: u32 = 20;
const VALID_OF_20: u32 = 19;
/// The share of a disturbance's trials that must be invalid.
const FOUND: f64 = 0.9;
/// A campaign with more stolen time than this says nothing about the lab; it is counted apart.
const STOLEN: f64 = 0.02;
/// How often, and for how long, the server is stopped.
const STOP_EVERY: Duration = Duration::from_millis(400);
const STOP: Duration = Duration::from_millis(100);
/// The exit code of an invalid campaign.
const INVALID: i32 = 3;

/// What runs beside the lab, or inside it.
#[derive(Clone, Copy)]
enum Disturbance {
    BusyLoops(usize),
    Compiler,
    Planted(&'static str),
    StoppedServer,
}

struct Case {
    name: &'static str,
    disturbance: Disturbance,
    /// The kinds of reasons one of which each found trial must have; empty where nothing may be
    /// invalid.
    kinds: &'static [&'static str],
}

/// What others on the cores do to a trial.
const LOAD: &[&str] = &["other_load", "run_delay", "receiver_lag", "slip", "link"];

const CASES: [Case; 10] = [
    Case {
        name: "one busy loop",
        disturbance: Disturbance::BusyLoops(1),
        kinds: LOAD,
    },
    Case {
        name: "two busy loops",
        disturbance: Disturbance::BusyLoops(2),
        kinds: LOAD,
    },
    Case {
        name: "a compiler",
        disturbance: Disturbance::Compiler,
        kinds: LOAD,
    },
    Case {
        name: "receivers starved",
        disturbance: Disturbance::Planted("receivers"),
        kinds: &["receiver_lag"],
    },
    Case {
        name: "publisher held up",
        disturbance: Disturbance::Planted("publisher"),
        kinds: &["slip"],
    },
    Case {
        name: "message dropped",
        disturbance: Disturbance::Planted("drop"),
        kinds: &["account"],
    },
    Case {
        name: "message repeated",
        disturbance: Disturbance::Planted("repeat"),
        kinds: &["account"],
    },
    Case {
        name: "messages swapped",
        disturbance: Disturbance::Planted("swap"),
        kinds: &["account"],
    },
    Case {
        name: "a byte miscounted",
        disturbance: Disturbance::Planted("bytes"),
        kinds: &["bytes"],
    },
    Case {
        name: "server stopped for 100 ms",
        disturbance: Disturbance::StoppedServer,
        kinds: &[],
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let alone = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--busy-loop"] => loop {
            std::hint::spin_loop();
        },
        [] => ALONE,
        ["--alone", times] => match times.parse() {
            Ok(times) => times,
            Err(_) => return usage(),
        },
        _ => return usage(),
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!(
        "{:<26} {:>6} {:>8} {:>7}  reasons",
        "disturbance", "trials", "invalid", "exit"
    );
    let is_quiet_valid = measure_alone(alone, &folder);
    let mut failed: Vec<&str> = CASES
        .iter()
        .filter(|case| !try_to_fool(case, &folder))
        .map(|case| case.name)
        .collect();
    if !is_quiet_valid {
        failed.push("alone");
    }
    if failed.is_empty() {
        println!("The lab was not fooled.");
        return ExitCode::SUCCESS;
    }
    println!("Not as it must be: {}.", failed.join(", "));
    ExitCode::FAILURE
}

fn usage() -> ExitCode {
    eprintln!("usage: fool-the-lab [--alone TIMES]");
    ExitCode::from(2)
}

/// A campaign and its exit code.
struct Campaign {
    results: Value,
    code: Option<i32>,
}

impl Campaign {
    fn run(arguments: &[&str], folder: &TempDir, beside: impl FnOnce(&Child)) -> Self {
        let out = folder.path().join("out");
        let mut lab = Command::new(harness::binary());
        lab.args(["lab", "smoke", "--out"])
            .arg(&out)
            .args(arguments);
        lab.stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = lab.spawn().expect("the lab starts");
        beside(&running);
        let code = running.wait().expect("the lab ends").code();
        Campaign {
            results: read(&out),
            code,
        }
    }

    fn trials(&self) -> &[Value] {
        self.results["trials"].as_array().map_or(&[], Vec::as_slice)
    }

    fn invalid(&self) -> Vec<&Value> {
        let all = self.trials().iter();
        all.filter(|trial| !trial["void"].is_null()).collect()
    }

    fn most_stolen(&self) -> f64 {
        let shares = self
            .trials()
            .iter()
            .filter_map(|trial| trial["steal_share"].as_f64());
        shares.fold(0.0, f64::max)
    }

    /// The kinds of the reasons of the invalid trials, each once.
    fn kinds(&self) -> Vec<&str> {
        let invalid = self.invalid();
        let lists = invalid
            .iter()
            .filter_map(|trial| trial["void_kinds"].as_array());
        let mut kinds: Vec<_> = lists.flatten().filter_map(Value::as_str).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    fn show(&self, name: &str) {
        let code = self.code.map_or("signal".into(), |code| code.to_string());
        println!(
            "{name:<26} {:>6} {:>8} {code:>7}  {}",
            self.trials().len(),
            self.invalid().len(),
            self.kinds().join(", ")
        );
    }
}

fn read(out: &Path) -> Value {
    let text = std::fs::read_to_string(out.join("results.json")).unwrap_or_default();
    let results = serde_json::from_str(&text).unwrap_or_default();
    // The next campaign must not find these.
    let _ = std::fs::remove_dir_all(out);
    results
}

/// Measures without a disturbance. Of the campaigns without stolen time 19 of 20 must be valid.
fn measure_alone(times: u32, folder: &TempDir) -> bool {
    let (mut valid, mut stolen) = (0, 0);
    for _ in 0..times {
        let campaign = Campaign::run(&[], folder, |_| {});
        if campaign.most_stolen() > STOLEN {
            stolen += 1;
        } else if campaign.code == Some(0) {
            valid += 1;
        } else {
            campaign.show("alone, not valid");
            println!("{}", campaign.results["reasons"]);
        }
    }
    let counted = times - stolen;
    println!("alone: {valid} of {counted} campaigns valid; {stolen} more had stolen time");
    let needed = f64::from(counted * VALID_OF_20) / f64::from(ALONE);
    // With stolen time in all of them nothing was shown.
    counted > 0 && f64::from(valid) >= needed
}

/// Measures beside a disturbance; true if the verdict is as it must be.
fn try_to_fool(case: &Case, folder: &TempDir) -> bool {
    let campaign = match case.disturbance {
        Disturbance::BusyLoops(count) => {
            let own = std::env::current_exe().expect("a running program has a path");
            let mut busy: Vec<_> = (0..count)
                .map(|_| start(Command::new(&own).arg("--busy-loop")))
                .collect();
            let campaign = Campaign::run(&[], folder, |_| {});
            busy.iter_mut().for_each(end);
            campaign
        }
        Disturbance::Compiler => beside_a_compiler(folder),
        Disturbance::Planted(fault) => Campaign::run(&["--plant", fault], folder, |_| {}),
        Disturbance::StoppedServer => Campaign::run(&[], folder, |lab| stop_its_servers(lab.id())),
    };
    campaign.show(case.name);
    match case.kinds {
        [] => is_undisturbed(&campaign),
        kinds => is_found(&campaign, kinds),
    }
}

/// At least 90 % of the trials are invalid for one of these reasons, and the campaign is.
fn is_found(campaign: &Campaign, kinds: &[&str]) -> bool {
    let has_right_kind = |trial: &&&Value| {
        let mut found = trial["void_kinds"].as_array().into_iter().flatten();
        found.any(|kind| kind.as_str().is_some_and(|kind| kinds.contains(&kind)))
    };
    let invalid = campaign.invalid();
    let found = invalid.iter().filter(has_right_kind).count() as f64;
    let trials = campaign.trials().len() as f64;
    trials > 0.0 && found >= FOUND * trials && campaign.code == Some(INVALID)
}

/// Nothing is invalid, and a remark names the stall with its length.
fn is_undisturbed(campaign: &Campaign) -> bool {
    let remarks = campaign.results["remarks"].to_string();
    println!("  {remarks}");
    let is_named = remarks.contains("the server stalled");
    is_named && campaign.invalid().is_empty() && campaign.code == Some(0)
}

fn start(command: &mut Command) -> Child {
    let quiet = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    quiet.spawn().expect("the disturbance starts")
}

/// Ends a disturbance with the processes that it has started, which are in its process group.
fn end(child: &mut Child) {
    let group = format!("-{}", child.id());
    // It may have ended already.
    let killed = Command::new("kill")
        .args(["-KILL", "--", &group])
        .stderr(Stdio::null())
        .status();
    let _ = killed;
    let _ = child.wait();
}

/// Compiles a part of this project again and again, in a folder of its own.
fn beside_a_compiler(folder: &TempDir) -> Campaign {
    let target = folder.path().join("target");
    let compile = || {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--locked", "--package", "analysis", "--target-dir"]);
        start(cargo.arg(&target))
    };
    Campaign::run(&[], folder, |lab| {
        while is_running(lab.id()) {
            let mut compiler = compile();
            while is_running(lab.id()) && matches!(compiler.try_wait(), Ok(None)) {
                thread::sleep(STOP);
            }
            end(&mut compiler);
            let _ = std::fs::remove_dir_all(&target);
        }
    })
}

/// Stops the servers of a lab now and then for a moment, as long as the lab runs.
fn stop_its_servers(lab: u32) {
    while is_running(lab) {
        thread::sleep(STOP_EVERY);
        for server in children(lab) {
            signal("-STOP", server);
            thread::sleep(STOP);
            signal("-CONT", server);
        }
    }
}

fn signal(signal: &str, process: u32) {
    // The process may have ended.
    let _ = Command::new("kill")
        .args([signal, &process.to_string()])
        .stderr(Stdio::null())
        .status();
}

/// Whether a child of this process runs; one that has ended is a zombie until it is waited for.
fn is_running(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = stat
        .rsplit(") ")
        .next()
        .and_then(|rest| rest.chars().next());
    state.is_some_and(|state| state != 'Z')
}

fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let listed = std::fs::read_to_string(path).unwrap_or_default();
    listed
        .split_whitespace()
        .filter_map(|id| id.parse().ok())
        .collect()
}
