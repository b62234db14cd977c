//! What holds of the worksheets of all students.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{question::Asked, *};
use crate::{metric::Metric, scenario::Experiment};

fn of(name: &str) -> Parameters {
    Parameters::of(&name.parse().unwrap())
}

fn asked(parameters: &Parameters) -> Vec<Asked> {
    let all = questions(parameters).into_iter();
    all.flat_map(|question| question.asked).collect()
}

proptest! {
    #[test]
    fn every_cell_that_is_asked_is_measured(name in "[a-z][a-z0-9]{0,9}") {
        let parameters = of(&name);
        let scenario = scenario(&parameters, Predictions::new()).unwrap();
        let measured: HashSet<String> = scenario.experiments.iter().flat_map(cells).collect();
        let wanted: HashSet<String> = asked(&parameters)
            .into_iter()
            .filter_map(|asked| asked.cell)
            .map(|cell| format!("{} {} {:?}", cell.experiment, cell.transport.slug(), cell.level))
            .collect();
        let missing: Vec<_> = wanted.difference(&measured).collect();
        prop_assert!(missing.is_empty(), "{missing:?} of {measured:?}");
    }

    #[test]
    fn every_answer_is_a_number_above_zero(name in "[a-z][a-z0-9]{0,9}") {
        for asked in asked(&of(&name)) {
            prop_assert!(asked.answer.is_finite() && asked.answer > 0.0, "{asked:?}");
        }
    }
}

const PREDICTIONS: &[&str] = &[
    "student = \"ada\"\n[question1]\n",
    "student = \"ada\"\n[question2]\nshort_poll = 1.5\nwebsocket = -2e3\n",
    "[question3]\nx = [1]\n",
];

proptest! {
    /// A file of predictions that is not accepted is refused in a sentence that the student reads.
    #[test]
    fn a_damaged_file_is_refused_in_words(text in corpus::mutated(PREDICTIONS)) {
        if let Err(why) = predictions::parse(&text, &of("ada")) {
            prop_assert!(why.len() > 10, "{why}");
        }
    }
}

fn cells(experiment: &Experiment) -> Vec<String> {
    let cells = experiment.cells().unwrap();
    let name = |cell: &crate::scenario::PlannedCell| {
        format!(
            "{} {} {:?}",
            experiment.name,
            cell.transport.slug(),
            cell.level
        )
    };
    cells.iter().map(name).collect()
}

#[test]
fn keys_differ_within_a_question() {
    for question in questions(&of("ada")) {
        let keys: HashSet<_> = question.asked.iter().map(|asked| &asked.key).collect();
        assert_eq!(
            keys.len(),
            question.asked.len(),
            "question {}",
            question.number
        );
    }
}

/// The published example of the models: T = 2 s, d = 40 ms, λ = 5/s.
#[test]
fn the_answers_are_those_of_the_models() {
    let parameters = Parameters {
        one_way_ms: 40.0,
        interval_ms: 2_000.0,
        rate: 5.0,
        ..of("ada")
    };
    let asked = asked(&parameters);
    let answer = |key: &str| {
        let found = asked.iter().find(|asked| asked.key == key);
        found.unwrap_or_else(|| panic!("{key} is not asked")).answer
    };
    let near = |key: &str, expected: f64| {
        let share = answer(key) / expected - 1.0;
        assert!(
            share.abs() < 1e-3,
            "{key}: {} is not {expected}",
            answer(key)
        );
    };
    near("short_poll_mean_ms", 1_080_000.0);
    near("short_poll_p99_ms", 2_099_200.0);
    near("long_poll_mean_ms", 54_950.0);
    near("long_poll_p95_ms", 109_300.0);
    near("short_poll_empty_t2000_percent", 0.1249);
    near("crossover_per_s", 2.294);
    near("most_requests_per_s", 12.5);
    near("long_poll_size_browser_32_bytes", 1_019.0);
}

#[test]
fn a_prediction_within_three_per_cent_is_right() {
    let parameters = of("ada");
    let socket = asked(&parameters)
        .into_iter()
        .find(|asked| asked.key == "websocket_mean_ms");
    let exact = socket.unwrap().answer / 1e3;
    let record = |predicted: f64| WorksheetRecord {
        parameters: parameters.clone(),
        predictions: [("question1.websocket_mean_ms".to_owned(), predicted)].into(),
    };
    let right = |predicted: f64| marked(&record(predicted), None)[0].right();
    assert_eq!(
        (right(exact), right(exact * 1.02), right(exact * 1.04)),
        (1, 1, 0)
    );
    assert_eq!(marked(&record(exact), None)[0].marks(), 0);
}

#[test]
fn all_right_predictions_earn_all_marks() {
    let parameters = of("ada");
    let all = questions(&parameters).into_iter().flat_map(|question| {
        let of = question.number;
        question.asked.into_iter().map(move |asked| {
            let in_unit = asked.answer / asked.in_its_unit(1.0);
            (format!("question{of}.{}", asked.key), in_unit)
        })
    });
    let record = WorksheetRecord {
        predictions: all.collect(),
        parameters,
    };
    assert!(marked(&record, None).iter().all(|one| one.marks() == 2));
}

#[test]
fn p99_has_enough_deliveries() {
    for name in ["ada", "bob", "s1", "s2", "s3"] {
        let scenario = scenario(&of(name), Predictions::new()).unwrap();
        let load = &scenario.experiments[0].load;
        let repetitions = f64::from(scenario.experiments[0].runs.repetitions);
        let deliveries = load.rate * load.seconds * f64::from(load.rooms) * repetitions;
        let has_p99 = asked(&of(name)).iter().any(|asked| {
            asked
                .cell
                .as_ref()
                .is_some_and(|cell| cell.metric == Metric::P99)
        });
        assert!(has_p99 && deliveries > 10_500.0, "{deliveries}");
    }
}
