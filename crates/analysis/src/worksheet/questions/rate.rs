//! More to say: requests and bytes against the rate.

use protocol::Transport;

use super::whole_cycles;
use crate::worksheet::{
    parameters::Parameters,
    question::{Answer, Asked, Cell, Question, inputs, line, plain, predicted, rounded, value},
    sizes::{
        FRAME, FULL, LIST, MESSAGE, REQUEST, SEGMENT, SEGMENTS_OF_A_POLL, SEGMENTS_OF_A_PUSH,
        SEPARATOR,
    },
};
use crate::{
    metric::{Metric, Quantity},
    scenario::Level,
};

/// The text of a message in bytes.
const TEXT: f64 = 120.0;
/// The rates as shares of λ.
const SHARES: [f64; 3] = [0.2, 1.0, 10.0];

pub fn question(p: &Parameters) -> Question {
    let rates = SHARES.map(|share| rounded(share * p.rate));
    let busy = rates[2];
    let cell = |transport, rate, metric| Cell {
        experiment: "rate",
        transport,
        level: Some(Level::of_number("rate", rate)),
        metric,
    };
    let requests = rates.map(|rate| {
        let inputs = inputs(p.one_way_s(), p.interval_s(), rate);
        let answer = value(
            &predicted(Transport::LongPoll, &inputs),
            Metric::RequestsPerS,
        );
        asked(
            cell(Transport::LongPoll, rate, Metric::RequestsPerS),
            rate,
            answer,
        )
    });
    let bytes = [
        (Transport::ShortPoll, poll_bytes(p, busy)),
        (
            Transport::WebSocket,
            TEXT + MESSAGE + FRAME + SEGMENTS_OF_A_PUSH * SEGMENT,
        ),
    ];
    let bytes = bytes.map(|(transport, answer)| {
        asked(
            cell(transport, busy, Metric::IpBytesPerMessage),
            busy,
            answer,
        )
    });
    let most = 1.0 / (2.0 * p.one_way_s());
    let on_paper = [
        Asked::on_paper(
            "most_requests",
            "Long polling, the number of requests a second that it can never exceed",
            Quantity::PerSecond,
            most,
        ),
        Asked::on_paper(
            "crossover",
            "λ*, above which short polling needs fewer bytes than the WebSocket",
            Quantity::PerSecond,
            crossover(p),
        ),
    ];
    let listed = rates.map(plain).join(", ");
    Question {
        number: 4,
        title: "More to say",
        setting: format!("{}, and λ = {listed} messages a second; texts of 120 bytes.", line(p)),
        predict: format!(
            "The requests a second of one long-polling client at each λ, and the number that it can never exceed. \
             The bytes a message of short polling and of the WebSocket at λ = {}: for a poll its request, the header \
             section of a response with messages, the list and 4 segments, shared by λC messages; for each message \
             its JSON and what is around it, and 2 segments of its own if it is pushed. The rate λ* at which the two \
             are equal.",
            plain(busy)
        ),
        asked: requests.into_iter().chain(on_paper).chain(bytes).collect(),
        explain: "How can short polling be the cheaper way, and what is the price?".into(),
        answer: Answer {
            reasoning: format!(
                "A poll costs the same whether it carries one message or a hundred; a WebSocket pays a frame and two \
                 segments for each. Above λ* = {:.2}/s (at T = {} ms and d = {} ms) one response for many messages \
                 is cheaper. The price is latency: the messages have waited, {} ms on average, where the WebSocket \
                 takes {}.",
                crossover(p),
                plain(p.interval_ms),
                plain(p.one_way_ms),
                plain(2.0 * p.one_way_ms + p.interval_ms / 2.0),
                plain(p.one_way_ms)
            ),
            mistakes: "One long poll for each message at any rate: it never exceeds 1/G. Forgetting the segments, \
                       which makes λ* several times as large: not wrong if it is said that application bytes are \
                       counted. Calling short polling more efficient without its latency."
                .into(),
            marking: "λ* leaves out empty responses and heartbeats, so a crossover near it, read from the report's \
                      figure, agrees with it."
                .into(),
        },
        experiment: format!(
            "[[experiment]]\nfrom = \"rate\"\n\
             load = {{ rooms = 40, seconds = {} }}\n\
             network = {{ one_way_ms = {:?} }}\n\
             transport = {{ list = [\"short_poll\", \"long_poll\", \"websocket\"], interval_ms = {:?} }}\n\
             runs = {{ repetitions = 7 }}\n\
             sweep = [{{ parameter = \"rate\", values = [{listed}] }}]\n",
            whole_cycles(p.cycle_s(), 2.0),
            p.one_way_ms,
            p.interval_ms
        ),
    }
}

fn asked(cell: Cell, rate: f64, answer: f64) -> Asked {
    let words = format!("λ = {}/s", plain(rate));
    let key = format!("rate{}", plain(rate).replace('.', "_"));
    Asked::of(cell, answer, [&words, &key])
}

/// A message's share of its poll, and what it costs by itself.
fn poll_bytes(p: &Parameters, rate: f64) -> f64 {
    let poll = REQUEST + FULL + LIST + SEGMENTS_OF_A_POLL * SEGMENT;
    poll / (rate * p.cycle_s()) + TEXT + MESSAGE + SEPARATOR
}

/// λ*: a poll's bytes a second, divided by what a push spends more on a message.
fn crossover(p: &Parameters) -> f64 {
    let poll = REQUEST + FULL + LIST + SEGMENTS_OF_A_POLL * SEGMENT;
    poll / p.cycle_s() / (FRAME - SEPARATOR + SEGMENTS_OF_A_PUSH * SEGMENT)
}
