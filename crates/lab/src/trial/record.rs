//! From what was measured to the record of a trial.

use analysis::{
    results::{
        Bytes, GeneratorCost, OutageRecord, Segments, ServerCost, Sizes, Trial, UniformTest, UpDown,
    },
    samples::{Hist, Samples},
    stats,
    theory::SEGMENT_BYTES,
};
use netlab::{Direction, Link};

use super::{
    measured::TrialMeasurements,
    planned::{Planned, Run, TrialOutcome},
    receivers::Received,
    validity::{self, Evidence},
};
use crate::{host::procfs, publisher::Posted, receivers as clients, target::Server};

/// All that crossed the server's port in its whole life.
pub fn port_bytes(
    server: &Server,
    posted: &Posted,
    link: Option<&Link>,
    received: &Received,
) -> UpDown {
    let clients = match link {
        Some(link) => (
            link.statistics(Direction::Up).bytes,
            link.statistics(Direction::Down).bytes,
        ),
        None => (received.all_bytes.up, received.all_bytes.down),
    };
    let posts = posted.bytes();
    UpDown {
        up: server.set_up.up + posts.up + clients.0,
        down: server.set_up.down + posts.down + clients.1,
    }
}

pub fn make(planned: &Planned, run: &Run, measured: TrialMeasurements) -> TrialOutcome {
    let setting = &planned.cell.setting;
    let received = &measured.received;
    let seconds = (received.span.until - received.span.from) as f64 / 1e9;
    let deliveries = &received.deliveries;
    let published = published(&measured);
    let expected = published * u64::from(setting.load.clients);
    let emulated = setting.network.is_emulated();
    let echo_us = run.echo_us / 2.0;
    let one_way_us = one_way_us(received, emulated, echo_us);
    let schedule_delay_us = delays(&measured);
    let steal_share = procfs::steal_share(measured.ticks.0, measured.ticks.1);
    let generator_us = received.generator_ns as f64 / 1e3;
    let evidence = Evidence {
        // What a ramp asks of the generator it looks after itself.
        generator_share: setting
            .search
            .is_none()
            .then(|| generator_us / 1e6 / seconds),
        steal_share,
        clock_moved_ns: measured.clock_moved,
        ..evidence(received, expected, &schedule_delay_us)
    };
    let trial = Trial {
        experiment: setting.name.clone(),
        transport: planned.cell.transport,
        label: planned.cell.label(),
        is_control: planned.cell.again,
        level: planned.cell.level.clone(),
        repetition: planned.repetition,
        order: planned.order,
        seconds,
        void: validity::void(&evidence),
        one_way_us,
        published,
        expected,
        received: deliveries.received,
        lost: evidence.lost,
        duplicated: evidence.duplicated,
        reordered: evidence.reordered,
        delivery_us: deliveries.delivery_us.to_hist(),
        end_to_end_us: deliveries.end_to_end_us.to_hist(),
        requests: received.polls.requests,
        empty: received.polls.empty,
        connections: received.connections,
        clients: received.clients,
        bytes: bytes(&received.bytes),
        segments: segments(&received.bytes),
        sizes: sizes(received),
        port: measured.port_number,
        port_bytes: measured.port,
        server: ServerCost {
            cpu_us: received.server_ns.map(|ns| ns as f64 / 1e3),
            pss_bytes: received.pss,
            pss_idle_bytes: measured.pss_idle,
            socket_bytes: received.socket_bytes,
        },
        generator: GeneratorCost {
            cpu_us: Some(generator_us),
            schedule_delay_us: schedule_delay_us.to_hist(),
        },
        steal_share,
        outage: received
            .outage
            .clone()
            .map(|outage| recovered(outage, deliveries.recover_us.to_hist())),
        capacity: received.capacity.clone(),
        uniform: one_way_us.and_then(|one_way_us| uniform(planned, &measured, one_way_us)),
    };
    TrialOutcome {
        trial,
        rows: measured.received.deliveries.rows,
    }
}

/// The messages that were due in the span: a ramp that ended early has published no more.
fn published(measured: &TrialMeasurements) -> u64 {
    let span = measured.received.span;
    let due = measured.delays.iter().filter(|delay| span.holds(delay.due));
    due.count() as u64
}

/// The delay that a link gave, with half the direct echo. In silence a link may carry nothing: then
/// its delay is not known.
fn one_way_us(received: &Received, is_emulated: bool, echo_us: f64) -> Option<f64> {
    match received.delay {
        Some(delay) => Some(delay.as_secs_f64() * 1e6 + echo_us),
        None => (!is_emulated).then_some(echo_us),
    }
}

/// What the receivers and the publisher themselves tell for and against a trial.
fn evidence(received: &Received, expected: u64, schedule_delay_us: &Samples) -> Evidence {
    let deliveries = &received.deliveries;
    let latency = &deliveries.delivery_us;
    Evidence {
        schedule_delay_p99_us: match schedule_delay_us.count() {
            0 => 0.0,
            _ => schedule_delay_us.raw_quantile(0.99) as f64,
        },
        median_us: (deliveries.received > 0).then(|| latency.raw_quantile(0.5) as f64),
        lost: expected.saturating_sub(deliveries.received),
        duplicated: deliveries.duplicated,
        reordered: deliveries.reordered,
        faults: received.faults.clone(),
        ..Evidence::default()
    }
}

/// How late each send of the span was. Of a ramp, only the steps that held: its last one is meant
/// to be too much.
fn delays(measured: &TrialMeasurements) -> Samples {
    let span = measured.received.span;
    let until = match &measured.received.capacity {
        Some(capacity) if !capacity.steps.is_empty() => {
            let held = capacity.steps.iter().filter(|step| step.held).count() as u64;
            let step = (span.until - span.from) / capacity.steps.len() as u64;
            span.from + held * step
        }
        _ => span.until,
    };
    let mut samples = Samples::new();
    let counted = measured
        .delays
        .iter()
        .filter(|delay| (span.from..until).contains(&delay.due));
    counted.for_each(|delay| samples.record(delay.late / 1_000));
    samples
}

fn bytes(counted: &clients::Bytes) -> Bytes {
    let ip = |bytes, segments| (segments > 0).then_some(bytes + SEGMENT_BYTES * segments);
    Bytes {
        payload: counted.payload,
        headers: counted.headers(),
        framing: counted.framing(),
        up: counted.up,
        down: counted.down,
        ip_up: ip(counted.up, counted.segments_up),
        ip_down: ip(counted.down, counted.segments_down),
    }
}

fn segments(counted: &clients::Bytes) -> Segments {
    let known = netlab::HAS_TCP_INFO;
    Segments {
        up: known.then_some(counted.segments_up),
        down: known.then_some(counted.segments_down),
    }
}

fn sizes(received: &Received) -> Sizes {
    let polls = &received.polls;
    let mean = |sum: u64, count: u64| (count > 0).then(|| sum as f64 / count as f64);
    Sizes {
        request: mean(polls.request_bytes, polls.requests),
        empty_answer: mean(polls.empty_bytes, polls.empty),
        full_answer: mean(polls.full_bytes, polls.requests - polls.empty),
        message: mean(received.deliveries.json_bytes, received.deliveries.received),
    }
}

fn recovered(outage: OutageRecord, recover_us: Hist) -> OutageRecord {
    OutageRecord {
        recover_us,
        ..outage
    }
}

/// Of short polls over a steady link: whether (L − d)/C is as uniform as theory says.
fn uniform(
    planned: &Planned,
    measured: &TrialMeasurements,
    one_way_us: f64,
) -> Option<UniformTest> {
    let setting = &planned.cell.setting;
    let steady = setting.outage.is_none()
        && setting.search.is_none()
        && setting.network.jitter_ms == 0.0
        && setting.network.rate_kbps.is_none();
    if !planned.cell.transport.pauses() || !steady {
        return None;
    }
    let round_trips = if setting.transport.keep_alive {
        1.0
    } else {
        2.0
    };
    let cycle = setting.transport.interval_ms * 1_000.0 + 2.0 * one_way_us * round_trips;
    let rows = measured.received.deliveries.rows.iter();
    let shares: Vec<f64> = rows
        .map(|row| (row.delivery_us as f64 - one_way_us) / cycle)
        .collect();
    stats::uniform(&shares)
}
