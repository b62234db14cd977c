//! The files of a server, and others who use them.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use harness::{Options, Reader, Server, User, server::problem, until, user::PASSWORD};
use protocol::Transport;
use serde_json::json;

fn second(database: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    command
        .args(["serve", "--bind", "127.0.0.1:0", "--database"])
        .arg(database)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[tokio::test]
async fn a_second_server_on_a_database_is_told_who_has_it() {
    let server = Server::start().await;
    let mut command = second(&server.database());
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.unwrap().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("process ") && told.contains("--database"),
        "{told}"
    );
    let alice = server.user("alice").await;
    alice.say("lobby", "the first goes on").await;
}

/// As in a rolling restart: the second is begun before the first is told to end.
#[tokio::test]
async fn a_second_server_waits_for_one_that_drains() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "kept").await;
    let mut child = second(&server.database()).spawn().unwrap();
    server.ask_to_stop();
    assert_eq!(server.stopped().await, Some(0));
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let ready = tokio::task::spawn_blocking(move || {
        let mut lines = stdout.lines().map_while(Result::ok);
        lines.find(|line| line.contains("listening on"))
    });
    let line = ready.await.unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.is_some(), "it listens once the first has ended");
}

/// A row that somebody put in by hand, as another process would.
#[tokio::test]
async fn a_row_of_another_process_is_read_and_not_overwritten() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    let mut readers: Vec<_> = Transport::ALL
        .into_iter()
        .map(|transport| Reader::open(transport, &alice, "lobby", 0))
        .collect();
    for reader in &mut readers {
        reader.take(1).await;
    }
    put_in_by_hand(&server.database());
    let third = alice.post_message("lobby", json!({"body": "three"})).await;
    assert_eq!(third.status(), 201);
    for reader in &mut readers {
        let found = reader.take(2).await;
        assert!(
            found[0].contains("by hand") && found[1].contains("three"),
            "{found:?}"
        );
    }
    until("the server is ready", async || {
        server.get("/readyz").await.status() == 200
    })
    .await;
}

fn put_in_by_hand(database: &Path) {
    let script = "INSERT INTO messages (room_id, seq, author, display_name, body, sent_at)
        SELECT id, 2, 'hand', 'Hand', 'by hand', 1000000 FROM rooms WHERE name = 'lobby';
        UPDATE rooms SET head = 2 WHERE name = 'lobby';";
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection.batch_execute(script).unwrap();
}

/// The file is gone, and what is written to it would be too.
#[cfg(unix)]
#[tokio::test]
async fn a_database_that_was_taken_away_is_told_until_it_is_back() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    let away = server.database().with_extension("away");
    std::fs::rename(server.database(), &away).unwrap();
    let refused = alice
        .post_message("lobby", json!({"body": "into nothing"}))
        .await;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 503).await;
    problem(server.get("/readyz").await, 503).await;
    std::fs::rename(&away, server.database()).unwrap();
    until("the server is ready", async || {
        server.get("/readyz").await.status() == 200
    })
    .await;
    alice.say("lobby", "kept").await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_is_told_until_there_is_room() {
    let options = Options::default().without_file_limit_signal();
    let server = Server::start_with(options).await;
    let alice = server.user("alice").await;
    alice.say("lobby", "before").await;
    let mut readers: Vec<_> = Transport::ALL
        .into_iter()
        .map(|transport| Reader::open(transport, &alice, "lobby", 0))
        .collect();
    server.let_no_file_grow();
    for _ in 0..3 {
        let refused = alice.post_message("lobby", json!({"body": "lost"})).await;
        assert!(refused.headers().contains_key("retry-after"));
        problem(refused, 503).await;
    }
    problem(server.get("/readyz").await, 503).await;
    server.let_files_grow();
    until("the server is ready", async || {
        server.get("/readyz").await.status() == 200
    })
    .await;
    alice.say("lobby", "after").await;
    for reader in &mut readers {
        let bodies = reader.take(2).await;
        assert!(bodies[1].contains("after"), "{bodies:?}");
    }
}

#[tokio::test]
async fn a_file_that_was_cut_or_overwritten_is_refused_with_the_remedy() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    server.ask_to_stop();
    server.stopped().await;
    let database = server.database();
    let whole = std::fs::read(&database).unwrap();
    let serve = ["serve", "--bind", "127.0.0.1:0", "--database"];
    for bad in [
        &whole[..whole.len() / 2],
        &whole[..whole.len() - 1],
        &[b'x'; 10_000],
    ] {
        std::fs::write(&database, bad).unwrap();
        let (code, told) = pushlab(&serve, &database);
        assert!(
            code == Some(1) && told.contains("put a backup in its place"),
            "{told}"
        );
    }
    std::fs::write(&database, whole).unwrap();
    server.restart().await;
    alice.say("lobby", "two").await;
}

/// A row stands where the next message would, with a head that does not know of it.
#[tokio::test]
async fn a_room_with_bad_data_fails_alone() {
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.post("/api/rooms", json!({"name": "good"})).await;
    let script = "INSERT INTO messages (room_id, seq, author, display_name, body, sent_at)
        SELECT id, 1, 'hand', 'Hand', 'by hand', 1000000 FROM rooms WHERE name = 'lobby';";
    let mut connection = SqliteConnection::establish(server.database().to_str().unwrap()).unwrap();
    connection.batch_execute(script).unwrap();
    for _ in 0..20 {
        let (bad, good) = tokio::join!(
            alice.post_message("lobby", json!({"body": "x"})),
            alice.post_message("good", json!({"body": "x"}))
        );
        assert_eq!((bad.status().as_u16(), good.status().as_u16()), (500, 201));
    }
}

fn pushlab(arguments: &[&str], database: &Path) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pushlab"));
    let output = command.args(arguments).arg(database).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(told).unwrap())
}

#[tokio::test]
async fn a_head_behind_its_messages_is_refused_and_mended() {
    let mut server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    server.ask_to_stop();
    server.stopped().await;
    let database = server.database();
    assert_eq!(pushlab(&["check"], &database).0, Some(0));
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    connection
        .batch_execute("UPDATE rooms SET head = -3 WHERE name = 'lobby'")
        .unwrap();
    drop(connection);
    let (code, told) = pushlab(&["serve", "--bind", "127.0.0.1:0", "--database"], &database);
    assert_eq!(code, Some(1));
    assert!(
        told.contains("room lobby") && told.contains("--repair"),
        "{told}"
    );
    let (code, told) = pushlab(&["check"], &database);
    assert!(
        code == Some(1) && told.contains("bad: room lobby"),
        "{told}"
    );
    let (code, told) = pushlab(&["check", "--repair"], &database);
    assert!(
        code == Some(0) && told.contains("mended: room lobby"),
        "{told}"
    );
    server.restart().await;
    alice.say("lobby", "two").await;
}

#[tokio::test]
async fn a_database_from_the_future_is_refused() {
    let mut server = Server::start().await;
    server.kill();
    let database = server.database();
    let mut connection = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    let script = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99999999999999')";
    connection.batch_execute(script).unwrap();
    drop(connection);
    let (code, told) = pushlab(&["serve", "--bind", "127.0.0.1:0", "--database"], &database);
    assert!(code == Some(1) && told.contains("newer pushlab"), "{told}");
    let (code, told) = pushlab(&["check"], Path::new("no-such.db"));
    assert!(code == Some(1) && told.contains("no such file"), "{told}");
}

#[cfg(unix)]
/// `tests/databases/first.sql` is what the first version wrote: it opens in every later one.
#[tokio::test]
async fn a_database_of_the_first_version_opens() {
    let mut server = Server::start().await;
    server.ask_to_stop();
    assert_eq!(server.stopped().await, Some(0));
    let database = server.database();
    std::fs::remove_file(&database).unwrap();
    let mut first = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    first
        .batch_execute(include_str!("../../databases/first.sql"))
        .unwrap();
    drop(first);
    server.restart().await;
    let alice = User::nobody(&server);
    let signed_in = alice.sign_in("alice", PASSWORD).await;
    assert_eq!(signed_in.status(), 200);
    let mut reader = Reader::open(Transport::Sse, &alice, "kept", 0);
    let bodies = ["first", "second ✓", "third"];
    for body in bodies {
        assert_eq!(reader.next().await.message.body, body);
    }
    let again = json!({"body": "first", "key": "k"});
    assert_eq!(alice.post_message("kept", again).await.status(), 200);
    alice.say("kept", "and on").await;
    assert_eq!(reader.next().await.message.seq, 4);
}

#[tokio::test]
async fn the_files_of_a_database_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start().await;
    let alice = server.user("alice").await;
    alice.say("lobby", "one").await;
    let folder = server.database().parent().unwrap().to_owned();
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
}
