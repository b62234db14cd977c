//! A whole run: the baseline, every trial of the plan, and what they come to.

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
    receivers::Row,
    trial::{self, Planned, Run, TrialOutcome},
};

/// What is asked of a campaign.
pub struct Campaign<'a> {
    pub scenario: &'a Scenario,
    pub plan: Plan,
    pub seed: u64,
    pub quick: bool,
    pub samples: bool,
}

/// A delivery and the trial that it belongs to.
pub struct Sample {
    pub order: u32,
    pub row: Row,
}

/// The trials that were finished, and what kept the others from it, if anything did.
#[derive(Default)]
struct Trials {
    trials: Vec<Trial>,
    samples: Vec<Sample>,
    broke: Option<String>,
}

/// What is known before the first trial.
struct Setting {
    started_at: String,
    began: Instant,
    environment: Environment,
    baseline: Baseline,
}

impl Campaign<'_> {
    /// Runs until the end, or until `stop` says so: then what is finished is kept.
    ///
    /// # Errors
    /// A sentence: what made any measuring impossible.
    pub fn run(&self, stop: &AtomicBool) -> Result<(Results, Vec<Sample>), String> {
        let cores = Cores::choose();
        cores.enter_generator();
        let awake = Awake::keep(&cores.all()).map_err(|error| error.to_string())?;
        let awake = Arc::new(awake);
        let progress = Progress::new(self.plan.seconds(), self.plan.trials.len());
        progress.says("measuring the baseline");
        let settings = &self.plan.experiments[0].server;
        let setting = Setting {
            started_at: jiff::Timestamp::now().strftime("%FT%TZ").to_string(),
            began: Instant::now(),
            environment: environment::here(settings, cores, &awake),
            baseline: baseline::measure(&self.plan.networks(), cores)
                .map_err(|error| format!("the baseline could not be measured: {error}"))?,
        };
        let run = Run {
            seed: self.seed,
            cores,
            awake: &awake,
            echo_us: setting.baseline.echo_us.mean.unwrap_or(0.0),
            samples: self.samples,
        };
        let finished = self.trials(&run, &progress, stop);
        progress.ends();
        Ok((
            self.results(setting, finished.trials, finished.broke)?,
            finished.samples,
        ))
    }

    fn trials(&self, run: &Run, progress: &Progress, stop: &AtomicBool) -> Trials {
        let mut finished = Trials::default();
        for planned in &self.plan.trials {
            progress.begins(planned);
            let done = trial::run(planned, run);
            // The trial that Ctrl-C met is not counted: the server may have met it too.
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let TrialOutcome { trial, rows } = match done {
                Ok(done) => done,
                Err(error) => {
                    finished.broke = Some(failed(planned, &error));
                    break;
                }
            };
            progress.ended(plan::seconds(planned), &trial);
            if self.samples {
                let order = planned.order;
                finished
                    .samples
                    .extend(rows.into_iter().map(|row| Sample { order, row }));
            }
            finished.trials.push(trial);
        }
        finished
    }

    fn results(
        &self,
        setting: Setting,
        trials: Vec<Trial>,
        broke: Option<String>,
    ) -> Result<Results, String> {
        let by_name = self
            .plan
            .experiments
            .iter()
            .map(|one| (one.name.clone(), one.clone()));
        let experiments: BTreeMap<_, _> = by_name.collect();
        let planned = self.plan.trials.len() as u32;
        let mut outcome = estimate::estimate(&trials, &experiments, planned)?;
        outcome.reasons.extend(broke);
        Ok(Results {
            schema: SCHEMA,
            scenario: ScenarioRecord {
                name: self.scenario.name.clone(),
                title: self.scenario.title.clone(),
                question: self.scenario.question.clone(),
                quick: self.quick,
                planned_trials: planned,
                seconds: setting.began.elapsed().as_secs_f64(),
                experiments: self.resolved()?,
            },
            seed: self.seed,
            started_at: setting.started_at,
            environment: setting.environment,
            valid: outcome.reasons.is_empty(),
            reasons: outcome.reasons,
            baseline: setting.baseline,
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

fn failed(planned: &Planned, error: &str) -> String {
    let cell = &planned.cell;
    let level = cell
        .level
        .as_ref()
        .map(|level| format!(" at {level}"))
        .unwrap_or_default();
    format!("{}, {}{level}: {error}", cell.setting.name, cell.label())
}
