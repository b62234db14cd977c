//! The race: four clients side by side, the messages they receive, and the figures they show.

use harness::Server;
use harness::browser::{Tab, enter, keys, pane, trial};
use protocol::Transport;
use serde_json::json;

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    a_message_arrives_in_each_pane_and_is_timed,
    each_message_of_the_race_shows_its_exchange,
    the_requests_follow_the_sliders_and_are_those_of_the_lab,
    a_kernel_without_counts_is_reported,
    the_figures_restart_with_a_server_that_has_counts
];

async fn a_message_arrives_in_each_pane_and_is_timed() {
    trial("race", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        bob.say("race", "from somebody else").await;
        for transport in Transport::ALL {
            let whose = tab.until_arrived(transport, "from somebody else").await;
            assert_eq!(
                whose, "from BOB ✓",
                "messages of others are shown without a latency"
            );
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

async fn check_figures(tab: &Tab<'_>) {
    for transport in Transport::ALL {
        tab.until_figure(transport, "requests", r"/^[1-9]\d* in \d+ s$/.test(text)")
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
    tab.click("#origin summary").await;
    tab.until_text("#origin", "the way to the server is included")
        .await;
    tab.until_text("#origin", "Latency and requests are by this page’s clock.")
        .await;
    tab.until_text("#origin", "Bytes, segments: the server’s kernel, TCP_INFO")
        .await;
    tab.click("#origin summary").await;
}

async fn each_message_of_the_race_shows_its_exchange() {
    trial("race-inspector", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.keys("#body", &format!("to all four{}", keys::ENTER))
            .await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "to all four").await;
            tab.click(&pane(transport, ".arrivals button")).await;
            tab.until_text("dialog[open]", "Message 1, over").await;
            tab.until_text("dialog[open]", transport.name()).await;
            tab.until_text("dialog[open]", "HTTP/1.1").await;
            tab.keys_anywhere(keys::ESCAPE).await;
            tab.until_hidden("dialog").await;
        }
    })
    .await;
}

async fn the_requests_follow_the_sliders_and_are_those_of_the_lab() {
    trial("race-settings", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        // The page creates the room in its address.
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
        assert_eq!(address[0], "", "a Referer would contain it");
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

/// The requests must have the same bytes as the lab's, so that the figures are comparable.
async fn check_queries(tab: &Tab<'_>, server: &Server) {
    for transport in Transport::ALL {
        let path = match transport {
            Transport::ShortPoll => "messages?after=0&limit=500",
            Transport::LongPoll => "messages?after=0&limit=500&wait=25",
            Transport::Sse => "events?after=0",
            Transport::WebSocket => "ws?after=0",
        };
        let head = tab.request_header_of(transport).await;
        let line = format!("GET /api/rooms/duel/{path} HTTP/1.1\r\n");
        assert!(head.starts_with(&line), "{head}");
        // Browsers send no Referer with a WebSocket.
        let referer = format!("\r\nReferer: {}\r\n", server.url("/race"));
        let is_socket = transport == Transport::WebSocket;
        assert!(is_socket || head.contains(&referer), "{head}");
    }
}

async fn a_kernel_without_counts_is_reported() {
    trial("race-untold", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.tab().await;
        tab.driver().await.unwrap();
        let source = "const ask = window.fetch;
            window.fetch = (path, ...more) => (String(path).includes('/api/connections')
                ? Promise.resolve(Response.json({ counted_by: null, connections: [], carried: [] }))
                : ask(path, ...more));";
        let command = "Page.addScriptToEvaluateOnNewDocument";
        browser.devtools(command, json!({ "source": source })).await;
        tab.goto(&server.url("/race#interval=0.2")).await;
        tab.until_racing().await;
        tab.keys("#body", &format!("uncounted{}", keys::ENTER))
            .await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "uncounted").await;
            tab.until_figure(transport, "p50", "text !== '–'").await;
            tab.until_figure(transport, "up", "text === '–'").await;
        }
        tab.click("#origin summary").await;
        tab.until_text("#origin", "platform does not count").await;
    })
    .await;
}

async fn the_figures_restart_with_a_server_that_has_counts() {
    trial("race-restart", async |browser, server| {
        browser.expect_outage();
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        for number in 1..=5 {
            bob.say("race", &format!("before: {number}")).await;
        }
        for transport in Transport::ALL {
            tab.until_arrived(transport, "before: 5").await;
            tab.until_figure(transport, "up", "/^[1-9]/.test(text)")
                .await;
        }
        tab.click("#reset").await;
        server.kill();
        server.restart().await;
        tab.until_racing().await;
        bob.say("race", "after").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "after").await;
        }
        tab.click("#stream").await;
        for transport in Transport::ALL {
            // Never negative; up is 0 if the stream was opened before the first reading.
            tab.until_figure(transport, "down", "/^[1-9]/.test(text)")
                .await;
            tab.until_figure(transport, "up", "/^[0-9]/.test(text)")
                .await;
        }
    })
    .await;
}
