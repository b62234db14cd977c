//! Synthetic trials for the tests.

use protocol::Transport;

use crate::{
    results::{
        Baseline, ClientBytes, Environment, GeneratorCost, IntervalsCover, MeanSizes, OtherLoad,
        Results, SCHEMA, ScenarioRecord, Segments, ServerCost, Trial, UpDown,
    },
    samples::{Samples, SamplesRecord},
    scenario::{CONTROL_SUFFIX, Experiment},
};

/// A hundred deliveries, evenly spaced from 0 to twice `mean_us`.
pub fn latencies(mean_us: u64) -> SamplesRecord {
    let mut samples = Samples::new();
    (0..100).for_each(|place| samples.record(mean_us * (2 * place + 1) / 100));
    samples.to_record()
}

/// A record without samples.
pub fn no_samples() -> SamplesRecord {
    Samples::new().to_record()
}

/// A valid trial of experiment `example`: 10 s, 5 clients, 100 deliveries of this mean latency.
pub fn trial(transport: Transport, repetition: u32, mean_us: u64) -> Trial {
    Trial {
        experiment: "example".into(),
        transport,
        label: transport.name().into(),
        is_control: false,
        level: None,
        run: 0,
        repetition,
        order: 0,
        seconds: 10.0,
        invalidity: None,
        one_way_us: Some(40_000.0),
        published: 100,
        expected: 100,
        received: 100,
        lost: 0,
        duplicated: 0,
        reordered: 0,
        delivery_us: latencies(mean_us),
        end_to_end_us: latencies(mean_us + 100),
        requests: 25,
        empty: 10,
        connections: 5,
        clients: 5,
        bytes: ClientBytes {
            payload: 20_000,
            headers: 5_000,
            framing: 1_000,
            up: 4_000,
            down: 22_000,
            ip_up: Some(6_000),
            ip_down: Some(24_000),
        },
        segments: Segments {
            up: Some(40),
            down: Some(40),
        },
        sizes: MeanSizes {
            request: Some(180.0),
            empty_response: Some(90.0),
            full_response: Some(140.0),
            message: Some(250.0),
        },
        port: 1,
        port_bytes: UpDown::default(),
        server: ServerCost {
            cpu_us: Some(2_000.0),
            pss_bytes: Some(6_000_000),
            pss_idle_bytes: Some(5_000_000),
            socket_bytes: None,
            run_delay_us: None,
        },
        generator: GeneratorCost {
            cpu_us: None,
            schedule_delay_us: latencies(10),
            lag_us: None,
            run_delay_us: None,
        },
        steal_share: None,
        other_load: OtherLoad::default(),
        link_error_us: None,
        post_response_us: None,
        outage: None,
        capacity: None,
        uniform: None,
        over_time: None,
    }
}

/// The same trial as one of the control (A/A).
pub fn control(mut trial: Trial) -> Trial {
    trial.label += CONTROL_SUFFIX;
    trial.is_control = true;
    trial
}

/// The same trial at a level.
pub fn at(level: &str, mut trial: Trial) -> Trial {
    trial.level = Some(level.parse().unwrap());
    trial
}

/// An unjudged campaign of these trials, all of which were planned.
pub fn results_of(trials: Vec<Trial>) -> Results {
    Results {
        schema: SCHEMA,
        scenario: ScenarioRecord {
            name: "example".into(),
            title: String::new(),
            question: String::new(),
            quick: false,
            planned_trials: trials.len() as u32,
            runs: 1,
            every_s: None,
            seconds: 1.0,
            experiments: serde_json::Map::from_iter([(
                "example".into(),
                serde_json::to_value(Experiment {
                    name: "example".into(),
                    ..Experiment::default()
                })
                .unwrap(),
            )]),
        },
        seed: 1,
        started_at: String::new(),
        environment: Environment {
            tcp_info: true,
            ..Environment::default()
        },
        valid: false,
        reasons: Vec::new(),
        gates: Vec::new(),
        remarks: Vec::new(),
        thresholds: Vec::new(),
        baseline: Baseline {
            clock_ns: 20.0,
            echo_us: latencies(30),
            links: Vec::new(),
        },
        runs: Vec::new(),
        intervals_cover: IntervalsCover::of(&trials),
        trials,
        estimates: Vec::new(),
        comparisons: Vec::new(),
        costs: Vec::new(),
        worksheet: None,
    }
}
