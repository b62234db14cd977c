//! A synthetic trial.

use analysis::{
    estimate::opened_before_span_s,
    results::{
        CapacityRecord, CapacityStep, ClientBytes, GeneratorCost, Limit, MeanSizes, OtherLoad,
        OutageRecord, OverTime, Segments, ServerCost, Trial, UniformTest, UpDown,
    },
    samples::{Samples, SamplesRecord},
    scenario::{Database, Experiment, HeaderProfile},
    theory::{self, AckMode, ByteInputs, ModelInputs, Span},
};
use protocol::Transport;
use rand::{Rng, rngs::StdRng};

/// A trial with the models' values and noise of a few per cent.
#[expect(clippy::too_many_lines, reason = "it is one record, field by field")]
pub fn trial(
    random: &mut StdRng,
    transport: Transport,
    settings: &Experiment,
    idle: bool,
) -> Trial {
    let clients = settings.load.rooms * settings.load.clients;
    let d = settings.network.one_way_ms * 1e3 + 60.0;
    let inputs = model_inputs(settings, idle, d);
    let predicted = theory::predict(transport, &inputs);
    let noise = |random: &mut StdRng| 1.0 + random.random_range(-0.02..0.02);
    let received = if idle {
        0
    } else {
        (settings.load.rate * settings.load.seconds * f64::from(clients)) as u64
    };
    let published = if idle {
        0
    } else {
        (settings.load.rate * settings.load.seconds * f64::from(settings.load.rooms)) as u64
    };
    let count = if idle {
        0
    } else {
        received.clamp(4_000, 30_000)
    };
    let wait = f64::from(settings.load.clients) * 4.0;
    let extra = if settings.server.database == Database::Sqlite {
        2_400.0
    } else {
        90.0
    };
    let mut delivery = Samples::new();
    let mut end_to_end = Samples::new();
    let mut over_time = OverTime::new(settings.load.seconds);
    for number in 0..count {
        let q: f64 = random.random();
        let latency = predicted.map_or(d, |predicted| predicted.latency.quantile(q) * 1e6);
        let own = latency + wait * random.random::<f64>() - 40.0 * random.random::<f64>().ln();
        delivery.record(own as u64);
        let whole = (own + extra * noise(random)) as u64;
        end_to_end.record(whole);
        let due_s = number as f64 / count as f64 * settings.load.seconds;
        over_time.record(due_s, whole);
    }
    let span = settings.load.seconds * f64::from(clients);
    let polls = predicted.map_or(0.5, |predicted| predicted.requests_per_s());
    let requests = (polls * span * noise(random)) as u64;
    let empty = predicted.and_then(|predicted| predicted.empty_share());
    let sizes = sizes(settings);
    let open = opened_before_span_s(settings, transport);
    let bytes = ByteInputs {
        sizes: sizes.clone(),
        digits: 2.0,
        span: Span {
            open,
            seconds: settings.load.seconds,
        },
    };
    let app = theory::app_bytes_per_s(transport, &inputs, &bytes).unwrap_or(500.0);
    let app = (app * span * noise(random)) as u64;
    let segments = theory::segments_per_s(transport, &inputs, bytes.span, AckMode::Delayed)
        .unwrap_or(polls * 9.0);
    let segments = (segments * span * noise(random)) as u64;
    let payload = (received * u64::from(settings.load.body_bytes + 80)).min(app);
    let headers = (requests * (sizes.request.unwrap() as u64 + 130)).min(app - payload);
    let up = (requests * sizes.request.unwrap() as u64).min(app);
    Trial {
        experiment: String::new(),
        transport,
        label: transport.name().into(),
        is_control: false,
        level: None,
        run: 0,
        repetition: 0,
        order: 0,
        seconds: settings.load.seconds,
        invalidity: None,
        one_way_us: Some(d),
        published,
        expected: received,
        received,
        lost: 0,
        duplicated: 0,
        reordered: 0,
        delivery_us: delivery.to_record(),
        end_to_end_us: end_to_end.to_record(),
        over_time: settings.search.is_none().then_some(over_time),
        requests,
        empty: (requests as f64 * empty.unwrap_or_default()) as u64,
        connections: connections(settings, clients, requests),
        clients,
        bytes: ClientBytes {
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
                (published as f64 * 200.0
                    + received as f64 * 9.0
                    + requests as f64 * 30.0
                    + 3_000.0)
                    * noise(random),
            ),
            pss_bytes: Some(18_000_000 + u64::from(clients) * 9_000),
            pss_idle_bytes: Some(18_000_000),
            socket_bytes: None,
            run_delay_us: None,
        },
        generator: GeneratorCost {
            cpu_us: None,
            schedule_delay_us: samples((0..1000).map(|n| n % 60)),
            lag_us: Some(samples((0..1000).map(|n| n % 40))),
            run_delay_us: Some(900.0),
        },
        steal_share: Some(0.001),
        other_load: OtherLoad {
            server_core: Some(0.004),
            generator_core: Some(0.003),
        },
        link_error_us: (settings.network.one_way_ms > 0.0)
            .then(|| samples((0..1000).map(|n| n % 50))),
        outage: settings
            .outage
            .as_ref()
            .map(|outage| outage_record(random, outage.seconds, d)),
        capacity: settings
            .search
            .as_ref()
            .map(|_| capacity(random, transport)),
        post_response_us: Some(samples((0..1000).map(|n| 300 + n % 90))),
        uniform: (transport == Transport::ShortPoll).then(|| UniformTest {
            distance: 0.01,
            p_value: random.random_range(0.05..1.0),
        }),
    }
}

/// The inputs of the models; unlike theory, also for settings to which no model applies.
fn model_inputs(settings: &Experiment, idle: bool, one_way_us: f64) -> ModelInputs {
    let transport = &settings.transport;
    ModelInputs {
        one_way: one_way_us / 1e6,
        interval: transport.interval_ms / 1e3,
        rate: if idle { 0.0 } else { settings.load.rate },
        wait: f64::from(transport.wait_s),
        handshakes: if transport.keep_alive { 0.0 } else { 1.0 },
        processing: 0.0,
    }
}

fn sizes(settings: &Experiment) -> MeanSizes {
    let headers = match settings.transport.headers {
        HeaderProfile::Browser => 530.0,
        HeaderProfile::Minimal => 120.0,
    };
    MeanSizes {
        request: Some(headers),
        empty_response: Some(90.0),
        full_response: Some(140.0),
        message: Some(f64::from(settings.load.body_bytes) + 80.0),
    }
}

fn connections(settings: &Experiment, clients: u32, requests: u64) -> u64 {
    let closed = settings.name == "connections-limit" && settings.transport.interval_ms > 5_000.0;
    if closed || !settings.transport.keep_alive {
        requests
    } else {
        u64::from(clients)
    }
}

fn outage_record(random: &mut StdRng, seconds: f64, d: f64) -> OutageRecord {
    let recover: Vec<u64> = (0..400)
        .map(|_| (d * 2.0 + random.random_range(0.0..seconds * 5e5)) as u64)
        .collect();
    OutageRecord {
        seconds,
        noticed: if seconds > 4.0 { 20 } else { 0 },
        notice_us: samples([]),
        recover_us: samples(recover),
        catch_up_bytes: (seconds * 8_000.0) as u64,
    }
}

/// A load ramp as the lab runs it: doubled until a step is late, then bisected. That of WebSocket
/// ends at the generator.
fn capacity(random: &mut StdRng, transport: Transport) -> CapacityRecord {
    let full = [60e3, 45e3, 190e3, 210e3][transport.index()] * random.random_range(0.95..1.05);
    let is_censored = transport == Transport::WebSocket;
    let (mut held, mut late) = (0.0, f64::MAX);
    let mut steps = Vec::new();
    while !is_censored && late > held * 1.05 || steps.len() < 5 {
        let load: f64 = match (held > 0.0, late < f64::MAX) {
            (false, _) => 10e3,
            (true, false) => held * 2.0,
            (true, true) => f64::sqrt(held * late),
        };
        let is_held = load <= full;
        if is_held {
            held = load;
        } else {
            late = load;
        }
        steps.push(CapacityStep {
            deliveries_per_s: load,
            p99_us: Some((1_500.0 / (1.0 - load / full / 1.02).max(0.008)) as u64),
            held: is_held,
            generator_share: Some(0.75 * load / 160e3),
            server_share: Some((load / full).min(1.0)),
        });
    }
    CapacityRecord {
        deliveries_per_s: held,
        limit: match is_censored {
            true => Limit::Generator,
            false => Limit::Latency,
        },
        predicted_by_cpu: Some(full),
        steps,
    }
}

pub fn samples(values: impl IntoIterator<Item = u64>) -> SamplesRecord {
    let mut samples = Samples::new();
    values.into_iter().for_each(|value| samples.record(value));
    samples.to_record()
}
