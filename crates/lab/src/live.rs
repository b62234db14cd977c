//! The table of an experiment while it is measured: a row for each cell, with what was found so far and
//! theory beside it. It is computed between trials only.

use analysis::{
    cost::{self, SendCosts},
    estimate::{CellTheory, MeasuredInputs},
    metric::{Metric, Quantity},
    results::Trial,
    scenario::{Experiment, PlannedCell},
};

/// The cells of an experiment, and the metric that is shown of them.
pub struct Table {
    pub experiment: String,
    cells: Vec<PlannedCell>,
    /// Of each cell, in all runs.
    planned: u32,
    metric: Metric,
}

/// A cell so far, in words.
struct Row {
    cell: String,
    trials: String,
    found: String,
    theory: String,
}

/// The metric that says most about an experiment.
fn metric(experiment: &Experiment) -> Metric {
    match experiment {
        one if one.search.is_some() => Metric::Capacity,
        one if one.outage.is_some() => Metric::RecoverP50,
        one if one.load.rate == 0.0 => Metric::IpBytesPerS,
        _ => Metric::MEAN,
    }
}

impl Table {
    pub fn new(experiment: &Experiment, controls: Vec<PlannedCell>, runs: u32) -> Self {
        let mut cells = experiment.cells().unwrap_or_default();
        cells.extend(controls);
        Table {
            experiment: experiment.name.clone(),
            cells,
            planned: experiment.runs.repetitions * runs,
            metric: metric(experiment),
        }
    }

    /// The table, of all trials so far.
    pub fn text(&self, trials: &[Trial]) -> String {
        let sends = self.sends(trials);
        let title = Row {
            cell: format!(
                "{}: {}",
                self.experiment,
                self.metric.words().to_lowercase()
            ),
            trials: "trials".into(),
            found: "so far".into(),
            theory: "theory".into(),
        };
        let rows = self.cells.iter().map(|cell| self.row(cell, trials, &sends));
        let rows: Vec<_> = [title].into_iter().chain(rows).collect();
        let width = |of: fn(&Row) -> &str| {
            let widths = rows.iter().map(|row| of(row).chars().count());
            widths.max().unwrap_or_default()
        };
        let widths = [
            width(|row| &row.cell),
            width(|row| &row.trials),
            width(|row| &row.found),
            width(|row| &row.theory),
        ];
        let lines: Vec<_> = rows.iter().map(|row| row.line(widths)).collect();
        lines.join("\n")
    }

    /// The cell of the newest trial, in one line.
    pub fn newest(&self, trials: &[Trial]) -> Option<String> {
        let newest = trials.last()?;
        let cell = self.cells.iter().find(|cell| is_of(newest, cell))?;
        let row = self.row(cell, trials, &self.sends(trials));
        Some(format!(
            "{}, {}: {} trials, {} {} so far, theory {}",
            self.experiment,
            row.cell,
            row.trials,
            self.metric.words().to_lowercase(),
            row.found,
            row.theory
        ))
    }

    fn row(&self, cell: &PlannedCell, trials: &[Trial], sends: &SendCosts) -> Row {
        let own = trials.iter().filter(|trial| is_of(trial, cell));
        let (valid, invalid): (Vec<_>, Vec<_>) = own.partition(|trial| trial.invalidity.is_none());
        let level = cell.level.as_ref();
        let level = level.map_or(String::new(), |level| format!(", {level}"));
        Row {
            cell: format!("{}{level}", cell.label()),
            trials: match invalid.len() {
                0 => format!("{}/{}", valid.len(), self.planned),
                invalid => format!("{}/{} ({invalid} invalid)", valid.len(), self.planned),
            },
            found: shown(self.metric, mean(&valid, self.metric)),
            theory: shown(self.metric, theory(cell, &valid, sends, self.metric)),
        }
    }

    /// The calibration, for the theory of several readers in a room; where there are none it is not
    /// needed.
    fn sends(&self, trials: &[Trial]) -> SendCosts {
        let mut cells = self.cells.iter();
        match cells.any(|cell| cell.settings.load.clients > 1) {
            true => SendCosts::of(&cost::fits(trials)),
            false => SendCosts::default(),
        }
    }
}

impl Row {
    fn line(&self, [cell, trials, found, theory]: [usize; 4]) -> String {
        format!(
            "{:<cell$}  {:>trials$}  {:>found$}  {:>theory$}",
            self.cell, self.trials, self.found, self.theory
        )
    }
}

fn is_of(trial: &Trial, cell: &PlannedCell) -> bool {
    trial.experiment == cell.settings.name
        && trial.transport == cell.transport
        && trial.is_control == cell.is_control
        && trial.level == cell.level
}

/// The mean over these trials; the estimate at the end is that of all samples together.
fn mean(trials: &[&Trial], metric: Metric) -> Option<f64> {
    let values: Vec<_> = trials
        .iter()
        .filter_map(|trial| trial.value(metric))
        .collect();
    let sum: f64 = values.iter().sum();
    (!values.is_empty()).then(|| sum / values.len() as f64)
}

fn theory(cell: &PlannedCell, trials: &[&Trial], sends: &SendCosts, metric: Metric) -> Option<f64> {
    let measured = MeasuredInputs::of(&cell.settings, cell.transport, trials)?;
    CellTheory::at(&cell.settings, cell.transport, measured, sends)?.value(metric)
}

/// In one unit for all rows, so that they can be compared.
fn shown(metric: Metric, value: Option<f64>) -> String {
    let Some(value) = value else {
        return "–".into();
    };
    match metric.quantity() {
        Quantity::Time => format!("{:.2} ms", value / 1e3),
        Quantity::Bytes | Quantity::WholeBytes => format!("{value:.0} B"),
        Quantity::BytesPerSecond => format!("{value:.0} B/s"),
        Quantity::PerSecond => format!("{value:.0}/s"),
        Quantity::Share => format!("{:.1} %", value * 100.0),
        Quantity::Count => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use analysis::{
        results::{InvalidKind, Invalidity, Reason, Results},
        scenario::Scenario,
    };

    use super::*;

    /// An experiment of an older file, and all its trials, as if all were valid.
    fn table(name: &str) -> (Table, Vec<Trial>) {
        let folder = "../analysis/src/results/older_file";
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut results = Results::read(&folder).unwrap();
        let trials = results.trials.iter_mut();
        trials.for_each(|trial| trial.invalidity = None);
        let experiment = results.experiment(name).unwrap();
        (Table::new(&experiment, Vec::new(), 1), results.trials)
    }

    #[test]
    fn cells_fill_with_theory_beside_them() {
        let (table, trials) = table("latency");
        let empty = table.text(&[]);
        assert_eq!(empty.lines().count(), 9, "a title and eight cells: {empty}");
        assert!(empty.contains("0/5") && empty.contains('–'), "{empty}");
        let filled = table.text(&trials);
        let row = filled
            .lines()
            .find(|line| line.starts_with("WebSocket, one_way_ms=0"));
        let row = row.unwrap();
        assert!(row.matches(" ms").count() == 2, "found and theory: {row}");
        let widths =
            |text: &str| -> Vec<_> { text.lines().map(|line| line.chars().count()).collect() };
        let widths = widths(&filled);
        assert!(widths.iter().all(|width| *width == widths[0]), "{filled}");
    }

    #[test]
    fn an_invalid_trial_is_counted_apart_and_left_out() {
        let (table, mut trials) = table("latency");
        trials.retain(|trial| trial.experiment == "latency" && !trial.is_control);
        let before = table.newest(&trials).unwrap();
        let reason = Reason::new(InvalidKind::Fault, "closed");
        trials.last_mut().unwrap().invalidity = Invalidity::of(vec![reason]);
        let after = table.newest(&trials).unwrap();
        assert!(
            after.contains("(1 invalid)") && !before.contains("invalid"),
            "{after}"
        );
        assert!(
            before.starts_with("latency, ") && before.contains("theory"),
            "{before}"
        );
    }

    #[test]
    fn each_built_in_experiment_shows_a_metric_that_it_has() {
        for (name, expected) in [
            ("latency", Metric::MEAN),
            ("capacity", Metric::Capacity),
            ("idle", Metric::IpBytesPerS),
            ("outage", Metric::RecoverP50),
        ] {
            let scenario = Scenario::load(name).unwrap();
            assert_eq!(metric(&scenario.experiments[0]), expected, "{name}");
        }
    }
}
