//! Makes the record of a trial from its measurements.

use analysis::{
    estimate::configured_inputs,
    results::{
        ClientBytes, GeneratorCost, MeanSizes, OutageRecord, Segments, ServerCost, Trial,
        UniformTest, UpDown,
    },
    samples::{Samples, SamplesRecord},
    stats,
    theory::SEGMENT_BYTES,
};
use netlab::{Direction, Link};

use super::{
    measurements::TrialMeasurements,
    planned::{PlannedTrial, RunContext, TrialOutcome},
    receiver_thread::Received,
    validity,
};
use crate::{
    publisher::{PostCounters, ScheduleDelay},
    receivers,
    server::Server,
};

/// All bytes on the server's port from its start to its end.
pub fn port_bytes(
    server: &Server,
    posted: &PostCounters,
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

pub fn trial_outcome(
    planned: &PlannedTrial,
    run: &RunContext,
    measured: TrialMeasurements,
) -> TrialOutcome {
    let settings = &planned.cell.settings;
    let received = &measured.received;
    let seconds = received.span.seconds();
    let deliveries = &received.deliveries;
    let published = published(&measured);
    let expected = published * u64::from(settings.load.clients);
    let emulated = settings.network.is_emulated();
    let echo_us = run.echo_us / 2.0;
    let one_way_us = one_way_us(received, emulated, echo_us);
    let schedule_delay_us = schedule_delays(&measured);
    let processors = &received.processors;
    let us = |ns: Option<u64>| ns.map(|ns| ns as f64 / 1e3);
    let generator_us = processors.generator as f64 / 1e3;
    let trial = Trial {
        experiment: settings.name.clone(),
        transport: planned.cell.transport,
        label: planned.cell.label(),
        is_control: planned.cell.is_control,
        level: planned.cell.level.clone(),
        run: planned.run,
        repetition: planned.repetition,
        order: planned.order,
        seconds,
        invalidity: validity::check(measured.clock_moved, &received.faults),
        one_way_us,
        published,
        expected,
        received: deliveries.received,
        lost: expected.saturating_sub(deliveries.received),
        duplicated: deliveries.duplicated,
        reordered: deliveries.reordered,
        delivery_us: deliveries.delivery_us.to_record(),
        end_to_end_us: deliveries.end_to_end_us.to_record(),
        over_time: deliveries
            .over_time
            .clone()
            .filter(|_| settings.search.is_none()),
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
            cpu_us: us(processors.server),
            pss_bytes: received.pss,
            pss_idle_bytes: measured.pss_idle,
            socket_bytes: received.socket_bytes,
            run_delay_us: us(processors.server_delay),
        },
        generator: GeneratorCost {
            cpu_us: Some(generator_us),
            schedule_delay_us: schedule_delay_us.to_record(),
            lag_us: recorded(&deliveries.lag_us),
            run_delay_us: us(processors.generator_delay),
        },
        steal_share: received.steal_share,
        other_load: processors.other_load(),
        link_error_us: received.link_errors.as_ref().and_then(recorded),
        post_response_us: recorded(&measured.response_us),
        outage: received
            .outage
            .clone()
            .map(|outage| with_recovery(outage, deliveries.recover_us.to_record())),
        capacity: received.capacity.clone(),
        uniform: one_way_us.and_then(|one_way_us| uniform(planned, &measured, one_way_us)),
    };
    TrialOutcome {
        trial,
        rows: measured.received.deliveries.rows,
    }
}

/// `None` without samples.
fn recorded(samples: &Samples) -> Option<SamplesRecord> {
    (samples.count() > 0).then(|| samples.to_record())
}

/// The published messages that were due in the span. A step of a load ramp that was given up has
/// published no others.
fn published(measured: &TrialMeasurements) -> u64 {
    let span = measured.received.span;
    let due = measured
        .delays
        .iter()
        .filter(|delay| span.contains(delay.due));
    due.count() as u64
}

/// The mean delay of the link plus half of the direct echo. A link that carried no data has an
/// unknown delay.
fn one_way_us(received: &Received, is_emulated: bool, echo_us: f64) -> Option<f64> {
    match received.delay {
        Some(delay) => Some(delay.as_secs_f64() * 1e6 + echo_us),
        None => (!is_emulated).then_some(echo_us),
    }
}

/// The schedule delays of the span. Of a load ramp only the steps that held: the others overload on
/// purpose.
fn schedule_delays(measured: &TrialMeasurements) -> Samples {
    let spans = &measured.received.punctual;
    let mut samples = Samples::new();
    let is_counted = |delay: &&ScheduleDelay| spans.iter().any(|span| span.contains(delay.due));
    let counted = measured.delays.iter().filter(is_counted);
    counted.for_each(|delay| samples.record(delay.late / 1_000));
    samples
}

fn bytes(counted: &receivers::TrafficCounts) -> ClientBytes {
    let ip = |bytes, segments| (segments > 0).then_some(bytes + SEGMENT_BYTES * segments);
    ClientBytes {
        payload: counted.payload,
        headers: counted.headers(),
        framing: counted.framing(),
        up: counted.up,
        down: counted.down,
        ip_up: ip(counted.up, counted.segments_up),
        ip_down: ip(counted.down, counted.segments_down),
    }
}

fn segments(counted: &receivers::TrafficCounts) -> Segments {
    let known = netlab::HAS_TCP_INFO;
    Segments {
        up: known.then_some(counted.segments_up),
        down: known.then_some(counted.segments_down),
    }
}

fn sizes(received: &Received) -> MeanSizes {
    let polls = &received.polls;
    let mean = |sum: u64, count: u64| (count > 0).then(|| sum as f64 / count as f64);
    MeanSizes {
        request: mean(polls.request_bytes, polls.requests),
        empty_response: mean(polls.empty_bytes, polls.empty),
        full_response: mean(polls.full_bytes, polls.requests - polls.empty),
        message: mean(received.deliveries.json_bytes, received.deliveries.received),
    }
}

fn with_recovery(outage: OutageRecord, recover_us: SamplesRecord) -> OutageRecord {
    OutageRecord {
        recover_us,
        ..outage
    }
}

/// The test of (L − d)/C against U(0,1), for short polling over a link with a constant delay.
fn uniform(
    planned: &PlannedTrial,
    measured: &TrialMeasurements,
    one_way_us: f64,
) -> Option<UniformTest> {
    let settings = &planned.cell.settings;
    let is_constant = settings.outage.is_none()
        && settings.search.is_none()
        && settings.network.jitter_ms == 0.0
        && settings.network.rate_kbps.is_none();
    if !planned.cell.transport.pauses() || !is_constant {
        return None;
    }
    let inputs = configured_inputs(settings, planned.cell.transport, one_way_us / 1e6);
    let cycle = inputs.cycle() * 1e6;
    // Clients of one room receive the same messages: only the first of each room is independent.
    let rooms = settings.load.rooms;
    let rows = measured.received.deliveries.rows.iter();
    let rows = rows.filter(|row| row.client < rooms);
    let shares: Vec<f64> = rows
        .map(|row| (row.delivery_us as f64 - one_way_us) / cycle)
        .collect();
    stats::uniformity_test(&shares)
}
