//! Plans of the built-in scenarios, and of several runs.

use super::*;

fn plan(name: &str, quick: bool) -> Plan {
    Plan::new(&Scenario::load(name).unwrap(), quick, 1, 1).unwrap()
}

#[test]
fn every_run_has_the_same_blocks_in_an_order_of_its_own() {
    let once = plan("smoke", false);
    let scenario = Scenario::load("smoke").unwrap();
    let thrice = Plan::new(&scenario, false, 1, 3).unwrap();
    let names = |plan: &Plan, run| -> Vec<_> {
        let trials = plan.trials_of(run);
        trials
            .map(|planned| (planned.repetition, planned.cell.label()))
            .collect()
    };
    assert_eq!(
        names(&once, 0),
        names(&thrice, 0),
        "the first run is that of a single one"
    );
    let sorted = |run| {
        let mut names = names(&thrice, run);
        names.sort();
        names
    };
    assert!(sorted(0) == sorted(1) && sorted(1) == sorted(2));
    let orders: std::collections::BTreeSet<_> = (0..3).map(|run| names(&thrice, run)).collect();
    assert!(orders.len() > 1, "shuffled");
    let places = thrice.trials.iter().map(|planned| planned.order);
    assert!(places.eq(0..3 * once.trials.len() as u32));
}

#[test]
fn a_campaign_that_could_only_be_invalid_is_refused() {
    let mut scenario = Scenario::load("smoke").unwrap();
    let mut planned = |repetitions, runs| {
        scenario.experiments[0].runs.repetitions = repetitions;
        Plan::new(&scenario, false, 1, runs)
    };
    for repetitions in [1, 2] {
        let error = planned(repetitions, 1).unwrap_err();
        let words = ["smoke", "repetitions = 3", "--runs 3"];
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
    assert!(planned(3, 1).is_ok() && planned(1, 3).is_ok());
}

#[test]
fn every_block_has_every_cell_once_in_an_order_of_its_own() {
    let plan = plan("latency", false);
    let cells = plan.experiments[0].cells().unwrap().len() + 1;
    let blocks: Vec<Vec<String>> = plan
        .trials
        .chunks(cells)
        .map(|block| {
            block
                .iter()
                .map(|planned| format!("{} {:?}", planned.cell.label(), planned.cell.level))
                .collect()
        })
        .collect();
    assert_eq!(blocks.len(), 10);
    for block in &blocks {
        let distinct: std::collections::BTreeSet<_> = block.iter().collect();
        assert_eq!(distinct.len(), cells);
    }
    assert!(blocks.iter().any(|block| *block != blocks[0]), "shuffled");
}

#[test]
fn every_built_in_scenario_has_the_controls_that_it_names_or_one() {
    for (built_in, quick) in analysis::scenario::BUILT_IN
        .iter()
        .flat_map(|built_in| [(built_in, true), (built_in, false)])
    {
        let plan = plan(built_in.name, quick);
        let controls: std::collections::BTreeSet<_> = plan
            .trials
            .iter()
            .filter(|planned| planned.cell.is_control)
            .map(|planned| planned.cell.label())
            .collect();
        // A short campaign does not control the phases of short polls.
        let named = match (built_in.name, quick) {
            ("coursework" | "smoke", false) => 2,
            _ => 1,
        };
        assert_eq!(controls.len(), named, "{}", built_in.name);
    }
}

/// The calibration has the transports whose sends are one after the other, at the ends of its sweeps.
#[test]
fn a_fan_out_gets_its_calibration_unless_the_campaign_has_one() {
    let own = |name| -> Vec<String> {
        let plan = plan(name, false);
        plan.experiments.into_iter().map(|one| one.name).collect()
    };
    assert_eq!(own("fanout"), ["fanout", "cost"]);
    let times = |name| own(name).iter().filter(|one| *one == "cost").count();
    assert_eq!(["coursework", "cost"].map(times), [1, 1]);
    assert_eq!(["latency", "idle", "capacity"].map(times), [0, 0, 0]);
    let scenario = Scenario::load("fanout").unwrap();
    let plan = Plan::new(&scenario, false, 1, 1).unwrap();
    let added = plan.experiments.last().unwrap();
    let fan_out = &plan.experiments[0].transport.list;
    let needed = fan_out.iter().filter(|transport| !transport.pauses());
    assert!(needed.eq(&added.transport.list));
    let cells = added.cells().unwrap();
    let without_readers = cells.iter().filter(|cell| cell.settings.load.clients == 0);
    assert_eq!((cells.len(), without_readers.count()), (7, 1));
}

#[test]
fn the_costs_of_the_default_suite_take_a_minute_and_a_half() {
    let plan = plan("coursework", false);
    let of_cost = plan
        .trials
        .iter()
        .filter(|one| one.cell.settings.name == "cost");
    let took: f64 = of_cost.map(seconds).sum();
    assert!(took < 95.0, "{took}");
}

#[test]
fn the_default_suite_fits_into_twenty_minutes_and_the_small_one_into_seconds() {
    assert!(plan("coursework", false).seconds() < 20.0 * 60.0);
    assert!(plan("smoke", false).seconds() < 28.0);
}

#[test]
fn quick_is_much_quicker() {
    for name in ["latency", "interval", "rtt", "rate", "size"] {
        assert!(
            plan(name, true).seconds() < 0.2 * plan(name, false).seconds(),
            "{name}"
        );
    }
}
