//! The inspector: how a message got here, as the server recorded it.

use harness::browser::{Tab, keys, trial};
use protocol::Transport;

use serde_json::{Value, json};

use crate::{Test, accessibility::check, tests};

pub const TESTS: &[Test] = tests![
    each_message_shows_its_exchange,
    a_story_goes_from_its_sender_over_the_server_to_the_page,
    of_a_message_of_somebody_else_stamp_and_author_are_told,
    earlier_frames_are_folded_and_can_be_opened,
    a_message_of_history_came_with_the_first_answer,
    after_a_reload_both_ways_are_told,
    it_is_found_without_knowing_that_the_time_is_a_button,
    the_record_is_exported_as_har_and_as_text,
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
async fn check_bytes(tab: &Tab<'_>) {
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

/// The texts of the parts of the story that say when something was, in the order of the page.
const TIMES: &str = "[...document.querySelectorAll('dialog .inspector-parts .inspector-at')].map((at) => at.textContent)";

/// The rows of the diagram, in words.
async fn told(tab: &Tab<'_>) -> String {
    tab.until_visible("dialog svg[role=img]").await;
    let told = tab.value("document.querySelector('dialog svg[role=img]').ariaLabel");
    told.await.as_str().unwrap().to_owned()
}

/// Checks that these come one after the other.
fn check_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let (_, after) = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("{part:?} is not where it should be in {text}"));
        rest = after;
    }
}

async fn a_story_goes_from_its_sender_over_the_server_to_the_page() {
    trial("inspector-story", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        for transport in Transport::ALL {
            tab.choose(transport).await;
            let text = format!("mine, over {}", transport.name());
            tab.say(&text).await;
            let seq = tab.until_shown(&text).await.seq.unwrap();
            tab.click(&format!("#messages > [data-seq='{seq}'] .how"))
                .await;
            tab.until_visible("dialog .inspector-to-server [data-post=draft]")
                .await;
            tab.until_visible("dialog .inspector-to-server [data-post=acknowledgement]")
                .await;
            let draft = if transport == Transport::WebSocket {
                "draft, text frame"
            } else {
                "draft, POST …/messages?…"
            };
            let stored = format!("stored as message {seq}");
            let carrier = format!("message {seq}, ");
            check_order(&told(&tab).await, &[draft, "from this page to the server", &stored, &carrier, "with the message"]);
            let parts = "[...document.querySelectorAll('dialog .inspector-parts > section')].map(({ className }) => className)";
            let due = json!(["inspector-to-server", "inspector-stored", "inspector-to-page"]);
            assert_eq!(tab.value(parts).await, due);
            // Sent and stored before it, in thousandths of a millisecond where that is what it took.
            let times = tab.value(TIMES).await;
            let sent = times[0].as_str().unwrap();
            assert!(sent.starts_with('−'), "{times}");
            let at = times.as_array().unwrap().iter();
            let zeros = at.filter(|at| *at == "0").count();
            assert!(zeros >= 1, "{times}");
            let fine = r"/^([−+]\d+ µs|[−+]\d\.\d\d m?s|[−+]\d\d\.\d m?s|[−+]\d{3} ms|[−+]\d+ min \d+ s|0)$/";
            let coarse = format!("{TIMES}.filter((at) => !{fine}.test(at.replace('at ', '')))");
            assert_eq!(tab.value(&coarse).await, json!([]));
            tab.keys_anywhere(keys::ESCAPE).await;
            tab.until_hidden("dialog").await;
        }
    })
    .await;
}

async fn of_a_message_of_somebody_else_stamp_and_author_are_told() {
    trial("inspector-other", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        let tab = browser.enter(server, "lobby", "alice").await;
        let stored: Value = serde_json::from_str(&bob.say("lobby", "from bob").await).unwrap();
        tab.until_shown("from bob").await;
        tab.click("#messages > [data-seq='1'] .how").await;
        tab.until_text(
            "dialog .inspector-unrecorded",
            "(@bob) sent it. What their client sent is shown to them alone",
        )
        .await;
        tab.until_text(
            "dialog .inspector-stored",
            stored["sent_at"].as_str().unwrap(),
        )
        .await;
        assert!(!tab.is_visible("dialog [data-post]").await.unwrap());
        check_order(
            &told(&tab).await,
            &["sent by BOB ✓", "stored as message 1", "with the message"],
        );
    })
    .await;
}

async fn earlier_frames_are_folded_and_can_be_opened() {
    trial("inspector-earlier", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let bob = server.user("bob").await;
        let tab = browser.enter(server, "lobby", "alice").await;
        for (transport, what) in [(Transport::WebSocket, "frame"), (Transport::Sse, "chunk")] {
            tab.choose(transport).await;
            bob.say_many("lobby", 9).await;
            let text = format!("the tenth over {}", transport.name());
            bob.say("lobby", &text).await;
            let seq = tab.until_shown(&text).await.seq.unwrap();
            tab.click(&format!("#messages > [data-seq='{seq}'] .how"))
                .await;
            let count = "Number(/^\\d+/.exec(document.querySelector('.inspector-earlier summary').textContent)[0])";
            tab.until_visible(".inspector-earlier:not([open])").await;
            tab.until_text(".inspector-earlier summary", what).await;
            assert!(tab.value(count).await.as_u64() >= Some(9));
            let said = tab.value(count).await;
            let folded = format!("{said} earlier {what}s");
            check_order(&told(&tab).await, &[&folded, "with the message"]);
            tab.click(".inspector-earlier > summary").await;
            let all = format!("document.querySelectorAll('.inspector-earlier .inspector-step').length === {count}");
            tab.until("all of them are there", &all).await;
            check_bytes(&tab).await;
            tab.keys_anywhere(keys::ESCAPE).await;
            tab.until_hidden("dialog").await;
        }
    })
    .await;
}

async fn a_message_of_history_came_with_the_first_answer() {
    trial("inspector-history", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        server.user("bob").await.say_many("lobby", 80).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until_seq(80).await;
        tab.click("#messages > [data-seq='80'] .how").await;
        tab.until_text("dialog .inspector-subject", "Message 80, came with the first answer")
            .await;
        tab.until_text("dialog [data-carries] .inspector-name", "message 80 and 49 others, response 200 OK")
            .await;
        check_order(&told(&tab).await, &["stored as message 80", "with the message"]);
        check(&tab, "how a message of history got here").await;
        tab.keys_anywhere(keys::ESCAPE).await;
        tab.until_hidden("dialog").await;
        let up = "document.querySelector('#messages').scrollTo(0, 0), document.querySelector('[data-seq=\"1\"]')";
        tab.until("older ones are there", &format!("({up})")).await;
        tab.click("#messages > [data-seq='3'] .how").await;
        tab.until_text("dialog .inspector-subject", "Message 3, came with older messages")
            .await;
        tab.until_text("dialog .inspector-text", "before=31").await;
    })
    .await;
}

async fn after_a_reload_both_ways_are_told() {
    trial("inspector-reload", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.say("before the reload").await;
        tab.until_shown("before the reload").await;
        tab.reload().await;
        tab.until_live().await;
        let how = "#messages > [data-seq='1'] .how";
        tab.click(how).await;
        tab.until_text("dialog .inspector-subject", "Message 1, over")
            .await;
        tab.until_text(
            "dialog [data-carries] .inspector-name",
            "message 1, text frame, 16 bytes of framing",
        )
        .await;
        tab.until_visible("dialog [data-post=draft]").await;
        tab.until_text("dialog .inspector-own", "From when it was due")
            .await;
        tab.click(".inspector-ways button[aria-pressed=false]")
            .await;
        tab.until_text("dialog .inspector-subject", "came with the first answer")
            .await;
        tab.until_text("dialog .inspector-text", "GET /api/start?")
            .await;
        tab.until_text(
            "dialog [data-carries] .inspector-name",
            "message 1, response 200 OK",
        )
        .await;
        check(&tab, "two ways of a message").await;
    })
    .await;
}

async fn it_is_found_without_knowing_that_the_time_is_a_button() {
    trial("inspector-found", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.tab().await;
        for (width, height) in [(320, 640), (390, 844), (1024, 768), (1280, 800), (1920, 1080)] {
            tab.screen(width, height).await;
            tab.goto(&server.url("/rooms/lobby?as=alice")).await;
            tab.until_live().await;
            let text = format!("on {width} px");
            tab.say(&text).await;
            let seq = tab.until_shown(&text).await.seq.unwrap();
            let offer = format!("How did message {seq} get here?");
            tab.until_text("#how-newest", &offer).await;
            tab.click("#how-newest").await;
            tab.until_text("dialog .inspector-subject", &format!("Message {seq}, over"))
                .await;
            tab.until_visible("dialog svg[role=img]").await;
            let wide = "['html', '.inspector', '.inspector-body', '.inspector-diagram', '.inspector-parts'].filter((css) =>
                (({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector(css)))";
            assert_eq!(tab.value(wide).await, json!([]), "too wide for {width}");
            tab.keys_anywhere(keys::ESCAPE).await;
            tab.until_hidden("dialog").await;
        }
        // The time itself says so to whoever comes to it.
        let says = "getComputedStyle(document.activeElement, '::after').opacity === '1'
            && document.activeElement.matches('#messages .how')
            && document.activeElement.title.endsWith('How did this get here?')";
        tab.find("#messages").await.focus().await.unwrap();
        tab.keys_anywhere(keys::TAB).await;
        tab.until("its words are over it", says).await;
    })
    .await;
}

/// From now on, what the page saves is kept in `saved`, by the names of the files.
const KEEP_SAVED: &str = "window.saved = {};
    let last;
    URL.createObjectURL = (blob) => { last = blob.text(); return '#'; };
    HTMLAnchorElement.prototype.click = function () { saved[this.download] = last; };";

async fn the_record_is_exported_as_har_and_as_text() {
    trial("inspector-exports", async |browser, server| {
        browser
            .sign_in_as(server, &server.user("alice").await)
            .await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.try_js(KEEP_SAVED, Vec::new()).await.unwrap();
        tab.choose(Transport::Sse).await;
        tab.say("to be exported").await;
        tab.until_shown("to be exported").await;
        tab.click("#how-newest").await;
        for name in ["har", "text"] {
            tab.click(&format!("dialog [data-export={name}]")).await;
        }
        tab.until(
            "both are saved",
            "saved['pushlab-lobby-1.har'] && saved['pushlab-lobby-1.txt']",
        )
        .await;
        let har = tab.value("saved['pushlab-lobby-1.har']").await;
        let har: Value = serde_json::from_str(har.as_str().unwrap()).unwrap();
        assert_eq!(har["log"]["version"], "1.2");
        let [post, stream] = &har["log"]["entries"].as_array().unwrap()[..] else {
            panic!("the post and the stream: {har:#}");
        };
        assert_eq!(
            (&post["request"]["method"], &post["response"]["status"]),
            (&json!("POST"), &json!(201))
        );
        assert!(
            post["request"]["postData"]["text"]
                .as_str()
                .unwrap()
                .contains("to be exported")
        );
        assert_eq!(
            stream["response"]["content"]["mimeType"],
            "text/event-stream"
        );
        assert!(
            stream["response"]["content"]["text"]
                .as_str()
                .unwrap()
                .contains("to be exported")
        );
        assert!(stream["request"]["queryString"].as_array().unwrap().len() > 2);
        for entry in [post, stream] {
            check_entry(entry);
        }
        let text = tab.value("saved['pushlab-lobby-1.txt']").await;
        let text = text.as_str().unwrap();
        check_order(
            text,
            &[
                "POST /api/rooms/lobby/messages",
                "stored as message 1",
                "message 1, message chunk",
                "data: {\"seq\":1",
            ],
        );
        assert!(text.contains("GET /api/rooms/lobby/events") && text.contains("hidden)"));
        // A socket's frames are where browsers write them.
        tab.keys_anywhere(keys::ESCAPE).await;
        tab.choose(Transport::WebSocket).await;
        tab.say("in a frame").await;
        tab.until_shown("in a frame").await;
        tab.click("#how-newest").await;
        tab.click("dialog [data-export=har]").await;
        tab.until("it is saved", "saved['pushlab-lobby-2.har']")
            .await;
        let har = tab.value("saved['pushlab-lobby-2.har']").await;
        let har: Value = serde_json::from_str(har.as_str().unwrap()).unwrap();
        let frames = &har["log"]["entries"][0]["_webSocketMessages"];
        let kinds: Vec<_> = frames
            .as_array()
            .unwrap()
            .iter()
            .map(|frame| frame["type"].as_str().unwrap())
            .collect();
        assert!(
            kinds.contains(&"send") && kinds.contains(&"receive"),
            "{frames:#}"
        );
        check_entry(&har["log"]["entries"][0]);
    })
    .await;
}

/// Checks what HAR 1.2 demands of an entry, and that no cookie is in it.
fn check_entry(entry: &Value) {
    for member in [
        "startedDateTime",
        "time",
        "request",
        "response",
        "cache",
        "timings",
    ] {
        assert!(!entry[member].is_null(), "{member}: {entry:#}");
    }
    for member in [
        "method",
        "url",
        "httpVersion",
        "cookies",
        "headers",
        "queryString",
        "headersSize",
        "bodySize",
    ] {
        assert!(!entry["request"][member].is_null(), "{member}: {entry:#}");
    }
    for member in [
        "status",
        "statusText",
        "httpVersion",
        "cookies",
        "headers",
        "content",
        "redirectURL",
        "headersSize",
        "bodySize",
    ] {
        assert!(!entry["response"][member].is_null(), "{member}: {entry:#}");
    }
    let mut headers = entry["request"]["headers"].as_array().unwrap().iter();
    let cookie = headers.find(|header| header["name"] == "Cookie").unwrap();
    assert!(
        cookie["value"]
            .as_str()
            .unwrap()
            .ends_with("bytes, hidden)")
    );
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
