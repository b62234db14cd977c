//! The values that the models were checked against, to the digits printed: d = 40 ms, T = 2 s.

use protocol::Transport;

use super::*;

fn setting(rate: f64) -> ModelInputs {
    ModelInputs {
        one_way: 0.040,
        interval: 2.0,
        rate,
        wait: f64::INFINITY,
        handshakes: 0.0,
    }
}

fn expected(transport: Transport, rate: f64) -> Delivery {
    delivery(transport, &setting(rate)).unwrap()
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
    assert_eq!(format!("{:.3}", short.messages_per_answer()), "1.609");
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
    // 4.67149991: a last digit more than elsewhere, for at three it is on the edge.
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
        assert_eq!(push.messages_per_answer(), 1.0);
    }
}

#[test]
fn a_connection_a_poll_takes_round_trips() {
    let opened = ModelInputs {
        handshakes: 2.0,
        ..setting(0.5)
    };
    let short = delivery(Transport::ShortPoll, &opened).unwrap();
    assert_eq!(ms(short.latency.most(), 0), "2280");
    let long = delivery(Transport::LongPoll, &opened).unwrap();
    assert_eq!(ms(long.latency.most(), 0), "280");
}

#[test]
fn an_overfull_answer_has_no_theory() {
    assert!(delivery(Transport::ShortPoll, &setting(240.0)).is_some());
    assert!(delivery(Transport::ShortPoll, &setting(241.0)).is_none());
    assert!(delivery(Transport::LongPoll, &setting(241.0)).is_some());
    assert!(delivery(Transport::LongPoll, &setting(6_251.0)).is_none());
    assert!(delivery(Transport::Sse, &setting(1e6)).is_some());
}

#[test]
fn in_silence_a_long_poll_lasts_its_wait() {
    let silent = ModelInputs {
        wait: 30.0,
        ..setting(0.0)
    };
    let long = delivery(Transport::LongPoll, &silent).unwrap();
    assert!((long.requests_per_s() - 1.0 / 30.08).abs() < 1e-12);
    assert_eq!(long.empty_share(), Some(1.0));
    assert!((long.latency.prompt - 30.0 / 30.08).abs() < 1e-12);
    let patient = delivery(Transport::LongPoll, &setting(0.0)).unwrap();
    assert_eq!(
        (patient.requests_per_s(), patient.latency.prompt),
        (0.0, 1.0)
    );
}

#[test]
fn segments_of_each_path() {
    let quiet = |transport, path| segments_per_s(transport, &setting(0.5), path).unwrap();
    assert!((quiet(Transport::ShortPoll, Path::Prompt) - 3.0 / 2.08).abs() < 1e-12);
    assert!((quiet(Transport::ShortPoll, Path::Late) - 4.0 / 2.08).abs() < 1e-12);
    let polls = expected(Transport::LongPoll, 0.5).requests_per_s();
    let parked = (-0.04f64).exp();
    let prompt = polls * (3.0 * parked + 2.0 * (1.0 - parked));
    assert!((quiet(Transport::LongPoll, Path::Prompt) - prompt).abs() < 1e-12);
    assert!((quiet(Transport::LongPoll, Path::Late) - 3.0 * polls).abs() < 1e-12);
    assert!((quiet(Transport::Sse, Path::Late) - (1.0 + 2.0 / 15.0)).abs() < 1e-12);
    assert!((quiet(Transport::WebSocket, Path::Late) - (1.0 + 3.0 / 15.0)).abs() < 1e-12);
    let opened = ModelInputs {
        handshakes: 1.0,
        ..setting(0.5)
    };
    assert_eq!(
        segments_per_s(Transport::ShortPoll, &opened, Path::Prompt),
        None
    );
    assert_eq!(
        (Path::of(true, 0.019), Path::of(true, 0.02)),
        (Path::Prompt, Path::Late)
    );
    assert_eq!(Path::of(false, 0.04), Path::Prompt);
}
