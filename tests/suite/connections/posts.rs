//! What brought a message to the server, and requests for history: recorded beside the exchange of a reader.

use harness::{Reader, Server, Socket, User, server::problem, until};
use protocol::Transport;
use serde_json::{Value, json};

use super::viewing::{connections, exchange, reading_cost, viewing_user};

/// What `/api/exchanges` responds, once it has a record.
async fn recorded(user: &User, query: &str) -> Value {
    let path = format!("/api/exchanges?room=lobby&{query}");
    let mut shown = Value::Null;
    until("it is recorded", async || {
        let response = user.get(&path).await;
        let is_recorded = response.status() == 200;
        shown = response.json().await.unwrap();
        is_recorded
    })
    .await;
    shown
}

#[tokio::test]
async fn the_request_that_posted_a_message_is_shown_with_it() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    let mut reader = Reader::open(Transport::Sse, &user, "lobby", 0);
    let draft = json!({ "key": "k-1", "body": "where from?" });
    let response = user.post_message("lobby", draft.clone()).await;
    let stored = response.text().await.unwrap();
    assert_eq!(reader.next().await.json, stored);
    let shown = exchange(&user, Transport::Sse, 1).await;
    let message: Value = serde_json::from_str(&stored).unwrap();
    assert_eq!(shown["message"], message);
    let post = &shown["post"];
    assert!(post["transport"].is_null());
    let [request, answer] = &post["steps"].as_array().unwrap()[..] else {
        panic!("a request and its response: {post:#}");
    };
    let head = request["head"].as_str().unwrap();
    assert!(head.starts_with("POST /api/rooms/lobby/messages"));
    let body: Value = serde_json::from_str(request["text"].as_str().unwrap()).unwrap();
    assert_eq!((&request["post"], body), (&json!("draft"), draft));
    assert_eq!(answer["post"], "acknowledgement");
    assert_eq!(answer["text"], stored);
    // By one clock: posted, then delivered.
    let at = |exchange: &Value, step: &Value| {
        exchange["began_at_ms"].as_f64().unwrap() + step["at_ms"].as_f64().unwrap()
    };
    let steps = shown["steps"].as_array().unwrap();
    let delivering = steps.iter().find(|step| step["message_bytes"] != 0);
    assert!(at(post, request) <= at(&shown, delivering.unwrap()));
}

#[tokio::test]
async fn the_frame_that_posted_a_message_is_among_those_of_its_socket() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    let mut socket = Socket::open(&user, "lobby", "after=0").await.unwrap();
    for number in 1..=9 {
        socket.send_message(&format!("k-{number}"), "hi").await;
        socket.member("ack").await;
    }
    let shown = recorded(&user, "seq=9&transport=websocket").await;
    assert!(shown["post"].is_null(), "it is in the same exchange");
    let steps = shown["steps"].as_array().unwrap();
    let with = |role: &str| -> Vec<&Value> {
        let with = steps.iter().filter(|step| step["post"] == role);
        with.collect()
    };
    let [draft] = with("draft")[..] else {
        panic!("one draft: {shown:#}");
    };
    assert!(draft["text"].as_str().unwrap().contains("k-9"));
    assert_eq!(draft["way"], "up");
    assert_eq!(with("acknowledgement").len(), 1);
    // Read over another transport, the socket is the other exchange.
    let mut reader = Reader::open(Transport::LongPoll, &user, "lobby", 8);
    reader.next().await;
    let shown = exchange(&user, Transport::LongPoll, 9).await;
    assert_eq!(shown["post"]["transport"], "websocket");
    let roles: Vec<_> = shown["post"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["post"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["draft", "acknowledgement"]);
}

#[tokio::test]
async fn a_key_that_another_account_repeats_shows_no_post() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    let other = User::apart(&server);
    assert_eq!(other.sign_up("mallory").await.status(), 201);
    let mut reader = Reader::open(Transport::Sse, &user, "lobby", 0);
    for poster in [&user, &other] {
        let draft = json!({ "key": "the-same", "body": "mine" });
        assert_eq!(poster.post_message("lobby", draft).await.status(), 201);
        reader.next().await;
    }
    assert!(exchange(&user, Transport::Sse, 1).await["post"].is_object());
    let shown = exchange(&user, Transport::Sse, 2).await;
    assert_eq!(shown["message"]["author"], "mallory");
    assert!(shown["post"].is_null(), "{shown:#}");
}

#[tokio::test]
async fn a_request_for_history_is_found_without_a_transport() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    user.say_many("lobby", 3).await;
    user.get("/api/rooms/lobby/messages?before=3&tab=old1")
        .await;
    let shown = recorded(&user, "seq=2&tab=old1").await;
    assert!(shown["transport"].is_null());
    assert_eq!(shown["tab"], "old1");
    let answer = &shown["steps"][1];
    assert_eq!(answer["messages"], json!([1, 2]));
    let each = answer["message_bytes"].as_u64().unwrap();
    assert!(answer["delivered_bytes"].as_u64().unwrap() > each);
    for query in ["seq=2&tab=other", "seq=2&tab=old1&transport=sse"] {
        let path = format!("/api/exchanges?room=lobby&{query}");
        problem(user.get(&path).await, 404).await;
    }
    let cost = connections(&user).await;
    assert_eq!(cost["carried"], json!([]), "nobody has read");
}

#[tokio::test]
async fn the_first_answer_of_a_page_is_recorded_although_nothing_was_before() {
    let server = Server::start().await;
    let user = User::apart(&server);
    assert_eq!(user.sign_up("alice").await.status(), 201);
    user.say("lobby", "already there").await;
    user.get("/api/start?room=lobby").await;
    let path = "/api/exchanges?room=lobby&seq=1";
    problem(user.get(path).await, 404).await;
    user.get("/api/start?room=lobby&tab=ab12").await;
    let shown = recorded(&user, "seq=1&tab=ab12").await;
    let steps = shown["steps"].as_array().unwrap();
    let [answer] = &steps[..] else {
        panic!("the response alone: {shown:#}");
    };
    assert_eq!(answer["kind"], "answer");
    assert_eq!(answer["messages"], json!([1]));
    // From now on the request is recorded too.
    user.get("/api/start?room=lobby&tab=cd34").await;
    let shown = recorded(&user, "seq=1&tab=cd34").await;
    let head = shown["steps"][0]["head"].as_str().unwrap();
    assert!(head.starts_with("GET /api/start?"), "{head}");
}

#[tokio::test]
async fn all_steps_of_a_stream_are_to_be_had() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    let mut reader = Reader::open(Transport::Sse, &user, "lobby", 0);
    for _ in 1..=12 {
        user.say("lobby", "one of many").await;
        reader.next().await;
    }
    let shown = exchange(&user, Transport::Sse, 12).await;
    let omitted = shown["omitted"].as_u64().unwrap();
    assert!(omitted >= 8, "{shown:#}");
    assert_eq!(shown["forgotten"], 0);
    let all = recorded(&user, "seq=12&transport=sse&all=true").await;
    assert_eq!(all["omitted"], 0);
    let count = |shown: &Value| shown["steps"].as_array().unwrap().len() as u64;
    assert_eq!(count(&all), count(&shown) + omitted);
}

#[tokio::test]
async fn the_bytes_of_presence_are_counted_apart() {
    let server = Server::start().await;
    let user = viewing_user(&server, "alice").await;
    let mut socket = Socket::open(&user, "lobby", "after=0&presence=0")
        .await
        .unwrap();
    socket.member("presence").await;
    socket.send_message("k", "hi").await;
    socket.member("message").await;
    socket.send(json!({ "typing": {} })).await;
    // A masked frame with these 13 bytes.
    until("typing is counted", async || {
        let cost = reading_cost(&user, Transport::WebSocket).await.unwrap();
        cost["presence_bytes_up"] == 6 + 13
    })
    .await;
    let all = recorded(&user, "seq=1&transport=websocket&all=true").await;
    let steps = all["steps"].as_array().unwrap();
    let presence = steps
        .iter()
        .filter(|step| step["way"] == "down")
        .filter(|step| {
            let text = step["text"].as_str().unwrap_or_default();
            text.starts_with("{\"presence\":")
        });
    let due: u64 = presence.map(|step| step["bytes"].as_u64().unwrap()).sum();
    let cost = reading_cost(&user, Transport::WebSocket).await.unwrap();
    assert!(due > 0 && cost["presence_bytes_down"].as_u64().unwrap() >= due);
    assert!(cost["bytes_down"].as_u64().unwrap() > cost["presence_bytes_down"].as_u64().unwrap());
    // A poll that has both.
    user.get("/api/rooms/lobby/messages?after=0&presence=0&tab=poll")
        .await;
    until("the poll is counted", async || {
        let all = connections(&user).await;
        let mut costs = all["carried"].as_array().unwrap().iter();
        costs
            .any(|each| each["tab"] == "poll" && each["presence_bytes_down"].as_u64().unwrap() > 20)
    })
    .await;
}
