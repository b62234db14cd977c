//! How much of the wire is message.

use protocol::Transport;

use crate::worksheet::{
    parameters::Parameters,
    question::{Answer, Asked, Cell, Question, plain},
    sizes::{BROWSER_REQUEST, FRAME, FULL, LIST, MESSAGE, REQUEST},
};
use crate::{metric::Metric, scenario::Level};

const TEXTS: [f64; 2] = [32.0, 4_000.0];
/// Few messages, so that each response has one.
const RATE: f64 = 2.0;

pub fn question(_: &Parameters) -> Question {
    let long = FULL + LIST + MESSAGE;
    let senders = [
        (
            "size",
            Transport::LongPoll,
            ["few headers", "minimal"],
            REQUEST + long,
        ),
        (
            "size-browser",
            Transport::LongPoll,
            ["from a browser", "browser"],
            BROWSER_REQUEST + long,
        ),
        (
            "size",
            Transport::WebSocket,
            ["few headers", "minimal"],
            MESSAGE + FRAME,
        ),
    ];
    let asked = senders
        .iter()
        .flat_map(|(experiment, transport, [words, key], around)| {
            TEXTS.map(|text| {
                let cell = Cell {
                    experiment,
                    transport: *transport,
                    level: Some(Level::of_number("body_bytes", text)),
                    metric: Metric::AppBytesPerMessage,
                };
                let words = format!("{words}, text of {} bytes", plain(text));
                Asked::of(
                    cell,
                    text + around,
                    [&words, &format!("{key}_{}", plain(text))],
                )
            })
        });
    Question {
        number: 5,
        title: "How much of the wire is message?",
        setting: "A long poll or a WebSocket, one message a response, texts of 32 and 4,000 bytes. Leave out segments."
            .into(),
        predict: "The bytes that one message costs, both ways: for a long poll with few headers, for a long poll from a \
                  browser, for a WebSocket. From them, the share of the bytes that is text. How long must a text be \
                  for half of the bytes to be text, in each of the three?"
            .into(),
        asked: asked.collect(),
        explain: "For which kind of program does the transport decide the bill, and for which does it hardly matter?"
            .into(),
        answer: Answer {
            reasoning: format!(
                "What surrounds a message does not depend on its length: {} bytes for a long poll, {} from a browser, \
                 {} for a WebSocket, and a text of that length is half of the bytes. So it decides when messages are \
                 short and hardly matters when they are long: at 32 bytes a browser's long poll spends {:.1} times \
                 the bytes of the WebSocket, at 4,000 bytes {:.2} times.",
                plain(REQUEST + long),
                plain(BROWSER_REQUEST + long),
                plain(MESSAGE + FRAME),
                (BROWSER_REQUEST + long + TEXTS[0]) / (MESSAGE + FRAME + TEXTS[0]),
                (BROWSER_REQUEST + long + TEXTS[1]) / (MESSAGE + FRAME + TEXTS[1])
            ),
            mistakes: "Counting the JSON as message: the text is what somebody wrote; author, number and time are this \
                       application's framing, and the WebSocket has them too. Expecting 2 bytes around a WebSocket \
                       message. Forgetting that the request travels as well."
                .into(),
            marking: "A good explanation names programs: chat, games and sensors on one side, pictures and documents \
                      on the other."
                .into(),
        },
        experiment: format!("{}\n{}", experiment("size", "minimal"), experiment("size-browser", "browser")),
    }
}

/// Only a poll sends its headers with each message.
fn experiment(name: &str, headers: &str) -> String {
    let list = match headers {
        "browser" => "\"long_poll\"",
        _ => "\"long_poll\", \"websocket\"",
    };
    format!(
        "[[experiment]]\nfrom = \"size\"\nname = \"{name}\"\n\
         load = {{ rooms = 40, rate = {RATE:?}, seconds = 2.0 }}\n\
         transport = {{ list = [{list}], headers = \"{headers}\" }}\n\
         runs = {{ repetitions = 7 }}\n\
         sweep = [{{ parameter = \"body_bytes\", values = [32, 4000] }}]\n"
    )
}
