//! One trial.

use analysis::{
    results::{
        Bytes, CapacityRecord, CapacityStep, GeneratorCost, Limit, OutageRecord, Segments,
        ServerCost, Sizes, Trial, UniformTest, UpDown,
    },
    samples::{Hist, Samples},
    scenario::{Database, Experiment, Headers},
    theory::{self, ModelInputs, Path},
};
use protocol::Transport;
use rand::{Rng, rngs::StdRng};

/// A trial's figures from the models, with noise of a few per cent.
pub fn trial(chance: &mut StdRng, transport: Transport, setting: &Experiment, idle: bool) -> Trial {
    let clients = setting.load.rooms * setting.load.clients;
    let d = setting.network.one_way_ms * 1e3 + 60.0;
    let at = theory_setting(setting, idle, d);
    let expected = theory::delivery(transport, &at);
    let noise = |chance: &mut StdRng| 1.0 + chance.random_range(-0.02..0.02);
    let received = if idle {
        0
    } else {
        (setting.load.rate * setting.load.seconds * f64::from(clients)) as u64
    };
    let count = if idle {
        0
    } else {
        received.clamp(4_000, 30_000)
    };
    let wait = setting.load.clients as f64 * 4.0;
    let extra = if setting.server.database == Database::Sqlite {
        2_400.0
    } else {
        90.0
    };
    let mut delivery = Samples::new();
    let mut end_to_end = Samples::new();
    for _ in 0..count {
        let q: f64 = chance.random();
        let latency = expected.map_or(d, |expected| expected.latency.quantile(q) * 1e6);
        let own = latency + wait * chance.random::<f64>() - 40.0 * chance.random::<f64>().ln();
        delivery.record(own as u64);
        end_to_end.record((own + extra * noise(chance)) as u64);
    }
    let span = setting.load.seconds * f64::from(clients);
    let polls = expected.map_or(0.5, |expected| expected.requests_per_s());
    let requests = (polls * span * noise(chance)) as u64;
    let empty = expected.and_then(|expected| expected.empty_share());
    let sizes = sizes(setting);
    let app = theory::app_bytes_per_s(transport, &at, &sizes, 2.0).unwrap_or(500.0);
    let app = (app * span * noise(chance)) as u64;
    let segments = theory::segments_per_s(transport, &at, Path::Late).unwrap_or(polls * 9.0);
    let segments = (segments * span * noise(chance)) as u64;
    let payload = (received * u64::from(setting.load.body_bytes + 80)).min(app);
    let headers = (requests * (sizes.request.unwrap() as u64 + 130)).min(app - payload);
    let up = (requests * sizes.request.unwrap() as u64).min(app);
    Trial {
        experiment: String::new(),
        transport,
        label: transport.name().into(),
        is_control: false,
        level: None,
        repetition: 0,
        order: 0,
        seconds: setting.load.seconds,
        void: None,
        one_way_us: Some(d),
        published: received,
        expected: received,
        received,
        lost: 0,
        duplicated: 0,
        reordered: 0,
        delivery_us: delivery.to_hist(),
        end_to_end_us: end_to_end.to_hist(),
        requests,
        empty: (requests as f64 * empty.unwrap_or_default()) as u64,
        connections: connections(setting, clients, requests),
        clients,
        bytes: Bytes {
            payload,
            headers,
            framing: app - payload - headers,
            up,
            down: app - up,
            ip_up: Some(up + segments * 26),
            ip_down: Some(app - up + segments * 26),
        },
        segments: Segments {
            up: Some(segments / 2),
            down: Some(segments / 2),
        },
        sizes,
        port: 9000,
        port_bytes: UpDown::default(),
        server: ServerCost {
            cpu_us: Some(
                (received as f64 * 9.0 + requests as f64 * 30.0 + 3_000.0) * noise(chance),
            ),
            pss_bytes: Some(18_000_000 + u64::from(clients) * 9_000),
            pss_idle_bytes: Some(18_000_000),
            socket_bytes: None,
        },
        generator: GeneratorCost {
            cpu_us: None,
            schedule_delay_us: samples((0..1000).map(|n| n % 60)),
        },
        steal_share: Some(0.001),
        outage: setting
            .outage
            .as_ref()
            .map(|cut| outage(chance, cut.seconds, d)),
        capacity: setting.search.as_ref().map(|_| capacity(chance, transport)),
        uniform: (transport == Transport::ShortPoll).then(|| UniformTest {
            distance: 0.01,
            p_value: chance.random_range(0.05..1.0),
        }),
    }
}

/// Whatever else is set, so that there is something to draw.
fn theory_setting(setting: &Experiment, idle: bool, one_way_us: f64) -> ModelInputs {
    let transport = &setting.transport;
    ModelInputs {
        one_way: one_way_us / 1e6,
        interval: transport.interval_ms / 1e3,
        rate: if idle { 0.0 } else { setting.load.rate },
        wait: f64::from(transport.wait_s),
        handshakes: if transport.keep_alive { 0.0 } else { 1.0 },
    }
}

fn sizes(setting: &Experiment) -> Sizes {
    let head = match setting.transport.headers {
        Headers::Browser => 530.0,
        Headers::Minimal => 120.0,
    };
    Sizes {
        request: Some(head),
        empty_answer: Some(90.0),
        full_answer: Some(140.0),
        message: Some(f64::from(setting.load.body_bytes) + 80.0),
    }
}

fn connections(setting: &Experiment, clients: u32, requests: u64) -> u64 {
    let closed = setting.name == "connections-limit" && setting.transport.interval_ms > 5_000.0;
    if closed || !setting.transport.keep_alive {
        requests
    } else {
        u64::from(clients)
    }
}

fn outage(chance: &mut StdRng, seconds: f64, d: f64) -> OutageRecord {
    let recover: Vec<u64> = (0..400)
        .map(|_| (d * 2.0 + chance.random_range(0.0..seconds * 5e5)) as u64)
        .collect();
    OutageRecord {
        seconds,
        noticed: if seconds > 4.0 { 20 } else { 0 },
        notice_us: samples([]),
        recover_us: samples(recover),
        catch_up_bytes: (seconds * 8_000.0) as u64,
    }
}

fn capacity(chance: &mut StdRng, transport: Transport) -> CapacityRecord {
    let most = [60e3, 45e3, 190e3, 210e3][transport.index()] * chance.random_range(0.95..1.05);
    let step = |n: i32| {
        let load = 5_000.0 * 1.5f64.powi(n);
        let p99 = 1_500.0 / (1.0 - load / most / 1.6).max(0.008);
        CapacityStep {
            deliveries_per_s: load,
            p99_us: Some(p99 as u64),
            held: load <= most,
        }
    };
    let steps: Vec<_> = (0..12)
        .map(step)
        .take_while(|step| step.deliveries_per_s < most * 1.5)
        .collect();
    CapacityRecord {
        deliveries_per_s: most,
        limit: if transport == Transport::WebSocket {
            Limit::Generator
        } else {
            Limit::Latency
        },
        steps,
    }
}

pub fn samples(values: impl IntoIterator<Item = u64>) -> Hist {
    let mut samples = Samples::new();
    values.into_iter().for_each(|value| samples.record(value));
    samples.to_hist()
}
