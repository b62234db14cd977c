//! What the race takes of the processor, beside the same page of another commit: the two alternate in one run.
//! `scripts/race-cost` builds and runs it.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

use clap::Parser;
use harness::{
    Options, Server, User,
    browser::{Browser, Tab, keys},
};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// Processor time of the browser with the race open, in percent of a core.
#[derive(Parser)]
struct Arguments {
    /// The commit to compare with.
    #[arg(long, default_value = "b997489")]
    before: String,
    /// How often each page has its turn at each rate.
    #[arg(long, default_value_t = 3)]
    turns: usize,
    /// How long a turn is measured, in seconds.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
}

/// Messages a second. The page itself sends up to 20; more come from another client, since not every version sends
/// them.
const RATES: [f64; 2] = [5.0, 50.0];
const MOST_OF_ITS_OWN: f64 = 20.0;
const WARM_UP: Duration = Duration::from_secs(4);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let before = match pages_of(&arguments.before) {
        Ok(folder) => folder,
        Err(why) => {
            eprintln!("race-cost: {why}");
            return ExitCode::FAILURE;
        }
    };
    let now = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static");
    for rate in RATES {
        let mut ratios = Vec::new();
        for turn in 1..=arguments.turns {
            let old = cost(&before.path().join("static"), rate, arguments.seconds).await;
            let new = cost(&now, rate, arguments.seconds).await;
            println!(
                "{rate} messages/s, turn {turn}: {old:.1} % of a core before, {new:.1} % now, ratio {:.2}",
                new / old
            );
            ratios.push(new / old);
        }
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        let [low, high] =
            [f64::min, f64::max].map(|pick| ratios.iter().copied().reduce(pick).unwrap_or(mean));
        println!("{rate} messages/s: ratio {mean:.2} ({low:.2} to {high:.2})");
    }
    ExitCode::SUCCESS
}

/// The folder `static/` of a commit, in a folder of its own.
fn pages_of(commit: &str) -> Result<TempDir, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut archive = Command::new("git")
        .args(["archive", commit, "static"])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("git does not start: {error}"))?;
    let packed = archive.stdout.take().expect("it is piped");
    let unpacked = Command::new("tar")
        .arg("-x")
        .arg("-C")
        .arg(folder.path())
        .stdin(packed)
        .status();
    let is_there = archive.wait().is_ok_and(|status| status.success());
    match unpacked {
        Ok(status) if status.success() && is_there => Ok(folder),
        _ => Err(format!("there is no commit {commit} with static/")),
    }
}

/// In percent of a core.
async fn cost(pages: &Path, rate: f64, seconds: u64) -> f64 {
    let folder: PathBuf = pages.into();
    let options = Options::with(&["--static", folder.to_str().expect("a path in UTF-8")]);
    let server = Server::start_with(options).await;
    let browser = Browser::open().await;
    let alice = server.user("alice").await;
    browser.sign_in_as(&server, &alice).await;
    let tab = browser.race(&server, &format!("rate={rate}")).await;
    let measured = async {
        start(&tab, rate).await;
        sleep(WARM_UP).await;
        let before = browser.cpu_ns();
        sleep(Duration::from_secs(seconds)).await;
        (browser.cpu_ns() - before) as f64 / (seconds as f64 * 1e9) * 100.0
    };
    let bob = server.user("bob").await;
    let used = tokio::select! {
        used = measured => used,
        () = post(&bob, rate), if rate > MOST_OF_ITS_OWN => unreachable!("it posts for ever"),
    };
    browser.close().await;
    used
}

async fn start(tab: &Tab<'_>, rate: f64) {
    if rate <= MOST_OF_ITS_OWN {
        tab.keys("#stream", keys::ENTER).await;
    }
}

/// Posts at a steady rate, each message by itself.
async fn post(user: &User, rate: f64) {
    let mut ticks = interval(Duration::from_secs_f64(1.0 / rate));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    loop {
        ticks.tick().await;
        user.post_message("race", json!({ "body": "Message" }))
            .await;
    }
}
