//! The exchange of each transport as its diagram shows it, with what it says in words. All times are in
//! units of d.

use protocol::Transport;

use crate::figures::timing::{
    Arrow,
    Crossing::{self, Messages, NoMessage, Post, Request},
    Exchange, Mark, Stored,
};

/// T, the pause of the short polls.
const PAUSE: f64 = 2.4;
/// C = T + 2d.
const CYCLE: f64 = PAUSE + 2.0;
/// G = 2d.
const GAP: f64 = 2.0;
/// Where the diagrams end.
const END: f64 = 7.3;

pub fn of(transport: Transport) -> (Exchange, &'static str) {
    match transport {
        Transport::ShortPoll => short_poll(),
        Transport::LongPoll => long_poll(),
        Transport::Sse => sse(),
        Transport::WebSocket => websocket(),
    }
}

fn short_poll() -> (Exchange, &'static str) {
    let second = CYCLE + 1.0;
    let exchange = Exchange {
        transport: Transport::ShortPoll,
        arrows: arrows(&[
            (0.0, Request),
            (1.0, NoMessage),
            (CYCLE, Request),
            (second, Messages),
        ]),
        messages: stored(&[(2.4, second), (4.2, second)]),
        parked: Vec::new(),
        server_marks: vec![mark(1.0, second, "C = T + 2d")],
        client_marks: vec![
            mark(0.0, 1.0, "d"),
            mark(1.0, 2.0, "d"),
            mark(2.0, CYCLE, "T"),
        ],
    };
    let caption = "The client asks, gets what there is, and pauses for T. A message waits at the server for the \
                   next request; one response carries all that wait.";
    (exchange, caption)
}

fn long_poll() -> (Exchange, &'static str) {
    let (first, parks_again) = (2.6, 2.6 + 2.0 * GAP);
    let second = first + GAP;
    let exchange = Exchange {
        transport: Transport::LongPoll,
        arrows: arrows(&[
            (0.0, Request),
            (first, Messages),
            (first + 1.0, Request),
            (second, Messages),
            (second + 1.0, Request),
        ]),
        messages: stored(&[(first, first), (3.5, second)]),
        parked: vec![(1.0, first), (parks_again, END)],
        server_marks: vec![mark(first, second, "G = 2d")],
        client_marks: vec![
            mark(first, first + 1.0, "d"),
            mark(first + 1.0, second, "d"),
        ],
    };
    let caption = "The server parks the request until there is a message. After each response no request is parked \
                   for the gap G; a message that is stored in the gap waits for its end.";
    (exchange, caption)
}

fn sse() -> (Exchange, &'static str) {
    let times = [2.6, 3.5, 5.4];
    let exchange = Exchange {
        transport: Transport::Sse,
        arrows: opened_then(&times),
        messages: at_once(&times),
        parked: Vec::new(),
        server_marks: Vec::new(),
        client_marks: vec![mark(times[0], times[0] + 1.0, "d")],
    };
    let caption = "One request, and one response that does not end: each message is an event in it, sent when the \
                   message is stored.";
    (exchange, caption)
}

fn websocket() -> (Exchange, &'static str) {
    let times = [2.6, 5.4];
    let mut arrows = opened_then(&times);
    arrows.push(Arrow {
        leaves: times[1] - 1.0,
        what: Post,
    });
    let exchange = Exchange {
        transport: Transport::WebSocket,
        arrows,
        messages: at_once(&times),
        parked: Vec::new(),
        server_marks: Vec::new(),
        client_marks: vec![mark(times[0], times[0] + 1.0, "d")],
    };
    let caption = "The first request changes the protocol. From then on both sides send frames: the server each \
                   message when it is stored, the client its own.";
    (exchange, caption)
}

/// The request that opens a stream, the beginning of its response, and messages at these times.
fn opened_then(times: &[f64]) -> Vec<Arrow> {
    let messages = times.iter().map(|at| (*at, Messages));
    let all = [(0.0, Request), (1.0, NoMessage)]
        .into_iter()
        .chain(messages);
    arrows(&all.collect::<Vec<_>>())
}

fn arrows(all: &[(f64, Crossing)]) -> Vec<Arrow> {
    let arrow = |(leaves, what): &(f64, Crossing)| Arrow {
        leaves: *leaves,
        what: *what,
    };
    all.iter().map(arrow).collect()
}

fn stored(all: &[(f64, f64)]) -> Vec<Stored> {
    let message = |(at, leaves): &(f64, f64)| Stored {
        at: *at,
        leaves: *leaves,
    };
    all.iter().map(message).collect()
}

fn at_once(times: &[f64]) -> Vec<Stored> {
    let all: Vec<_> = times.iter().map(|at| (*at, *at)).collect();
    stored(&all)
}

fn mark(from: f64, to: f64, name: &'static str) -> Mark {
    Mark { from, to, name }
}

#[cfg(test)]
mod tests {
    use analysis::theory::{ModelInputs, predict};

    use super::*;

    /// d is 1, T is PAUSE.
    fn inputs() -> ModelInputs {
        ModelInputs {
            one_way: 1.0,
            interval: PAUSE,
            rate: 0.5,
            wait: f64::INFINITY,
            handshakes: 0.0,
            processing: 0.0,
        }
    }

    #[test]
    fn the_diagrams_obey_the_models() {
        for transport in Transport::ALL {
            let (exchange, _) = of(transport);
            let longest = predict(transport, &inputs()).unwrap().latency.most();
            for message in &exchange.messages {
                let leaves = |one: &Arrow| one.what == Messages && one.leaves == message.leaves;
                assert!(exchange.arrows.iter().any(leaves), "{transport:?}");
                let latency = message.leaves + 1.0 - message.at;
                assert!(
                    (1.0..=longest + 1e-9).contains(&latency),
                    "{transport:?}: {latency}"
                );
            }
            assert!(
                exchange.arrows.iter().all(|one| one.leaves + 1.0 <= END),
                "{transport:?}"
            );
        }
    }

    #[test]
    fn a_response_leaves_where_a_request_has_arrived() {
        for transport in [Transport::ShortPoll, Transport::LongPoll] {
            let (exchange, _) = of(transport);
            for response in exchange.arrows.iter().filter(|one| !one.what.is_up()) {
                let waited = |one: &Arrow| {
                    let arrives = one.leaves + 1.0;
                    let is_parked = exchange.parked.contains(&(arrives, response.leaves));
                    one.what == Request && (arrives == response.leaves || is_parked)
                };
                assert!(
                    exchange.arrows.iter().any(waited),
                    "{transport:?}: {}",
                    response.leaves
                );
            }
        }
        let (short, _) = of(Transport::ShortPoll);
        let requests: Vec<_> = short
            .arrows
            .iter()
            .filter(|one| one.what == Request)
            .collect();
        assert_eq!(requests[1].leaves - requests[0].leaves, inputs().cycle());
    }
}
