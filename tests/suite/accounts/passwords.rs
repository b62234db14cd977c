//! Right passwords, wrong ones, and guesses.

use harness::{Server, User, server::problem, user::PASSWORD};
use serde_json::json;

use super::signed_in::signed_in;

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_error() {
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
    assert!(tries > 10, "ten wrong passwords are checked");
    let even_right = guesser.sign_in("alice", PASSWORD).await;
    assert_eq!(even_right.status(), 429);
    assert_eq!(
        bob.sign_in("bob", PASSWORD).await.status(),
        200,
        "other accounts can sign in"
    );
}

#[tokio::test]
async fn concurrent_guesses_all_count() {
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
    let checked = statuses.iter().filter(|status| **status == 401).count();
    assert!((10..=12).contains(&checked), "{statuses:?}");
    assert_eq!(
        statuses.iter().filter(|status| **status == 429).count(),
        60 - checked
    );
}

#[tokio::test]
async fn right_passwords_are_not_limited() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    for _ in 0..30 {
        assert_eq!(alice.sign_in("alice", PASSWORD).await.status(), 200);
    }
    assert_eq!(signed_in(&alice).await, ["alice"], "listed once");
}
