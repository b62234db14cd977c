//! A campaign: the baseline, all trials of the plan, and the results.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use analysis::{
    estimate,
    results::{Baseline, Environment, Results, SCHEMA, ScenarioRecord, Trial},
    scenario::Scenario,
};
use netlab::Awake;

use crate::{
    baseline,
    host::{cores::Cores, environment},
    plan::{self, Plan},
    progress::Progress,
    receivers::DeliveryRow,
    trial::{self, PlannedTrial, RunContext, TrialOutcome},
};

/// A campaign: its plan and its options.
pub struct Campaign<'a> {
    pub scenario: &'a Scenario,
    pub plan: Plan,
    pub seed: u64,
    pub quick: bool,
    /// Whether every delivery is kept for samples.csv.
    pub samples: bool,
}

/// A delivery and the trial that it belongs to.
pub struct SampleRow {
    pub order: u32,
    pub row: DeliveryRow,
}

/// The finished trials, and the error that ended the campaign early, if there was one.
#[derive(Default)]
struct FinishedTrials {
    trials: Vec<Trial>,
    samples: Vec<SampleRow>,
    failure: Option<String>,
}

/// What is recorded before the first trial.
struct Preparation {
    started_at: String,
    began: Instant,
    environment: Environment,
    baseline: Baseline,
}

impl Campaign<'_> {
    /// Runs all trials, or until `stop` is set; the finished trials are kept.
    ///
    /// # Errors
    /// A sentence: why nothing could be measured.
    pub fn run(&self, stop: &AtomicBool) -> Result<(Results, Vec<SampleRow>), String> {
        let cores = Cores::choose();
        cores.enter_generator();
        let awake = Awake::keep(&cores.all()).map_err(|error| error.to_string())?;
        let awake = Arc::new(awake);
        let progress = Progress::new(self.plan.seconds(), self.plan.trials.len());
        progress.message("measuring the baseline");
        let settings = &self.plan.experiments[0].server;
        let preparation = Preparation {
            started_at: jiff::Timestamp::now().strftime("%FT%TZ").to_string(),
            began: Instant::now(),
            environment: environment::here(settings, cores, &awake),
            baseline: baseline::measure(&self.plan.networks(), cores)
                .map_err(|error| format!("the baseline could not be measured: {error}"))?,
        };
        let run = RunContext {
            seed: self.seed,
            cores,
            awake: &awake,
            echo_us: preparation.baseline.echo_us.mean.unwrap_or(0.0),
            samples: self.samples,
        };
        let finished = self.trials(&run, &progress, stop);
        progress.finish();
        Ok((
            self.results(preparation, finished.trials, finished.failure)?,
            finished.samples,
        ))
    }

    fn trials(&self, run: &RunContext, progress: &Progress, stop: &AtomicBool) -> FinishedTrials {
        let mut finished = FinishedTrials::default();
        for planned in &self.plan.trials {
            progress.begin_trial(planned);
            let outcome = trial::run(planned, run);
            // A trial that was running at Ctrl-C is not counted: the signal may have disturbed it.
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let TrialOutcome { trial, rows } = match outcome {
                Ok(outcome) => outcome,
                Err(error) => {
                    finished.failure = Some(failure(planned, &error));
                    break;
                }
            };
            progress.end_trial(plan::seconds(planned), &trial);
            if self.samples {
                let order = planned.order;
                finished
                    .samples
                    .extend(rows.into_iter().map(|row| SampleRow { order, row }));
            }
            finished.trials.push(trial);
        }
        finished
    }

    fn results(
        &self,
        preparation: Preparation,
        trials: Vec<Trial>,
        failure: Option<String>,
    ) -> Result<Results, String> {
        let by_name = self
            .plan
            .experiments
            .iter()
            .map(|one| (one.name.clone(), one.clone()));
        let experiments: BTreeMap<_, _> = by_name.collect();
        let planned = self.plan.trials.len() as u32;
        let mut outcome = estimate::estimate(&trials, &experiments, planned)?;
        outcome.reasons.extend(failure);
        Ok(Results {
            schema: SCHEMA,
            scenario: ScenarioRecord {
                name: self.scenario.name.clone(),
                title: self.scenario.title.clone(),
                question: self.scenario.question.clone(),
                quick: self.quick,
                planned_trials: planned,
                seconds: preparation.began.elapsed().as_secs_f64(),
                experiments: self.resolved()?,
            },
            seed: self.seed,
            started_at: preparation.started_at,
            environment: preparation.environment,
            valid: outcome.reasons.is_empty(),
            reasons: outcome.reasons,
            baseline: preparation.baseline,
            trials,
            estimates: outcome.estimates,
            comparisons: outcome.comparisons,
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

fn failure(planned: &PlannedTrial, error: &str) -> String {
    let cell = &planned.cell;
    let level = cell
        .level
        .as_ref()
        .map(|level| format!(" at {level}"))
        .unwrap_or_default();
    format!("{}, {}{level}: {error}", cell.settings.name, cell.label())
}
