//! Sessions: which account sends a request, what requires one, and the cookie.

use harness::{Server, User, server::problem, user::PASSWORD};
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
    assert!(sign_up("bob-", "https").await.contains("; Secure"));
}
