//! The race: four clients side by side, what they receive, what they show of it.

use pushlab::wire::Transport;
use serde_json::{Value, json};

use super::{
    Browser, Tab, keys,
    layout::{check_fits, check_width},
    trial,
};
use crate::support::{Server, User};

/// What has to be seen at once where there is room for it.
const PARTS: [&str; 9] = [
    "#lanes canvas",
    "#legend",
    ".pane[data-transport=short_poll] .figures",
    ".pane[data-transport=long_poll] .figures",
    ".pane[data-transport=sse] .figures",
    ".pane[data-transport=websocket] .figures",
    "#body",
    "#stream",
    "#reset",
];

impl Browser {
    /// A tab in the race, all of whose panes have asked; `fragment` is what stands behind the `#`.
    pub async fn race(&self, server: &Server, fragment: &str) -> Tab<'_> {
        let tab = self.tab().await;
        tab.goto(&server.url(&format!("/race#{fragment}"))).await;
        tab.until_racing().await;
        tab
    }

    /// Has the current tab come by way of a proxy, or not.
    async fn from_elsewhere(&self, is_so: bool) {
        let headers = match is_so {
            true => json!({ "X-Forwarded-For": "203.0.113.7" }),
            false => json!({}),
        };
        self.devtools("Network.enable", json!({})).await;
        let command = "Network.setExtraHTTPHeaders";
        self.devtools(command, json!({ "headers": headers })).await;
    }
}

impl Tab<'_> {
    /// Waits until each pane is live, or its question is parked.
    pub async fn until_racing(&self) {
        for transport in Transport::ALL {
            let state = pane(transport, ".pane-state");
            let condition = "['live', 'parked'].includes(
                document.querySelector(arguments[0])?.textContent)";
            let what = format!("{transport:?} is open");
            self.until_with(&what, condition, vec![json!(state)]).await;
        }
    }

    /// Waits until the pane shows a message with this body; how long it took, as the pane says it.
    pub async fn until_arrived(&self, transport: Transport, body: &str) -> String {
        let took = "[...document.querySelectorAll(arguments[0])]
            .find((each) => each.querySelector('.body').textContent === arguments[1])
            ?.querySelector('.took').textContent";
        let arguments = vec![json!(pane(transport, ".arrivals button")), json!(body)];
        let what = format!("{body:?} has come over {transport:?}");
        self.until_with(&what, took, arguments.clone()).await;
        let took = self
            .try_js(&format!("return {took}"), arguments)
            .await
            .unwrap();
        took.as_str().unwrap().to_owned()
    }

    async fn until_figure(&self, transport: Transport, figure: &str, condition: &str) {
        let place = pane(transport, &format!("[data-figure={figure}]"));
        let condition = format!(
            "((text) => {condition})(document.querySelector(arguments[0])?.textContent ?? '')"
        );
        let what = format!("{figure} of {transport:?}");
        self.until_with(&what, &condition, vec![json!(place)]).await;
    }

    /// The head of the request that brought the room's first message, as the server has read it.
    async fn head_of(&self, transport: Transport) -> String {
        let ask = "return fetch(arguments[0]).then((answer) => answer.json())";
        let slug = transport.slug();
        let path = format!("/api/exchanges?room=duel&seq=1&transport={slug}");
        let exchange = self.try_js(ask, vec![json!(path)]).await.unwrap();
        let head = exchange["steps"][0]["head"].as_str();
        head.unwrap_or_else(|| panic!("{exchange}")).to_owned()
    }
}

pub fn pane(transport: Transport, part: &str) -> String {
    format!(".pane[data-transport={}] {part}", transport.slug())
}

#[tokio::test]
async fn a_message_arrives_in_each_pane_and_is_timed() {
    trial("race", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        bob.say("race", "from somebody else").await;
        for transport in Transport::ALL {
            let whose = tab.until_arrived(transport, "from somebody else").await;
            assert_eq!(whose, "from BOB ✓", "others' are shown, not timed");
            tab.until_figure(transport, "last", "text === '–'").await;
        }
        tab.keys("#body", &format!("to all four{}", keys::ENTER))
            .await;
        for transport in Transport::ALL {
            let took = tab.until_arrived(transport, "to all four").await;
            assert!(took.ends_with(" ms"), "{took}");
            for figure in ["last", "p50", "p95"] {
                tab.until_figure(transport, figure, "/^[0-9.]+ m?s$/.test(text)")
                    .await;
            }
        }
        check_figures(&tab).await;
        tab.click("#reset").await;
        for transport in Transport::ALL {
            for figure in ["last", "p50", "p95", "up", "down"] {
                tab.until_figure(transport, figure, "text === '–'").await;
            }
        }
    })
    .await;
}

/// Somebody to speak, and Alice signed in in this browser; the room is there.
pub async fn enter(browser: &Browser, server: &Server) -> User {
    browser.hold(server, &server.user("alice").await).await;
    let bob = server.user("bob").await;
    let room = bob.post("/api/rooms", json!({ "name": "race" })).await;
    assert_eq!(room.status(), 201);
    bob
}

async fn check_figures(tab: &Tab<'_>) {
    for transport in Transport::ALL {
        tab.until_figure(transport, "requests", "Number(text) > 0")
            .await;
        for figure in ["up", "down"] {
            tab.until_figure(transport, figure, "/^[0-9.]+ k?B$/.test(text)")
                .await;
        }
        tab.until_figure(transport, "segments", "/^↑[0-9.]+ ↓[0-9.]+$/.test(text)")
            .await;
    }
    tab.until_figure(Transport::ShortPoll, "empty", "parseInt(text) > 0")
        .await;
    tab.until_figure(Transport::LongPoll, "empty", "text === '0 %'")
        .await;
    tab.until_figure(Transport::Sse, "empty", "text === '–'")
        .await;
    tab.until_text("#origin", "the way up is included").await;
    tab.until_text("#origin", "Latency, requests: this page’s clock.")
        .await;
    tab.until_text("#origin", "Bytes, segments: the server’s kernel, TCP_INFO.")
        .await;
}

#[tokio::test]
async fn the_panes_ask_as_the_lab_does_and_as_the_sliders_say() {
    trial("race-settings", async |browser, server| {
        browser.hold(server, &server.user("alice").await).await;
        let bob = server.user("bob").await;
        // The page makes the room that it is told of.
        let tab = browser.race(server, "room=duel&interval=0.2").await;
        bob.say("duel", "one").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "one").await;
        }
        check_queries(&tab, server).await;
        tab.keys("#wait", keys::HOME).await;
        let waits = "performance.getEntriesByType('resource')
            .some(({ name }) => name.endsWith('&limit=500&wait=1'))";
        tab.until("the longest wait is another", waits).await;
        bob.say("duel", "two").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "two").await;
        }
        let address = tab.value("[location.search, location.hash]").await;
        assert_eq!(address[0], "", "a Referer would carry it");
        assert_eq!(
            address[1],
            "#room=duel&interval=0.2&wait=1&rate=1&pace=poisson"
        );
        tab.reload().await;
        tab.until_racing().await;
        tab.until_text("output[for=wait]", "up to 1 s").await;
        tab.until_text("#room", "duel").await;
    })
    .await;
}

/// Byte for byte: the figures are to be compared with the lab's.
async fn check_queries(tab: &Tab<'_>, server: &Server) {
    for transport in Transport::ALL {
        let path = match transport {
            Transport::ShortPoll => "messages?after=0&limit=500",
            Transport::LongPoll => "messages?after=0&limit=500&wait=25",
            Transport::Sse => "events?after=0",
            Transport::WebSocket => "ws?after=0",
        };
        let head = tab.head_of(transport).await;
        let line = format!("GET /api/rooms/duel/{path} HTTP/1.1\r\n");
        assert!(head.starts_with(&line), "{head}");
        // Browsers send none with a WebSocket.
        let referer = format!("\r\nReferer: {}\r\n", server.url("/race"));
        let is_socket = transport == Transport::WebSocket;
        assert!(is_socket || head.contains(&referer), "{head}");
    }
}

#[tokio::test]
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
        for transport in Transport::ALL {
            until_drawn(&tab, transport).await;
        }
        tab.click("#stream").await;
        tab.until_text("#stream", "Start stream").await;
        let sent = "Math.max(...[...document.querySelectorAll('.arrivals button')]
            .map(({ dataset }) => Number(dataset.seq)))";
        let last = tab.value(sent).await.as_u64().unwrap();
        tab.keys("#body", &format!("the end{}", keys::ENTER)).await;
        tab.until_arrived(Transport::WebSocket, "the end").await;
        let end = tab.value(sent).await.as_u64().unwrap();
        assert!(end <= last + 3, "{} more were sent", end - last);
    })
    .await;
}

/// Waits until the transport's own colour stands in its lane, and in no other.
async fn until_drawn(tab: &Tab<'_>, transport: Transport) {
    let is_alone = "(() => {
        const [colour, lanes, own] = arguments;
        const canvas = document.querySelector('#lanes canvas');
        const { width, height } = canvas;
        const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
        const lane = (height - 22 * devicePixelRatio) / lanes;
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

#[tokio::test]
async fn nobody_may_look_as_a_guest_where_the_server_allows_it() {
    trial("race-nobody", async |browser, server| {
        let tab = browser.tab().await;
        browser.from_elsewhere(true).await;
        tab.goto(&server.url("/race")).await;
        let link = tab.find("#entry a").await.prop("href").await.unwrap();
        assert_eq!(link, Some(server.url("/rooms/lobby?next=/race")));
        assert!(!tab.is_visible("#guest").await.unwrap());
        assert!(!tab.is_visible("#race").await.unwrap());
        browser.from_elsewhere(false).await;
        tab.reload().await;
        tab.until_text("#guest", "made for this browser, without a password")
            .await;
        tab.click("#guest button").await;
        tab.until_racing().await;
        assert!(!tab.is_visible("#entry").await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn one_race_a_browser_is_enough() {
    trial("race-twice", async |browser, server| {
        enter(browser, server).await;
        let first = browser.race(server, "").await;
        let second = browser.tab().await;
        second.goto(&server.url("/race")).await;
        second.until_text("#elsewhere", "in another tab").await;
        second.click("#run-here").await;
        second.until_racing().await;
        first.until_text("#elsewhere", "has stopped here").await;
        first.until_text("#held-count", "2 of 6").await;
        first.click("#run-here").await;
        first.until_racing().await;
        second.until_visible("#elsewhere").await;
    })
    .await;
}

#[tokio::test]
async fn panes_wait_for_connections_that_other_tabs_hold() {
    trial("race-waits", async |browser, server| {
        enter(browser, server).await;
        let mut chats = Vec::new();
        for _ in 0..4 {
            let chat = browser.enter(server, "lobby", "alice").await;
            chat.choose(Transport::Sse).await;
            chats.push(chat);
        }
        let tab = browser.tab().await;
        tab.goto(&server.url("/race")).await;
        tab.until_visible("#held-notice").await;
        tab.until_text("#held-notice", "must wait").await;
        tab.until_text("#holders", "Lobby · pushlab (4 connections)")
            .await;
        tab.until_text("#held-count", "5 of 6").await;
        let waiting = "[...document.querySelectorAll('.pane-state')]
            .filter(({ textContent }) => textContent === 'waiting for a connection').length === 1";
        tab.until("one pane waits", waiting).await;
        // There is one left for this.
        tab.keys("#body", &format!("sent all the same{}", keys::ENTER))
            .await;
        tab.until_arrived(Transport::WebSocket, "sent all the same")
            .await;
        chats[0].say("and so does the chat").await;
        chats[0].until_shown("and so does the chat").await;
        chats.pop().unwrap().close().await;
        tab.until_hidden("#held-notice").await;
        tab.until_arrived(Transport::Sse, "sent all the same").await;
    })
    .await;
}

#[tokio::test]
async fn a_connection_dropped_or_a_tab_offline_loses_nothing() {
    trial("race-faults", async |browser, server| {
        browser.expect_outage();
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.click(&pane(Transport::Sse, ".drop")).await;
        // Whichever is heard last: what was done, or what came of it.
        let told = "/One connection was cut|the stream ended/.test(
            document.querySelector(arguments[0]).textContent)";
        let state = pane(Transport::Sse, ".pane-state");
        tab.until_with("the pane says so", told, vec![json!(state)])
            .await;
        bob.say("race", "while it was gone").await;
        tab.until_arrived(Transport::Sse, "while it was gone").await;
        tab.click("#line summary").await;
        tab.click("[data-fault=offline]").await;
        for transport in Transport::ALL {
            tab.until_text(&pane(transport, ".pane-state"), "offline")
                .await;
        }
        bob.say("race", "while all were gone").await;
        tab.until_text("[data-fault=offline]", "Come back").await;
        tab.click("[data-fault=offline]").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "while all were gone").await;
        }
    })
    .await;
}

#[tokio::test]
async fn it_fits_a_projector_and_a_laptop_and_stands_upright_on_a_phone() {
    trial("race-screens", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "").await;
        tab.keys("#body", &format!("{}{}", "wide ".repeat(40), keys::ENTER))
            .await;
        tab.until_visible(&pane(Transport::WebSocket, ".arrivals button"))
            .await;
        for (width, height) in [(1920, 1080), (1280, 800)] {
            tab.screen(width, height).await;
            check_fits(&tab, &PARTS).await;
        }
        tab.screen(390, 844).await;
        check_width(&tab).await;
        let lefts = "new Set([...document.querySelectorAll('.pane')]
            .map((pane) => pane.getBoundingClientRect().left)).size";
        assert_eq!(tab.value(lefts).await, 1, "below each other");
        let links = "[...document.querySelectorAll('#bar > a, #bar nav a')].map((a) => a.pathname)";
        assert_eq!(
            tab.value(links).await,
            json!(["/", "/rooms/lobby", "/reports/"])
        );
    })
    .await;
}

#[tokio::test]
async fn who_wants_calm_gets_it() {
    trial("race-calm", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.tab().await;
        tab.driver().await.unwrap();
        let calm = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        browser.devtools("Emulation.setEmulatedMedia", calm).await;
        tab.goto(&server.url("/race")).await;
        tab.until_racing().await;
        let count = "window.drawn = 0; window.since = performance.now();
            const { clearRect } = CanvasRenderingContext2D.prototype;
            CanvasRenderingContext2D.prototype.clearRect = function (...all) {
                window.drawn += 1;
                return clearRect.apply(this, all);
            };";
        tab.try_js(count, Vec::new()).await.unwrap();
        tab.until("two seconds are over", "performance.now() - since > 2000")
            .await;
        let drawn = tab
            .value("drawn / (performance.now() - since) * 1000")
            .await;
        let rate = drawn.as_f64().unwrap();
        assert!((0.5..3.0).contains(&rate), "{rate} pictures a second");
    })
    .await;
}
