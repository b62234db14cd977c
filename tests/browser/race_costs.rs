//! "Delay and cost": guesses first, then theory and measurement beside them, and the verdict.

use analysis::{
    results::MeanSizes,
    theory::{ByteInputs, ModelInputs, Span, app_bytes_per_s, predict},
};
use harness::browser::{enter, keys, pane, trial};
use protocol::Transport;
use serde_json::json;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_guess_comes_first_then_theory_and_measurement_beside_it,
    a_marker_is_dragged_to_a_guess,
    the_theory_of_the_page_is_that_of_the_lab,
    the_verdict_follows_from_the_data
];

async fn a_guess_comes_first_then_theory_and_measurement_beside_it() {
    trial("costs-guess", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "rate=10&interval=0.5").await;
        tab.click("#tab-costs").await;
        tab.until_visible("#costs .plane").await;
        tab.keys("tr[data-transport=sse] [data-guess=delay]", &format!("40{}", keys::TAB))
            .await;
        tab.keys("tr[data-transport=sse] [data-guess=bytes]", &format!("300{}", keys::TAB))
            .await;
        for cell in ["theory", "measured"] {
            tab.until_text(&format!("tr[data-transport=sse] [data-cost={cell}]"), "after the stream starts")
                .await;
        }
        tab.click("#stream").await;
        tab.until_text("tr[data-transport=sse] .guess", "40 ms · 300 B").await;
        for transport in Transport::ALL {
            for cell in ["theory", "measured"] {
                let place = format!("tr[data-transport={}] [data-cost={cell}]", transport.slug());
                let condition = r"/^[\d.]+ m?s · [\d.]+ k?B$/.test(document.querySelector(arguments[0]).textContent)";
                tab.until_with(&format!("{place} has both figures"), condition, vec![json!(place)])
                    .await;
            }
        }
        tab.until_text("#costs .cost-table", "3d + T/2 = ").await;
        tab.until_text("#costs .cost-table", "500 ms / 2").await;
        let points = "document.querySelectorAll('.plane .measured:not([hidden])').length === 4
            && document.querySelectorAll('.plane .theory:not([hidden])').length === 4
            && document.querySelector('.plane .curve').getAttribute('points').length > 50";
        tab.until("points and a curve are drawn", points).await;
        // Theory follows the slider.
        let curve = "document.querySelector('.plane .curve').getAttribute('points')";
        let before = tab.value(curve).await;
        tab.keys("#rate", keys::HOME).await;
        tab.until_with("the curve moves", &format!("{curve} !== arguments[0]"), vec![before])
            .await;
        tab.click("#guess-anew").await;
        tab.until_text("tr[data-transport=sse] [data-cost=theory]", "after the stream starts")
            .await;
    })
    .await;
}

async fn a_marker_is_dragged_to_a_guess() {
    trial("costs-drag", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.click("#tab-costs").await;
        tab.until_visible(".plane .guess:not([hidden])").await;
        let place = "(({ left, top, width, height }) => [left + width / 2, top + height / 2])(
            document.querySelector('.plane .guess').getBoundingClientRect())";
        let place = tab.value(place).await;
        let [x, y] = [0, 1].map(|part| place[part].as_f64().unwrap());
        for (kind, x, y, buttons) in [("mouseMoved", x, y, 0), ("mousePressed", x, y, 1), ("mouseMoved", x + 60.0, y - 40.0, 1), ("mouseReleased", x + 60.0, y - 40.0, 0)] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1 });
            browser.devtools("Input.dispatchMouseEvent", event).await;
        }
        let guessed = "[...document.querySelectorAll('tr[data-transport=short_poll] [data-guess]')].every(({ value }) => Number(value) > 0)";
        tab.until("the fields say where it lies", guessed).await;
    })
    .await;
}

/// The page's models are written in its own language; they must be those of `analysis`.
async fn the_theory_of_the_page_is_that_of_the_lab() {
    trial("costs-theory", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/race#step=1")).await;
        tab.until_visible("#guide").await;
        let script = "return import('/static/race/costs/theory.js').then(({ predict }) => {
            const { delay, bytes, requests } = predict(...arguments);
            return [delay, bytes, requests];
        })";
        for transport in Transport::ALL {
            for (rate, interval, wait, one_way) in settings() {
                let inputs = json!({ "rate": rate, "interval": interval, "wait": wait, "oneWay": one_way * 1_000.0,
                    "sizes": { "request": 540.0, "emptyResponse": 89.0, "fullResponse": 134.0, "message": 163.0 } });
                let told = tab.try_js(script, vec![json!(transport.slug()), inputs.clone()]).await.unwrap();
                let model = ModelInputs { one_way, interval, rate, wait, handshakes: 0.0, processing: 0.0 };
                let prediction = predict(transport, &model).expect("a model");
                let delay = (prediction.latency.mean() + one_way) * 1_000.0;
                let bytes = bytes_per_s(transport, &model) / rate;
                let requests = prediction.requests_per_s() / rate;
                for (index, expected) in [delay, bytes, requests].into_iter().enumerate() {
                    let got = told[index].as_f64().unwrap();
                    let is_close = (got - expected).abs() <= 1e-6 * expected.abs().max(1.0);
                    assert!(is_close, "{transport:?} {inputs}: {got} is not {expected}");
                }
            }
        }
    })
    .await;
}

fn settings() -> Vec<(f64, f64, f64, f64)> {
    let mut all = Vec::new();
    for rate in [0.2, 1.0, 5.0, 50.0] {
        for interval in [0.1, 2.0, 9.0] {
            for wait in [1.0, 25.0] {
                all.extend([0.000_5, 0.04].map(|one_way| (rate, interval, wait, one_way)));
            }
        }
    }
    all
}

/// The same sizes as in the page's inputs; a long poll's request says how long it waits.
fn bytes_per_s(transport: Transport, model: &ModelInputs) -> f64 {
    let wait = if transport == Transport::LongPoll {
        "&wait=25".len() as f64
    } else {
        0.0
    };
    let sizes = MeanSizes {
        request: Some(540.0 + wait),
        empty_response: Some(89.0),
        full_response: Some(134.0),
        message: Some(163.0),
    };
    // So long a span that a heartbeat more or less does not count.
    let span = Span {
        open: 0.0,
        seconds: 15.0e9,
    };
    let bytes = ByteInputs {
        sizes,
        digits: 2.0,
        span,
    };
    app_bytes_per_s(transport, model, &bytes).expect("all sizes are known")
}

async fn the_verdict_follows_from_the_data() {
    trial("costs-verdict", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "rate=10&interval=1.5&pace=steady").await;
        let verdict = |transport| pane(transport, ".verdict");
        for transport in Transport::ALL {
            tab.until_text(&verdict(transport), "No message of this page yet.").await;
        }
        tab.click("#stream").await;
        tab.until_text(&verdict(Transport::ShortPoll), "slower than").await;
        tab.until_text(&verdict(Transport::ShortPoll), "as they wait for the next poll").await;
        tab.until_text(&verdict(Transport::LongPoll), "requests a message").await;
        let fastest = "[...document.querySelectorAll('.verdict')].filter(({ textContent }) => textContent.startsWith('The fastest: ')).length === 1";
        tab.until("one is the fastest", fastest).await;
        // At 10 messages a second an answer to a short poll carries about 15: too many for a push to be cheaper.
        let sentences = "return import('/static/shared/identities.js').then(({ loadIdentities }) => loadIdentities())
            .then(() => import('/static/race/costs/verdict.js')).then(({ verdict }) => {
            const all = new Map([['short_poll', { delay: 1050, bytes: 120, requests: 0.1, perAnswer: 10.2 }],
                ['websocket', { delay: 50, bytes: 180, requests: 0, perAnswer: undefined }]]);
            return [verdict('short_poll', all), verdict('websocket', all)];
        })";
        let told = tab.try_js(sentences, Vec::new()).await.unwrap();
        assert_eq!(
            told,
            json!([
                "1 s slower than WebSocket, as they wait for the next poll. The fewest bytes: an answer carries 10 messages.",
                "The fastest: 50 ms. 1.5 times the bytes of Short polling: each message is sent alone."
            ])
        );
    })
    .await;
}
