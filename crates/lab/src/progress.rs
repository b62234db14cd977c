//! What a run shows while it goes on: what it does, how far it is, how long it still takes.

use std::{cell::Cell, io::IsTerminal, time::Duration};

use analysis::results::Trial;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::trial::Planned;

/// Milliseconds are counted, so that long trials count for more.
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
        bar.set_style(style.expect("the template is right").progress_chars("█▉ "));
        let progress = Progress {
            bar,
            trials,
            done: Cell::new(0),
            left: Cell::new(seconds),
            is_terminal: std::io::stderr().is_terminal(),
        };
        progress.says_left();
        progress
    }

    /// Shows a sentence.
    pub fn says(&self, what: &str) {
        self.bar.set_message(what.to_owned());
        self.bar.tick();
    }

    pub fn begins(&self, planned: &Planned) {
        let cell = &planned.cell;
        let level = cell
            .level
            .as_ref()
            .map(|level| format!(", {level}"))
            .unwrap_or_default();
        self.says(&format!("{}: {}{level}", cell.setting.name, cell.label()));
    }

    /// A trial is over that was expected to take so many seconds.
    pub fn ended(&self, seconds: f64, trial: &Trial) {
        self.done.set(self.done.get() + 1);
        self.left.set((self.left.get() - seconds).max(0.0));
        self.bar.inc((seconds * 1_000.0) as u64);
        self.says_left();
        if let Some(void) = &trial.void {
            self.line(&format!(
                "void: {}, {}: {}",
                trial.experiment,
                trial.label,
                void.told()
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

    pub fn ends(&self) {
        self.bar.finish_and_clear();
    }

    fn says_left(&self) {
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
