//! A screen reader's way through the pages, as docs/ACCESSIBILITY.md describes it: what is found by role and name, and
//! what is announced.

use std::collections::BTreeMap;

use harness::browser::{Browser, Tab, keys, trial};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, tests};

pub const TESTS: &[Test] = tests![
    the_chat_is_found_by_roles_and_names,
    the_chat_announces_what_comes_and_what_becomes_of_the_connection,
    the_race_is_found_by_roles_and_names,
    the_race_announces_who_was_first_and_who_is_lost,
    the_reports_are_found_by_roles_and_names
];

/// The browser's accessibility tree, in the order of reading: a line `role "name"` for each element that is in it.
async fn tree(browser: &Browser, tab: &Tab<'_>) -> Vec<String> {
    tab.driver().await.unwrap();
    let tree = browser
        .devtools("Accessibility.getFullAXTree", json!({}))
        .await;
    let nodes = tree["nodes"].as_array().unwrap();
    let by_id: BTreeMap<_, _> = nodes
        .iter()
        .map(|node| (node["nodeId"].as_str().unwrap(), node))
        .collect();
    let mut lines = Vec::new();
    let mut due = vec![&nodes[0]];
    while let Some(node) = due.pop() {
        let value = |member: &str| node[member]["value"].as_str().unwrap_or_default();
        if node["ignored"] == false {
            lines.push(format!("{} {:?}", value("role"), value("name")));
        }
        let children = node["childIds"].as_array().into_iter().flatten().rev();
        due.extend(children.filter_map(|id| by_id.get(id.as_str()?)));
    }
    lines
}

/// Checks that these are in the tree, in this order.
async fn check_way(browser: &Browser, tab: &Tab<'_>, way: &[&str]) {
    let tree = tree(browser, tab).await;
    let mut rest = tree.iter();
    for step in way {
        let is_there = rest.any(|line| line.starts_with(step));
        assert!(
            is_there,
            "{step} is missing, or in another place: {tree:#?}"
        );
    }
}

/// Hears what a screen reader is given to say, by the rules of WAI-ARIA: of a log what is added, of a status all of it
/// when some of it changes; nothing that is hidden or busy.
const EAR: &str = "
    const isOut = (node) => node.closest('[hidden], [aria-hidden=true], [aria-busy=true], [inert]');
    const words = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.data;
        if (node.nodeType !== Node.ELEMENT_NODE || node.matches('[hidden], [aria-hidden=true]')) return '';
        if (node.tagName === 'svg') return node.querySelector('title')?.textContent ?? '';
        return [...node.childNodes].map(words).join(' ');
    };
    const LIVE = '[role=log], [role=status], [role=alert], [aria-live=polite]';
    window.heard = [];
    const say = (text) => {
        const said = text.replace(/\\s+/g, ' ').trim();
        if (said) heard.push(said);
    };
    new MutationObserver((changes) => {
        const whole = new Set();
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        for (const { target, addedNodes } of changes) {
            // What changes within something new is read with it.
            if (added.some((node) => node.contains(target))) continue;
            const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
            const region = element?.closest(LIVE);
            if (!region || isOut(element)) continue;
            if (region.matches('[role=log]')) say([...addedNodes].map(words).join(' '));
            else whole.add(region);
        }
        for (const region of whole) say(words(region));
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ['hidden'] });";

async fn listen(tab: &Tab<'_>) {
    tab.try_js(EAR, Vec::new()).await.unwrap();
}

/// Waits until something with all these words has been said, forgets all that was, and returns it.
async fn until_heard(tab: &Tab<'_>, words: &[&str]) -> Vec<Value> {
    let is_said = "window.heard.some((said) => arguments[0].every((word) => said.includes(word)))";
    tab.until_with(&format!("{words:?} is said"), is_said, vec![json!(words)])
        .await;
    tab.value("window.heard.splice(0)")
        .await
        .as_array()
        .unwrap()
        .clone()
}

async fn the_chat_is_found_by_roles_and_names() {
    trial("reader-chat", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.say("hello").await;
        tab.until_shown("hello").await;
        let way = [
            "link \"Skip to the message box\"",
            "banner",
            "heading \"Lobby\"",
            "button \"Meters\"",
            "status \"Connection\"",
            "navigation \"pushlab\"",
            "navigation \"Rooms\"",
            "region \"Transport\"",
            "radiogroup \"Transport\"",
            "radio \"Short polling\"",
            "radio \"Long polling\"",
            "radio \"Server-sent events\"",
            "radio \"WebSocket\"",
            "radio \"Auto\"",
            "region \"Here now\"",
            "region \"Network paths\"",
            "region \"Faults to try\"",
            "main",
            "heading \"Conversation\"",
            "log \"Messages\"",
            "heading \"Today\"",
            "article",
            "textbox \"Message\"",
            "button \"Send\"",
        ];
        check_way(browser, &tab, &way).await;
        let back = format!("{}{}", keys::SHIFT, keys::TAB);
        tab.keys("#message-box", &back).await;
        let focused = "document.activeElement.className === 'how'";
        tab.until("the newest message's way is before the box", focused)
            .await;
    })
    .await;
}

async fn the_chat_announces_what_comes_and_what_becomes_of_the_connection() {
    trial("reader-chat-live", async |browser, server| {
        let bob = server.user("bob").await;
        bob.say_many("lobby", 120).await;
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.enter(server, "lobby", "alice").await;
        tab.until_seq(120).await;
        listen(&tab).await;

        bob.get("/api/rooms/lobby/messages").await;
        until_heard(&tab, &["BOB", "joined"]).await;
        bob.say("lobby", "good morning").await;
        let heard = until_heard(&tab, &["bob", "good morning"]).await;
        assert_eq!(heard.len(), 1, "it is said once: {heard:?}");
        // One's own message is said once too, and not again when it is stored.
        tab.say("good evening").await;
        tab.until_shown("good evening").await;
        let heard = until_heard(&tab, &["good evening"]).await;
        let count = |word: &str| {
            heard
                .iter()
                .filter(|said| said.as_str().unwrap().contains(word))
                .count()
        };
        assert_eq!(count("good evening"), 1, "{heard:?}");

        // What is older is no news.
        let first = "document.querySelector('#messages').scrollTo(0, 0),
            document.querySelector('#messages > [data-seq=\"1\"]')";
        tab.until("older ones are there", first).await;
        tab.choose(Transport::LongPoll).await;
        let heard = until_heard(&tab, &["Long polling", "live"]).await;
        let is_bobs = |said: &Value| said.as_str().unwrap().contains("@bob");
        assert!(!heard.iter().any(is_bobs), "they are read aloud: {heard:?}");

        tab.click("[data-fault=offline]").await;
        until_heard(&tab, &["Long polling", "offline"]).await;
        tab.say("for later").await;
        until_heard(&tab, &["You are offline", "Withdraw"]).await;
        tab.click("[data-fault=offline]").await;
        until_heard(&tab, &["Long polling", "live"]).await;
    })
    .await;
}

async fn the_race_is_found_by_roles_and_names() {
    trial("reader-race", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.race(server, "interval=0.2").await;
        let way = [
            "heading \"The race\"",
            "navigation \"Elsewhere\"",
            "main",
            "region \"What is sent and received\"",
            "image \"A lane for each transport",
            "log \"What has come\"",
            "region \"Transports\"",
            "article \"Short polling\"",
            "heading \"Short polling\"",
            "button \"Drop the connection of Short polling\"",
            "list \"Messages over Short polling\"",
            "article \"Long polling\"",
            "article \"Server-sent events\"",
            "article \"WebSocket\"",
            "region \"Send and set\"",
            "textbox \"Message\"",
            "button \"Send\"",
            "button \"Start stream\"",
            "slider \"Rate\"",
            "slider \"Short poll asks\"",
        ];
        check_way(browser, &tab, &way).await;
    })
    .await;
}

async fn the_race_announces_who_was_first_and_who_is_lost() {
    trial("reader-race-live", async |browser, server| {
        let alice = server.user("alice").await;
        browser.sign_in_as(server, &alice).await;
        let tab = browser.race(server, "interval=0.2").await;
        listen(&tab).await;
        tab.keys("#body", &format!("to all four{}", keys::ENTER))
            .await;
        let names = Transport::ALL.map(Transport::name);
        let told = [&["“to all four” came over"][..], &names].concat();
        let heard = until_heard(&tab, &told).await;
        assert_eq!(heard.len(), 1, "{heard:?}");

        // Nobody could listen to a stream.
        tab.click("#stream").await;
        tab.until_text(".pane[data-transport=websocket] .arrivals", "Message 2")
            .await;
        tab.click("#stream").await;
        tab.click("[data-transport=websocket] .drop").await;
        until_heard(&tab, &["WebSocket is offline", "the connection was lost"]).await;
        let heard = until_heard(&tab, &["WebSocket is live again"]).await;
        let streamed = heard
            .iter()
            .filter(|said| said.as_str().unwrap().contains("Message"));
        assert_eq!(streamed.count(), 0, "{heard:?}");
    })
    .await;
}

async fn the_reports_are_found_by_roles_and_names() {
    trial("reader-reports", async |browser, server| {
        let tab = browser.tab().await;
        tab.goto(&server.url("/reports/")).await;
        let way = [
            "navigation \"pushlab\"",
            "heading \"Reports\"",
            "list \"Reports, the newest first\"",
            "heading \"Does a chat have to keep asking the server?\"",
            "term \"Made\"",
            "term \"On\"",
            "term \"Verdict\"",
            "region \"The worksheet\"",
        ];
        check_way(browser, &tab, &way).await;

        tab.goto(&server.url("/reports/coursework/")).await;
        let way = [
            "main",
            "heading \"Does a chat have to keep asking the server?\"",
            "heading \"Summary\"",
            "region \"The transports side by side\"",
            "table",
            "columnheader \"Mean delivery latency\"",
            "rowheader \"WebSocket\"",
            "navigation \"Contents\"",
            "heading \"Latency of a message\"",
            "heading \"Validity\"",
            "heading \"Glossary\"",
        ];
        check_way(browser, &tab, &way).await;
        let nameless = tree(browser, &tab).await;
        let nameless = nameless
            .iter()
            .filter(|line| ["image \"\"", "link \"\"", "button \"\""].contains(&line.as_str()));
        assert_eq!(nameless.count(), 0, "every picture and link has a name");
    })
    .await;
}
