//! The longest latency over the seconds of a trial.

use analysis::{
    cell_trials::{CellTrials, group},
    gates::stall_us,
    metric::Quantity,
    results::{OverTime, Trial},
    scenario::Level,
};
use protocol::Transport;

use super::{
    axis::Axis,
    chart::Chart,
    figure::{Figure, FigureText, figure},
    series::{Point, Series},
    text::slug,
};
use crate::{data::Data, level, trial_name::trial_name, units::show};

/// A figure for each level of an experiment: of all valid trials together.
pub fn figures(data: &Data, experiment: &str) -> Vec<Figure> {
    let levels = data.levels(experiment).into_iter();
    levels
        .filter_map(|level| at_level(data, experiment, level))
        .collect()
}

fn at_level(data: &Data, experiment: &str, level: Option<&Level>) -> Option<Figure> {
    let mut cells = data.cells(experiment);
    cells.retain(|cell| cell.level == level);
    let courses = cells.iter().map(|cell| course(cell.transport, &cell.valid));
    let words = level::words(level);
    let at = if words.is_empty() {
        words
    } else {
        format!(" at {words}")
    };
    let caption = "The longest end-to-end latency of the messages that were due in each slice of the span, \
                   over all valid trials. A peak is a moment in which the server was late; a rise, that it fell behind.";
    drawn(
        courses.collect(),
        slug(&[
            experiment,
            "over-time",
            &level.map(Level::to_string).unwrap_or_default(),
        ]),
        format!("Longest latency over the seconds of a trial{at}"),
        caption.into(),
    )
}

/// A figure for each cell in which the server stalled: of its trial with the longest stall.
pub fn stalls(data: &Data) -> Vec<Figure> {
    let cells = group(&data.results.trials);
    cells.iter().filter_map(|cell| stall(data, cell)).collect()
}

fn stall(data: &Data, cell: &CellTrials) -> Option<Figure> {
    let recorded = cell.valid.iter().filter(|trial| trial.over_time.is_some());
    let stalled = recorded.filter_map(|trial| Some((stall_us(trial)?, *trial)));
    let (longest, trial) = stalled.max_by_key(|(longest, _)| *longest)?;
    let name = trial_name(data.results, trial);
    drawn(
        vec![course(cell.transport, &[trial])],
        slug(&["stall", &name]),
        format!("A stall: {name}"),
        format!(
            "The longest end-to-end latency of the messages that were due in each slice of the span of this \
             trial. The server once took {} to answer a post; a message that was due meanwhile waited.",
            show(Quantity::Time, longest as f64)
        ),
    )
}

fn drawn(series: Vec<Series>, slug: String, title: String, caption: String) -> Option<Figure> {
    let points = || series.iter().flat_map(|series| &series.points);
    let chart = Chart {
        // From 0 on, which a logarithm does not reach.
        x: Axis::over(
            "When the message was due",
            Quantity::Time,
            points().map(|point| point.x).chain([0.0]),
        ),
        y: Axis::logarithmic(
            "Longest end-to-end latency",
            Quantity::Time,
            points().map(|point| point.y),
        ),
        reference_lines: Vec::new(),
        series,
    };
    let text = FigureText {
        slug,
        title,
        caption,
        inputs: None,
        x: ("due_s".into(), Quantity::Time),
        y: ("longest_end_to_end_us".into(), Quantity::Time),
        x_unit: 1e6,
    };
    figure(chart, text)
}

fn course(transport: Transport, trials: &[&Trial]) -> Series {
    let point = |(second, longest): (f64, u64)| Point {
        x: second * 1e6,
        y: longest as f64,
        interval: None,
        name: None,
    };
    let mut series = Series::new(transport);
    series.is_course = true;
    series.points = longest(trials).into_iter().map(point).collect();
    series
}

/// The middle of each slice in seconds, and the longest latency of all trials in it. The trials of a
/// cell have equal spans, hence equal slices.
fn longest(trials: &[&Trial]) -> Vec<(f64, u64)> {
    let recorded = trials.iter().filter_map(|trial| trial.over_time.as_ref());
    let mut points: Vec<_> = recorded.flat_map(OverTime::points).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    points.dedup_by_key(|point| point.0);
    points
}

#[cfg(test)]
mod tests {
    use analysis::results::Results;
    use serde_json::json;

    use super::*;
    use crate::sample;

    fn run() -> Results {
        sample::results(&[sample::experiment(
            "latency",
            &[("one_way_ms", json!([0, 40]))],
        )])
    }

    #[test]
    fn each_slice_has_the_longest_latency_of_all_trials() {
        let mut run = run();
        let trials = run
            .trials
            .iter_mut()
            .filter(|trial| trial.transport == Transport::Sse);
        for (place, trial) in trials.enumerate() {
            let over_time = trial.over_time.as_mut().unwrap();
            over_time.longest_us[7] = Some(1_000 + place as u64);
        }
        let all: Vec<&Trial> = run.trials.iter().collect();
        let of_sse: Vec<_> = all
            .into_iter()
            .filter(|t| t.transport == Transport::Sse)
            .collect();
        // Slices of 20 s / 40: the eighth has its middle at 3.75 s.
        let found = longest(&of_sse);
        assert_eq!(found.len(), 40);
        assert_eq!(found[7], (3.75, 1_000 + of_sse.len() as u64 - 1));
    }

    #[test]
    fn each_level_has_a_figure_only_if_the_trials_recorded_it() {
        let mut run = run();
        let drawn = figures(&Data::new(&run), "latency");
        assert_eq!(drawn.len(), 2);
        let csv = drawn[0].csv.as_ref().unwrap();
        assert_eq!(csv.lines().count(), 1 + 4 * 40);
        assert!(csv.contains("measured,websocket,,0.25,"), "{csv}");
        run.trials
            .iter_mut()
            .for_each(|trial| trial.over_time = None);
        assert!(figures(&Data::new(&run), "latency").is_empty());
    }

    #[test]
    fn a_stall_is_drawn_of_its_own_trial() {
        let mut run = run();
        assert!(stalls(&Data::new(&run)).is_empty());
        for (trial, longest) in [(3, 80_000), (4, 90_000)] {
            let answers = (0..1_000).map(|n| 300 + n % 90).chain([longest]);
            run.trials[trial].post_response_us = Some(sample::samples(answers));
            run.trials[trial].other_load.server_core = Some(0.0);
        }
        let data = Data::new(&run);
        let found = stalls(&data);
        // The two trials are of different cells.
        assert_eq!(found.len(), 2);
        assert!(
            found[0].caption.contains("once took 80"),
            "{}",
            found[0].caption
        );
        assert!(
            found[0].title.contains(&trial_name(&run, &run.trials[3])),
            "{}",
            found[0].title
        );
    }
}
