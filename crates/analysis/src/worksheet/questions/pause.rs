//! What a shorter pause buys.

use protocol::Transport;

use crate::worksheet::{
    parameters::Parameters,
    question::{Answer, Asked, Cell, Question, inputs, plain, predicted, rounded, value},
};
use crate::{metric::Metric, scenario::Level};

/// The pauses as shares of T.
const SHARES: [f64; 4] = [0.25, 0.5, 1.0, 2.0];

pub fn question(p: &Parameters) -> Question {
    let pauses = SHARES.map(|share| rounded(share * p.interval_ms));
    let asked = pauses.iter().flat_map(|pause| {
        let inputs = inputs(p.one_way_s(), pause / 1e3, p.quiet_rate());
        let model = predicted(Transport::ShortPoll, &inputs);
        [Metric::MEAN, Metric::RequestsPerS, Metric::EmptyShare].map(|metric| {
            let cell = Cell {
                experiment: "interval",
                transport: Transport::ShortPoll,
                level: Some(Level::of_number("interval_ms", *pause)),
                metric,
            };
            let pause = plain(*pause);
            let words = format!("T = {pause} ms");
            Asked::of(cell, value(&model, metric), [&words, &format!("t{pause}")])
        })
    });
    let listed = pauses.map(plain).join(", ");
    Question {
        number: 2,
        title: "What does a shorter pause buy?",
        setting: format!(
            "d = {} ms, λ = {} messages a second.",
            plain(p.one_way_ms),
            plain(p.quiet_rate())
        ),
        predict: format!(
            "For T = {listed} ms: the mean latency of short polling, the requests a second of one client, and the \
             share of its responses that are empty."
        ),
        asked: asked.collect(),
        explain: "You halve T. Do requests double? Does latency halve? What latency is left when T is 0?".into(),
        answer: Answer {
            reasoning: format!(
                "Requests do not quite double and latency does not quite halve, since 2d of the cycle stays. At \
                 T = 0 there are 2d = {} ms left: d on the way, and half a cycle of 2d on average.",
                plain(2.0 * p.one_way_ms)
            ),
            mistakes: "Mean latency T/2, without the network. The share of empty responses as 1 − λC, which becomes \
                       negative for long pauses; messages come at random, so it is e^(−λC). Believing that long \
                       pauses avoid empty responses for nothing: the price is a latency of seconds."
                .into(),
            marking: "Full marks need the sentence that latency is bought with requests, and that the price of the \
                      last milliseconds is the highest."
                .into(),
        },
        experiment: format!(
            "[[experiment]]\nfrom = \"interval\"\n\
             load = {{ rooms = 200, rate = {:?}, seconds = 4.0 }}\n\
             network = {{ one_way_ms = {:?} }}\n\
             transport = {{ list = [\"short_poll\"] }}\n\
             runs = {{ repetitions = 7 }}\n\
             sweep = [{{ parameter = \"interval_ms\", values = [{listed}] }}]\n",
            p.quiet_rate(),
            p.one_way_ms,
        ),
    }
}
