//! The data of a run's page, for its template.

use analysis::{
    benchmarks::Benchmark,
    metric::Quantity,
    results::{Environment, Results, Trial},
    scenario::Experiment,
};
use askama::Template;
use protocol::Transport;

use super::{
    conclusions::processor,
    coverage::coverage,
    criterion::{self, BenchmarkRow},
    data::Data,
    figures::Figure,
    level,
    plain_table::PlainTable,
    subject::Subject,
    subjects,
    summary::{Summary, summary},
    table::{Table, table},
    theory_misses::{TheoryMisses, theory_misses},
    units::{number, show},
};

#[derive(Template)]
#[template(path = "report.html")]
pub struct ReportPage<'a> {
    pub results: &'a Results,
    pub title: &'a str,
    /// Scenario, number of trials, duration, seed and date.
    pub description: String,
    /// How many trials are missing, if the run was interrupted.
    pub missing: Option<String>,
    pub summary: Option<Summary>,
    /// What the intervals cover, in one sentence.
    pub coverage: String,
    pub sections: Vec<Section>,
    /// The misses of theory, where any estimate has theory.
    pub theory: Option<TheoryMisses>,
    /// The name of each invalid trial, and why it is invalid.
    pub invalid: Vec<(String, String)>,
    pub environment: Vec<(&'static str, String)>,
    pub command: String,
    /// The figure of the benchmarks of bytes.
    pub benchmark_figure: Option<Figure>,
    pub benchmarks: Vec<BenchmarkRow>,
    /// The name of the file with the results.
    pub raw_data: &'static str,
}

pub struct Section {
    pub name: String,
    pub title: String,
    pub question: String,
    pub expect: String,
    /// Load and settings in one line.
    pub settings: String,
    pub figures: Vec<Figure>,
    pub table: Table,
    /// The residuals of a fit, where the experiment has one.
    pub fit: Option<PlainTable>,
    /// What can be concluded, one sentence each.
    pub conclusions: Vec<String>,
    /// What cannot be concluded.
    pub cannot: &'static str,
}

pub fn page<'a>(
    results: &'a Results,
    benchmarks: &[Benchmark],
    raw_data: &'static str,
) -> ReportPage<'a> {
    let data = Data::new(results);
    let scenario = &results.scenario;
    let run = results.trials.len();
    let missing = (run < scenario.planned_trials as usize).then(|| {
        format!(
            "The run was interrupted: it has {run} of {} planned trials.",
            scenario.planned_trials
        )
    });
    ReportPage {
        title: if scenario.title.is_empty() {
            &scenario.name
        } else {
            &scenario.title
        },
        description: description(results),
        missing,
        summary: summary(&data),
        coverage: coverage(results),
        sections: data
            .experiments()
            .into_iter()
            .map(|name| section(&data, name))
            .collect(),
        theory: theory_misses(results),
        invalid: invalid(results),
        environment: environment(&results.environment),
        command: command(results),
        benchmark_figure: criterion::figure(benchmarks),
        benchmarks: criterion::rows(benchmarks),
        raw_data,
        results,
    }
}

fn description(results: &Results) -> String {
    let scenario = &results.scenario;
    let quick = if scenario.quick {
        ", shortened by --quick"
    } else {
        ""
    };
    format!(
        "Scenario {}{quick}: {} trials{} in {}, seed {}, started {}.",
        scenario.name,
        results.trials.len(),
        in_runs(results.runs.len()),
        duration(scenario.seconds),
        results.seed,
        results.started_at
    )
}

fn in_runs(runs: usize) -> String {
    match runs {
        0 | 1 => String::new(),
        runs => format!(" of {runs} runs"),
    }
}

pub fn duration(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{} s", number(seconds))
    } else if seconds < 7_200.0 {
        format!("{} minutes", number(seconds / 60.0))
    } else {
        format!("{} hours", number(seconds / 3_600.0))
    }
}

fn invalid(results: &Results) -> Vec<(String, String)> {
    let one = |trial: &Trial| {
        let level = level::words(trial.level.as_ref());
        let what = [&trial.experiment, &trial.label, &level].map(String::as_str);
        let what: Vec<_> = what.into_iter().filter(|part| !part.is_empty()).collect();
        let run = match results.scenario.runs {
            1 => String::new(),
            _ => format!("run {}, ", trial.run + 1),
        };
        let name = what.join(", ");
        Some((
            format!("{name}, {run}repetition {}", trial.repetition + 1),
            trial.invalidity.as_ref()?.text(),
        ))
    };
    results.trials.iter().filter_map(one).collect()
}

fn section(data: &Data, name: &str) -> Section {
    let content = subjects::content(Subject::of(name));
    let experiment = data.results.experiment(name).unwrap_or_default();
    Section {
        title: if experiment.title.is_empty() {
            name.to_owned()
        } else {
            experiment.title.clone()
        },
        question: experiment.question.clone(),
        expect: experiment.expect.clone(),
        settings: settings(&experiment),
        figures: subjects::figures(data, name),
        table: table(data, name, content.columns),
        fit: processor::residuals(data, name),
        conclusions: (content.conclusions)(data, name),
        cannot: content.cannot,
        name: name.to_owned(),
    }
}

fn settings(experiment: &Experiment) -> String {
    let load = &experiment.load;
    let mut parts = vec![
        format!(
            "{} of {}",
            counted(load.rooms, "room"),
            counted(load.clients, "client")
        ),
        format!("λ = {}/s in each room", number(load.rate)),
        format!(
            "bodies of {}",
            show(Quantity::Bytes, f64::from(load.body_bytes))
        ),
        format!(
            "T = {}",
            show(Quantity::Time, experiment.transport.interval_ms * 1e3)
        ),
        format!(
            "d = {}",
            show(Quantity::Time, experiment.network.one_way_ms * 1e3)
        ),
        span(experiment),
    ];
    if experiment.transport.list.contains(&Transport::LongPoll) {
        parts.push(format!(
            "M = {} s",
            number(experiment.transport.wait_s.into())
        ));
    }
    let swept = experiment.sweep.iter();
    let swept: Vec<_> = swept
        .map(|sweep| level::parameter(&sweep.parameter).0)
        .collect();
    if !swept.is_empty() {
        parts.push(format!("swept: {}", swept.join(", ")));
    }
    parts.join(", ")
}

/// How long a trial measures; a search ends when it has found the capacity.
fn span(experiment: &Experiment) -> String {
    let seconds = number(experiment.load.seconds);
    match experiment.search {
        Some(_) => format!("a search of at most {seconds} s per trial"),
        None => format!("{seconds} s per trial"),
    }
}

fn counted(count: u32, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(f64::from(count)))
}

fn environment(found: &Environment) -> Vec<(&'static str, String)> {
    let unknown = || "unknown".to_owned();
    let known = |value: &Option<String>| value.clone().unwrap_or_else(unknown);
    let core = |core: Option<u32>| core.map_or("not pinned".into(), |core| format!("core {core}"));
    let yes = |has: bool| if has { "yes" } else { "no" }.to_owned();
    let memory = found
        .memory_bytes
        .map_or_else(unknown, |bytes| show(Quantity::Bytes, bytes as f64));
    vec![
        ("Processor", known(&found.cpu)),
        ("Cores", found.cores.to_string()),
        ("Memory", memory),
        ("Kernel", known(&found.kernel)),
        ("pushlab", found.version.clone()),
        ("Commit", known(&found.commit)),
        ("Build", found.build_profile.clone()),
        ("Server", core(found.server_core)),
        ("Generator", core(found.generator_core)),
        ("Cores kept awake", yes(found.kept_awake)),
        ("Server arguments", found.server_arguments.join(" ")),
        ("TCP_INFO", yes(found.tcp_info)),
        ("/proc", yes(found.proc_fs)),
    ]
}

fn command(results: &Results) -> String {
    let quick = if results.scenario.quick {
        " --quick"
    } else {
        ""
    };
    let runs = match results.scenario.runs {
        1 => String::new(),
        runs => format!(" --runs {runs}"),
    };
    let every = results
        .scenario
        .every_s
        .map(|every| format!(" --every {every}s"));
    format!(
        "cargo run --release -- lab {}{quick} --seed {}{runs}{}",
        results.scenario.name,
        results.seed,
        every.unwrap_or_default()
    )
}
