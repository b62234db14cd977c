//! What the settings of a cell say before anything is measured.

use protocol::{Transport, duration};

use crate::{scenario::Experiment, theory::ModelInputs};

/// The shortest warm-up, in seconds.
const MIN_WARM_UP_S: f64 = 0.5;
/// The pause between the clients' readiness and the first message, in seconds.
pub const SETTLE_S: f64 = 0.05;

/// The settings of a client as the models take them, with a one-way delay in seconds.
pub fn configured_inputs(
    experiment: &Experiment,
    transport: Transport,
    one_way: f64,
) -> ModelInputs {
    let inputs = ModelInputs {
        one_way,
        interval: experiment.transport.interval_ms / 1e3,
        rate: experiment.load.rate,
        wait: f64::from(experiment.transport.wait_s),
        handshakes: 0.0,
        processing: 0.0,
    };
    let handshakes = if keeps_connection(experiment, transport, &inputs) {
        0.0
    } else {
        1.0
    };
    ModelInputs {
        handshakes,
        ..inputs
    }
}

/// Whether a poll reuses the connection of the poll before: both sides must keep it for that long.
fn keeps_connection(experiment: &Experiment, transport: Transport, inputs: &ModelInputs) -> bool {
    let idle = match transport {
        Transport::ShortPoll => inputs.cycle(),
        Transport::LongPoll => inputs.gap(),
        Transport::Sse | Transport::WebSocket => return true,
    };
    let kept = duration::parse(&experiment.server.keep_alive);
    experiment.transport.keep_alive && kept.is_ok_and(|kept| idle < kept.as_secs_f64())
}

/// The length of the warm-up, in seconds: one polling cycle, so that every client has polled, but
/// at least half a second, so that the server is warm.
pub fn warm_up_s(experiment: &Experiment, transport: Transport) -> f64 {
    let one_way = experiment.network.one_way_ms / 1e3;
    let inputs = configured_inputs(experiment, transport, one_way);
    let cycle = match transport.pauses() {
        true => inputs.cycle(),
        false => 4.0 * inputs.one_way,
    };
    cycle.max(MIN_WARM_UP_S)
}

/// How long before the span the last connection was opened, in seconds.
pub fn opened_before_span_s(experiment: &Experiment, transport: Transport) -> f64 {
    warm_up_s(experiment, transport) + SETTLE_S
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warm_up_is_a_cycle_or_half_a_second() {
        let mut experiment = Experiment::default();
        experiment.network.one_way_ms = 40.0;
        assert!((warm_up_s(&experiment, Transport::ShortPoll) - 2.08).abs() < 1e-12);
        assert_eq!(warm_up_s(&experiment, Transport::WebSocket), 0.5);
        experiment.network.one_way_ms = 200.0;
        assert!((warm_up_s(&experiment, Transport::LongPoll) - 0.8).abs() < 1e-12);
        let opened = opened_before_span_s(&experiment, Transport::LongPoll);
        assert!((opened - 0.85).abs() < 1e-12);
    }
}
