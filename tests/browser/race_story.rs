//! The race tells its story: a guided opening, recorded races without an account, and what can be kept.

use harness::browser::{Tab, enter, keys, trial};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    the_opening_goes_at_the_readers_pace_and_has_its_step_in_the_address,
    whoever_has_seen_it_begins_with_the_race,
    a_recorded_race_is_a_link_that_needs_no_account,
    a_damaged_link_is_said_to_be_one,
    a_saved_race_opens_again,
    lanes_and_deliveries_can_be_kept,
    a_refused_message_leaves_no_line
];

const STEPS: usize = 8;

async fn the_opening_goes_at_the_readers_pace_and_has_its_step_in_the_address() {
    trial("story-guide", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/race")).await;
        tab.until_text("#guide-place", &format!("1 of {STEPS}"))
            .await;
        for step in 2..=STEPS {
            tab.click("#guide-next").await;
            tab.until_text("#guide-place", &format!("{step} of {STEPS}"))
                .await;
            until_hash(&tab, &format!("#step={step}")).await;
        }
        tab.click("#guide-back").await;
        until_hash(&tab, &format!("#step={}", STEPS - 1)).await;

        // A lecturer's link to a step; its numbers come from the recorded race.
        tab.goto("about:blank").await;
        tab.goto(&server.url("/race#step=5")).await;
        tab.until_text("#guide-text", "Long polling").await;
        let about = "[...document.querySelectorAll('.lane-labels li:not([data-faint])')]
            .map(({ textContent }) => textContent).join()";
        assert_eq!(tab.value(about).await, Transport::LongPoll.name());
        tab.until(
            "it says how long",
            r"/: \d+ ms/.test(document.querySelector('#guide-text').textContent)",
        )
        .await;
        tab.click("#guide-again").await;
        tab.click("#guide-skip").await;
        // Nobody is signed in: a recorded race plays, and one may enter.
        until_mode(&tab, "recorded").await;
        tab.until_visible("#guest").await;
        tab.until_text("#recorded-about", "A recorded race").await;
        tab.click("#guest button").await;
        tab.until_racing().await;
    })
    .await;
}

async fn whoever_has_seen_it_begins_with_the_race() {
    trial("story-seen", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.tab().await;
        tab.goto(&server.url("/race")).await;
        tab.until_visible("#guide-skip").await;
        tab.click("#guide-skip").await;
        tab.until_racing().await;
        tab.goto("about:blank").await;
        tab.goto(&server.url("/race")).await;
        tab.until_racing().await;
        assert!(!tab.is_visible("#guide").await.unwrap());
        tab.click("#to-guide").await;
        tab.until_text("#guide-place", "1 of").await;
    })
    .await;
}

async fn a_recorded_race_is_a_link_that_needs_no_account() {
    trial("story-link", async |browser, server| {
        let bob = enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        bob.say("race", "to be kept").await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "to be kept").await;
        }
        let catch = "window.copied = null;
            Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied = text; } } });";
        tab.try_js(catch, Vec::new()).await.unwrap();
        tab.click("#keep summary").await;
        press(&tab, "Copy a link to this race").await;
        tab.until("it is copied", "copied").await;
        let link = tab.value("copied").await.as_str().unwrap().to_owned();
        tab.goto("about:blank").await;
        browser
            .devtools("Network.clearBrowserCookies", json!({}))
            .await;
        tab.goto(&link).await;
        until_mode(&tab, "recorded").await;
        tab.until_text("#recorded-about", "a short poll every 0.2 s").await;
        tab.until_visible("#lanes canvas").await;
        tab.until_text("#freeze", "Play again").await;
    })
    .await;
}

async fn a_damaged_link_is_said_to_be_one() {
    trial("story-damaged", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/race#recording=abcdef")).await;
        tab.until_text("#recorded-about", "The address holds no whole recorded race")
            .await;
        until_mode(&tab, "recorded").await;
        // Whatever is in a file that somebody gives: a sentence, and no broken page.
        let texts = "return import('/static/race/record/recording.js').then(({ fromRecording }) => arguments[0].map((data) => {
            try { fromRecording(data); return 'taken'; } catch ({ message }) { return message; }
        }))";
        let base = json!({ "format": "pushlab-race", "version": 1, "path": "", "values": {}, "madeAt": "",
            "length": 10, "oneWay": 1, "messages": [], "lanes": { "sse": { "exchanges": [], "deliveries": [] } } });
        let with = |name: &str, value: Value| {
            let mut data = base.clone();
            data[name] = value;
            data
        };
        let cases = json!([
            base, Value::Null, json!({}), with("version", json!(9)), with("length", json!("long")), with("length", json!(1e9)),
            with("messages", json!([[1]])), with("lanes", json!({})), with("lanes", json!({ "sse": 1 })),
            with("lanes", json!({ "sse": { "exchanges": [[0, null, null, 0, 0, [7]]], "deliveries": [] } })),
            with("lanes", json!({ "sse": { "exchanges": [], "deliveries": [[0, 0, 0]] } })),
        ]);
        let told = tab.try_js(texts, vec![cases]).await.unwrap();
        let damaged = "This recorded race is damaged.";
        let none = "This is no recorded race.";
        let other = "This race was recorded by another version of pushlab.";
        let expected = json!(["taken", none, none, other, damaged, damaged, damaged, damaged, damaged, damaged, damaged]);
        assert_eq!(told, expected);
    })
    .await;
}

async fn a_saved_race_opens_again() {
    trial("story-file", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.keys("#body", &format!("<b>kept</b>{}", keys::ENTER))
            .await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "<b>kept</b>").await;
        }
        let saved = kept(&tab, "Save this race").await;
        let data: Value = serde_json::from_str(&saved).unwrap();
        assert_eq!(data["messages"][0][0], "<b>kept</b>");
        assert_eq!(
            data["lanes"].as_object().unwrap().len(),
            Transport::ALL.len()
        );
        let give = "const files = new DataTransfer();
            files.items.add(new File([arguments[0]], 'race.json', { type: 'application/json' }));
            const field = document.querySelector('#open-recording');
            field.files = files.files;
            field.dispatchEvent(new Event('change'));";
        tab.try_js(give, vec![json!("no race")]).await.unwrap();
        tab.until_text("#keep", "This file is no recorded race.")
            .await;
        tab.try_js(give, vec![json!(saved)]).await.unwrap();
        until_mode(&tab, "recorded").await;
        // It plays to its end, and again.
        tab.until_text("#freeze", "Play again").await;
        tab.click("#lanes").await;
        tab.click("#freeze").await;
        tab.until_text("#freeze", "Freeze").await;
    })
    .await;
}

async fn lanes_and_deliveries_can_be_kept() {
    trial("story-keep", async |browser, server| {
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        tab.keys("#body", &format!("=1+1, \"quoted\"{}", keys::ENTER)).await;
        for transport in Transport::ALL {
            tab.until_arrived(transport, "=1+1, \"quoted\"").await;
        }
        let csv = kept(&tab, "Deliveries as CSV").await;
        let lines: Vec<_> = csv.trim_end().split("\r\n").collect();
        assert_eq!(
            lines[0],
            "transport,seq,body,due_ms,posted_ms,received_ms,latency_ms,messages_in_response"
        );
        assert_eq!(lines.len(), 1 + Transport::ALL.len(), "{csv}");
        for transport in Transport::ALL {
            // A spreadsheet must not take it for a formula.
            let start = format!("{},1,\"'=1+1, \"\"quoted\"\"\",", transport.slug());
            assert!(lines.iter().any(|line| line.starts_with(&start)), "{csv}");
        }
        let svg = kept(&tab, "Lanes as SVG").await;
        assert!(svg.starts_with("<svg xmlns="), "{svg}");
        for transport in Transport::ALL {
            assert!(svg.contains(transport.name()) && svg.contains(transport.colour()));
        }
        let png = kept(&tab, "Lanes as PNG").await;
        assert!(png.contains("PNG"), "a picture");
        let address = "window.copied = null;
            Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied = text; } } });";
        tab.try_js(address, Vec::new()).await.unwrap();
        press(&tab, "Copy these settings as an address").await;
        tab.until("it is copied", "copied?.includes('/race#room=race&interval=0.2&')")
            .await;
    })
    .await;
}

async fn a_refused_message_leaves_no_line() {
    trial("story-refused", async |browser, server| {
        browser.expect_errors(&["/messages"]);
        enter(browser, server).await;
        let tab = browser.race(server, "interval=0.2").await;
        let refuse = "const ask = window.fetch;
            window.fetch = (path, options) => (options?.method === 'POST' && String(path).endsWith('/messages')
                ? Promise.resolve(Response.json({ title: 'No', detail: 'Not now.' }, { status: 422 })) : ask(path, options));";
        tab.try_js(refuse, Vec::new()).await.unwrap();
        tab.keys("#body", &format!("never sent{}", keys::ENTER)).await;
        tab.until_text("#sender-says", "Not sent: Not now.").await;
        let svg = kept(&tab, "Lanes as SVG").await;
        // Posts are the only strokes with this dash.
        assert!(!svg.contains("stroke-dasharray=\"2 3\""), "{svg}");
    })
    .await;
}

/// What the button would download, as text.
async fn kept(tab: &Tab<'_>, button: &str) -> String {
    let catch = "window.kept = null;
        window.makeAddress ??= URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then((text) => { kept = text; }); return makeAddress(blob); };";
    tab.try_js(catch, Vec::new()).await.unwrap();
    if !tab.is_visible("#keep .sheet").await.unwrap() {
        tab.click("#keep summary").await;
    }
    press(tab, button).await;
    tab.until("it is made", "kept !== null").await;
    tab.value("kept").await.as_str().unwrap().to_owned()
}

/// Presses the button of the menu with this text.
async fn press(tab: &Tab<'_>, text: &str) {
    let script = "[...document.querySelectorAll('#keep button')].find((each) => each.textContent === arguments[0]).click()";
    tab.try_js(script, vec![json!(text)]).await.unwrap();
}

async fn until_hash(tab: &Tab<'_>, hash: &str) {
    let what = format!("the address ends with {hash}");
    tab.until_with(&what, "location.hash === arguments[0]", vec![json!(hash)])
        .await;
}

async fn until_mode(tab: &Tab<'_>, mode: &str) {
    let what = format!("the page is {mode}");
    tab.until_with(
        &what,
        "document.body.dataset.mode === arguments[0]",
        vec![json!(mode)],
    )
    .await;
}
