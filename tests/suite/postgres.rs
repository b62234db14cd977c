//! A server whose database is PostgreSQL, and what happens to it. `scripts/test` runs these tests, and the
//! suite's others once more, where PostgreSQL is there.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use harness::{Options, Reader, Server, User, database::Cluster, server::problem, until};
use protocol::Transport;
use serde_json::{Value, json};

async fn server(cluster: &Cluster) -> Server {
    Server::start_with(Options::default().at(&cluster.url)).await
}

const TERMINATE: &str =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pushlab'";

/// Ends what was left asleep with its locks.
const SLEEPING: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
     WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";

/// A post and readiness are answered with 503, and the log says why.
async fn refuses_posts(server: &Server, user: &User, why: &str) {
    let refused = user.post_message("lobby", json!({"body": "lost"})).await;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 503).await;
    let told = problem(server.get("/readyz").await, 503).await;
    let detail = told["detail"].as_str().unwrap();
    assert!(detail.contains(why), "{told}");
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
        refuses_posts(&server, &alice, "database").await;
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
        cluster.query(TERMINATE);
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
    let servers = futures_util::future::join_all((0..10).map(|_| server(&cluster))).await;
    let alice = servers[0].user("alice").await;
    let mut posts = tokio::task::JoinSet::new();
    for (number, server) in servers.iter().enumerate() {
        // Each has a key of its own, and accounts are shared.
        let user = User::nobody(server);
        assert_eq!(
            user.sign_in("alice", harness::user::PASSWORD)
                .await
                .status(),
            200
        );
        posts.spawn(async move {
            for post in 0..10 {
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

/// No further connection is allowed, and those that there were have gone.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn connections_that_are_used_up_are_told_and_come_back() {
    let cluster = Cluster::start();
    cluster.query("CREATE ROLE chat LOGIN");
    cluster.query("CREATE DATABASE chat OWNER chat");
    let url = cluster
        .url
        .replace("pushlab@", "chat@")
        .replace("/postgres", "/chat");
    let server = Server::start_with(Options::default().at(&url)).await;
    let alice = server.user("alice").await;
    let mut reader = Reader::open(Transport::WebSocket, &alice, "lobby", 0);
    alice.say("lobby", "before").await;
    reader.next().await;
    cluster.query("ALTER ROLE chat CONNECTION LIMIT 0");
    cluster.query(TERMINATE);
    refuses_posts(&server, &alice, "too many connections").await;
    cluster.query("ALTER ROLE chat CONNECTION LIMIT 100");
    until_ready(&server).await;
    alice.say("lobby", "after").await;
    assert_eq!(reader.next().await.message.body, "after");
}

/// Somebody holds a lock for longer than the server waits.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn a_database_that_is_slow_costs_a_post_and_not_its_readers() {
    let cluster = Cluster::start();
    let server = server(&cluster).await;
    let alice = server.user("alice").await;
    let mut reader = Reader::open(Transport::Sse, &alice, "lobby", 0);
    let mut holder = Command::new("psql")
        .args([&cluster.url, "--quiet", "--command"])
        .arg("BEGIN; LOCK TABLE rooms; SELECT pg_sleep(60)")
        .spawn()
        .unwrap();
    until("the lock is held", async || {
        let held = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted \
             AND relation = 'rooms'::regclass";
        cluster.query(held) == "1"
    })
    .await;
    refuses_posts(&server, &alice, "lock").await;
    holder.kill().unwrap();
    holder.wait().unwrap();
    cluster.query(SLEEPING);
    until_ready(&server).await;
    alice.say("lobby", "after").await;
    assert_eq!(reader.next().await.message.body, "after");
    assert_eq!(cluster.query("SELECT count(*) FROM messages"), "1");
}

/// No file may grow beyond what it has.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn a_disk_that_is_full_is_told_until_there_is_room() {
    let cluster = Cluster::start();
    let server = server(&cluster).await;
    let alice = server.user("alice").await;
    alice.post("/api/rooms", json!({"name": "large"})).await;
    // A segment of the write-ahead log has 16 MiB; the table must have more to be what fails.
    cluster.query(
        "INSERT INTO messages (room_id, seq, author, display_name, body, sent_at) \
         SELECT max(id), i, '', '', decode(repeat('00', 1000), 'hex'), 0 \
         FROM rooms, generate_series(1, 20000) AS i GROUP BY i",
    );
    cluster.let_no_file_grow();
    // PostgreSQL keeps it in the table, and as it is.
    let large = "x".repeat(1_900);
    let mut stored = 0;
    let refused = loop {
        let answer = alice.post_message("lobby", json!({"body": large})).await;
        match answer.status().as_u16() {
            201 => stored += 1,
            _ => break answer,
        }
        assert!(stored < 100);
    };
    problem(refused, 503).await;
    let why = problem(server.get("/readyz").await, 503).await;
    assert!(
        why["detail"].as_str().unwrap().contains("database"),
        "{why}"
    );
    cluster.let_files_grow();
    until_ready(&server).await;
    alice.say("lobby", "after").await;
    let kept = cluster
        .query("SELECT count(*) FROM messages JOIN rooms ON id = room_id WHERE name = 'lobby'");
    assert_eq!(kept, (stored + 1).to_string());
}

/// A replica that lags takes over: numbers are given again.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn after_a_failover_to_a_replica_that_lags_another_history_begins() {
    let first = Cluster::start();
    let server_of = |cluster: &Cluster| {
        let (server, _) = cluster
            .url
            .split_once('@')
            .unwrap()
            .1
            .split_once('/')
            .unwrap();
        server.to_owned()
    };
    let replica = first.replica();
    let both = format!(
        "postgres://pushlab@{},{}/postgres?target_session_attrs=read-write",
        server_of(&first),
        server_of(&replica)
    );
    let server = Server::start_with(Options::default().at(&both)).await;
    let alice = server.user("alice").await;
    alice.say("lobby", "on both").await;
    until("the replica has it", async || {
        replica.query("SELECT to_regclass('messages')") == "messages"
            && replica.query("SELECT count(*) FROM messages") == "1"
    })
    .await;
    replica.stop();
    alice.say("lobby", "on the first alone").await;
    let waiting = Transport::ALL.into_iter().filter(|all| !all.pauses());
    let mut readers: Vec<_> = waiting
        .map(|transport| Reader::open(transport, &alice, "lobby", 0))
        .collect();
    for reader in &mut readers {
        reader.take(2).await;
    }
    let epoch = async || {
        let rooms: Value = alice.get("/api/rooms").await.json().await.unwrap();
        rooms["epoch"].clone()
    };
    let before = epoch().await;
    first.stop();
    refuses_posts(&server, &alice, "database").await;
    replica.recover();
    replica.promote();
    until_ready(&server).await;
    let again: Value = serde_json::from_str(&alice.say("lobby", "again").await).unwrap();
    assert_eq!(again["seq"], 2);
    for reader in &mut readers {
        reader.ended().await;
    }
    assert_ne!(epoch().await, before);
    let mut reader = Reader::open(Transport::Sse, &alice, "lobby", 0);
    let read = reader.take(2).await;
    assert!(read[0].contains("on both") && read[1].contains("again"));
}

/// Makes an authority, and a certificate of it for `db.example`.
fn certify(folder: &Path) {
    fs::write(folder.join("names"), "subjectAltName = DNS:db.example\n").unwrap();
    for line in [
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=root -keyout root.key -out root.pem",
        "req -newkey rsa:2048 -nodes -subj /CN=db.example -keyout server.key -out server.csr",
        "x509 -req -in server.csr -CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile names \
         -out server.pem",
    ] {
        let made = Command::new("openssl")
            .args(line.split_whitespace())
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(made.status.success(), "{line}: {made:?}");
    }
}

/// With the modes of libpq, against a certificate of an authority of its own.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn tls_is_verified_as_the_mode_says() {
    let cluster = Cluster::start();
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let made = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let authority = folder.path().join("root.pem");
    let certificate = cluster.write("server.crt", &made("server.pem"));
    let key = cluster.write("server.key", &made("server.key"));
    for setting in [
        format!("ssl_cert_file = '{}'", certificate.display()),
        format!("ssl_key_file = '{}'", key.display()),
        "ssl = on".to_owned(),
    ] {
        cluster.query(&format!("ALTER SYSTEM SET {setting}"));
    }
    cluster.query("SELECT pg_reload_conf()");
    until("TLS is on", async || cluster.query("SHOW ssl") == "on").await;
    let port = cluster
        .url
        .rsplit(':')
        .next()
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    let opens = async |mode: &str| {
        // The certificate is of this name; hostaddr says where it is.
        let url =
            format!("postgres://pushlab@db.example:{port}/postgres?hostaddr=127.0.0.1&{mode}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
        command.args(["epoch", "--database", &url]);
        let ended = tokio::task::spawn_blocking(move || command.output())
            .await
            .unwrap();
        ended.unwrap().status.success()
    };
    let root = authority.display();
    for (mode, is_opened) in [
        ("sslmode=disable".to_owned(), true),
        ("sslmode=prefer".to_owned(), true),
        ("sslmode=require".to_owned(), true),
        (format!("sslmode=verify-ca&sslrootcert={root}"), true),
        (format!("sslmode=verify-full&sslrootcert={root}"), true),
        // Of the system's authorities, none has made it.
        ("sslmode=verify-full".to_owned(), false),
        ("sslmode=verify-ca".to_owned(), false),
        ("sslrootcert=system".to_owned(), false),
    ] {
        assert_eq!(opens(&mode).await, is_opened, "{mode}");
    }
    let other = cluster.url.replace("127.0.0.1", "localhost");
    let by_other_name = |mode: &str| format!("{other}?sslmode={mode}&sslrootcert={root}");
    for (mode, is_opened) in [("verify-ca", true), ("verify-full", false)] {
        let told = Command::new(env!("CARGO_BIN_EXE_pushlab"))
            .args(["epoch", "--database", &by_other_name(mode)])
            .output()
            .unwrap();
        assert_eq!(told.status.success(), is_opened, "{mode}");
    }
    cluster.query("ALTER SYSTEM SET ssl = off");
    cluster.query("SELECT pg_reload_conf()");
    until("TLS is off", async || cluster.query("SHOW ssl") == "off").await;
    assert!(
        !opens("sslmode=require").await,
        "nothing is sent in clear text"
    );
    assert!(opens("sslmode=prefer").await);
}

/// Nothing of it answers, though its connections are open.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn a_database_that_does_not_answer_costs_no_post_its_answer() {
    let cluster = Cluster::start();
    let server = server(&cluster).await;
    let alice = server.user("alice").await;
    let mut reader = Reader::open(Transport::LongPoll, &alice, "lobby", 0);
    alice.say("lobby", "before").await;
    reader.next().await;
    cluster.freeze();
    refuses_posts(&server, &alice, "database").await;
    let second = alice.post_message("lobby", json!({"body": "lost"})).await;
    problem(second, 503).await;
    cluster.thaw();
    until_ready(&server).await;
    let after = alice.say("lobby", "after").await;
    assert_eq!(reader.next().await.json, after);
    assert_eq!(cluster.query("SELECT count(*) FROM messages"), "2");
}

/// A server is paused in its transaction, with the room's lock.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn who_is_paused_in_a_transaction_keeps_others_out_for_seconds_only() {
    let cluster = Cluster::start();
    let server = server(&cluster).await;
    let alice = server.user("alice").await;
    let holder = cluster
        .url
        .replace("/postgres", "/postgres?application_name=holder");
    let mut holder = Command::new("psql")
        .args([&holder, "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // As a server's connection is set up.
    let paused =
        "SET idle_in_transaction_session_timeout = '5s'; BEGIN; SELECT * FROM rooms FOR UPDATE;\n";
    std::io::Write::write_all(holder.stdin.as_mut().unwrap(), paused.as_bytes()).unwrap();
    let held = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'holder' \
         AND state = 'idle in transaction'";
    until("the lock is held", async || cluster.query(held) == "1").await;
    until("a post is stored", async || {
        alice
            .post_message("lobby", json!({"body": "x", "key": "k"}))
            .await
            .status()
            != 503
    })
    .await;
    holder.kill().unwrap();
    holder.wait().unwrap();
}

/// What one server does, the other finds.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn servers_of_one_database_find_each_others_rooms_and_histories() {
    let cluster = Cluster::start();
    let (one, other) = (server(&cluster).await, server(&cluster).await);
    let here = one.user("alice").await;
    let there = here.by_way_of(&other.address);
    assert_eq!(
        here.post("/api/rooms", json!({"name": "new"}))
            .await
            .status(),
        201
    );
    let said = here.say("new", "hello").await;
    assert_eq!(
        there
            .post("/api/rooms", json!({"name": "new"}))
            .await
            .status(),
        409
    );
    for transport in Transport::ALL {
        let mut reader = Reader::open(transport, &there, "new", 0);
        assert_eq!(reader.next().await.json, said, "{transport:?}");
    }
    // Who waits there hears of what is said here.
    let waiting = Transport::ALL.into_iter();
    let mut waiting: Vec<_> = waiting
        .map(|transport| Reader::open(transport, &there, "new", 1))
        .collect();
    let more = here.say_many("new", 3).await;
    for reader in &mut waiting {
        assert_eq!(reader.take(3).await, more, "{:?}", reader.transport);
    }
    let begun: Value = there.get("/api/start?room=new").await.json().await.unwrap();
    assert_eq!(begun["history"]["head"], 4);
    let epoch = async |user: &User| {
        let rooms: Value = user.get("/api/rooms").await.json().await.unwrap();
        rooms["epoch"].as_str().unwrap().to_owned()
    };
    let before = epoch(&here).await;
    assert_eq!(epoch(&there).await, before);
    let renewed = Command::new(env!("CARGO_BIN_EXE_pushlab"))
        .args(["epoch", "--new", "--database", &cluster.url])
        .output()
        .unwrap();
    let now = String::from_utf8(renewed.stdout).unwrap().trim().to_owned();
    assert_ne!(now, before);
    // Whoever comes with the new one is believed, and both tell it then.
    let read = |epoch: &str| format!("/api/rooms/new/messages?after=0&epoch={epoch}");
    assert_eq!(there.get(&read(&now)).await.status(), 200);
    problem(there.get(&read(&before)).await, 422).await;
    until("the first has noticed", async || epoch(&here).await == now).await;
    problem(here.get(&read(&before)).await, 422).await;
}

/// A dump in a new cluster is another history.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn a_dump_that_is_restored_has_an_epoch_of_its_own() {
    let (first, second) = (Cluster::start(), Cluster::start());
    drop(server(&first).await);
    let dump = Command::new("pg_dump").arg(&first.url).output().unwrap();
    assert!(dump.status.success());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.sql");
    fs::write(&file, dump.stdout).unwrap();
    let restored = Command::new("psql")
        .args([&second.url, "--quiet", "--file"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(restored.status.success());
    let epoch = |cluster: &Cluster| {
        let told = Command::new(env!("CARGO_BIN_EXE_pushlab"))
            .args(["epoch", "--database", &cluster.url])
            .output()
            .unwrap();
        String::from_utf8(told.stdout).unwrap()
    };
    assert_eq!(epoch(&first).trim().len(), 16);
    assert_ne!(epoch(&first), epoch(&second));
}

#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn a_server_that_uses_a_database_is_not_copied_over() {
    let cluster = Cluster::start();
    let server = server(&cluster).await;
    server.user("alice").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.db").display().to_string();
    let refused = migrate(&cluster.url, &file).unwrap_err();
    assert!(refused.contains("a server uses it"), "{refused}");
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
        told.contains("postgres://127.0.0.1:1/b") && !told.contains("secret"),
        "{told}"
    );
}

/// All that is kept, to PostgreSQL and back.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn data_move_between_sqlite_and_postgresql_and_back() {
    let cluster = Cluster::start();
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    server.user("bob").await;
    alice
        .post("/api/rooms", json!({"name": "kept", "title": "Kept ✓"}))
        .await;
    let keyed = json!({"body": "a\u{0}b 😀", "key": "k"});
    let first = alice
        .post_message("kept", keyed.clone())
        .await
        .text()
        .await
        .unwrap();
    let many = alice.say_many("lobby", 1_500).await;
    server.ask_to_stop();
    server.stopped().await;
    let file = server.database().display().to_string();
    let told = migrate(&file, &cluster.url).expect("an empty target");
    assert!(
        told.starts_with("copied 2 accounts, 2 rooms and 1501 messages"),
        "{told}"
    );
    let refused = migrate(&file, &cluster.url).unwrap_err();
    assert!(refused.contains("has data"), "{refused}");

    let back = tempfile::tempdir().unwrap();
    let back = back.path().join("back.db").display().to_string();
    migrate(&cluster.url, &back).expect("an empty target");

    let moved = Server::start_with(Options::default().at(&cluster.url)).await;
    let alice = User::nobody(&moved);
    assert_eq!(
        alice
            .sign_in("alice", harness::user::PASSWORD)
            .await
            .status(),
        200
    );
    for (room, sent) in [("lobby", &many[..]), ("kept", std::slice::from_ref(&first))] {
        let mut reader = Reader::open(Transport::Sse, &alice, room, 0);
        assert_eq!(reader.take(sent.len()).await, sent, "the same bytes");
    }
    let again = alice.post_message("kept", keyed).await;
    assert_eq!(
        (again.status().as_u16(), again.text().await.unwrap()),
        (200, first)
    );
    // What is new has new numbers.
    moved.user("carol").await;
    assert_eq!(
        alice
            .post("/api/rooms", json!({"name": "new"}))
            .await
            .status(),
        201
    );
    let next: Value = serde_json::from_str(&alice.say("lobby", "next").await).unwrap();
    assert_eq!(next["seq"], 1_501);

    // Nothing was lost on the way back.
    let other = cluster.url.replace("/postgres", "/other");
    cluster.query("CREATE DATABASE other");
    let told = migrate(&back, &other).expect("an empty target");
    assert!(
        told.starts_with("copied 2 accounts, 2 rooms and 1501 messages"),
        "{told}"
    );
    let digest = "SELECT md5(string_agg(m::text, '' ORDER BY room_id, seq)) FROM messages m WHERE seq <= 1500";
    assert_eq!(
        harness::database::query(&other, digest),
        cluster.query(digest)
    );
}

fn migrate(from: &str, to: &str) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_pushlab"))
        .args(["migrate", "--from", from, "--to", to])
        .output()
        .unwrap();
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout).unwrap()),
        false => Err(String::from_utf8(output.stderr).unwrap()),
    }
}

/// It leaves nothing in the target, and can be run again.
#[tokio::test]
#[ignore = "needs PostgreSQL: scripts/test runs it"]
async fn a_copy_that_is_interrupted_leaves_nothing() {
    let cluster = Cluster::start();
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say_many("lobby", 1_500).await;
    server.ask_to_stop();
    server.stopped().await;
    let file = server.database().display().to_string();
    // The schema, without data.
    let empty = Server::start_with(Options::default().at(&cluster.url)).await;
    drop(empty);
    let mut holder = Command::new("psql")
        .args([&cluster.url, "--quiet", "--command"])
        .arg("BEGIN; LOCK TABLE messages IN SHARE MODE; SELECT pg_sleep(60)")
        .spawn()
        .unwrap();
    let waits = "SELECT count(*) FROM pg_locks WHERE relation = 'messages'::regclass AND mode = ";
    until("the lock is held", async || {
        cluster.query(&format!("{waits} 'ShareLock' AND granted")) == "1"
    })
    .await;
    let mut copying = Command::new(env!("CARGO_BIN_EXE_pushlab"))
        .args(["migrate", "--from", &file, "--to", &cluster.url])
        .spawn()
        .unwrap();
    until("the copy waits", async || {
        cluster.query(&format!("{waits} 'ExclusiveLock' AND NOT granted")) == "1"
    })
    .await;
    copying.kill().unwrap();
    copying.wait().unwrap();
    holder.kill().unwrap();
    holder.wait().unwrap();
    cluster.query(SLEEPING);
    migrate(&file, &cluster.url).expect("nothing was left of the first copy");
}
