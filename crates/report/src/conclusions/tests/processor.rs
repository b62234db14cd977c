//! The sentences on the costs of the server's processor.

use analysis::results::{Cost, Results};
use serde_json::json;

use super::support::run;
use crate::{
    conclusions::processor::{costs, residuals},
    data::Data,
    summary::summary,
};

fn measured() -> Results {
    run(
        "cost",
        &[("clients", json!([0, 5, 20])), ("rate", json!([1, 10, 50]))],
    )
}

fn sentences(results: &Results) -> Vec<String> {
    let all = costs(&Data::new(results), "cost").into_iter();
    all.map(|one| one.replace('\u{a0}', " ")).collect()
}

#[test]
fn every_transport_has_its_costs_and_push_has_no_requests() {
    let results = measured();
    let all = sentences(&results);
    assert_eq!(all.len(), 4);
    let of_push = all.iter().find(|one| one.starts_with("WebSocket")).unwrap();
    assert!(of_push.contains("a delivery costs the server") && !of_push.contains("request"));
    let of_polls = all
        .iter()
        .find(|one| one.starts_with("Short polling"))
        .unwrap();
    assert!(
        of_polls.contains("a request costs the server"),
        "{of_polls}"
    );
}

#[test]
fn a_cost_whose_interval_includes_zero_is_not_claimed() {
    let mut results = measured();
    results.costs[0].request_us = Some(Cost {
        value: 1.0,
        ci95: [-2.0, 4.0],
    });
    let all = sentences(&results);
    let words = "the cost of a request cannot be told from 0 (95 % interval −2–4 µs)";
    assert!(all[0].contains(words), "{}", all[0]);
    assert!(!all[0].contains("a request costs"), "{}", all[0]);
    results.costs.clear();
    assert!(sentences(&results).is_empty());
}

/// The largest residual of the sentence is that of the table, which is of the trials' means.
#[test]
fn the_residuals_are_those_of_the_cells() {
    let results = measured();
    let table = residuals(&Data::new(&results), "cost").unwrap();
    for fit in &results.costs {
        let own = table
            .rows
            .iter()
            .filter(|row| row[0] == fit.transport.name());
        assert_eq!(own.count(), fit.cells.len());
        let largest = fit
            .cells
            .iter()
            .map(|cell| (cell.cpu_us / cell.fitted_us - 1.0).abs());
        let largest = largest.fold(0.0, f64::max) * 100.0;
        let words = format!("largest residual of a cell is {largest:.1} %");
        assert!(
            sentences(&results).iter().any(|one| one.contains(&words)),
            "{words}"
        );
    }
    let mut without = results;
    without.costs.clear();
    assert!(residuals(&Data::new(&without), "cost").is_none());
}

#[test]
fn the_first_table_has_the_costs_or_names_the_mixture() {
    let mut results = measured();
    let columns = |results: &Results| summary(&Data::new(results)).unwrap().columns;
    let fitted = columns(&results);
    assert!(fitted.ends_with(&[
        "Server CPU per request".into(),
        "Server CPU per delivery".into()
    ]));
    assert!(fitted.iter().all(|name| !name.contains("share of posts")));
    results.costs.clear();
    let mixed = columns(&results);
    assert!(
        mixed
            .last()
            .unwrap()
            .ends_with("its share of posts and requests included")
    );
}
