//! The cost of silence.

use protocol::Transport;

use crate::metric::Metric;
use crate::worksheet::{
    parameters::Parameters,
    question::{Answer, Asked, Cell, Question, plain},
    sizes::{EMPTY, HEARTBEAT, HEARTBEAT_EVERY_S, REQUEST},
};

/// M, the longest wait of a long poll, in seconds.
const WAIT_S: f64 = 5.0;

pub fn question(p: &Parameters) -> Question {
    let asked = Transport::ALL.iter().flat_map(|transport| {
        let requests = requests(p, *transport);
        let bytes = match transport.is_poll() {
            true => requests * (REQUEST + EMPTY),
            false => HEARTBEAT / HEARTBEAT_EVERY_S,
        };
        let cell = |metric| Cell {
            experiment: "idle",
            transport: *transport,
            level: None,
            metric,
        };
        let polls = transport
            .is_poll()
            .then(|| Asked::of(cell(Metric::RequestsPerS), requests, ["", ""]));
        polls
            .into_iter()
            .chain([Asked::of(cell(Metric::AppBytesPerS), bytes, ["", ""])])
    });
    let polled = requests(p, Transport::ShortPoll) * (REQUEST + EMPTY);
    Question {
        number: 8,
        title: "The cost of silence",
        setting: format!(
            "Nobody says anything. Few headers, d = 0, short polls with T = {} ms, long polls that get an empty response \
             after M = {} s.",
            plain(p.interval_ms),
            plain(WAIT_S)
        ),
        predict: "The requests a second of one client that polls, and the bytes a second, without segments, of one \
                  client over each of the four transports. What are they for 10,000 clients?"
            .into(),
        asked: asked.collect(),
        explain: "A silent WebSocket sends next to nothing. Is it free, then? What does the server still pay for it?".into(),
        answer: Answer {
            reasoning: format!(
                "Short polling pays for time, not for messages: {:.0} times the bytes of a silent WebSocket, and with \
                 10,000 clients {:.0} requests a second that all find nothing. The others pay for being able to speak: \
                 an open connection each, with its memory in the server and in the kernel, a heartbeat, and something \
                 to wake when it must end.",
                polled / (HEARTBEAT / HEARTBEAT_EVERY_S),
                10_000.0 * requests(p, Transport::ShortPoll)
            ),
            mistakes: "No bytes for push: the heartbeats keep the connection open through networks that forget silent \
                       ones. Calling short polling free of state: with kept connections it is not. Comparing the \
                       memory of one client: the server's own base hides it."
                .into(),
            marking: "The explanation needs memory, or open connections, for full marks.".into(),
        },
        experiment: format!(
            "[[experiment]]\nfrom = \"idle\"\n\
             load = {{ clients = 500, seconds = 15.0 }}\n\
             transport = {{ interval_ms = {:?}, wait_s = {WAIT_S} }}\n\
             runs = {{ repetitions = 4 }}\nsweep = []\n",
            p.interval_ms
        ),
    }
}

fn requests(p: &Parameters, transport: Transport) -> f64 {
    match transport {
        Transport::ShortPoll => 1.0 / p.interval_s(),
        Transport::LongPoll => 1.0 / WAIT_S,
        Transport::Sse | Transport::WebSocket => 0.0,
    }
}
