//! Guest accounts, for clients on the server's machine.

use serde_json::{Value, json};

use harness::{Server, User, server::problem};

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
