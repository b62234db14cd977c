//! The inspector: how a message got here, as the server recorded it.

use harness::browser::{Tab, keys, trial};
use protocol::Transport;

use serde_json::json;

use crate::{Test, accessibility::check, tests};

pub const TESTS: &[Test] = tests![
    each_message_shows_its_exchange,
    a_record_that_no_longer_exists_is_not_invented,
    it_fits_a_phone_and_scrolls_inside
];

async fn each_message_shows_its_exchange() {
    trial("inspector", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        for transport in Transport::ALL {
            tab.choose(transport).await;
            let text = format!("over {}", transport.name());
            tab.say(&text).await;
            let seq = tab.until_shown(&text).await.seq.unwrap();
            check_record(&tab, transport, seq).await;
        }
    })
    .await;
}

/// Opens the inspector for this message, and checks the parts that the transport must have.
async fn check_record(tab: &Tab<'_>, transport: Transport, seq: u64) {
    let button = format!("#messages > [data-seq='{seq}'] .how");
    tab.click(&button).await;
    tab.until_text("dialog.inspector", transport.name()).await;
    tab.until_visible("dialog .inspector-diagram svg[role=img][aria-label*='with the message']")
        .await;
    tab.until_text("dialog .inspector-text", "GET /api/rooms/lobby/")
        .await;
    tab.until_text("dialog .inspector-text", "hidden").await;
    tab.until_text("dialog [data-carries] .inspector-share", "message ")
        .await;
    tab.until_text("dialog .inspector-total", " up, ").await;
    tab.until_text("dialog .inspector-sources", "Cookie values are hidden")
        .await;
    tab.until_text("dialog .inspector-own", "From when it was due")
        .await;
    let kind = match transport {
        Transport::ShortPoll | Transport::LongPoll => "answer",
        Transport::Sse => "chunk",
        Transport::WebSocket => "frame",
    };
    tab.until_visible(&format!("dialog [data-carries][data-kind={kind}]"))
        .await;
    let name =
        tab.value("document.querySelector('dialog [data-carries] .inspector-name').textContent");
    let name = name.await.as_str().unwrap().to_owned();
    let due = match transport {
        Transport::ShortPoll | Transport::LongPoll => format!("message {seq}, response 200 OK, "),
        Transport::Sse => format!("message {seq}, message chunk, "),
        Transport::WebSocket => format!("message {seq}, text frame, 16 bytes of framing"),
    };
    assert!(
        name.starts_with(&due) && name.ends_with(" bytes of framing"),
        "{name}"
    );
    tab.until_text("dialog [data-carries] .inspector-at", "0")
        .await;
    let told = format!(
        "document.querySelector('dialog svg[role=img]').ariaLabel.includes(`0: {name}, from the server to this page`)"
    );
    tab.until("the diagram names it too", &told).await;
    if transport == Transport::WebSocket {
        tab.until_text("dialog [data-carries] .inspector-fields", "0x1, text")
            .await;
    }
    check_bytes(tab).await;
    leave(tab, &button).await;
}

/// Checks that the bytes of the steps add up to the total.
pub async fn check_bytes(tab: &Tab<'_>) {
    let sums = "(() => {
        const number = (text, pattern) => Number(pattern.exec(text)[1].replaceAll(',', ''));
        const when = [...document.querySelectorAll('.inspector-when')].map(({ textContent }) => textContent);
        const steps = when.reduce((sum, text) => sum + number(text, /([0-9,]+) B/), 0);
        const whole = document.querySelector('.inspector-total').textContent;
        return [steps, number(whole, /([0-9,]+) B up/) + number(whole, /([0-9,]+) B down/)];
    })()";
    let sums = tab.value(sums).await;
    assert_eq!(sums[0], sums[1], "bytes of the steps, and the total");
}

/// Checks that the focus is in the dialog, that Escape closes it, and that the focus returns.
async fn leave(tab: &Tab<'_>, opener: &str) {
    tab.until(
        "the focus is inside",
        "document.activeElement.closest('dialog.inspector')",
    )
    .await;
    tab.keys_anywhere(keys::ESCAPE).await;
    tab.until_hidden("dialog").await;
    let back = format!("document.activeElement === document.querySelector(`{opener}`)");
    tab.until("the focus is back", &back).await;
}

async fn a_record_that_no_longer_exists_is_not_invented() {
    trial("inspector-gone", async |browser, server| {
        browser.expect_errors(&["/api/exchanges"]);
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.choose(Transport::Sse).await;
        tab.say("soon forgotten").await;
        tab.until_shown("soon forgotten").await;
        // The records of the server were lost with its process; the page still has its own.
        server.kill();
        tab.until_not_live().await;
        browser.expect_outage();
        server.restart().await;
        tab.until_live().await;
        tab.keys_anywhere(keys::TAB).await;
        tab.find(".how").await.focus().await.unwrap();
        tab.keys_anywhere(keys::ENTER).await;
        tab.until_text("dialog .inspector-unknown", "no record")
            .await;
        tab.until_text("dialog .inspector-body", "It came over Server-sent events")
            .await;
        tab.until_text("dialog .inspector-own", "From when it was due")
            .await;
    })
    .await;
}

async fn it_fits_a_phone_and_scrolls_inside() {
    trial("inspector-phone", async |browser, server| {
        browser.sign_in_as(server, &server.user("alice").await).await;
        let tab = browser.tab().await;
        tab.screen(390, 844).await;
        tab.goto(&server.url("/rooms/lobby?as=alice")).await;
        tab.until_live().await;
        for number in 1..=3 {
            let text = format!("message {number}");
            tab.say(&text).await;
            tab.until_shown(&text).await;
        }
        // The group has one stop for the Tab key; the arrow keys move within it.
        let stops = "document.querySelectorAll('.how[tabindex=\"0\"]').length";
        assert_eq!(tab.value(stops).await, 1);
        let last = "#messages > [data-seq='3'] .how";
        tab.find(last).await.focus().await.unwrap();
        tab.keys_anywhere(keys::UP).await;
        tab.keys_anywhere(keys::ENTER).await;
        tab.until_text("dialog .inspector-subject", "Message 2,").await;
        tab.until_visible("dialog .inspector-diagram svg").await;
        let wide = "['html', '.inspector', '.inspector-body', '.inspector-diagram'].filter((css) =>
            (({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector(css)))";
        assert_eq!(tab.value(wide).await, json!([]), "too wide");
        check(&tab, "how a message got here").await;
        tab.screen(390, 844).await;
        let inside = "(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(
            document.querySelector('dialog').getBoundingClientRect())";
        assert_eq!(tab.value(inside).await, true);
    })
    .await;
}
