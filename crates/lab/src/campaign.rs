//! A campaign: its runs, each with the baseline and all trials, and the results.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use analysis::{
    estimate, gates,
    results::{Environment, Results, RunRecord, SCHEMA, ScenarioRecord, Trial},
    scenario::Scenario,
    thresholds,
};
use netlab::Awake;

use crate::{
    baseline,
    host::{cores::Cores, environment},
    plan::Plan,
    plant::Plant,
    progress::Progress,
    receivers::DeliveryRow,
    runs::{self, Repeats, seed_of_run},
    trial::{self, PlannedTrial, RunContext, TrialOutcome},
};

/// A campaign: its plan and its options.
pub struct Campaign<'a> {
    pub scenario: &'a Scenario,
    pub plan: Plan,
    pub repeats: Repeats,
    pub seed: u64,
    pub quick: bool,
    /// Whether every delivery is kept for samples.csv.
    pub samples: bool,
    /// Whether no progress is shown.
    pub quiet: bool,
    pub plant: Option<Plant>,
}

/// A delivery and the trial that it belongs to.
pub struct SampleRow {
    pub order: u32,
    pub row: DeliveryRow,
}

/// What is prepared before the first trial of a run.
struct Preparation {
    awake: Arc<Awake>,
    began: Instant,
    record: RunRecord,
}

/// The runs so far and their finished trials.
struct Measured {
    environment: Environment,
    runs: Vec<RunRecord>,
    trials: Vec<Trial>,
    samples: Vec<SampleRow>,
    /// The error that ended the campaign early, if there was one.
    failure: Option<String>,
}

/// What all runs use.
struct Instruments<'a> {
    cores: Cores,
    progress: &'a Progress,
    stop: &'a AtomicBool,
}

impl Campaign<'_> {
    /// Runs all trials of all runs, or until `stop` is set; the finished trials are kept.
    ///
    /// # Errors
    /// A sentence: why nothing could be measured.
    pub fn run(&self, stop: &AtomicBool) -> Result<(Results, Vec<SampleRow>), String> {
        let cores = Cores::choose();
        cores.enter_generator();
        let progress = Progress::new(&self.plan, self.repeats, self.quiet);
        let instruments = Instruments {
            cores,
            progress: &progress,
            stop,
        };
        let began = Instant::now();
        let measured = self.all_runs(&instruments)?;
        progress.finish();
        self.results(measured, began.elapsed())
    }

    fn all_runs(&self, instruments: &Instruments) -> Result<Measured, String> {
        let mut next = self.prepare(instruments)?;
        let settings = &self.plan.experiments[0].server;
        let mut measured = Measured {
            environment: Environment {
                planted: self.plant.map(|plant| plant.name().to_owned()),
                ..environment::here(settings, instruments.cores, &next.awake)
            },
            runs: Vec::new(),
            trials: Vec::new(),
            samples: Vec::new(),
            failure: None,
        };
        for run in 0.. {
            let began = next.began;
            self.one_run(run, next, instruments, &mut measured);
            let is_last = run + 1 == self.plan.runs || measured.failure.is_some();
            if is_last || !self.wait_for_run(run + 1, began, instruments) {
                break;
            }
            next = match self.prepare(instruments) {
                Ok(next) => next,
                Err(error) => {
                    measured.failure = Some(error);
                    break;
                }
            };
        }
        Ok(measured)
    }

    /// Returns whether the run is to begin: not after a signal.
    fn wait_for_run(&self, run: u32, began: Instant, instruments: &Instruments) -> bool {
        let pause = self.repeats.pause(began);
        let is_stopped = instruments.stop.load(Ordering::Relaxed);
        if !is_stopped && !pause.is_zero() {
            instruments.progress.wait_for_run(run, pause);
        }
        runs::wait(pause, instruments.stop)
    }

    fn prepare(&self, instruments: &Instruments) -> Result<Preparation, String> {
        let Instruments {
            cores, progress, ..
        } = instruments;
        progress.message("measuring the baseline");
        let began = Instant::now();
        let started_at = jiff::Timestamp::now().strftime("%FT%TZ").to_string();
        let awake = Awake::keep(&cores.all()).map_err(|error| error.to_string())?;
        let baseline = baseline::measure(&self.plan.networks(), *cores)
            .map_err(|error| format!("the baseline could not be measured: {error}"))?;
        Ok(Preparation {
            awake: Arc::new(awake),
            began,
            record: RunRecord {
                started_at,
                baseline,
            },
        })
    }

    fn one_run(
        &self,
        run: u32,
        prepared: Preparation,
        instruments: &Instruments,
        measured: &mut Measured,
    ) {
        let context = RunContext {
            seed: seed_of_run(self.seed, run),
            cores: instruments.cores,
            awake: &prepared.awake,
            echo_us: prepared.record.baseline.echo_us.mean.unwrap_or(0.0),
            samples: self.samples,
            plant: self.plant,
        };
        measured.runs.push(prepared.record);
        let mut planned_trials = self.plan.trials_of(run).peekable();
        let mut block = measured.trials.len();
        while let Some(planned) = planned_trials.next() {
            let progress = instruments.progress;
            progress.begin_trial(planned, &measured.trials);
            let outcome = trial::run(planned, &context);
            // A trial that was running at Ctrl-C is not counted: the signal may have disturbed it.
            if instruments.stop.load(Ordering::Relaxed) {
                break;
            }
            match outcome {
                Ok(outcome) => self.keep(planned, outcome, progress, measured),
                Err(error) => {
                    measured.failure = Some(failure(planned, &error));
                    break;
                }
            }
            if !planned_trials
                .peek()
                .is_some_and(|next| next.is_in_block_of(planned))
            {
                judge(&mut measured.trials, block, progress);
                block = measured.trials.len();
            }
        }
        judge(&mut measured.trials, block, instruments.progress);
    }

    fn keep(
        &self,
        planned: &PlannedTrial,
        TrialOutcome { trial, rows }: TrialOutcome,
        progress: &Progress,
        measured: &mut Measured,
    ) {
        if self.samples {
            let order = planned.order;
            let rows = rows.into_iter().map(|row| SampleRow { order, row });
            measured.samples.extend(rows);
        }
        measured.trials.push(trial);
        progress.end_trial(planned, &measured.trials);
    }

    fn results(
        &self,
        measured: Measured,
        took: Duration,
    ) -> Result<(Results, Vec<SampleRow>), String> {
        let by_name = self
            .plan
            .experiments
            .iter()
            .map(|one| (one.name.clone(), one.clone()));
        let experiments: BTreeMap<_, _> = by_name.collect();
        let scenario = self.scenario_record(took)?;
        let outcome = estimate::estimate(&measured.trials, &experiments)?;
        let first = &measured.runs[0];
        let mut results = Results {
            schema: SCHEMA,
            scenario,
            seed: self.seed,
            started_at: first.started_at.clone(),
            environment: measured.environment,
            valid: false,
            reasons: Vec::new(),
            gates: Vec::new(),
            remarks: Vec::new(),
            thresholds: Vec::new(),
            baseline: first.baseline.clone(),
            runs: measured.runs,
            intervals_cover: outcome.intervals_cover,
            trials: measured.trials,
            estimates: outcome.estimates,
            comparisons: outcome.comparisons,
            costs: outcome.costs,
            worksheet: self.scenario.worksheet.clone(),
        };
        gates::decide(&mut results, measured.failure);
        results.thresholds = thresholds::judge(&results);
        Ok((results, measured.samples))
    }

    fn scenario_record(&self, took: Duration) -> Result<ScenarioRecord, String> {
        Ok(ScenarioRecord {
            name: self.scenario.name.clone(),
            title: self.scenario.title.clone(),
            question: self.scenario.question.clone(),
            quick: self.quick,
            planned_trials: self.plan.trials.len() as u32,
            runs: self.plan.runs,
            every_s: self.repeats.every.map(|every| every.as_secs_f64()),
            seconds: took.as_secs_f64(),
            experiments: self.resolved()?,
        })
    }

    fn resolved(&self) -> Result<serde_json::Map<String, serde_json::Value>, String> {
        let each = self.plan.experiments.iter().map(|experiment| {
            let value = serde_json::to_value(experiment).map_err(|error| error.to_string())?;
            Ok((experiment.name.clone(), value))
        });
        each.collect()
    }
}

/// Judges the trials of a block, which are complete now and begin at `block`, and shows which are
/// invalid.
fn judge(trials: &mut [Trial], block: usize, progress: &Progress) {
    gates::judge(&mut trials[block..]);
    progress.judged(&trials[block..], trials);
}

fn failure(planned: &PlannedTrial, error: &str) -> String {
    let cell = &planned.cell;
    let level = cell
        .level
        .as_ref()
        .map(|level| format!(" at {level}"))
        .unwrap_or_default();
    format!("{}, {}{level}: {error}", cell.settings.name, cell.label())
}
