//! `pushlab lab`: measures, renders the report, and exits with 3 if the campaign is invalid.

use std::{
    io,
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
};

use lab::{Finished, Lab};

use crate::{
    failure,
    output::{Output, print_line},
};

/// The exit code of an invalid campaign.
const INVALID: u8 = 3;

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
    if results.valid {
        return ExitCode::SUCCESS;
    }
    eprintln!("pushlab: this campaign is not valid:");
    results
        .reasons
        .iter()
        .for_each(|reason| eprintln!("  {reason}"));
    ExitCode::from(INVALID)
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
