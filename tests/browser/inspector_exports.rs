//! What the inspector saves: HAR, and the bytes as text.

use harness::browser::{keys, trial};
use protocol::Transport;
use serde_json::{Value, json};

use crate::{Test, inspector_story::check_order, tests};

pub const TESTS: &[Test] = tests![the_record_is_exported_as_har_and_as_text];

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
