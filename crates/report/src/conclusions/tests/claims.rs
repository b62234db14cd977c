//! The numbers of every sentence, against the trials that they are of.

use protocol::Transport::{self, LongPoll, ShortPoll, Sse, WebSocket};
use serde_json::json;

use analysis::results::Results;

use super::{
    numbers::{
        average, cell, claims, cpu_per_delivery, ip_bytes, ip_bytes_per_message, ip_bytes_per_s,
        latency_at, mean_latency, mean_with_interval, ratio,
    },
    support::{Sentences, run},
};
use crate::{
    conclusions::{between, cost, delay, levels, load, loss, other},
    data::Data,
    sample::{self, experiment},
};

/// What a comparison names beside its level: d, T and λ of the samples.
const D_T_RATE: [f64; 3] = [40e3, 2e6, 0.5];

/// The one sentence that has all these words.
fn sentence(results: &Results, name: &str, sentences: Sentences, words: &[&str]) -> String {
    let all = sentences(&Data::new(results), name);
    let has = |one: &&String| {
        words
            .iter()
            .all(|word| one.replace('\u{a0}', " ").contains(word))
    };
    let mut found: Vec<_> = all.iter().filter(has).cloned().collect();
    assert_eq!(found.len(), 1, "{words:?}: {all:#?}");
    found.remove(0)
}

fn ends<const N: usize>(parts: [&[f64]; N]) -> Vec<f64> {
    parts.concat()
}

#[test]
fn latency() {
    let run = run("latency", &[("one_way_ms", json!([0, 40]))]);
    let all = delay::latency as Sentences;
    let at = |transport| cell(&run, transport, "one_way_ms=40");
    let (short, long, push, sse) = (at(ShortPoll), at(LongPoll), at(WebSocket), at(Sse));
    let polled = sentence(&run, "latency", all, &["with short polling and"]);
    let (a, b) = (average(&short, mean_latency), average(&push, mean_latency));
    claims(
        &polled,
        &ends([&[a, b], &D_T_RATE, &ratio(&short, &push, mean_latency)]),
    );

    let medians = sentence(&run, "latency", all, &["nearly the same median"]);
    let (a, b) = (
        average(&long, |t| latency_at(t, 0.5)),
        average(&push, |t| latency_at(t, 0.5)),
    );
    let median = ratio(&long, &push, |t| latency_at(t, 0.5));
    assert!(median[1] >= 0.9 && median[2] <= 1.1);
    let quantile = [("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999)];
    let (name, _) = quantile
        .into_iter()
        .find(|(name, _)| medians.contains(&format!("at {name} ")))
        .unwrap();
    let tail = match name {
        "p90" => ratio(&long, &push, |t| latency_at(t, 0.9)),
        "p95" => ratio(&long, &push, |t| latency_at(t, 0.95)),
        "p99" => ratio(&long, &push, |t| latency_at(t, 0.99)),
        _ => ratio(&long, &push, |t| latency_at(t, 0.999)),
    };
    claims(&medians, &ends([&[40e3, 0.5, a, b], &median, &tail]));

    let pushed = sentence(
        &run,
        "latency",
        all,
        &["server-sent events", "WebSocket"].map(|w| w),
    );
    let between = ratio(&sse, &push, mean_latency);
    assert_eq!(
        pushed.contains("no difference"),
        between[1] <= 1.0 && between[2] >= 1.0
    );
    claims(&pushed, &ends([&[40e3, 0.5], &between]));
}

#[test]
fn agreement_names_the_largest_residual_of_all_cells_above_1_ms() {
    let run = run("latency", &[("one_way_ms", json!([0, 40]))]);
    let found = sentence(
        &run,
        "latency",
        delay::latency,
        &["Theory and measurement agree"],
    );
    // T = 2 s and λ = 0.5/s. d is 0.06 ms or 40.06 ms; below 1 ms are long polling and push at 0.
    let mut residuals = Vec::new();
    for (level, d) in [("one_way_ms=0", 60.0), ("one_way_ms=40", 40_060.0)] {
        let gap = 2.0 * d / 1e6 * 0.5;
        let none = f64::exp(-gap);
        let parked = none / (gap + none);
        let models = [
            (ShortPoll, 2.0 * d + 1e6),
            (LongPoll, d + (1.0 - parked) * d),
            (Sse, d),
            (WebSocket, d),
        ];
        for (transport, model) in models.into_iter().filter(|(_, model)| *model > 1e3) {
            residuals
                .push((average(&cell(&run, transport, level), mean_latency) / model - 1.0).abs());
        }
    }
    let largest = residuals.iter().copied().fold(0.0, f64::max);
    claims(&found, &[1e3, residuals.len() as f64, largest]);
}

#[test]
fn deviation_is_that_from_the_model() {
    let mut run = run("latency", &[("one_way_ms", json!([40]))]);
    for trial in run.trials.iter_mut().filter(|trial| trial.transport == Sse) {
        trial.delivery_us.mean = trial.delivery_us.mean.map(|mean| mean * 1.5);
    }
    run.estimates = sample::estimates(&run);
    let found = sentence(&run, "latency", delay::latency, &["differs from its model"]);
    let mean = average(&cell(&run, Sse, "one_way_ms=40"), mean_latency);
    assert!(found.contains("Server-sent events"));
    claims(&found, &[40e3, 0.95, mean / 40_060.0 - 1.0]);
    for trial in run.trials.iter_mut().filter(|trial| trial.transport == Sse) {
        trial.delivery_us.mean = trial.delivery_us.mean.map(|mean| mean * 2.0);
    }
    run.estimates = sample::estimates(&run);
    let found = sentence(&run, "latency", delay::latency, &["differs from its model"]);
    assert!(found.contains(" times."), "{found}");
    claims(&found, &[40e3, 0.95, mean * 2.0 / 40_060.0]);
}

#[test]
fn interval() {
    let run = run("interval", &[("interval_ms", json!([500, 4000]))]);
    let of = |level| cell(&run, ShortPoll, level);
    let (quick, slow) = (of("interval_ms=500"), of("interval_ms=4000"));
    let found = sentence(&run, "interval", delay::interval, &["reduces the mean"]);
    let gain = ratio(&slow, &quick, mean_latency);
    let price = ratio(&quick, &slow, ip_bytes_per_s);
    claims(&found, &ends([&[500e3, 4e6], &gain, &price]));
    let found = sentence(&run, "interval", delay::interval, &["has both"]);
    let push = cell(&run, WebSocket, "");
    let is_beaten = |poll| {
        ratio(&push, poll, mean_latency)[2] < 1.0 && ratio(&push, poll, ip_bytes_per_s)[2] < 1.0
    };
    let better = [&quick, &slow].into_iter().filter(|poll| is_beaten(poll));
    claims(&found, &[better.count() as f64]);
}

#[test]
fn slope_is_that_of_least_squares_over_trials() {
    let run = run("rtt", &[("one_way_ms", json!([1, 20, 100]))]);
    for (transport, theory) in [(ShortPoll, 2.0), (Sse, 1.0), (WebSocket, 1.0)] {
        let name = format!("{}: each millisecond", transport.name());
        let found = sentence(&run, "rtt", delay::rtt, &[name.as_str()]);
        let trials = run
            .trials
            .iter()
            .filter(|trial| trial.transport == transport);
        let points: Vec<_> = trials
            .map(|t| (t.one_way_us.unwrap(), mean_latency(t)))
            .collect();
        let count = points.len() as f64;
        let (x, y) = (
            points.iter().map(|p| p.0).sum::<f64>() / count,
            points.iter().map(|p| p.1).sum::<f64>() / count,
        );
        let xx: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
        let slope = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / xx;
        let rest: f64 = points
            .iter()
            .map(|p| (p.1 - y - slope * (p.0 - x)).powi(2))
            .sum();
        // Student's t at 95 % with 13 degrees of freedom.
        let half = 2.160_369 * (rest / (count - 2.0) / xx).sqrt();
        let is_inside = (slope - theory).abs() <= half;
        let mut expected = vec![slope * 1e3, slope - half, slope + half, theory];
        assert_eq!(found.contains("which is within the interval"), is_inside);
        if !is_inside {
            expected.push(slope / theory - 1.0);
        }
        claims(&found, &expected);
    }
}

#[test]
fn crossover_is_between_its_two_rates_and_has_its_settings() {
    let run = run("rate", &[("rate", json!([0.05, 0.5, 5, 50]))]);
    let found = sentence(&run, "rate", cost::rate, &["needs fewer bytes"]);
    let at = |rate: &str| {
        let level = format!("rate={rate}");
        ratio(
            &cell(&run, ShortPoll, &level),
            &cell(&run, WebSocket, &level),
            ip_bytes_per_message,
        )
    };
    let rates = ["0.05", "0.5", "5", "50"];
    let first = rates
        .windows(2)
        .find(|pair| at(pair[0])[1] > 1.0 && at(pair[1])[2] < 1.0)
        .unwrap();
    let (below, above) = (at(first[0]), at(first[1]));
    let [low, high] = [first[0], first[1]].map(|rate| rate.parse::<f64>().unwrap());
    let share = below[0].ln() / (below[0].ln() - above[0].ln());
    let crossover = low * (high / low).powf(share);
    let theory = super::numbers::numbers(found.split("theory: ").nth(1).unwrap())[0];
    assert!(low < theory && theory < high, "{found}");
    let settings = [2e6, 40e3];
    claims(
        &found,
        &ends([
            &below,
            &[low],
            &above,
            &[high],
            &[crossover],
            &settings,
            &[theory],
        ]),
    );
    assert!(
        found
            .replace('\u{a0}', " ")
            .contains("at T = 2 s, d = 40 ms"),
        "{found}"
    );

    let batching = sentence(&run, "rate", cost::rate, &["combines messages"]);
    let of = |level| cell(&run, LongPoll, level);
    let fall = ratio(&of("rate=0.05"), &of("rate=50"), ip_bytes_per_message);
    claims(&batching, &ends([&[0.05, 50.0], &fall]));
}

#[test]
fn bytes_against_push() {
    let run = run("latency", &[("one_way_ms", json!([0, 40]))]);
    let one: Sentences = |data, name| {
        cost::bytes_against_push(data, name, ShortPoll)
            .into_iter()
            .collect()
    };
    let of = |transport| cell(&run, transport, "one_way_ms=40");
    let expected = ratio(&of(ShortPoll), &of(WebSocket), ip_bytes_per_message);
    claims(
        &sentence(&run, "latency", one, &["needs"]),
        &ends([&expected, &D_T_RATE]),
    );
}

#[test]
fn share_of_message() {
    let run = run("size", &[("body_bytes", json!([32, 4000]))]);
    for transport in Transport::ALL {
        let name = format!("{}: the message is", transport.name());
        let found = sentence(&run, "size", cost::size, &[name.as_str()]);
        let share = |level| {
            mean_with_interval(&cell(&run, transport, level), |t| {
                t.bytes.payload as f64 / ip_bytes(t)
            })
        };
        let (small, large) = (share("body_bytes=32"), share("body_bytes=4000"));
        claims(&found, &ends([&small, &[32.0], &large, &[4_000.0]]));
    }
}

#[test]
fn equal_latency() {
    let run = run("equal-latency", &[("target_ms", json!([100, 1000]))]);
    let found = sentence(
        &run,
        "equal-latency",
        cost::equal_latency,
        &["short polling needs"],
    );
    let (poll, push) = (
        cell(&run, ShortPoll, "target_ms=100"),
        cell(&run, WebSocket, ""),
    );
    let requests = average(&poll, |t| {
        t.requests as f64 / (t.seconds * f64::from(t.clients))
    });
    let means = [average(&poll, mean_latency), average(&push, mean_latency)];
    claims(
        &found,
        &ends([
            &[100e3],
            &means,
            &ratio(&poll, &push, ip_bytes_per_s),
            &[requests],
        ]),
    );
}

#[test]
fn load_and_silence() {
    let fanout = run("fanout", &[("clients", json!([1, 5000]))]);
    let of = |transport, level| cell(&fanout, transport, level);
    let found = sentence(&fanout, "fanout", load::fanout, &["WebSocket: the p99"]);
    let (few, many) = (of(WebSocket, "clients=1"), of(WebSocket, "clients=5000"));
    let p99: super::numbers::Of = |trial| latency_at(trial, 0.99);
    claims(
        &found,
        &ends([
            &[average(&few, p99), 1.0, average(&many, p99), 5e3],
            &ratio(&many, &few, p99),
        ]),
    );
    let found = sentence(
        &fanout,
        "fanout",
        load::fanout,
        &["Short polling has", "CPU time"],
    );
    let cpu = ratio(&of(ShortPoll, "clients=5000"), &many, cpu_per_delivery);
    claims(&found, &ends([&cpu, &[5e3], &D_T_RATE]));

    let idle = run("idle", &[("clients", json!([0, 1000]))]);
    let of = |transport| cell(&idle, transport, "clients=1000");
    let found = sentence(
        &idle,
        "idle",
        load::idle,
        &["Short polling has", "idle IP traffic"],
    );
    claims(
        &found,
        &ends([
            &ratio(&of(ShortPoll), &of(WebSocket), ip_bytes_per_s),
            &[1e3],
            &D_T_RATE,
        ]),
    );
    let found = sentence(
        &idle,
        "idle",
        load::idle,
        &["Short polling has", "idle server CPU"],
    );
    let cpu = ratio(&of(ShortPoll), &of(WebSocket), |t| {
        t.server.cpu_us.unwrap() / (t.seconds * f64::from(t.clients))
    });
    claims(&found, &ends([&cpu, &[1e3], &D_T_RATE]));
}

#[test]
fn capacity_and_its_lower_bounds() {
    let mut searched = experiment("capacity", &[]);
    searched.search =
        serde_json::from_value(json!({"p99_ms": 100.0, "step_seconds": 5.0, "factor": 2.0})).ok();
    let mut run = sample::results(&[searched]);
    let found = sentence(
        &run,
        "capacity",
        load::capacity,
        &["WebSocket: the server held"],
    );
    let record = |t: &analysis::results::Trial| t.capacity.clone().unwrap();
    let push = cell(&run, WebSocket, "");
    let least = push
        .iter()
        .map(|t| record(t).deliveries_per_s)
        .fold(f64::MAX, f64::min);
    let predicted = average(&push, |t| {
        t.capacity.as_ref().unwrap().predicted_by_cpu.unwrap()
    });
    // "in each of 5 trials; in 5 of them the generator used over 80 % of its core first".
    claims(&found, &[least, 5.0, 5.0, 0.8, predicted]);
    for trial in &mut run.trials {
        trial.capacity.as_mut().unwrap().limit = analysis::results::Limit::Latency;
    }
    run.estimates = sample::estimates(&run);
    let found = sentence(&run, "capacity", load::capacity, &["Short polling has"]);
    let expected = ratio(
        &cell(&run, ShortPoll, ""),
        &cell(&run, WebSocket, ""),
        |t| t.capacity.as_ref().unwrap().deliveries_per_s,
    );
    // The load ramp changes λ.
    claims(&found, &ends([&expected, &[40e3, 2e6]]));
}

#[test]
fn outages_and_commits() {
    let mut cut = experiment("outage", &[("outage.seconds", json!([1.0, 5.0]))]);
    cut.outage = serde_json::from_value(json!({"at": 5.0, "seconds": 1.0})).ok();
    let run_cut = sample::results(&[cut]);
    let found = sentence(&run_cut, "outage", loss::outage, &["No message was lost"]);
    let due: u64 = run_cut.trials.iter().map(|trial| trial.expected).sum();
    assert_eq!(
        super::numbers::numbers(&found),
        [due as f64, run_cut.trials.len() as f64]
    );
    let found = sentence(&run_cut, "outage", loss::outage, &["After an outage"]);
    let of = |transport| cell(&run_cut, transport, "outage.seconds=5.0");
    let recover: super::numbers::Of = |trial| {
        let samples = trial.outage.as_ref().unwrap().recover_us.samples().unwrap();
        samples.raw_quantile(0.5) as f64
    };
    let (short, push) = (of(ShortPoll), of(WebSocket));
    let both = [average(&short, recover), average(&push, recover)];
    claims(
        &found,
        &ends([&[5e6], &both, &ratio(&short, &push, recover)]),
    );

    let disk = run("durability", &[("database", json!(["memory", "sqlite"]))]);
    let found = sentence(
        &disk,
        "durability",
        loss::durability,
        &["WebSocket, database sqlite"],
    );
    let of = |level| cell(&disk, WebSocket, level);
    let median: super::numbers::Of =
        |trial| trial.end_to_end_us.samples().unwrap().raw_quantile(0.5) as f64;
    let (memory, sqlite) = (of("database=memory"), of("database=sqlite"));
    let both = [average(&sqlite, median), average(&memory, median)];
    claims(&found, &ends([&both, &ratio(&sqlite, &memory, median)]));
}

#[test]
fn own_experiments_and_levels() {
    let run_own = run("mine", &[("jitter_ms", json!([0, 10]))]);
    let found = sentence(
        &run_own,
        "mine",
        other::generic,
        &["Short polling has", "at jitter 10"],
    );
    let of = |transport| cell(&run_own, transport, "jitter_ms=10");
    claims(
        &found,
        &ends([
            &ratio(&of(ShortPoll), &of(WebSocket), mean_latency),
            &[10e3],
            &D_T_RATE,
        ]),
    );

    let kept = run(
        "connections",
        &[("transport.keep_alive", json!([true, false]))],
    );
    let found = sentence(
        &kept,
        "connections",
        cost::connections,
        &["Short polling, new connection", ": "],
    );
    let of = |value: &str| cell(&kept, ShortPoll, &format!("transport.keep_alive={value}"));
    let (opened, reused) = (of("false"), of("true"));
    let each = [
        mean_latency as super::numbers::Of,
        ip_bytes_per_message,
        cpu_per_delivery,
    ]
    .map(|of| ratio(&opened, &reused, of));
    let clear = each
        .into_iter()
        .filter(|[_, low, high]| *low > 1.0 || *high < 1.0);
    claims(&found, &clear.flatten().collect::<Vec<_>>());
}

#[test]
fn the_difference_of_the_two_latencies() {
    let run = run("latency", &[("one_way_ms", json!([40]))]);
    let data = Data::new(&run);
    let found = between::between(&data.cells("latency")).unwrap();
    let expected = Transport::ALL.map(|transport| {
        let trials = cell(&run, transport, "one_way_ms=40");
        let longer = mean_with_interval(&trials, |t| {
            t.end_to_end_us.mean.unwrap() - t.delivery_us.mean.unwrap()
        });
        let sender = average(&trials, |t| t.generator.schedule_delay_us.mean.unwrap());
        [longer[0], longer[1], longer[2], sender]
    });
    claims(&found, &expected.concat());
    assert_eq!(between::between(&[]), None);
}

#[test]
fn latency_against_theory_is_remarked_where_it_is() {
    let mut run = run(
        "connections",
        &[("server.keep_alive", json!(["75s", "1s"]))],
    );
    let all = levels::against_first as Sentences;
    let words = [
        "Short polling, server's keep-alive 1s",
        "moves against theory",
    ];
    let has = |run: &Results| {
        all(&Data::new(run), "connections")
            .iter()
            .any(|one| one.contains(words[1]))
    };
    assert!(!has(&run));
    for trial in run.trials.iter_mut().filter(|trial| {
        trial.transport == ShortPoll && super::support::at(trial) == "server.keep_alive=1s"
    }) {
        trial.delivery_us.mean = trial.delivery_us.mean.map(|mean| mean * 0.9);
    }
    run.estimates = sample::estimates(&run);
    assert!(has(&run));
    let found = sentence(&run, "connections", all, &words);
    let of = |level| cell(&run, ShortPoll, level);
    let (closed, kept) = (of("server.keep_alive=1s"), of("server.keep_alive=75s"));
    // T = 2 s is longer than 1 s, so each poll opens a connection: 2d + T/2 becomes 3d + T/2.
    let theory = (3.0 * 40_060.0 + 1e6) / (2.0 * 40_060.0 + 1e6);
    let moved = ratio(&closed, &kept, mean_latency);
    claims(&found, &ends([&[1.0, 75.0], &moved, &[theory]]));
}

#[test]
fn the_keep_alive_is_between_two_intervals() {
    let run = run(
        "connections-limit",
        &[("interval_ms", json!([1000, 4000, 6000, 8000]))],
    );
    let found = sentence(
        &run,
        "connections-limit",
        cost::connections,
        &["exceeds the server's"],
    );
    let opened = |ms: u32| {
        let trials = cell(&run, ShortPoll, &format!("interval_ms={ms}"));
        average(&trials, |t| t.connections as f64 / t.requests as f64)
    };
    assert!(opened(4000) < 0.5 && opened(6000) > 0.5);
    claims(&found, &[4e6, 6e6]);
}
