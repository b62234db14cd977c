//! The story that the inspector tells: who sent a message, when it was stored, what brought it; also of messages from
//! history, and after a reload.

use harness::browser::{Tab, keys, trial};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, accessibility::check, inspector::check_bytes, tests};

pub const TESTS: &[Test] = tests![
    a_story_goes_from_its_sender_over_the_server_to_the_page,
    of_a_message_of_somebody_else_stamp_and_author_are_told,
    earlier_frames_are_folded_and_can_be_opened,
    a_message_of_history_came_with_the_first_answer,
    after_a_reload_both_ways_are_told,
    it_is_found_without_knowing_that_the_time_is_a_button
];

/// The texts of the parts of the story that say when something was, in the order of the page.
const TIMES: &str = "[...document.querySelectorAll('dialog .inspector-parts .inspector-at')].map((at) => at.textContent)";

/// The rows of the diagram, in words.
async fn told(tab: &Tab<'_>) -> String {
    tab.until_visible("dialog svg[role=img]").await;
    let told = tab.value("document.querySelector('dialog svg[role=img]').ariaLabel");
    told.await.as_str().unwrap().to_owned()
}

/// Checks that these come one after the other.
pub fn check_order(text: &str, parts: &[&str]) {
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
            // One may come between the stamp and the message: it has a line of its own.
            let told = told(&tab).await;
            let before = told.rsplit(" earlier ").skip(1);
            let folded = before.map(|text| text.rsplit(' ').next().unwrap().parse::<u64>().unwrap());
            assert_eq!(Some(folded.sum()), said.as_u64(), "{told}");
            check_order(&told, &[" earlier ", "with the message"]);
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
