//! `pushlab lab`: measures, renders the report, and says what came of gates and thresholds.

use std::{
    io,
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
};

use analysis::results::Results;
use lab::{Finished, Lab};
use report::thresholds;

use crate::{
    exit_code, failure,
    output::{Output, print_line},
};

pub fn run(lab: &Lab) -> ExitCode {
    // Every client and every post without a response needs open files. If the limit cannot be
    // raised, the old one stays.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let stop = Arc::new(AtomicBool::new(false));
    let measured = stop_on_signal(&stop)
        .map_err(|error| error.to_string())
        .and_then(|()| lab.run(&stop, &mut Output::new()));
    let Finished { results, folder } = match measured {
        Ok(Some(finished)) => finished,
        Ok(None) => return ExitCode::SUCCESS,
        Err(error) => return failure(&error),
    };
    let page = match report::render(&results, &report::Cover::default(), &folder) {
        Ok(page) => page,
        Err(error) => return failure(&format!("{}: {error}", folder.display())),
    };
    if let Err(error) = print_line(&page.display()) {
        return failure(&error);
    }
    tell(&results);
    ExitCode::from(exit_code::of(&results))
}

/// What came of the thresholds, and why the campaign is invalid where it is.
fn tell(results: &Results) {
    for row in thresholds::rows(results) {
        eprintln!("{row}");
    }
    if !results.valid {
        eprintln!("pushlab: this campaign is not valid:");
        let reasons = results.reasons.iter();
        reasons.for_each(|reason| eprintln!("  {reason}"));
        return;
    }
    let not_passed = results.not_passed().count();
    if not_passed > 0 {
        let all = results.thresholds.len();
        eprintln!("pushlab: {not_passed} of {all} thresholds were not passed");
    }
}

/// The first signal ends the run after the current trial, the second at once.
#[cfg(unix)]
fn stop_on_signal(stop: &Arc<AtomicBool>) -> io::Result<()> {
    use signal_hook::{consts::TERM_SIGNALS, flag};
    for signal in TERM_SIGNALS {
        flag::register_conditional_shutdown(*signal, 130, stop.clone())?;
        flag::register(*signal, stop.clone())?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn stop_on_signal(_stop: &Arc<AtomicBool>) -> io::Result<()> {
    Ok(())
}
