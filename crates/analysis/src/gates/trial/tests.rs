//! Single trials, with planted evidence.

use protocol::Transport;

use super::*;
use crate::{
    estimate::sample::{at, latencies, trial},
    results::OtherLoad,
};

const SHORT: Transport = Transport::ShortPoll;
const SOCKET: Transport = Transport::WebSocket;

/// The kinds of the reasons of the first trial.
fn judged(mut trials: Vec<Trial>) -> Vec<InvalidKind> {
    judge(&mut trials);
    let found = trials[0].invalidity.as_ref();
    let reasons = found.map(|found| found.without(&[])).unwrap_or_default();
    reasons.into_iter().map(|reason| reason.kind).collect()
}

#[test]
fn a_valid_trial_has_no_reason() {
    let valid = Trial {
        steal_share: Some(0.01),
        other_load: OtherLoad {
            server_core: Some(0.04),
            generator_core: Some(0.01),
        },
        ..trial(SOCKET, 0, 40_000)
    };
    assert_eq!(judged(vec![valid]), []);
}

#[test]
fn each_condition_has_its_reason() {
    type Spoil = fn(&mut Trial);
    use InvalidKind::{
        Account, Generator, Link, OtherLoad, ReceiverLag, RunDelay, ScheduleDelay, Steal,
    };
    let cases: [(Spoil, InvalidKind); 12] = [
        (
            |t| t.generator.schedule_delay_us = latencies(4_000),
            ScheduleDelay,
        ),
        (|t| t.generator.lag_us = Some(latencies(1_100)), ReceiverLag),
        (|t| t.link_error_us = Some(latencies(4_000)), Link),
        (|t| t.generator.cpu_us = Some(8_100_000.0), Generator),
        (|t| t.generator.run_delay_us = Some(510_000.0), RunDelay),
        (|t| t.server.run_delay_us = Some(510_000.0), RunDelay),
        (|t| t.other_load.server_core = Some(0.06), OtherLoad),
        (|t| t.other_load.generator_core = Some(0.06), OtherLoad),
        (|t| t.steal_share = Some(0.021), Steal),
        (|t| t.lost = 1, Account),
        (|t| t.duplicated = 1, Account),
        (|t| t.reordered = 1, Account),
    ];
    for (spoil, kind) in cases {
        let mut spoiled = trial(SOCKET, 0, 40_000);
        spoil(&mut spoiled);
        assert_eq!(judged(vec![spoiled]), [kind]);
    }
}

#[test]
fn one_late_message_of_few_does_not_spoil_a_trial_and_ten_do() {
    let late = |messages: usize| {
        let mut lag = latencies(20).samples().unwrap();
        (0..messages).for_each(|_| lag.record(9_000));
        let mut trial = trial(SOCKET, 0, 40_000);
        trial.generator.lag_us = Some(lag.to_record());
        judged(vec![trial])
    };
    assert_eq!(late(1), []);
    assert_eq!(late(12), [InvalidKind::ReceiverLag]);
    assert_eq!(
        [tail(5), tail(200), tail(1_000), tail(50_000)],
        [0.5, 0.95, 0.99, 0.99]
    );
}

#[test]
fn threads_of_a_busy_process_may_keep_each_other_waiting() {
    let mut busy = trial(SOCKET, 0, 40_000);
    busy.server.cpu_us = Some(6_000_000.0);
    busy.server.run_delay_us = Some(6_100_000.0);
    assert_eq!(judged(vec![busy]), []);
}

#[test]
fn the_limit_is_that_of_the_fastest_transport_of_the_block() {
    let mut slow = trial(SHORT, 0, 1_000_000);
    slow.generator.schedule_delay_us = latencies(4_000);
    let slow = at("one_way_ms=40;interval_ms=2000", slow);
    let fast = |repetition, level| at(level, trial(SOCKET, repetition, 40_000));
    let beside = |other| judged(vec![slow.clone(), other]);
    // A tenth of 40 ms is 4 ms, and the p99 is 7.9 ms; alone the limit is 5 ms.
    assert_eq!(
        beside(fast(0, "one_way_ms=40")),
        [InvalidKind::ScheduleDelay]
    );
    let mut other = slow.clone();
    other.generator.schedule_delay_us = latencies(2_200);
    let p99_is_4_4_ms = |beside| judged(vec![other.clone(), beside]);
    assert_eq!(
        p99_is_4_4_ms(fast(0, "one_way_ms=40")),
        [InvalidKind::ScheduleDelay]
    );
    assert_eq!(p99_is_4_4_ms(fast(0, "one_way_ms=10")), []);
    assert_eq!(p99_is_4_4_ms(fast(1, "one_way_ms=40")), []);
}

#[test]
fn lateness_does_not_spoil_what_a_post_costs() {
    let mut late = trial(SOCKET, 0, 40_000);
    late.generator.schedule_delay_us = latencies(4_000);
    late.generator.lag_us = Some(latencies(9_000));
    late.experiment = "cost".into();
    assert_eq!(judged(vec![late.clone()]), []);
    late.other_load.server_core = Some(0.3);
    assert_eq!(judged(vec![late]), [InvalidKind::OtherLoad]);
}

#[test]
fn reasons_of_the_lab_are_kept_and_judging_again_changes_nothing() {
    let mut faulty = trial(SOCKET, 0, 40_000);
    faulty.lost = 2;
    let bytes = Reason::new(InvalidKind::Bytes, "a client counted 3 bytes up");
    faulty.invalidity = Invalidity::of(vec![bytes]);
    let mut trials = vec![faulty];
    judge(&mut trials);
    let once = trials[0].invalidity.clone();
    judge(&mut trials);
    assert_eq!(trials[0].invalidity, once);
    assert_eq!(judged(trials), [InvalidKind::Account, InvalidKind::Bytes]);
}

#[test]
fn a_load_ramp_is_not_judged_by_the_load_that_it_makes() {
    use crate::results::CapacityRecord;
    let mut ramp = trial(SOCKET, 0, 40_000);
    ramp.generator.cpu_us = Some(9_000_000.0);
    ramp.generator.lag_us = Some(latencies(80_000));
    ramp.capacity = Some(CapacityRecord {
        deliveries_per_s: 1.0,
        limit: Limit::Latency,
        predicted_by_cpu: None,
        steps: Vec::new(),
    });
    assert_eq!(judged(vec![ramp.clone()]), []);
    let mut late = ramp.clone();
    late.generator.schedule_delay_us = latencies(4_000);
    assert_eq!(judged(vec![late.clone()]), [InvalidKind::ScheduleDelay]);
    // A lower bound stays one.
    late.capacity.as_mut().unwrap().limit = Limit::Generator;
    assert_eq!(judged(vec![late]), []);
    ramp.other_load.server_core = Some(0.3);
    assert_eq!(judged(vec![ramp]), [InvalidKind::OtherLoad]);
}
