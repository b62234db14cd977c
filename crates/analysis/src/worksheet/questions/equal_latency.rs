//! As fast as the others: short polling at a latency that is wanted.

use protocol::Transport;

use crate::worksheet::{
    parameters::Parameters,
    question::{Answer, Asked, Cell, Question, inputs, plain, predicted},
    sizes::{EMPTY, FRAME, FULL, LIST, MESSAGE, REQUEST, SEPARATOR},
};
use crate::{
    metric::{Metric, Quantity},
    scenario::Level,
};

/// The wanted mean latencies as multiples of d.
const TARGETS: [f64; 3] = [3.0, 5.0, 12.0];
/// The text of a message in bytes.
const TEXT: f64 = 32.0;

pub fn question(p: &Parameters) -> Question {
    let targets = TARGETS.map(|times| times * p.one_way_ms);
    let rate = p.quiet_rate();
    let push = rate * (TEXT + MESSAGE + FRAME);
    let socket = Cell {
        experiment: "equal-latency",
        transport: Transport::WebSocket,
        level: None,
        metric: Metric::AppBytesPerS,
    };
    let polls = targets.iter().flat_map(|target| of_target(p, *target));
    let asked = polls.chain([Asked::of(socket, push, ["", ""])]).collect();
    let listed = targets.map(plain).join(", ");
    Question {
        number: 6,
        title: "As fast as the others",
        setting: format!(
            "d = {} ms, λ = {}, few headers, texts of 32 bytes. Short polling is to have a mean latency of {listed} ms.",
            plain(p.one_way_ms),
            plain(rate)
        ),
        predict: "The pause T that this takes, the requests a second, and the bytes a second of one client, without \
                  segments. Each poll costs its request, and a header section: that of an empty response in the share \
                  e^(−λC), else that of a full one and the list; each message costs its JSON. The bytes a second of a \
                  WebSocket at the same λ, without heartbeats. Which mean latency can short polling never go below?"
            .into(),
        asked,
        explain: "Why is \"polling costs three times as much\" no answer until one has said how fast it is to be?".into(),
        answer: Answer {
            reasoning: format!(
                "Bytes grow as 1/C, and C shrinks with the latency that is left above its bound 2d = {} ms: short \
                 polling spends {:.1} times the bytes of the WebSocket at {} ms, and {:.1} times at {} ms. Each factor \
                 has its latency, and none is the factor.",
                plain(2.0 * p.one_way_ms),
                traffic(p, targets[2]) / push,
                plain(targets[2]),
                traffic(p, targets[0]) / push,
                plain(targets[0])
            ),
            mistakes: "T = 2L, or T = 2·(L − d), for a mean latency L: it is 2·(L − 2d). Keeping the share of empty \
                       responses: the shorter the cycle, the more are empty. One byte a message too few or too many: \
                       no matter."
                .into(),
            marking: "The bound 2d is worth one of the two marks for the prediction.".into(),
        },
        experiment: format!(
            "[[experiment]]\nfrom = \"equal-latency\"\n\
             load = {{ rooms = 200, rate = {rate:?}, body_bytes = 32, seconds = 3.0 }}\n\
             network = {{ one_way_ms = {:?} }}\n\
             transport = {{ list = [\"short_poll\", \"websocket\"] }}\n\
             runs = {{ repetitions = 7 }}\n\
             sweep = [{{ parameter = \"target_ms\", values = [{listed}] }}]\n",
            p.one_way_ms
        ),
    }
}

/// T, in seconds.
fn pause_s(p: &Parameters, target_ms: f64) -> f64 {
    2.0 * (target_ms - 2.0 * p.one_way_ms) / 1e3
}

fn of_target(p: &Parameters, target_ms: f64) -> [Asked; 3] {
    let inputs = inputs(p.one_way_s(), pause_s(p, target_ms), p.quiet_rate());
    let model = predicted(Transport::ShortPoll, &inputs);
    let (words, key) = (
        format!("mean of {} ms", plain(target_ms)),
        format!("mean{}", plain(target_ms)),
    );
    let cell = |metric| Cell {
        experiment: "equal-latency",
        transport: Transport::ShortPoll,
        level: Some(Level::of_number("target_ms", target_ms)),
        metric,
    };
    let pause = Asked::on_paper(
        &format!("pause_{key}"),
        &format!("T for a {words}"),
        Quantity::Time,
        pause_s(p, target_ms) * 1e6,
    );
    [
        pause,
        Asked::of(
            cell(Metric::RequestsPerS),
            model.requests_per_s(),
            [&words, &key],
        ),
        Asked::of(
            cell(Metric::AppBytesPerS),
            traffic(p, target_ms),
            [&words, &key],
        ),
    ]
}

/// The bytes a second of one client of short polling.
fn traffic(p: &Parameters, target_ms: f64) -> f64 {
    let inputs = inputs(p.one_way_s(), pause_s(p, target_ms), p.quiet_rate());
    let empty = (-inputs.rate * inputs.cycle()).exp();
    let poll = REQUEST + empty * EMPTY + (1.0 - empty) * (FULL + LIST - SEPARATOR);
    poll / inputs.cycle() + inputs.rate * (TEXT + MESSAGE + SEPARATOR)
}
