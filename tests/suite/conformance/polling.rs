//! What only polls have: batches, limits, waiting.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use harness::{Reader, Server, User, server::problem};
use protocol::Transport;

const MESSAGES: &str = "/api/rooms/lobby/messages";

async fn poll(user: &User, query: &str) -> Value {
    let response = user.get(&format!("{MESSAGES}?{query}")).await;
    assert_eq!(response.status(), 200, "{query}");
    response.json().await.unwrap()
}

fn seqs(response: &Value) -> Vec<u64> {
    let messages = response["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|message| message["seq"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn a_response_has_all_messages_up_to_the_limit() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say_many("lobby", 130).await;
    for wait in ["", "&wait=5"] {
        let first = poll(&alice, &format!("after=0{wait}")).await;
        assert_eq!(
            seqs(&first),
            (1..=100).collect::<Vec<_>>(),
            "100 by default"
        );
        assert_eq!(first["head"], 130, "more are available");
        let rest = poll(&alice, &format!("after=100{wait}")).await;
        assert_eq!(seqs(&rest), (101..=130).collect::<Vec<_>>());
        let all = poll(&alice, &format!("after=0&limit=500{wait}")).await;
        assert_eq!(seqs(&all).len(), 130);
        let few = poll(&alice, &format!("after=10&limit=2{wait}")).await;
        assert_eq!(seqs(&few), [11, 12]);
    }
}

#[tokio::test]
async fn a_short_poll_gets_a_response_at_once() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "hello").await;
    let response = alice.get(&format!("{MESSAGES}?after=1")).await;
    assert_eq!(response.status(), 204);
    assert_eq!(poll(&alice, "").await, json!({ "messages": [], "head": 1 }));
}

#[tokio::test]
async fn a_long_poll_waits_for_a_message_or_its_timeout() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let started = Instant::now();
    let response = alice.get(&format!("{MESSAGES}?after=0&wait=1")).await;
    assert_eq!(response.status(), 204);
    assert!(started.elapsed() >= Duration::from_secs(1));

    let parked = tokio::spawn({
        let alice = alice.clone();
        async move { poll(&alice, "after=0&wait=60").await }
    });
    harness::until("the poll is parked", async || {
        server
            .metric("pushlab_open_feeds{transport=\"long_poll\"}")
            .await
            == 1.0
    })
    .await;
    alice.say("lobby", "here you are").await;
    assert_eq!(seqs(&parked.await.unwrap()), [1]);
}

#[tokio::test]
async fn a_long_poll_without_a_cursor_gets_the_head_at_once() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    assert_eq!(
        poll(&alice, "wait=60").await,
        json!({ "messages": [], "head": 0 })
    );
}

#[tokio::test]
async fn history_is_the_newest_messages_oldest_first() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let sent = alice.say_many("lobby", 7).await;
    let newest = poll(&alice, "before=8&limit=3").await;
    assert_eq!((seqs(&newest), &newest["head"]), (vec![5, 6, 7], &json!(7)));
    let older = alice
        .get(&format!("{MESSAGES}?before=5"))
        .await
        .text()
        .await
        .unwrap();
    let expected = format!("{{\"messages\":[{}],\"head\":7}}", sent[..4].join(","));
    assert_eq!(older, expected, "the same bytes as when they were new");
    assert_eq!(
        alice.get(&format!("{MESSAGES}?before=1")).await.status(),
        204
    );
}

#[tokio::test]
async fn invalid_parameters_are_named_in_the_error() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for (query, field) in [
        ("after=-1", "after"),
        ("after=x", "after"),
        ("after=1", "after"),
        ("after=99999999999999999999", "after"),
        ("after=0&limit=0", "limit"),
        ("after=0&limit=501", "limit"),
        ("after=0&wait=0", "wait"),
        ("after=0&wait=61", "wait"),
        ("after=0&wait=soon", "wait"),
        ("after=0&interval=-1", "interval"),
        ("after=0&presence=x", "presence"),
        ("before=x", "before"),
        ("before=5&after=1", "before"),
        ("before=5&wait=1", "before"),
    ] {
        let response = alice.get(&format!("{MESSAGES}?{query}")).await;
        let problem = problem(response, 422).await;
        assert!(problem["errors"][field].is_string(), "{query}: {problem}");
    }
}

#[tokio::test]
async fn polls_are_counted_by_their_response() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    let mut reader = Reader::open(Transport::ShortPoll, &alice, "lobby", 0);
    reader.next().await;
    let ended = |reason: &str| {
        let name = format!("pushlab_ended_total{{reason=\"{reason}\",transport=\"short_poll\"}}");
        let server = &server;
        async move { server.metric(&name).await }
    };
    assert_eq!(ended("answered").await, 1.0);
    harness::until("an empty poll is counted", async || {
        ended("empty").await > 0.0
    })
    .await;
}
