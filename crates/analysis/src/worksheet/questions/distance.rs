//! Further away: the slope over d.

use protocol::Transport;

use crate::worksheet::{
    parameters::Parameters,
    question::{Answer, Asked, Cell, Question, inputs, plain, predicted, rounded, value},
};
use crate::{metric::Metric, scenario::Level};

const TRANSPORTS: [Transport; 3] = [
    Transport::ShortPoll,
    Transport::LongPoll,
    Transport::WebSocket,
];
/// The delays as shares of d.
const SHARES: [f64; 3] = [0.2, 1.0, 2.0];

pub fn question(p: &Parameters) -> Question {
    let pause_ms = p.interval_ms / 4.0;
    let delays = SHARES.map(|share| rounded(share * p.one_way_ms));
    let farthest = delays[2];
    let ask = |transport: Transport, delay: f64, metric| {
        let inputs = inputs(delay / 1e3, pause_ms / 1e3, p.rate);
        let cell = Cell {
            experiment: "rtt",
            transport,
            level: Some(Level::of_number("one_way_ms", delay)),
            metric,
        };
        let answer = value(&predicted(transport, &inputs), metric);
        let delay = plain(delay);
        let words = format!("d = {delay} ms");
        Asked::of(cell, answer, [&words, &format!("d{delay}")])
    };
    let asked = TRANSPORTS.iter().flat_map(|transport| {
        let means = delays.map(|delay| ask(*transport, delay, Metric::MEAN));
        means
            .into_iter()
            .chain([ask(*transport, farthest, Metric::MAX)])
    });
    let listed = delays.map(plain).join(", ");
    let slope = |transport| {
        let mean = |delay: f64| {
            let inputs = inputs(delay / 1e3, pause_ms / 1e3, p.rate);
            value(&predicted(transport, &inputs), Metric::MEAN) / 1e3
        };
        (mean(farthest) - mean(delays[0])) / (farthest - delays[0])
    };
    Question {
        number: 3,
        title: "Further away",
        setting: format!(
            "T = {} ms, λ = {} messages a second, and a server that is d = {listed} ms away.",
            plain(pause_ms),
            plain(p.rate)
        ),
        predict: format!(
            "The mean latency of short polling, long polling and a WebSocket at each d, and the longest at \
             d = {} ms. By how much does each mean grow from d = {} ms on? Divide that by {} ms: the slope.",
            plain(farthest),
            plain(delays[0]),
            plain(farthest - delays[0])
        ),
        asked: asked.collect(),
        explain: "Explain the slopes. Why is that of long polling between those of the other two, and why does its \
                  curve bend?"
            .into(),
        answer: Answer {
            reasoning: format!(
                "The slopes are {:.2} for short polling, {:.2} for long polling and {:.2} for the WebSocket. Push \
                 takes the way once. A short poll takes it twice on average: the message's own way, and half of the \
                 2d by which the network stretches the cycle. A long poll near the server (λG small) is nearly \
                 always parked and behaves like push; far away messages come faster than requests, it is rarely \
                 parked, and it behaves like a short poll with T = 0: mean 2d, slope 2. Between them the curve bends.",
                slope(Transport::ShortPoll),
                slope(Transport::LongPoll),
                slope(Transport::WebSocket)
            ),
            mistakes: "Slope 3 for short polling: that is the slope of the longest latency. A straight line for long \
                       polling. Taking the large offset of short polling for a slope: T/2 does not depend on d."
                .into(),
            marking: "Accept slopes read off the report's figure by eye. The bend must be tied to λG, or to how often \
                      the poll is parked."
                .into(),
        },
        experiment: format!(
            "[[experiment]]\nfrom = \"rtt\"\n\
             load = {{ rooms = 100, rate = {:?}, seconds = 2.0 }}\n\
             transport = {{ list = [\"short_poll\", \"long_poll\", \"websocket\"], interval_ms = {pause_ms:?} }}\n\
             runs = {{ repetitions = 7 }}\n\
             sweep = [{{ parameter = \"one_way_ms\", values = [{listed}] }}]\n",
            p.rate
        ),
    }
}
