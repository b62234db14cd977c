//! `pushlab lab`.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use analysis::{
    benchmarks,
    results::Results,
    scenario::{BUILT_IN, Scenario},
    stats,
};

use crate::{
    campaign::{Campaign, Sample},
    criterion,
    plan::Plan,
};

/// How a trial's mean is expected to vary, where nothing was measured yet: 3 %, as it was for the
/// mean latencies on a shared virtual machine with two cores.
const TYPICAL_VARIATION: f64 = 0.03;

/// What to measure, and where to put it.
#[derive(Clone, Debug, clap::Args)]
pub struct Lab {
    /// A built-in scenario, or a TOML file
    #[arg(default_value = "coursework")]
    pub scenario: String,
    /// List the built-in scenarios
    #[arg(long)]
    pub list: bool,
    /// Folder for the report [default: reports/ and the scenario's name]
    #[arg(long, env = "PUSHLAB_OUT", value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// What all chance is drawn from
    #[arg(long, env = "PUSHLAB_SEED", default_value_t = 1)]
    pub seed: u64,
    /// About a tenth of the time, with wider intervals
    #[arg(long, env = "PUSHLAB_QUICK")]
    pub quick: bool,
    /// Tell the cells, the time and the smallest difference that can be shown; measure nothing
    #[arg(long, env = "PUSHLAB_DRY_RUN")]
    pub dry_run: bool,
    /// Write every delivery to samples.csv too
    #[arg(long, env = "PUSHLAB_SAMPLES")]
    pub samples: bool,
}

/// What was measured, and the folder that it was written to.
pub struct Finished {
    pub results: Results,
    pub folder: PathBuf,
}

impl Lab {
    /// Measures, and writes `results.json`, with the benchmarks that there are beside it; a list or a
    /// plan goes to `out`, where that is all that was asked.
    ///
    /// # Errors
    /// A sentence with the remedy.
    pub fn run(&self, stop: &AtomicBool, out: &mut impl Write) -> Result<Option<Finished>, String> {
        if self.list {
            list(out).map_err(|error| error.to_string())?;
            return Ok(None);
        }
        let scenario = Scenario::load(&self.scenario)?;
        let plan = Plan::new(&scenario, self.quick, self.seed)?;
        if self.dry_run {
            tell(&plan, out).map_err(|error| error.to_string())?;
            return Ok(None);
        }
        let default = Path::new("reports").join(&scenario.name);
        let folder = self.out.clone().unwrap_or(default);
        // Before the work, not after it: a folder that can't be written to would lose it all.
        fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}; choose another --out", folder.display()))?;
        let campaign = Campaign {
            scenario: &scenario,
            plan,
            seed: self.seed,
            quick: self.quick,
            samples: self.samples,
        };
        let (results, samples) = campaign.run(stop)?;
        let write = || -> io::Result<()> {
            results.write(&folder)?;
            benchmarks::write(&folder, &criterion::benchmarks(Path::new(criterion::ROOT)))?;
            if self.samples {
                write_samples(&folder, &results, &samples)?;
            }
            Ok(())
        };
        write().map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Some(Finished { results, folder }))
    }
}

fn list(out: &mut impl Write) -> io::Result<()> {
    for built_in in BUILT_IN {
        let scenario = Scenario::load(built_in.name).map_err(io::Error::other)?;
        writeln!(out, "{:<14} {}", built_in.name, scenario.title)?;
    }
    Ok(())
}

/// The cells of a plan, the time it takes, and what it can show.
fn tell(plan: &Plan, out: &mut impl Write) -> io::Result<()> {
    for experiment in &plan.experiments {
        let repetitions = experiment.runs.repetitions;
        writeln!(out, "{}: {}", experiment.name, experiment.title)?;
        for cell in experiment.cells().map_err(io::Error::other)? {
            let level = cell
                .level
                .as_ref()
                .map(|level| format!(", {level}"))
                .unwrap_or_default();
            writeln!(out, "  {}{level}: {repetitions} trials", cell.label())?;
        }
        if let Some(smallest) = stats::detectable(repetitions, TYPICAL_VARIATION) {
            let percent = smallest * 100.0;
            writeln!(
                out,
                "  smallest difference that it can show, where trials vary by 3 %: {percent:.1} %"
            )?;
        }
    }
    let minutes = plan.seconds() / 60.0;
    let trials = plan.trials.len();
    writeln!(out, "{trials} trials in about {minutes:.1} minutes")
}

/// One line a delivery: instants in nanoseconds of the one clock.
fn write_samples(folder: &Path, results: &Results, samples: &[Sample]) -> io::Result<()> {
    let mut file = io::BufWriter::new(fs::File::create(folder.join("samples.csv"))?);
    writeln!(
        file,
        "experiment,transport,label,level,repetition,order,client,number,due_ns,received_ns,delivery_us"
    )?;
    for Sample { order, row } in samples {
        let Some(trial) = results.trials.iter().find(|trial| trial.order == *order) else {
            continue;
        };
        writeln!(
            file,
            "{},{},{},{},{},{},{},{},{},{},{}",
            trial.experiment,
            trial.transport.slug(),
            trial.label,
            trial
                .level
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            trial.repetition,
            order,
            row.client,
            row.number,
            row.due,
            row.received,
            row.delivery_us
        )?;
    }
    file.flush()
}
