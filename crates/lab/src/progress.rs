//! The progress of a run on standard error: on a terminal a bar, the current trial and the table of its
//! experiment; elsewhere a line for each trial. All of it is written between trials, so that nothing of
//! it falls into a measured span.

use std::{
    cell::{Cell, RefCell},
    io::IsTerminal,
    time::Duration,
};

use analysis::{
    results::Trial,
    scenario::{Experiment, PlannedCell},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    live::Table,
    plan::{self, Plan},
    runs::Repeats,
    trial::PlannedTrial,
};

/// How progress is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Terminal,
    Lines,
    /// With `--quiet`.
    Nothing,
}

/// The progress bar counts milliseconds, so that long trials count for more.
pub struct Progress {
    bar: ProgressBar,
    form: Form,
    trials: usize,
    repeats: Repeats,
    tables: Vec<Table>,
    done: Cell<usize>,
    left: Cell<f64>,
    /// What is measured now, and the table below it.
    now: RefCell<String>,
    table: RefCell<String>,
}

impl Progress {
    /// Of the trials of all runs of a plan.
    pub fn new(plan: &Plan, repeats: Repeats, quiet: bool) -> Self {
        let form = match std::io::stderr().is_terminal() {
            _ if quiet => Form::Nothing,
            true => Form::Terminal,
            false => Form::Lines,
        };
        let target = match form {
            Form::Terminal => ProgressDrawTarget::stderr(),
            Form::Lines | Form::Nothing => ProgressDrawTarget::hidden(),
        };
        let seconds = plan.seconds();
        let bar = ProgressBar::with_draw_target(Some((seconds * 1_000.0) as u64), target);
        let style = ProgressStyle::with_template("{bar:24} {percent:>3} %  {prefix}  {msg}");
        bar.set_style(style.expect("the template is valid").progress_chars("█▉ "));
        let progress = Progress {
            bar,
            form,
            trials: plan.trials.len(),
            repeats,
            tables: tables(plan),
            done: Cell::new(0),
            left: Cell::new(seconds),
            now: RefCell::default(),
            table: RefCell::default(),
        };
        progress.bar.set_prefix(progress.time_left());
        progress
    }

    /// Shows what is done now.
    pub fn message(&self, what: &str) {
        self.now.replace(what.to_owned());
        self.draw();
    }

    /// `so_far` are all finished trials. The table of the experiment before stays on the terminal.
    pub fn begin_trial(&self, planned: &PlannedTrial, so_far: &[Trial]) {
        let PlannedCell {
            level, settings, ..
        } = &planned.cell;
        let is_next = so_far
            .last()
            .is_some_and(|last| last.experiment != settings.name);
        if is_next {
            self.keep_table();
        }
        self.set_table(&settings.name, so_far);
        let level = level
            .as_ref()
            .map_or(String::new(), |level| format!(", {level}"));
        let (run, label) = (self.run(planned.run), planned.cell.label());
        self.message(&format!("{run}{}: {label}{level}", settings.name));
    }

    /// Shows how long it is until a run begins.
    pub fn wait_for_run(&self, run: u32, pause: Duration) {
        let pause = humantime::format_duration(Duration::from_secs(pause.as_secs()));
        let what = format!("{}begins in {pause}", self.run(run));
        self.message(&what);
        if self.form == Form::Lines {
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

    /// Records the end of a trial, the last of `so_far`.
    pub fn end_trial(&self, planned: &PlannedTrial, so_far: &[Trial]) {
        let seconds = plan::seconds(planned);
        self.done.set(self.done.get() + 1);
        self.left.set((self.left.get() - seconds).max(0.0));
        self.bar.inc((seconds * 1_000.0) as u64);
        self.bar.set_prefix(self.time_left());
        if self.form == Form::Lines {
            let (run, done, left) = (self.run(planned.run), self.done.get(), self.time_left());
            let newest = self.table_of(&planned.cell.settings.name);
            let newest = newest.and_then(|table| table.newest(so_far));
            let newest = newest.map_or(String::new(), |newest| format!("; {newest}"));
            self.line(&format!(
                "{run}{done} of {} trials, {left}{newest}",
                self.trials
            ));
        }
    }

    /// Shows which trials of a block are invalid, and why. A trial is judged with those of its block,
    /// the last of `so_far`.
    pub fn judged(&self, block: &[Trial], so_far: &[Trial]) {
        for trial in block {
            if let Some(invalidity) = &trial.invalidity {
                self.line(&format!("invalid: {}: {}", trial.name(), invalidity.text()));
            }
        }
        if let Some(last) = block.last() {
            self.set_table(&last.experiment, so_far);
            self.draw();
        }
    }

    pub fn finish(&self) {
        self.keep_table();
        self.bar.finish_and_clear();
    }

    fn table_of(&self, experiment: &str) -> Option<&Table> {
        let mut tables = self.tables.iter();
        tables.find(|table| table.experiment == experiment)
    }

    /// Sets the table that is drawn next; without a terminal there is none.
    fn set_table(&self, experiment: &str, so_far: &[Trial]) {
        let table = self
            .table_of(experiment)
            .filter(|_| self.form == Form::Terminal);
        self.table
            .replace(table.map_or(String::new(), |table| table.text(so_far)));
    }

    /// Leaves the table above the bar.
    fn keep_table(&self) {
        let table = self.table.take();
        if !table.is_empty() {
            self.bar.println(table + "\n");
        }
    }

    fn draw(&self) {
        let (now, table) = (self.now.borrow(), self.table.borrow());
        self.bar.set_message(format!("{now}\n{table}"));
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
        match self.form {
            Form::Terminal => self.bar.println(what),
            Form::Lines => eprintln!("{what}"),
            Form::Nothing => {}
        }
    }
}

fn tables(plan: &Plan) -> Vec<Table> {
    let of = |experiment: &Experiment| {
        let controls = plan.controls_of(&experiment.name).into_iter().cloned();
        Table::new(experiment, controls.collect(), plan.runs)
    };
    plan.experiments.iter().map(of).collect()
}
