//! Sessions: which account sends a request, what requires one, and the cookie.

use std::time::{Duration, Instant};

use harness::{End, Reader, Server, User, server::problem, user::PASSWORD};
use protocol::Transport;
use serde_json::{Value, json};

use super::signed_in::signed_in;

#[tokio::test]
async fn one_browser_may_have_several_accounts() {
    let server = Server::start().await;
    let browser = server.user("alice").await;
    browser.sign_up("bob").await;
    assert_eq!(signed_in(&browser).await, ["bob", "alice"], "last first");
    let author = async |query: &str| {
        let path = format!("/api/rooms/lobby/messages{query}");
        let message = browser.post(&path, json!({"body": "who am I?"})).await;
        message.json::<Value>().await.unwrap()["author"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        author("").await,
        "bob",
        "without `as`, the account signed in last"
    );
    assert_eq!(author("?as=alice").await, "alice");
    assert_eq!(author("?as=ALICE").await, "alice");
    assert_eq!(author("?as=bob").await, "bob");
    problem(browser.get("/api/rooms?as=carol").await, 403).await;
    browser.sign_in("alice", PASSWORD).await;
    assert_eq!(signed_in(&browser).await, ["alice", "bob"]);

    assert_eq!(browser.delete("/api/sessions?as=bob").await.status(), 204);
    assert_eq!(signed_in(&browser).await, ["alice"]);
    problem(browser.get("/api/rooms?as=bob").await, 403).await;
    assert_eq!(browser.delete("/api/sessions").await.status(), 204);
    assert_eq!(signed_in(&browser).await, Vec::<String>::new());
    problem(browser.get("/api/rooms").await, 401).await;
}

#[tokio::test]
async fn a_session_that_was_ended_stays_ended() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    let stolen = alice.cookie();
    alice.delete("/api/sessions").await;
    let with_it = async |server: &Server| {
        let request = server
            .http
            .get(server.url("/api/rooms"))
            .header("cookie", &stolen);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(with_it(&server).await, 401);
    server.kill();
    server.restart().await;
    assert_eq!(with_it(&server).await, 401);
}

#[tokio::test]
async fn requests_without_a_session_are_refused() {
    let server = Server::start().await;
    let signed_out = User::nobody(&server);
    assert_eq!(signed_in(&signed_out).await, Vec::<String>::new());
    for path in [
        "/api/rooms",
        "/api/rooms/lobby/messages?after=0",
        "/api/rooms/lobby/events",
        "/api/rooms/lobby/ws",
        "/api/rooms/lobby/presence",
        "/api/rooms/nowhere/messages",
        "/api/nothing/here",
    ] {
        problem(signed_out.get(path).await, 401).await;
    }
    for path in [
        "/api/rooms",
        "/api/rooms/lobby/messages",
        "/api/rooms/lobby/typing",
    ] {
        problem(
            signed_out
                .post(path, json!({"name": "x", "body": "x"}))
                .await,
            401,
        )
        .await;
    }
    problem(signed_out.delete("/api/sessions").await, 401).await;
}

#[tokio::test]
async fn a_cookie_with_a_foreign_signature_is_refused() {
    let server = Server::start().await;
    let elsewhere = Server::start().await;
    let alice = elsewhere.user("alice").await;
    server.user("alice").await;
    let request = server
        .http
        .get(server.url("/api/rooms"))
        .header("cookie", alice.cookie());
    problem(request.send().await.unwrap(), 401).await;
}

#[tokio::test]
async fn cookies_are_for_the_server_alone_and_secure_behind_tls() {
    let server = Server::start().await;
    let sign_up = async |name: &str, forwarded: &str| {
        let account = json!({"username": name, "password": PASSWORD});
        let request = server.http.post(server.url("/api/accounts")).json(&account);
        let response = request
            .header("x-forwarded-proto", forwarded)
            .send()
            .await
            .unwrap();
        response.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let plain = sign_up("alice", "http").await;
    assert!(
        plain.contains("HttpOnly") && plain.contains("SameSite=Lax"),
        "{plain}"
    );
    assert!(!plain.contains("Secure"), "{plain}");
    let secure = sign_up("bob-", "https").await;
    assert!(
        secure.starts_with("__Host-pushlab=")
            && secure.contains("; Path=/;")
            && secure.contains("; Secure")
            && !secure.contains("Domain"),
        "{secure}"
    );
    // Behind TLS the other cookie, which a neighbouring host could have set, counts for nothing.
    let call = async |cookie: &str| {
        let request = server.http.get(server.url("/api/rooms/lobby/messages"));
        let request = request
            .header("x-forwarded-proto", "https")
            .header("cookie", cookie);
        request.send().await.unwrap().status().as_u16()
    };
    let name = |cookie: &str| cookie.split(';').next().unwrap().to_owned();
    let (plain, secure) = (name(&plain), name(&secure));
    // Twice each: a cookie that was verified before is looked up.
    for _ in 0..2 {
        assert_eq!(call(&secure).await, 200);
        assert_eq!(call(&plain).await, 401);
        assert_eq!(call(&format!("{plain}; {secure}")).await, 200);
    }
}

/// Signing in again gives the browser another token. What is open goes on with it; the old token serves what
/// is on its way, for 10 s.
#[tokio::test]
async fn signing_in_again_replaces_the_token_and_streams_go_on() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let old = alice.other_browser_with(&alice.cookie());
    let mut streams: Vec<_> = [Transport::Sse, Transport::WebSocket]
        .map(|transport| Reader::open(transport, &alice, "lobby", 0))
        .into();
    let mut said = 1;
    alice.say("lobby", "before").await;
    for stream in &mut streams {
        stream.next().await;
    }
    assert_eq!(alice.sign_in("alice", PASSWORD).await.status(), 200);
    assert_ne!(alice.cookie(), old.cookie());
    assert_eq!(
        old.get("/api/rooms").await.status(),
        200,
        "what is on its way"
    );
    let began = Instant::now();
    while old.get("/api/rooms/lobby/messages").await.status() == 200 {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "the old token still serves"
        );
        alice.say("lobby", "meanwhile").await;
        said += 1;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(
        began.elapsed() > Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
    alice.say("lobby", "after").await;
    for stream in &mut streams {
        stream.take(said).await;
    }
    // Signing out ends them, though they were opened with the old token.
    alice.delete("/api/sessions").await;
    for stream in &mut streams {
        assert_eq!(stream.ended().await, End::Closed);
    }
}
