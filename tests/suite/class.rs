//! The class of a room: phones say what has reached them, and everybody sees it.

use harness::{Options, Server, User, server::problem};
use protocol::Transport;
use reqwest::{Method, Response};
use serde_json::{Value, json};

const CLASS: &str = "/api/rooms/lobby/class";

async fn tell(user: &User, said: Value) -> Response {
    user.call(Method::PUT, CLASS, Some(said)).await
}

async fn told(user: &User, said: Value) -> Value {
    let response = tell(user, said).await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

async fn shown(user: &User, query: &str) -> Value {
    let response = user.get(&format!("{CLASS}?{query}")).await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

fn figures(class: &Value, transport: Transport) -> &Value {
    &class["transports"][transport.index()]
}

#[tokio::test]
async fn a_phone_says_what_has_reached_it_and_everybody_sees_it() {
    let server = Server::start().await;
    let (alice, bob) = (server.user("alice").await, server.user("bob").await);
    bob.say_many("lobby", 3).await;
    let guess = json!({"transport": "long_poll", "delay_ms": 40.5, "bytes": 700.0});
    let answer = told(&alice, json!({"transport": "sse", "guesses": [guess]})).await;
    assert_eq!(answer["transport"], "sse");
    assert_eq!(answer["counts"]["sse"], 1);
    let deliveries = json!([{"seq": 2, "delay_ms": 4.0}, {"seq": 3, "delay_ms": 6.5}]);
    told(&alice, json!({"deliveries": deliveries})).await;
    told(&bob, json!({"transport": "sse"})).await;

    let class = shown(&bob, "").await;
    assert_eq!(class["head"], 3);
    let phone = &class["phones"][0];
    assert_eq!(phone["id"], answer["id"]);
    assert_eq!(
        (&phone["transport"], &phone["seq"]),
        (&json!("sse"), &json!(3))
    );
    assert_eq!(phone["guesses"], json!([guess]), "they stay");
    assert_eq!(class["phones"][1]["seq"], Value::Null);
    assert!(!class.to_string().contains("alice"), "without names");
    let sse = figures(&class, Transport::Sse);
    let expected = json!({"transport": "sse", "phones": 2, "reached": 1, "deliveries": 2,
        "p50_ms": 4.0, "p95_ms": 6.5});
    assert_eq!(sse, &expected);
    let later = shown(&bob, "from=2").await;
    assert_eq!(figures(&later, Transport::Sse)["p50_ms"], 6.5);
    let none = shown(&bob, "from=3").await;
    assert_eq!(figures(&none, Transport::Sse)["p50_ms"], Value::Null);
}

#[tokio::test]
async fn what_is_not_new_is_204() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let ask = async |version: &Value| {
        let version = version.as_str().unwrap();
        alice.get(&format!("{CLASS}?version={version}")).await
    };
    let empty = shown(&alice, "").await;
    assert_eq!(ask(&empty["version"]).await.status(), 204);
    told(&alice, json!({"transport": "sse"})).await;
    assert_eq!(ask(&empty["version"]).await.status(), 200);
    let one = shown(&alice, "").await;
    // A word that says nothing new.
    told(&alice, json!({})).await;
    assert_eq!(ask(&one["version"]).await.status(), 204);
    alice.say("lobby", "hello").await;
    assert_eq!(ask(&one["version"]).await.status(), 200, "a message is new");
}

#[tokio::test]
async fn the_servers_clock_is_that_of_its_stamps() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let clock = async || {
        let answer = told(&alice, json!({})).await;
        answer["now"].as_str().unwrap().to_owned()
    };
    let before = clock().await;
    let message: Value = serde_json::from_str(&alice.say("lobby", "when?").await).unwrap();
    let after = clock().await;
    let stamp = message["sent_at"].as_str().unwrap();
    assert_eq!(stamp.len(), before.len(), "{stamp} {before}");
    assert!(
        *before <= *stamp && *stamp <= *after,
        "{before} {stamp} {after}"
    );
}

#[tokio::test]
async fn lots_spread_the_phones_over_the_transports() {
    let server = Server::start().await;
    let mut drawn = Vec::new();
    for number in 0..8 {
        let user = server.user(&format!("user-{number}")).await;
        let answer = told(&user, json!({})).await;
        let again = told(&user, json!({})).await;
        assert_eq!(answer["transport"], again["transport"], "it keeps its lot");
        drawn.push(answer["transport"].as_str().unwrap().to_owned());
    }
    for transport in Transport::ALL {
        let count = drawn.iter().filter(|slug| **slug == transport.slug());
        assert_eq!(count.count(), 2, "{drawn:?}");
    }
}

#[tokio::test]
async fn what_a_phone_says_is_checked() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "the only one").await;
    let delivery = |seq: i64, delay_ms: f64| json!([{"seq": seq, "delay_ms": delay_ms}]);
    let guess = |transport: &str, delay_ms: f64, bytes: f64| json!({"transport": transport, "delay_ms": delay_ms, "bytes": bytes});
    let two = json!([guess("sse", 1.0, 9.0), guess("sse", 2.0, 9.0)]);
    let many: Vec<_> = (0..33)
        .map(|_| json!({"seq": 1, "delay_ms": 1.0}))
        .collect();
    for (field, said) in [
        ("transport", json!({"transport": "pigeon"})),
        ("deliveries", json!({"deliveries": delivery(2, 1.0)})),
        ("deliveries", json!({"deliveries": delivery(0, 1.0)})),
        ("deliveries", json!({"deliveries": delivery(1, -1.0)})),
        ("deliveries", json!({"deliveries": delivery(1, 1e9)})),
        ("deliveries", json!({"deliveries": many})),
        (
            "deliveries",
            json!({"deliveries": [{"seq": 1, "delay_ms": 1.0}, {"seq": 1, "delay_ms": 1.0}]}),
        ),
        ("guesses", json!({"guesses": [guess("pigeon", 1.0, 9.0)]})),
        ("guesses", json!({"guesses": [guess("sse", 0.0, 9.0)]})),
        ("guesses", json!({"guesses": [guess("sse", 1.0, 1e12)]})),
        ("guesses", json!({"guesses": two})),
    ] {
        let problem = problem(tell(&alice, said.clone()).await, 422).await;
        assert!(problem["errors"][field].is_string(), "{said}: {problem}");
    }
    for wrong in [
        json!({"deliveries": 5}),
        json!({"deliveries": delivery(-1, 1.0)}),
    ] {
        problem(tell(&alice, wrong).await, 422).await;
    }
    problem(alice.get(&format!("{CLASS}?from=x")).await, 422).await;
    assert_eq!(
        shown(&alice, "").await["phones"],
        json!([]),
        "none of it counts"
    );
}

#[tokio::test]
async fn a_class_is_of_a_room_and_for_those_who_are_signed_in() {
    let server = Server::start().await;
    let nobody = User::nobody(&server);
    problem(tell(&nobody, json!({})).await, 401).await;
    problem(nobody.get(CLASS).await, 401).await;
    let alice = server.user("alice").await;
    problem(alice.get("/api/rooms/nowhere/class").await, 404).await;
    let put = alice.call(Method::PUT, "/api/rooms/nowhere/class", Some(json!({})));
    problem(put.await, 404).await;
    let other = alice.post("/api/rooms", json!({"name": "other"})).await;
    assert_eq!(other.status(), 201);
    told(&alice, json!({})).await;
    let moved = alice.call(Method::PUT, "/api/rooms/other/class", Some(json!({})));
    assert_eq!(moved.await.status(), 200);
    assert_eq!(
        shown(&alice, "").await["phones"],
        json!([]),
        "one at a time"
    );
    let wrong = alice.post(CLASS, json!({})).await;
    problem(wrong, 405).await;
}

#[tokio::test]
async fn a_class_has_so_many_phones() {
    let server = Server::start_with(Options::with(&["--class-size", "2"])).await;
    let users = [
        server.user("alice").await,
        server.user("bob").await,
        server.user("carol").await,
    ];
    for user in &users[..2] {
        told(user, json!({})).await;
    }
    let refused = tell(&users[2], json!({})).await;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 503).await;
    told(&users[0], json!({})).await;
    let refusals = server
        .metric("pushlab_refused_total{limit=\"class\"}")
        .await;
    assert_eq!(refusals, 1.0);
}
