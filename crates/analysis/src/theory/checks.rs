//! The models against reference values, to the digits given: d = 40 ms, T = 2 s.

use protocol::Transport;

use super::*;

fn inputs(rate: f64) -> ModelInputs {
    ModelInputs {
        one_way: 0.040,
        interval: 2.0,
        rate,
        wait: f64::INFINITY,
        handshakes: 0.0,
        processing: 0.0,
    }
}

fn expected(transport: Transport, rate: f64) -> Prediction {
    predict(transport, &inputs(rate)).unwrap()
}

/// In milliseconds with these decimals.
fn ms(seconds: f64, decimals: usize) -> String {
    format!("{:.decimals$}", seconds * 1e3)
}

#[test]
fn short_polling() {
    let short = expected(Transport::ShortPoll, 0.5);
    assert_eq!(ms(short.latency.mean(), 0), "1080");
    assert_eq!(ms(short.latency.quantile(0.5), 0), "1080");
    assert_eq!(ms(short.latency.quantile(0.95), 0), "2016");
    assert_eq!(ms(short.latency.quantile(0.99), 1), "2099.2");
    assert_eq!(ms(short.latency.most(), 0), "2120");
    assert_eq!(format!("{:.4}", short.requests_per_s()), "0.4808");
    assert_eq!(
        format!("{:.2}", short.empty_share().unwrap() * 100.0),
        "35.35"
    );
    assert_eq!(format!("{:.3}", short.messages_per_response()), "1.609");
}

#[test]
fn long_polling() {
    let calm = expected(Transport::LongPoll, 0.5);
    assert_eq!(ms(calm.latency.mean(), 2), "41.60");
    assert_eq!(ms(calm.latency.quantile(0.95), 0), "40");
    assert_eq!(ms(calm.latency.quantile(0.99), 2), "99.98");
    assert_eq!(ms(calm.latency.most(), 0), "120");
    assert_eq!(calm.empty_share(), Some(0.0));
    let lively = expected(Transport::LongPoll, 5.0);
    assert_eq!(ms(lively.latency.mean(), 2), "54.95");
    assert_eq!(ms(lively.latency.quantile(0.95), 1), "109.3");
    // 4.67149991: with three decimals the rounding would be ambiguous.
    assert_eq!(format!("{:.4}", lively.requests_per_s()), "4.6715");
    let busy = expected(Transport::LongPoll, 50.0);
    assert_eq!(ms(busy.latency.mean(), 2), "79.82");
    assert_eq!(format!("{:.2}", busy.requests_per_s()), "12.44");
}

#[test]
fn push() {
    for transport in [Transport::Sse, Transport::WebSocket] {
        let push = expected(transport, 5.0);
        assert_eq!(ms(push.latency.mean(), 0), "40");
        assert_eq!(push.latency.quantile(0.999), push.latency.most());
        assert_eq!((push.requests_per_s(), push.empty_share()), (0.0, None));
        assert_eq!(push.messages_per_response(), 1.0);
    }
}

#[test]
fn a_new_connection_for_each_poll_adds_round_trips() {
    let opened = ModelInputs {
        handshakes: 2.0,
        ..inputs(0.5)
    };
    let short = predict(Transport::ShortPoll, &opened).unwrap();
    assert_eq!(ms(short.latency.most(), 0), "2280");
    let long = predict(Transport::LongPoll, &opened).unwrap();
    assert_eq!(ms(long.latency.most(), 0), "280");
}

#[test]
fn more_messages_than_a_response_holds_have_no_theory() {
    assert!(predict(Transport::ShortPoll, &inputs(240.0)).is_some());
    assert!(predict(Transport::ShortPoll, &inputs(241.0)).is_none());
    assert!(predict(Transport::LongPoll, &inputs(241.0)).is_some());
    assert!(predict(Transport::LongPoll, &inputs(6_251.0)).is_none());
    assert!(predict(Transport::Sse, &inputs(1e6)).is_some());
}

#[test]
fn in_silence_a_long_poll_lasts_its_wait() {
    let silent = ModelInputs {
        wait: 30.0,
        ..inputs(0.0)
    };
    let long = predict(Transport::LongPoll, &silent).unwrap();
    assert!((long.requests_per_s() - 1.0 / 30.08).abs() < 1e-12);
    assert_eq!(long.empty_share(), Some(1.0));
    assert!((long.latency.prompt - 30.0 / 30.08).abs() < 1e-12);
    let patient = predict(Transport::LongPoll, &inputs(0.0)).unwrap();
    assert_eq!(
        (patient.requests_per_s(), patient.latency.prompt),
        (0.0, 1.0)
    );
}

#[test]
fn segments_in_each_ack_mode() {
    let span = Span {
        open: 0.5,
        seconds: 15.0,
    };
    let quiet = |transport, acks| segments_per_s(transport, &inputs(0.5), span, acks).unwrap();
    assert!((quiet(Transport::ShortPoll, AckMode::Piggybacked) - 3.0 / 2.08).abs() < 1e-12);
    assert!((quiet(Transport::ShortPoll, AckMode::Delayed) - 4.0 / 2.08).abs() < 1e-12);
    let polls = expected(Transport::LongPoll, 0.5).requests_per_s();
    // e^(−0.25) − e^(−7.75), of the first response; p = 1 − e^(−0.02) = 0.019801.
    let first = 0.778_370 / 15.0;
    let prompt = polls * (3.0 - 0.019_801f64.powi(2)) + first;
    assert!((quiet(Transport::LongPoll, AckMode::Piggybacked) - prompt).abs() < 1e-6);
    assert!((quiet(Transport::LongPoll, AckMode::Delayed) - 3.0 * polls - first).abs() < 1e-6);
    assert!((quiet(Transport::Sse, AckMode::Delayed) - (1.0 + 2.0 / 15.0)).abs() < 1e-12);
    // A fifth of a second without a message: e^(−0.1).
    let ping = 3.0 + (-0.1f64).exp();
    assert!((quiet(Transport::WebSocket, AckMode::Delayed) - (1.0 + ping / 15.0)).abs() < 1e-12);
    let opened = ModelInputs {
        handshakes: 1.0,
        ..inputs(0.5)
    };
    assert_eq!(
        segments_per_s(Transport::ShortPoll, &opened, span, AckMode::Piggybacked),
        None
    );
    assert_eq!(
        (AckMode::of(true, 0.019), AckMode::of(true, 0.02)),
        (AckMode::Piggybacked, AckMode::Delayed)
    );
    assert_eq!(AckMode::of(false, 0.04), AckMode::Piggybacked);
}

/// Measured with 40 long-polling clients for 9 s at each rate: 2.963 segments a poll at λ = 5, 2.66 at
/// 20 and 2.14 at 60, at each d below 20 ms alike, and 3.00 at d = 40 ms.
#[test]
fn segments_of_a_long_poll_are_those_that_were_measured() {
    let late = Span {
        open: 60.0,
        seconds: 9.0,
    };
    let of = |rate, acks| {
        let all = segments_per_s(Transport::LongPoll, &inputs(rate), late, acks).unwrap();
        all / expected(Transport::LongPoll, rate).requests_per_s()
    };
    for (rate, measured) in [(5.0, 2.963), (20.0, 2.66), (60.0, 2.14)] {
        let found = of(rate, AckMode::Piggybacked);
        assert!((found / measured - 1.0).abs() < 0.025, "{rate}: {found}");
    }
    assert_eq!(of(20.0, AckMode::Delayed), 3.0);
}
