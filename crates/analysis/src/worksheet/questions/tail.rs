//! The middle and the tail: what tells a long poll from a push.

use protocol::Transport;

use super::whole_cycles;
use crate::metric::Metric;
use crate::worksheet::{
    parameters::Parameters,
    question::{Answer, Asked, Cell, Question, inputs, line, plain, predicted, value},
};

const TRANSPORTS: [Transport; 3] = [
    Transport::ShortPoll,
    Transport::LongPoll,
    Transport::WebSocket,
];
/// A cell has more than the 10,000 deliveries that its p99 needs.
const DELIVERIES_PER_S: f64 = 1_100.0;

pub fn question(p: &Parameters) -> Question {
    let inputs = inputs(p.one_way_s(), p.interval_s(), p.rate);
    let asked = TRANSPORTS.iter().flat_map(|transport| {
        let model = predicted(*transport, &inputs);
        [Metric::MEAN, Metric::P95, Metric::P99, Metric::MAX].map(|metric| {
            let cell = Cell {
                experiment: "latency",
                transport: *transport,
                level: None,
                metric,
            };
            Asked::of(cell, value(&model, metric), ["", ""])
        })
    });
    let parked = predicted(Transport::LongPoll, &inputs).latency.prompt * 100.0;
    Question {
        number: 1,
        title: "The middle and the tail",
        setting: format!("{}, λ = {} messages a second.", line(p), plain(p.rate)),
        predict: "Mean, p95, p99 and longest delivery latency of short polling, long polling and a WebSocket: \
                  twelve numbers."
            .into(),
        asked: asked.collect(),
        explain: "Long polling and the WebSocket have nearly the same median. Which of the numbers tells them \
                  apart, and what happened to the messages behind them? Work out p95 of long polling once more for \
                  a tenth of λ: what has become of it, and why?"
            .into(),
        answer: Answer {
            reasoning: format!(
                "{parked:.1} % of the messages find a long poll parked (π₀) and take d, as a pushed message does. \
                 The others fall into the gap of 2d between a response and the next request, wait for the rest of \
                 it, evenly up to 2d, and then take d. Only the tail shows them. With a tenth of λ nearly all find \
                 it parked, and p95 is d."
            ),
            mistakes: "C = T, or T + d: the cycle has the way of the request and that of the response. \
                       \"Long polling doubles latency\": that is true of a part of the messages. p95 of short polling \
                       as twice its mean: it is d + 0.95·C."
                .into(),
            marking: "The second mark of the explanation is for the word gap, or for saying that no request is at \
                      the server then."
                .into(),
        },
        experiment: format!(
            "[[experiment]]\nfrom = \"latency\"\n\
             load = {{ rooms = {}, rate = {:?}, seconds = {} }}\n\
             network = {{ one_way_ms = {:?} }}\n\
             transport = {{ list = [\"short_poll\", \"long_poll\", \"websocket\"], interval_ms = {:?} }}\n\
             runs = {{ repetitions = 7 }}\nsweep = []\n\
             control = [{{ transport = \"short_poll\" }}, {{ transport = \"websocket\" }}]\n",
            (DELIVERIES_PER_S / p.rate).ceil(),
            p.rate,
            whole_cycles(p.cycle_s(), 2.0),
            p.one_way_ms,
            p.interval_ms
        ),
    }
}
