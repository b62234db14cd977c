//! The progress of a run on standard error: the current trial, the share done and the time left.

use std::{cell::Cell, io::IsTerminal, time::Duration};

use analysis::results::Trial;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{runs::Repeats, trial::PlannedTrial};

/// The progress bar counts milliseconds, so that long trials count for more.
pub struct Progress {
    bar: ProgressBar,
    trials: usize,
    repeats: Repeats,
    done: Cell<usize>,
    left: Cell<f64>,
    is_terminal: bool,
}

impl Progress {
    /// Of the `trials` of all runs, which take about `seconds` without the waits between runs.
    pub fn new(seconds: f64, trials: usize, repeats: Repeats) -> Self {
        let bar = ProgressBar::with_draw_target(
            Some((seconds * 1_000.0) as u64),
            ProgressDrawTarget::stderr(),
        );
        let style = ProgressStyle::with_template("{bar:24} {percent:>3} %  {prefix}  {msg}");
        bar.set_style(style.expect("the template is valid").progress_chars("█▉ "));
        let progress = Progress {
            bar,
            trials,
            repeats,
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
        let run = self.run(planned.run);
        self.message(&format!(
            "{run}{}: {}{level}",
            cell.settings.name,
            cell.label()
        ));
    }

    /// Shows how long it is until a run begins.
    pub fn wait_for_run(&self, run: u32, pause: Duration) {
        let pause = humantime::format_duration(Duration::from_secs(pause.as_secs()));
        let what = format!("{}begins in {pause}", self.run(run));
        self.message(&what);
        if !self.is_terminal {
            self.line(&what);
        }
    }

    /// `run 2 of 3: `; nothing where there is one run.
    fn run(&self, run: u32) -> String {
        match self.repeats.runs {
            1 => String::new(),
            runs => format!("run {} of {runs}: ", run + 1),
        }
    }

    /// Records the end of a trial whose estimated duration was `seconds`.
    pub fn end_trial(&self, seconds: f64, trial: &Trial) {
        self.done.set(self.done.get() + 1);
        self.left.set((self.left.get() - seconds).max(0.0));
        self.bar.inc((seconds * 1_000.0) as u64);
        self.show_time_left();
        if !self.is_terminal {
            self.line(&format!(
                "{}{} of {} trials, {}",
                self.run(trial.run),
                self.done.get(),
                self.trials,
                self.time_left()
            ));
        }
    }

    /// Shows why a trial is invalid, if it is. A trial is judged with those of its block.
    pub fn judged(&self, trial: &Trial) {
        if let Some(invalidity) = &trial.invalidity {
            self.line(&format!("invalid: {}: {}", trial.name(), invalidity.text()));
        }
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show_time_left(&self) {
        self.bar.set_prefix(self.time_left());
    }

    fn time_left(&self) -> String {
        let left = Duration::from_secs(self.left.get().round() as u64);
        let left = humantime::format_duration(left);
        match self.repeats.every {
            None => format!("{left} left"),
            Some(_) => format!("{left} of measuring left"),
        }
    }

    fn line(&self, what: &str) {
        match self.is_terminal {
            true => self.bar.println(what),
            false => eprintln!("{what}"),
        }
    }
}
