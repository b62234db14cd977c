//! Accounts, sessions, and who speaks.

use serde_json::{Value, json};

use harness::{Server, User, server::problem, user::PASSWORD};

async fn signed_in(user: &User) -> Vec<String> {
    let answer: Value = user.get("/api/sessions").await.json().await.unwrap();
    let accounts = answer["accounts"].as_array().unwrap().clone();
    accounts
        .iter()
        .map(|account| account["username"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn an_account_is_made_shown_and_signed_in_to() {
    let server = Server::start().await;
    let user = User::nobody(&server);
    let new = json!({"username": "ALICE_1", "display_name": " Алиса 🦊 ", "password": PASSWORD});
    let response = user.post("/api/accounts", new).await;
    assert_eq!(response.status(), 201);
    let shown = json!({"username": "alice_1", "display_name": " Алиса 🦊 "});
    assert_eq!(response.json::<Value>().await.unwrap(), shown);
    let elsewhere = User::nobody(&server);
    let response = elsewhere.sign_in("Alice_1", PASSWORD).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<Value>().await.unwrap(), shown);
    assert_eq!(signed_in(&elsewhere).await, ["alice_1"]);
}

#[tokio::test]
async fn a_display_name_left_out_is_the_username() {
    let server = Server::start().await;
    let user = User::nobody(&server);
    let new = json!({"username": "alice", "password": PASSWORD});
    let account: Value = user.post("/api/accounts", new).await.json().await.unwrap();
    assert_eq!(account["display_name"], "alice");
}

#[tokio::test]
async fn what_does_not_fit_is_told_field_by_field() {
    let server = Server::start().await;
    let bad = json!({"username": "a b", "display_name": "", "password": "short"});
    let problem = problem(server.post("/api/accounts", bad).await, 422).await;
    for field in ["username", "display_name", "password"] {
        assert!(problem["errors"][field].is_string(), "{problem}");
    }
}

#[tokio::test]
async fn a_taken_name_is_taken_in_any_case() {
    let server = Server::start().await;
    server.user("alice").await;
    let again = json!({"username": "Alice", "password": PASSWORD});
    let problem = problem(server.post("/api/accounts", again).await, 409).await;
    assert!(problem["errors"]["username"].is_string());
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_told_alike() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let wrong = problem(alice.sign_in("alice", "Correct Horse Battery").await, 401).await;
    let unknown = problem(alice.sign_in("nobody", PASSWORD).await, 401).await;
    let no_name = problem(alice.sign_in("no such name!", PASSWORD).await, 401).await;
    assert_eq!((&wrong, &wrong), (&unknown, &no_name));
}

/// bcrypt reads 72 bytes; a password has up to 128 characters.
#[tokio::test]
async fn every_character_of_a_password_counts() {
    let server = Server::start().await;
    let long = "ж".repeat(127);
    let account = json!({"username": "alice", "password": format!("{long}a")});
    assert_eq!(server.post("/api/accounts", account).await.status(), 201);
    let user = User::nobody(&server);
    assert_eq!(
        user.sign_in("alice", &format!("{long}b")).await.status(),
        401
    );
    assert_eq!(
        user.sign_in("alice", &format!("{long}a")).await.status(),
        200
    );
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let server = Server::start().await;
    server.user("alice").await;
    let bob = server.user("bob").await;
    let guesser = User::nobody(&server);
    let mut tries = 0;
    let refused = loop {
        let response = guesser.sign_in("alice", &format!("wrong {tries}")).await;
        tries += 1;
        match response.status().as_u16() {
            401 if tries < 50 => {}
            _ => break response,
        }
    };
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=6).contains(&wait));
    problem(refused, 429).await;
    assert!(tries > 10, "ten wrong ones are looked at");
    let even_right = guesser.sign_in("alice", PASSWORD).await;
    assert_eq!(even_right.status(), 429);
    assert_eq!(
        bob.sign_in("bob", PASSWORD).await.status(),
        200,
        "others are let in"
    );
}

#[tokio::test]
async fn many_guesses_at_once_are_many_guesses() {
    let server = Server::start().await;
    server.user("alice").await;
    let mut guesses = tokio::task::JoinSet::new();
    for number in 0..60 {
        let guesser = User::nobody(&server);
        guesses.spawn(async move {
            guesser
                .sign_in("alice", &format!("wrong {number}"))
                .await
                .status()
                .as_u16()
        });
    }
    let statuses = guesses.join_all().await;
    let looked_at = statuses.iter().filter(|status| **status == 401).count();
    assert!((10..=12).contains(&looked_at), "{statuses:?}");
    assert_eq!(
        statuses.iter().filter(|status| **status == 429).count(),
        60 - looked_at
    );
}

#[tokio::test]
async fn right_passwords_are_never_too_many() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for _ in 0..30 {
        assert_eq!(alice.sign_in("alice", PASSWORD).await.status(), 200);
    }
    assert_eq!(signed_in(&alice).await, ["alice"], "once, however often");
}

#[tokio::test]
async fn one_browser_may_be_several_people() {
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
        "without as, the one signed in last"
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
async fn nobody_may_do_little() {
    let server = Server::start().await;
    let nobody = User::nobody(&server);
    assert_eq!(signed_in(&nobody).await, Vec::<String>::new());
    for path in [
        "/api/rooms",
        "/api/rooms/lobby/messages?after=0",
        "/api/rooms/lobby/events",
        "/api/rooms/lobby/ws",
        "/api/rooms/lobby/presence",
        "/api/rooms/nowhere/messages",
        "/api/nothing/here",
    ] {
        problem(nobody.get(path).await, 401).await;
    }
    for path in [
        "/api/rooms",
        "/api/rooms/lobby/messages",
        "/api/rooms/lobby/typing",
    ] {
        problem(
            nobody.post(path, json!({"name": "x", "body": "x"})).await,
            401,
        )
        .await;
    }
    problem(nobody.delete("/api/sessions").await, 401).await;
}

#[tokio::test]
async fn a_cookie_that_was_not_signed_here_is_nobodys() {
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
