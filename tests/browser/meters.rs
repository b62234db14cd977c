//! The meters of the chat page.

use harness::{
    Socket,
    browser::{Tab, keys, trial},
};
use protocol::Transport;
use serde_json::json;

use crate::{Test, accessibility::check, tests};

pub const TESTS: &[Test] = tests![
    the_meters_show_the_cost_of_the_current_transport,
    they_begin_with_another_transport_and_stay_open,
    each_transport_keeps_its_figures_beside_the_others,
    a_millisecond_and_seconds_are_on_one_axis,
    presence_and_typing_are_counted_apart_from_messages,
    a_count_of_less_than_a_minute_is_no_rate,
    figures_neither_collide_nor_move,
    they_fit_on_a_phone_with_the_messages
];

async fn the_meters_show_the_cost_of_the_current_transport() {
    trial("meters", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        let tab = browser.enter(server, "lobby", "alice").await;
        assert!(!tab.is_visible("#meters").await.unwrap(), "closed at first");
        tab.click("#show-meters").await;
        tab.until_text("#meters-subject", "WebSocket since").await;
        // A message of this page, and one of another client on the same machine.
        tab.say("mine").await;
        tab.until_shown("mine").await;
        bob.say("lobby", "bob's").await;
        tab.until_text("#meters-subject", "2 messages").await;
        for figure in ["last", "p50", "p95"] {
            until_figure(&tab, figure, r"^[0-9.,]+ ms$").await;
        }
        for figure in ["up", "down"] {
            until_figure(&tab, figure, r"^[1-9][0-9.,]* k?B$").await;
        }
        until_figure(&tab, "segments", r"^[1-9]").await;
        until_figure(&tab, "requests", r"^1 in \d+ s$").await;
        until_figure(&tab, "empty", "^–$").await;
        tab.until_visible("#meters-chart canvas").await;
        tab.until(
            "the chart tells of two latencies",
            "document.querySelector('#meters-chart').ariaLabel.includes('2 latencies')",
        )
        .await;
        tab.click("input[value=auto]").await;
        tab.until_visible("#auto-attempts li").await;
        check(&tab, "the chat with its meters, and Auto").await;
    })
    .await;
}

async fn they_begin_with_another_transport_and_stay_open() {
    trial("meters-anew", async |browser, server| {
        browser.sign_in_as(server, &server.user("alice").await).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.click("#show-meters").await;
        tab.say("over a socket").await;
        tab.until_text("#meters-subject", "1 message").await;
        tab.poll_often().await;
        tab.until_text("#meters-subject", "Short polling since")
            .await;
        tab.until_text("#meters-subject", "0 messages").await;
        until_figure(&tab, "last", "^–$").await;
        until_figure(&tab, "empty", r"^(9\d|100) %$").await;
        tab.until(
            "the chart marks the change",
            "document.querySelector('#meters-chart').ariaLabel.includes('WebSocket, then Short polling')",
        )
        .await;
        tab.reload().await;
        tab.until_live().await;
        tab.until_visible("#meters-chart canvas").await;
        tab.click("#hide-meters").await;
        tab.until_hidden("#meters").await;
        tab.until("the focus is back", "document.activeElement.id === 'show-meters'")
            .await;
        tab.reload().await;
        tab.until_live().await;
        assert!(!tab.is_visible("#meters").await.unwrap(), "it stays closed");
    })
    .await;
}

/// The text of a figure of a transport.
fn figure_of(transport: Transport, column: &str) -> String {
    let slug = transport.slug();
    format!(
        "document.querySelector('#meters [data-transport={slug}] [data-column={column}]').textContent"
    )
}

/// How many messages a transport has brought, as its row says.
async fn until_messages(tab: &Tab<'_>, transport: Transport, messages: &str) {
    let row = format!("#meters [data-transport={}] .used", transport.slug());
    tab.until_text(&row, messages).await;
}

async fn each_transport_keeps_its_figures_beside_the_others() {
    trial("meters-beside", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.click("#show-meters").await;
        for transport in Transport::ALL {
            tab.choose(transport).await;
            let text = format!("over {}", transport.name());
            tab.say(&text).await;
            tab.until_shown(&text).await;
            until_messages(&tab, transport, "1 message").await;
            let up = figure_of(transport, "up");
            tab.until("its bytes are counted", &format!("/^[1-9]/.test({up})"))
                .await;
        }
        // All four at once, and each with a latency of its own.
        for transport in Transport::ALL {
            let last = figure_of(transport, "last");
            tab.until("it is kept", &format!("/^[0-9.]+ m?s$/.test({last})"))
                .await;
            let seen = format!(
                "document.querySelector('#meters [data-transport={}] th').checkVisibility()",
                transport.slug()
            );
            assert_eq!(tab.value(&seen).await, true);
        }
        let kept = figure_of(Transport::LongPoll, "last");
        let before = tab.value(&kept).await;
        // Used again, a transport goes on with its figures.
        tab.choose(Transport::ShortPoll).await;
        tab.say("over it again").await;
        tab.until_shown("over it again").await;
        until_messages(&tab, Transport::ShortPoll, "2 messages").await;
        until_messages(&tab, Transport::LongPoll, "1 message").await;
        assert_eq!(tab.value(&kept).await, before);
        check(&tab, "the meters with all four").await;
    })
    .await;
}

async fn a_millisecond_and_seconds_are_on_one_axis() {
    trial("meters-axis", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.click("#show-meters").await;
        bob.say("lobby", "at once").await;
        tab.until_shown("at once").await;
        tab.choose(Transport::ShortPoll).await;
        tab.keys("input[name=interval]", &"\u{e013}".repeat(10)).await;
        tab.until_live().await;
        // One of them waits for more than a second.
        let slow = "Number(/([0-9]+) ms at most/.exec(document.querySelector('#meters-chart').ariaLabel)?.[1]) > 1000";
        for number in 1..=20 {
            let text = format!("later {number}");
            bob.say("lobby", &text).await;
            tab.until_shown(&text).await;
            if tab.value(slow).await == true {
                break;
            }
        }
        tab.until("both are on it", "/on a logarithmic axis from (0\\.1|1) ms to 10 s/.test(document.querySelector('#meters-chart').ariaLabel)")
            .await;
    })
    .await;
}

async fn presence_and_typing_are_counted_apart_from_messages() {
    trial("meters-presence", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.click("#show-meters").await;
        tab.say("one message").await;
        tab.until_shown("one message").await;
        let presence =
            "parseFloat(document.querySelector('#meters [data-figure=presence]').textContent)";
        let down = "parseFloat(document.querySelector('#meters [data-figure=down]').textContent)";
        // The upgrade alone takes 200 B.
        let counted = format!("{presence} > 0 && {down} > 300");
        tab.until("its own presence and the message are counted", &counted)
            .await;
        let before = tab.value(&format!("[{presence}, {down}]")).await;
        let (presence_before, down_before) =
            (before[0].as_f64().unwrap(), before[1].as_f64().unwrap());
        // Somebody comes, types, and goes: no message, but presence.
        let mut socket = Socket::open(&bob, "lobby", "after=1").await.unwrap();
        socket.send(json!({ "typing": {} })).await;
        tab.until_visible("#people [data-username=bob][data-typing]")
            .await;
        tab.until(
            "it is counted as presence",
            &format!("{presence} > {presence_before} + 150"),
        )
        .await;
        let down_after = tab.value(down).await.as_f64().unwrap();
        // A heartbeat may come.
        assert!(
            (down_after - down_before).abs() <= 4.0,
            "{down_before} B, then {down_after} B"
        );
    })
    .await;
}

async fn a_count_of_less_than_a_minute_is_no_rate() {
    trial("meters-rate", async |browser, server| {
        browser.sign_in_as(server, &server.user("alice").await).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.click("#show-meters").await;
        tab.poll_often().await;
        until_figure(&tab, "requests", r"^\d+ in \d+ s$").await;
        let labels = "[...document.querySelectorAll('#meters-figures [role=columnheader]')].map(({ textContent }) => textContent)
            .filter((label) => label.includes('minute'))";
        assert_eq!(tab.value(labels).await, json!([]));
        let later = "const now = performance.now.bind(performance); performance.now = () => now() + 61_000;";
        tab.try_js(later, Vec::new()).await.unwrap();
        until_figure(&tab, "requests", r"^[0-9.]+ a minute$").await;
    })
    .await;
}

/// Which cells hold more than they can show or lie over another, and which move when figures become long.
const UNSTEADY: &str = "(() => {
    const cells = [...document.querySelectorAll('#meters-figures :is(th, td)')];
    const spots = () => cells.map((cell) => cell.getBoundingClientRect()).map(({ x, y, width, height }) => [x, y, width, height].map(Math.round));
    const wide = cells.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => `too wide: ${textContent}`);
    const [before, texts] = [spots(), cells.map(({ textContent }) => textContent)];
    const long = { last: '9999 ms', p50: '9999 ms', p95: '9999 ms', requests: '202 in 47 s', empty: '100 %', up: '99.9 kB', down: '99.9 kB', segments: '99.9', presence: '99.9 kB' };
    const figures = cells.filter(({ dataset }) => dataset.column);
    for (const cell of figures) cell.textContent = long[cell.dataset.column];
    const after = spots();
    const cut = figures.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => `too long: ${textContent}`);
    const moved = cells.filter((_, index) => before[index].join() !== after[index].join()).map((cell) => `moves: ${cell.textContent} ${before[cells.indexOf(cell)]} ${after[cells.indexOf(cell)]}`);
    const over = after.flatMap(([x, y, width, height], index) => after.slice(index + 1)
        .filter(([left, top]) => left < x + width - 1 && x < left + 1 && top < y + height - 1 && y < top + 1).map(() => `over another: ${texts[index]}`));
    cells.forEach((cell, index) => { if (cell.dataset.column) cell.textContent = texts[index]; });
    return [...wide, ...cut, ...moved, ...over];
})()";

async fn figures_neither_collide_nor_move() {
    trial("meters-steady", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.click("#show-meters").await;
        tab.say("hello").await;
        tab.until_shown("hello").await;
        until_figure(&tab, "up", "^[1-9]").await;
        for (width, height) in [
            (320, 640),
            (390, 844),
            (1024, 768),
            (1280, 800),
            (1920, 1080),
        ] {
            tab.screen(width, height).await;
            tab.until("it is laid out", &format!("innerWidth === {width}"))
                .await;
            assert_eq!(tab.value(UNSTEADY).await, json!([]), "{width}");
            let wide = "['html', '#meters'].filter((css) =>
                (({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector(css)))";
            assert_eq!(tab.value(wide).await, json!([]), "too wide for {width}");
        }
    })
    .await;
}

async fn they_fit_on_a_phone_with_the_messages() {
    trial("meters-phone", async |browser, server| {
        browser.sign_in_as(server, &server.user("alice").await).await;
        let tab = browser.tab().await;
        tab.screen(390, 844).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        tab.click("#show-meters").await;
        tab.until_visible("#meters-chart canvas").await;
        tab.click("#show-panel").await;
        tab.click("input[value=long_poll]").await;
        tab.keys_anywhere(keys::ESCAPE).await;
        tab.until_hidden("#people").await;
        tab.until_text("#meters-subject", "Long polling").await;
        tab.say("still there").await;
        tab.until_shown("still there").await;
        let wide = "['html', '#meters'].filter((css) =>
            (({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector(css)))";
        assert_eq!(tab.value(wide).await, json!([]), "too wide");
        tab.until_visible("#composer [type=submit]").await;
    })
    .await;
}

/// Waits until a figure matches the pattern.
async fn until_figure(tab: &Tab<'_>, name: &str, pattern: &str) {
    let condition = "new RegExp(arguments[1]).test(
        document.querySelector(`#meters [data-figure=${arguments[0]}]`).textContent)";
    let what = format!("{name} reads like {pattern}");
    tab.until_with(&what, condition, vec![name.into(), pattern.into()])
        .await;
}
