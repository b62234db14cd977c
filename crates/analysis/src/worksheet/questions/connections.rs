//! A connection for every request.

use protocol::Transport;

use super::whole_cycles;
use crate::worksheet::{
    parameters::Parameters,
    question::{Answer, Asked, Cell, Question, inputs, line, plain, predicted, value},
};
use crate::{
    metric::Metric,
    scenario::Level,
    theory::{ModelInputs, Prediction},
};

const TRANSPORTS: [Transport; 2] = [Transport::ShortPoll, Transport::LongPoll];

pub fn question(p: &Parameters) -> Question {
    let asked = TRANSPORTS.iter().flat_map(|transport| {
        [true, false].into_iter().flat_map(|kept| {
            let model = model(p, *transport, kept);
            [Metric::MEAN, Metric::RequestsPerS].map(|metric| {
                let cell = Cell {
                    experiment: "connections",
                    transport: *transport,
                    level: format!("transport.keep_alive={kept}").parse::<Level>().ok(),
                    metric,
                };
                let words = if kept {
                    ["kept connections", "kept"]
                } else {
                    ["new connections", "new"]
                };
                Asked::of(cell, value(&model, metric), words)
            })
        })
    });
    let loss = |transport| {
        let mean = |kept| value(&model(p, transport, kept), Metric::MEAN);
        (mean(false) / mean(true) - 1.0) * 100.0
    };
    Question {
        number: 7,
        title: "A connection for every request",
        setting: format!(
            "{}, λ = {}. Now a new TCP connection is opened for each poll. That takes one round trip before the \
             request can be sent: C = T + 4d and G = 4d.",
            line(p),
            plain(rate(p))
        ),
        predict: "Mean latency and requests a second with kept connections and with new ones, of short and of long \
                  polling: eight numbers."
            .into(),
        asked: asked.collect(),
        explain: "Who suffers more from it, short or long polling, and why? A server closes a connection on which \
                  nothing came for keep_alive seconds: what happens to a short poll when T goes from just below \
                  keep_alive to just above?"
            .into(),
        answer: Answer {
            reasoning: format!(
                "The same 2d are added to a cycle of T + 2d and to a gap of 2d. The mean of short polling grows by \
                 {:.1} %, that of long polling by {:.1} %, and its longest latency from 3d to 5d: its gap is made of \
                 round trips only. With T just above keep_alive the server has closed every time: every poll opens a \
                 connection, and the mean jumps by half of 2d. It is a cliff, not a slope.",
                loss(Transport::ShortPoll),
                loss(Transport::LongPoll)
            ),
            mistakes: "Adding the handshake to the latency of every message as a whole: a short poll's message waits \
                       half of it on average. Adding it to a parked message: that connection is open already. \
                       Expecting anything for server-sent events and WebSockets, which open once."
                .into(),
            marking: "A student who adds that TLS would cost a second round trip (C = T + 6d) has understood it.".into(),
        },
        experiment: format!(
            "[[experiment]]\nfrom = \"connections\"\n\
             load = {{ rooms = 150, rate = {:?}, seconds = {} }}\n\
             server = {{ keep_alive = \"75s\" }}\n\
             network = {{ one_way_ms = {:?} }}\n\
             transport = {{ list = [\"short_poll\", \"long_poll\"], interval_ms = {:?} }}\n\
             runs = {{ repetitions = 7 }}\n\
             sweep = [{{ parameter = \"transport.keep_alive\", values = [true, false] }}]\n",
            rate(p),
            whole_cycles(p.cycle_s(), 2.5),
            p.one_way_ms,
            p.interval_ms
        ),
    }
}

fn rate(p: &Parameters) -> f64 {
    p.rate / 2.0
}

fn model(p: &Parameters, transport: Transport, kept: bool) -> Prediction {
    let settings = ModelInputs {
        handshakes: if kept { 0.0 } else { 1.0 },
        ..inputs(p.one_way_s(), p.interval_s(), rate(p))
    };
    predicted(transport, &settings)
}
