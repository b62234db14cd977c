//! The message stream of the race: it runs until it is stopped, and the lanes show it.

use harness::browser::{Tab, enter, keys, trial};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![a_stream_runs_until_it_is_stopped_and_the_lanes_show_it];

async fn a_stream_runs_until_it_is_stopped_and_the_lanes_show_it() {
    trial("race-stream", async |browser, server| {
        enter(browser, server).await;
        let tab = browser
            .race(server, "rate=10&interval=0.2&pace=steady")
            .await;
        tab.until_text("output[for=rate]", "10 / s").await;
        tab.click("#stream").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "Message 15").await;
        }
        // What follows is moved by the compositor; what stands still is one picture.
        tab.click("#freeze").await;
        for transport in Transport::ALL {
            until_drawn(&tab, transport).await;
        }
        tab.click("#freeze").await;
        let hide = "Object.defineProperty(document, 'hidden', { value: arguments[0], configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));";
        tab.try_js(hide, vec![json!(true)]).await.unwrap();
        tab.until_text("#sender-says", "Paused while this tab is hidden.")
            .await;
        tab.try_js(hide, vec![json!(false)]).await.unwrap();
        tab.keys("#rate", keys::HOME).await;
        tab.until("the address says it", "location.hash.includes('rate=0.2&')")
            .await;
        tab.click("#stream").await;
        tab.until_text("#stream", "Start stream").await;
        let last = head(&tab).await;
        tab.keys("#body", &format!("the end{}", keys::ENTER)).await;
        tab.until_arrived(Transport::WebSocket, "the end").await;
        let end = head(&tab).await;
        assert!(end <= last + 3, "{} more were sent", end - last);
    })
    .await;
}

/// How many messages the server has of the race: the panes show theirs a moment later.
async fn head(tab: &Tab<'_>) -> u64 {
    let script = "return fetch('/api/rooms').then((response) => response.json())
        .then(({ rooms }) => rooms.find(({ name }) => name === 'race').head)";
    let head = tab.try_js(script, Vec::new()).await.unwrap();
    head.as_u64().unwrap()
}

/// Waits until the transport's colour is drawn in its own lane and in no other.
async fn until_drawn(tab: &Tab<'_>, transport: Transport) {
    let is_alone = "(() => {
        const [colour, lanes, own] = arguments;
        const canvas = document.querySelector('#lanes canvas');
        const { width, height } = canvas;
        const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
        const axis = parseFloat(getComputedStyle(document.querySelector('.lane-labels')).paddingBottom);
        const lane = (height - axis * devicePixelRatio) / lanes;
        const found = new Set();
        for (let at = 0; at < data.length; at += 4) {
            const is_it = colour.every((value, part) => Math.abs(data[at + part] - value) < 4);
            if (is_it && data[at + 3] > 250) found.add(Math.floor(Math.floor(at / 4 / width) / lane));
        }
        return found.size === 1 && found.has(own);
    })()";
    let index = Transport::ALL.iter().position(|each| *each == transport);
    let colour = rgb(transport.colour());
    let arguments = vec![colour, json!(Transport::ALL.len()), json!(index)];
    let what = format!("the lane of {transport:?} has its colour");
    tab.until_with(&what, is_alone, arguments).await;
}

/// `#D55E00` as three numbers.
fn rgb(colour: &str) -> Value {
    let part = |at: usize| u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
    json!([part(1), part(3), part(5)])
}
