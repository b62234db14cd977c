//! A server whose database is PostgreSQL, and what happens to it. `scripts/test` runs these tests, and the
//! suite's others once more, where PostgreSQL is there.

use std::process::Command;

use harness::{Options, Reader, Server, database::Cluster, server::problem, until};
use protocol::Transport;
use serde_json::{Value, json};

async fn server(cluster: &Cluster) -> Server {
    Server::start_with(Options::default().on(&cluster.url)).await
}

async fn until_ready(server: &Server) {
    until("the server is ready", async || {
        server.get("/readyz").await.status() == 200
    })
    .await;
}

/// It crashes, and comes back.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn while_the_database_is_away_posts_are_told_and_readers_stay() {
    let cluster = Cluster::start();
    let server = server(&cluster).await;
    let alice = server.user("alice").await;
    let mut readers: Vec<_> = Transport::ALL
        .into_iter()
        .map(|transport| Reader::open(transport, &alice, "lobby", 0))
        .collect();
    for round in 1..=3 {
        alice.say("lobby", "before").await;
        for reader in &mut readers {
            reader.next().await;
        }
        cluster.stop();
        let refused = alice.post_message("lobby", json!({"body": "lost"})).await;
        assert!(refused.headers().contains_key("retry-after"));
        problem(refused, 503).await;
        let why = problem(server.get("/readyz").await, 503).await;
        assert!(
            why["detail"].as_str().unwrap().contains("database"),
            "{why}"
        );
        cluster.recover();
        until_ready(&server).await;
        alice.say("lobby", "after").await;
        for reader in &mut readers {
            assert_eq!(reader.next().await.message.body, "after", "round {round}");
        }
    }
    assert_eq!(
        cluster.query("SELECT count(*), max(seq) FROM messages"),
        "6|6"
    );
}

/// Its administrator ends every connection.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn connections_that_are_terminated_are_opened_again() {
    let cluster = Cluster::start();
    let server = server(&cluster).await;
    let alice = server.user("alice").await;
    for number in 0..5 {
        alice.say("lobby", &number.to_string()).await;
        cluster.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pushlab'",
        );
        // Read from the database, and written to it.
        assert_eq!(
            alice
                .get("/api/rooms/lobby/messages?before=99")
                .await
                .status(),
            200
        );
    }
    assert_eq!(cluster.query("SELECT count(*) FROM messages"), "5");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn servers_that_start_together_share_one_schema_and_number_one_room() {
    let cluster = Cluster::start();
    let servers = futures_util::future::join_all((0..4).map(|_| server(&cluster))).await;
    let alice = servers[0].user("alice").await;
    let mut posts = tokio::task::JoinSet::new();
    for (number, server) in servers.iter().enumerate() {
        // Each has a key of its own, and accounts are shared.
        let user = harness::User::nobody(server);
        assert_eq!(
            user.sign_in("alice", harness::user::PASSWORD)
                .await
                .status(),
            200
        );
        posts.spawn(async move {
            for post in 0..25 {
                let body = json!({"body": "x", "key": format!("{number}-{post}")});
                assert_eq!(user.post_message("lobby", body).await.status(), 201);
            }
        });
    }
    posts.join_all().await;
    let numbers =
        cluster.query("SELECT count(*), min(seq), max(seq), count(DISTINCT key) FROM messages");
    assert_eq!(numbers, "100|1|100|100");
    assert_eq!(
        cluster.query("SELECT head FROM rooms WHERE name = 'lobby'"),
        "100"
    );
    let backwards = "SELECT count(*) FROM (SELECT sent_at - lag(sent_at) OVER (ORDER BY seq) AS step FROM messages) \
         AS steps WHERE step <= 0";
    assert_eq!(cluster.query(backwards), "0", "time grows with the number");
    drop(alice);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn every_character_is_kept_and_a_key_counts_once() {
    let cluster = Cluster::start();
    let server = server(&cluster).await;
    let alice = server.user("alice").await;
    let body = "a\u{0}b 😀 \\ ' \" \u{ffff}";
    let first = alice
        .post_message("lobby", json!({"body": body, "key": "k"}))
        .await;
    let first: Value = first.json().await.unwrap();
    assert_eq!(first["body"], body);
    let again = alice
        .post_message("lobby", json!({"body": "other", "key": "k"}))
        .await;
    assert_eq!(again.status(), 200);
    assert_eq!(again.json::<Value>().await.unwrap(), first);
    let history: Value = alice
        .get("/api/rooms/lobby/messages?before=9")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(history["messages"], json!([first]));
}

#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn a_database_that_cannot_be_reached_is_told_at_start() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    command.args([
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--database",
        "postgres://a:secret@127.0.0.1:1/b",
    ]);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("postgres://127.0.0.1/b") && !told.contains("secret"),
        "{told}"
    );
}
