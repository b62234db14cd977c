//! Judges the campaign in a folder again from what it recorded, after the limits of the gates have
//! changed, and computes its estimates anew: `cargo run --package analysis --example judge-again
//! reports/coursework`. No measurement is changed. `pushlab report` then renders the page.

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use analysis::{estimate, gates, results::Results, thresholds};

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: judge-again FOLDER");
        return ExitCode::from(2);
    };
    match judge_again(&folder) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("judge-again: {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn judge_again(folder: &Path) -> Result<String, String> {
    let mut results = Results::read(folder).map_err(|error| error.to_string())?;
    gates::judge(&mut results.trials);
    let names = results.scenario.experiments.keys();
    let experiments = names
        .filter_map(|name| Some((name.clone(), results.experiment(name)?)))
        .collect();
    let outcome = estimate::estimate(&results.trials, &experiments)?;
    results.estimates = outcome.estimates;
    results.comparisons = outcome.comparisons;
    results.costs = outcome.costs;
    results.intervals_cover = outcome.intervals_cover;
    gates::decide(&mut results, None);
    results.thresholds = thresholds::judge(&results);
    results.write(folder).map_err(|error| error.to_string())?;
    let invalid = results
        .trials
        .iter()
        .filter(|trial| trial.invalidity.is_some());
    Ok(format!(
        "valid: {}; {} of {} trials invalid; {}",
        results.valid,
        invalid.count(),
        results.trials.len(),
        results.reasons.join("; ")
    ))
}
