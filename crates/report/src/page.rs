//! The page of a run, put together for its template.

use analysis::{
    benchmarks::Benchmark,
    metric::Quantity,
    results::{Environment, Results},
    scenario::Experiment,
};
use askama::Template;

use super::{
    criterion::{self, BenchmarkRow},
    data::Data,
    figures::Figure,
    subject::Subject,
    subjects,
    summary::{Summary, answer},
    table::{Table, table},
    units::{number, show},
    validity::{Validity, validity},
};

#[derive(Template)]
#[template(path = "report.html")]
pub struct Page<'a> {
    pub results: &'a Results,
    pub title: &'a str,
    pub summary: String,
    /// What was not run, where the run was interrupted.
    pub missing: Option<String>,
    pub answer: Option<Summary>,
    pub sections: Vec<Section>,
    pub validity: Validity,
    pub environment: Vec<(&'static str, String)>,
    pub command: String,
    /// Criterion's bytes, drawn.
    pub bench_figure: Option<Figure>,
    pub benchmarks: Vec<BenchmarkRow>,
}

pub struct Section {
    pub name: String,
    pub title: String,
    pub question: String,
    pub expect: String,
    /// Load and settings in a line.
    pub setting: String,
    pub figures: Vec<Figure>,
    pub table: Table,
    pub can: Vec<String>,
    pub cannot: &'static str,
}

pub fn page<'a>(results: &'a Results, benchmarks: &[Benchmark]) -> Page<'a> {
    let data = Data::new(results);
    let scenario = &results.scenario;
    let run = results.trials.len();
    let missing = (run < scenario.planned_trials as usize).then(|| {
        format!(
            "The run was interrupted: {run} of {} planned trials are here.",
            scenario.planned_trials
        )
    });
    Page {
        title: if scenario.title.is_empty() {
            &scenario.name
        } else {
            &scenario.title
        },
        summary: summary(results),
        missing,
        answer: answer(&data),
        sections: data
            .experiments()
            .into_iter()
            .map(|name| section(&data, name))
            .collect(),
        validity: validity(results),
        environment: environment(&results.environment),
        command: command(results),
        bench_figure: criterion::figure(benchmarks),
        benchmarks: criterion::lines(benchmarks),
        results,
    }
}

fn summary(results: &Results) -> String {
    let scenario = &results.scenario;
    let quick = if scenario.quick {
        ", shortened by --quick"
    } else {
        ""
    };
    format!(
        "Scenario {}{quick}: {} trials in {}, seed {}, begun {}.",
        scenario.name,
        results.trials.len(),
        lasting(scenario.seconds),
        results.seed,
        results.started_at
    )
}

fn lasting(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{} s", number(seconds))
    } else {
        format!("{} minutes", number(seconds / 60.0))
    }
}

fn section(data: &Data, name: &str) -> Section {
    let about = subjects::about(Subject::of(name));
    let experiment = data.results.experiment(name).unwrap_or_default();
    Section {
        title: if experiment.title.is_empty() {
            name.to_owned()
        } else {
            experiment.title.clone()
        },
        question: experiment.question.clone(),
        expect: experiment.expect.clone(),
        setting: setting(&experiment),
        figures: subjects::figures(data, name),
        table: table(data, name, about.columns),
        can: (about.conclusions)(data, name),
        cannot: about.cannot,
        name: name.to_owned(),
    }
}

fn setting(experiment: &Experiment) -> String {
    let load = &experiment.load;
    let mut parts = vec![
        format!(
            "{} of {}",
            counted(load.rooms, "room"),
            counted(load.clients, "client")
        ),
        format!("λ = {} messages a second in each", number(load.rate)),
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
        format!("{} s a trial", number(load.seconds)),
    ];
    if !experiment.sweep.is_empty() {
        parts.push("where the sweep does not say otherwise".into());
    }
    parts.join(", ")
}

fn counted(count: u32, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(f64::from(count)))
}

fn environment(about: &Environment) -> Vec<(&'static str, String)> {
    let unknown = || "unknown".to_owned();
    let known = |value: &Option<String>| value.clone().unwrap_or_else(unknown);
    let core = |core: Option<u32>| core.map_or("not pinned".into(), |core| format!("core {core}"));
    let yes = |has: bool| if has { "yes" } else { "no" }.to_owned();
    let memory = about
        .memory_bytes
        .map_or_else(unknown, |bytes| show(Quantity::Bytes, bytes as f64));
    vec![
        ("Processor", known(&about.cpu)),
        ("Cores", about.cores.to_string()),
        ("Memory", memory),
        ("Kernel", known(&about.kernel)),
        ("pushlab", about.version.clone()),
        ("Commit", known(&about.commit)),
        ("Build", about.build_profile.clone()),
        ("Server", core(about.server_core)),
        ("Generator", core(about.generator_core)),
        ("Cores kept awake", yes(about.kept_awake)),
        ("Server's arguments", about.server_arguments.join(" ")),
        ("TCP_INFO", yes(about.tcp_info)),
        ("/proc", yes(about.proc_fs)),
    ]
}

fn command(results: &Results) -> String {
    let quick = if results.scenario.quick {
        " --quick"
    } else {
        ""
    };
    format!(
        "cargo run --release -- lab {}{quick} --seed {}",
        results.scenario.name, results.seed
    )
}
