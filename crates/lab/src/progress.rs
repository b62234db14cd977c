//! The progress of a run on standard error: the current trial, the share done and the time left.

use std::{cell::Cell, io::IsTerminal, time::Duration};

use analysis::results::Trial;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::trial::PlannedTrial;

/// The progress bar counts milliseconds, so that long trials count for more.
pub struct Progress {
    bar: ProgressBar,
    trials: usize,
    done: Cell<usize>,
    left: Cell<f64>,
    is_terminal: bool,
}

impl Progress {
    pub fn new(seconds: f64, trials: usize) -> Self {
        let bar = ProgressBar::with_draw_target(
            Some((seconds * 1_000.0) as u64),
            ProgressDrawTarget::stderr(),
        );
        let style = ProgressStyle::with_template("{bar:24} {percent:>3} %  {prefix}  {msg}");
        bar.set_style(style.expect("the template is valid").progress_chars("█▉ "));
        let progress = Progress {
            bar,
            trials,
            done: Cell::new(0),
            left: Cell::new(seconds),
            is_terminal: std::io::stderr().is_terminal(),
        };
        progress.show_time_left();
        progress
    }

    /// Shows a message beside the bar.
    pub fn message(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        self.bar.tick();
    }

    pub fn begin_trial(&self, planned: &PlannedTrial) {
        let cell = &planned.cell;
        let level = cell
            .level
            .as_ref()
            .map(|level| format!(", {level}"))
            .unwrap_or_default();
        self.message(&format!("{}: {}{level}", cell.settings.name, cell.label()));
    }

    /// Records the end of a trial whose estimated duration was `seconds`.
    pub fn end_trial(&self, seconds: f64, trial: &Trial) {
        self.done.set(self.done.get() + 1);
        self.left.set((self.left.get() - seconds).max(0.0));
        self.bar.inc((seconds * 1_000.0) as u64);
        self.show_time_left();
        if let Some(invalidity) = &trial.invalidity {
            self.line(&format!(
                "invalid: {}, {}: {}",
                trial.experiment,
                trial.label,
                invalidity.text()
            ));
        } else if !self.is_terminal {
            self.line(&format!(
                "{} of {} trials, {} left",
                self.done.get(),
                self.trials,
                self.time_left()
            ));
        }
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show_time_left(&self) {
        self.bar.set_prefix(format!("{} left", self.time_left()));
    }

    fn time_left(&self) -> String {
        let left = Duration::from_secs(self.left.get().round() as u64);
        humantime::format_duration(left).to_string()
    }

    fn line(&self, what: &str) {
        match self.is_terminal {
            true => self.bar.println(what),
            false => eprintln!("{what}"),
        }
    }
}
