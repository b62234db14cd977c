//! The data of a run's page, for its template.

use analysis::{
    benchmarks::Benchmark,
    results::{Results, Trial},
};
use askama::Template;

use super::{
    cover::Cover,
    coverage::coverage,
    criterion::{self, BenchmarkRow},
    data::Data,
    environment::{environment, limitations},
    figures::over_time,
    models::{Model, models},
    numbers::{NumberedFigure, Numbers},
    plain_table::PlainTable,
    section::{Section, section},
    summary::{Summary, summary},
    theory_misses::{TheoryMisses, theory_misses},
    thresholds,
    trial_name::trial_name,
    units::number,
};

#[derive(Template)]
#[template(path = "report.html")]
pub struct ReportPage<'a> {
    pub results: &'a Results,
    pub title: &'a str,
    /// Who hands the report in, for which course, and when it was measured.
    pub cover: [(&'static str, Option<String>); 3],
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
    /// What the scenario asked of its cells, if it asked anything.
    pub thresholds: Option<PlainTable>,
    /// The name of each invalid trial, and why it is invalid.
    pub invalid: Vec<(String, String)>,
    /// A figure for each cell in which the server stalled.
    pub stalls: Vec<NumberedFigure>,
    /// What the figures do not tell, whatever was measured.
    pub limitations: Vec<String>,
    pub models: Vec<Model>,
    pub environment: Vec<(&'static str, String)>,
    pub command: String,
    /// The figure of the benchmarks of bytes.
    pub benchmark_figure: Option<NumberedFigure>,
    pub benchmarks: Vec<BenchmarkRow>,
    /// The name of the file with the results.
    pub raw_data: &'static str,
}

impl ReportPage<'_> {
    /// All figures, in the order of the page.
    pub fn figures(&self) -> impl Iterator<Item = &NumberedFigure> {
        let of_sections = self.sections.iter().flat_map(|section| &section.figures);
        let of_models = self.models.iter().map(|model| &model.figure);
        of_sections
            .chain(&self.stalls)
            .chain(of_models)
            .chain(&self.benchmark_figure)
    }
}

pub fn page<'a>(
    results: &'a Results,
    cover: &Cover,
    benchmarks: &[Benchmark],
    raw_data: &'static str,
) -> ReportPage<'a> {
    let data = Data::new(results);
    // The figures get their numbers in the order in which they are made here, which is that of the page.
    let mut numbers = Numbers::default();
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
        cover: cover.fields(results),
        description: description(results),
        missing,
        summary: summary(&data),
        coverage: coverage(results),
        sections: data
            .experiments()
            .into_iter()
            .map(|name| section(&data, name, &mut numbers))
            .collect(),
        thresholds: thresholds::table(results),
        invalid: invalid(results),
        stalls: numbers.all(over_time::stalls(&data)),
        limitations: limitations(&results.environment),
        theory: theory_misses(results),
        models: models(&mut numbers),
        environment: environment(&results.environment),
        command: command(results),
        benchmark_figure: criterion::figure(benchmarks).map(|figure| numbers.number(figure)),
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
        let why = trial.invalidity.as_ref()?.text();
        Some((trial_name(results, trial), why))
    };
    results.trials.iter().filter_map(one).collect()
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
    // A worksheet has the seed of its student.
    let whose = match &results.worksheet {
        Some(record) => format!("--student {}", record.parameters.student),
        None => format!("--seed {}", results.seed),
    };
    format!(
        "cargo run --release -- lab {}{quick} {whose}{runs}{}",
        results.scenario.name,
        every.unwrap_or_default()
    )
}
