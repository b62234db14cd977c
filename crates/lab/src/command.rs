//! The command `pushlab lab`.

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
    campaign::{Campaign, SampleRow},
    criterion,
    plan::Plan,
    plant::Plant,
    postgres,
    runs::Repeats,
    worksheet_arguments::WorksheetArguments,
};

/// The assumed coefficient of variation of a trial's mean before anything is measured: 3 %, which
/// was measured for mean latencies on a shared virtual machine with two cores.
const TYPICAL_VARIATION: f64 = 0.03;

/// The arguments of the lab.
#[derive(Clone, Debug, clap::Args)]
pub struct Lab {
    /// A built-in scenario, a TOML file, or worksheet with --student ID
    #[arg(default_value = "coursework")]
    pub scenario: String,
    /// List the built-in scenarios
    #[arg(long)]
    pub list: bool,
    /// Folder for the report [default: reports/ and the scenario's name]
    #[arg(long, env = "PUSHLAB_OUT", value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Seed of all random choices
    #[arg(long, env = "PUSHLAB_SEED", default_value_t = 1)]
    pub seed: u64,
    /// 3 repetitions, shorter spans, and at most three levels of each parameter
    #[arg(long, env = "PUSHLAB_QUICK")]
    pub quick: bool,
    #[command(flatten)]
    pub repeats: Repeats,
    /// Print the cells, the duration and the smallest detectable difference; measure nothing
    #[arg(long, env = "PUSHLAB_DRY_RUN")]
    pub dry_run: bool,
    #[command(flatten)]
    pub worksheet: WorksheetArguments,
    /// Also write every delivery to samples.csv
    #[arg(long, env = "PUSHLAB_SAMPLES")]
    pub samples: bool,
    /// Show no progress: only what came of it at the end
    #[arg(long, env = "PUSHLAB_QUIET")]
    pub quiet: bool,
    /// Plant a fault into the lab itself, to see that the gates find it
    #[arg(long, env = "PUSHLAB_PLANT", value_name = "FAULT", hide = true)]
    pub plant: Option<Plant>,
}

/// The results, and the folder that they were written to.
pub struct Finished {
    pub results: Results,
    pub folder: PathBuf,
}

impl Lab {
    /// Measures the scenario, and writes `results.json` and the existing benchmarks beside it. With
    /// `--list` or `--dry-run` it only prints to `out`.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn run(&self, stop: &AtomicBool, out: &mut impl Write) -> Result<Option<Finished>, String> {
        if self.list {
            print_list(out).map_err(|error| error.to_string())?;
            return Ok(None);
        }
        let mut scenario = self.scenario()?;
        if postgres::leave_out_if_missing(&mut scenario) {
            eprintln!(
                "PostgreSQL is not installed (apt install postgresql): its levels are left out"
            );
        }
        let seed = seed(&scenario, self.seed);
        let repeats = self.repeats.check()?;
        let plan = Plan::new(&scenario, self.quick, seed, repeats.runs)?;
        if self.dry_run {
            print_plan(&plan, repeats, out).map_err(|error| error.to_string())?;
            return Ok(None);
        }
        let folder = self.folder(&scenario);
        // Before the measurement: with a folder that cannot be written to, all results would be
        // lost.
        fs::create_dir_all(&folder).map_err(|error| {
            format!(
                "{}: {error}; choose another folder with --out",
                folder.display()
            )
        })?;
        let campaign = Campaign {
            scenario: &scenario,
            plan,
            repeats,
            seed,
            quick: self.quick,
            samples: self.samples,
            quiet: self.quiet,
            plant: self.plant,
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

impl Lab {
    /// What is to be measured.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn scenario(&self) -> Result<Scenario, String> {
        let of_student = self.worksheet.scenario(&self.scenario)?;
        if of_student.is_some() && self.quick {
            return Err(
                "--quick would leave out levels that the worksheet asks for: leave it away".into(),
            );
        }
        match of_student {
            Some(scenario) => Ok(scenario),
            None => Scenario::load(&self.scenario),
        }
    }

    /// The folder of the report.
    pub fn folder(&self, scenario: &Scenario) -> PathBuf {
        let name = match &scenario.worksheet {
            Some(record) => format!("{}-{}", scenario.name, record.parameters.student),
            None => scenario.name.clone(),
        };
        let default = Path::new("reports").join(name);
        self.out.clone().unwrap_or(default)
    }
}

/// A worksheet has the seed of its student.
fn seed(scenario: &Scenario, given: u64) -> u64 {
    let record = scenario.worksheet.as_ref();
    record.map_or(given, |record| record.parameters.seed)
}

fn print_list(out: &mut impl Write) -> io::Result<()> {
    for built_in in BUILT_IN {
        let scenario = Scenario::load(built_in.name).map_err(io::Error::other)?;
        writeln!(out, "{:<14} {}", built_in.name, scenario.title)?;
    }
    Ok(())
}

/// Prints the cells of a plan, its duration, and the smallest detectable difference.
fn print_plan(plan: &Plan, repeats: Repeats, out: &mut impl Write) -> io::Result<()> {
    for experiment in &plan.experiments {
        let repetitions = experiment.runs.repetitions;
        writeln!(out, "{}: {}", experiment.name, experiment.title)?;
        let cells = experiment.cells().map_err(io::Error::other)?;
        for cell in cells.iter().chain(plan.controls_of(&experiment.name)) {
            let level = cell
                .level
                .as_ref()
                .map(|level| format!(", {level}"))
                .unwrap_or_default();
            writeln!(
                out,
                "  {}{level}: {}",
                cell.label(),
                trials_of_cell(repetitions, plan.runs)
            )?;
        }
        if let Some(line) = smallest_detectable(repetitions, plan.runs) {
            writeln!(out, "  {line}")?;
        }
    }
    let minutes = plan.seconds() / 60.0;
    let trials = plan.trials.len();
    write!(out, "{trials} trials in about {minutes:.1} minutes")?;
    match repeats.every {
        Some(every) => writeln!(
            out,
            ", without the waits: each run starts {} after the start of the one before",
            humantime::format_duration(every)
        ),
        None => writeln!(out),
    }
}

/// The trials of a cell in words.
fn trials_of_cell(repetitions: u32, runs: u32) -> String {
    let plural = if repetitions == 1 { "" } else { "s" };
    let runs = match runs {
        1 => String::new(),
        runs => format!(" in each of {runs} runs"),
    };
    format!("{repetitions} trial{plural}{runs}")
}

/// The smallest detectable difference in words. With several runs the run is the unit, and its value
/// varies less than a trial's: by the root of the repetitions, if runs do not differ otherwise.
fn smallest_detectable(repetitions: u32, runs: u32) -> Option<String> {
    let (found, condition) = match runs {
        1 => (
            stats::smallest_detectable(repetitions, TYPICAL_VARIATION)?,
            "",
        ),
        runs => {
            let of_run = TYPICAL_VARIATION / f64::from(repetitions).sqrt();
            let condition = ", runs that differ by their trials alone";
            (stats::smallest_detectable(runs, of_run)?, condition)
        }
    };
    let percent = found * 100.0;
    Some(format!(
        "smallest detectable difference (95 % confidence, 80 % power, trials that vary by \
         3 %{condition}): {percent:.1} %"
    ))
}

/// Writes one line for each delivery. Instants are in nanoseconds of the monotonic clock.
fn write_samples(folder: &Path, results: &Results, samples: &[SampleRow]) -> io::Result<()> {
    let mut file = io::BufWriter::new(fs::File::create(folder.join("samples.csv"))?);
    writeln!(
        file,
        "experiment,transport,label,level,repetition,order,client,number,due_ns,received_ns,delivery_us,run"
    )?;
    for SampleRow { order, row } in samples {
        let Some(trial) = results.trials.iter().find(|trial| trial.order == *order) else {
            continue;
        };
        writeln!(
            file,
            "{},{},{},{},{},{},{},{},{},{},{},{}",
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
            row.delivery_us,
            trial.run
        )?;
    }
    file.flush()
}
