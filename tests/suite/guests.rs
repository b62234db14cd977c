//! Guest accounts, for clients on the server's machine.

use protocol::Transport;
use reqwest::Method;
use serde_json::{Value, json};

use harness::{Options, Reader, Server, User, server::problem, user::PASSWORD};

#[tokio::test]
async fn each_guest_has_its_own_name() {
    let server = Server::start().await;
    let guest = User::apart(&server);
    let response = guest.post("/api/guests", json!({})).await;
    assert_eq!(response.status(), 201);
    let account: Value = response.json().await.unwrap();
    let name = account["username"].as_str().unwrap();
    assert!(name.starts_with("guest-"), "{account}");
    guest.say("lobby", "just looking").await;
    let held: Value = guest.get("/api/sessions").await.json().await.unwrap();
    assert_eq!(held["accounts"], json!([account]));
    let another: Value = User::apart(&server)
        .post("/api/guests", json!({}))
        .await
        .json()
        .await
        .unwrap();
    assert_ne!(another["username"], account["username"]);
    for password in ["", "password", name] {
        problem(User::apart(&server).sign_in(name, password).await, 401).await;
    }
}

#[tokio::test]
async fn a_guest_becomes_an_account_and_keeps_its_messages_and_streams() {
    let server = Server::start().await;
    let guest = User::apart(&server);
    let account: Value = guest
        .post("/api/guests", json!({}))
        .await
        .json()
        .await
        .unwrap();
    let name = account["username"].as_str().unwrap();
    let before = guest.say("lobby", "as a guest").await;
    let mut reader = Reader::open(Transport::WebSocket, &guest, "lobby", 0);
    assert_eq!(reader.next().await.json, before);
    let put = async |body: Value| guest.call(Method::PUT, "/api/guests", Some(body)).await;
    let refused = put(json!({"display_name": "", "password": "short"})).await;
    let refused = problem(refused, 422).await;
    assert!(
        refused["errors"]["password"].is_string() && refused["errors"]["display_name"].is_string()
    );
    let kept = put(json!({"display_name": "Zoe", "password": PASSWORD})).await;
    assert_eq!(kept.status(), 200);
    let kept: Value = kept.json().await.unwrap();
    assert_eq!(kept, json!({"username": name, "display_name": "Zoe"}));
    problem(put(json!({"password": PASSWORD})).await, 409).await;
    let after: Value = serde_json::from_str(&guest.say("lobby", "to stay").await).unwrap();
    assert_eq!(
        (&after["author"], &after["display_name"]),
        (&json!(name), &json!("Zoe"))
    );
    assert_eq!(
        reader.next().await.message.body,
        "to stay",
        "the stream went on"
    );
    // As any account: from anywhere, once more and after a restart.
    let elsewhere = User::nobody(&server);
    assert_eq!(elsewhere.sign_in(name, PASSWORD).await.status(), 200);
    let member = server.user("alice").await;
    let other = member.call(
        Method::PUT,
        "/api/guests",
        Some(json!({"password": PASSWORD})),
    );
    problem(other.await, 409).await;
}

#[tokio::test]
async fn where_registration_is_closed_a_guest_stays_one() {
    let server = Server::start_with(Options::with(&["--registration", "closed"])).await;
    let guest = User::apart(&server);
    assert_eq!(guest.post("/api/guests", json!({})).await.status(), 201);
    let body = json!({"password": PASSWORD});
    problem(
        guest.call(Method::PUT, "/api/guests", Some(body)).await,
        403,
    )
    .await;
}

#[tokio::test]
async fn clients_from_other_machines_get_no_guest_account() {
    let server = Server::start().await;
    for (header, value) in [
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
        ("via", "1.1 somewhere"),
        ("host", "lab.example"),
    ] {
        let send = |request: reqwest::RequestBuilder| request.header(header, value).send();
        let post = server.http.post(server.url("/api/guests"));
        problem(send(post).await.unwrap(), 403).await;
        let server_info = send(server.http.get(server.url("/server.json")))
            .await
            .unwrap();
        let server_info: Value = server_info.json().await.unwrap();
        assert_eq!(server_info["guests"], false, "{header}: {value}");
    }
    let server_info: Value = server.get("/server.json").await.json().await.unwrap();
    assert_eq!(server_info["guests"], true);
}
