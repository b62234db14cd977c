//! How long it takes to start, to read and to post where there is much.

use std::time::{Duration, Instant};

use harness::{Options, Server, User};
use serde_json::json;

use crate::place::{Kind, Place};

const TIMES: usize = 21;

/// Fills both databases, and prints a table.
pub async fn print(accounts: u64, rooms: u64, messages: u64) {
    println!(
        "{accounts} accounts, {rooms} rooms, {messages} messages; of {TIMES} the median and the longest\n"
    );
    println!(
        "| | start-up, s | memory, MiB | first page of history, ms | reconnect with an old cursor, ms | a post, ms | sign-in, ms |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for kind in Kind::ALL {
        let place = Place::new(kind);
        // Its schema, and an account whose password is known.
        let server = start(&place).await;
        server.user("measured").await;
        let mut server = server;
        server.ask_to_stop();
        server.stopped().await;
        let begun = Instant::now();
        for statement in fill(kind, accounts, rooms, messages) {
            place.run(&statement);
        }
        eprintln!("{}: filled in {} s", kind.name(), begun.elapsed().as_secs());
        measure(kind, &place, messages).await;
    }
}

async fn start(place: &Place) -> Server {
    let options = Options::with(&["--rooms", "100000000"]);
    Server::start_with(options.at(&place.location())).await
}

async fn measure(kind: Kind, place: &Place, messages: u64) {
    let begun = Instant::now();
    let server = start(place).await;
    let started = begun.elapsed();
    let memory = server.resident_bytes() / (1 << 20);
    let user = User::nobody(&server);
    let mut sign_ins = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let signed_in = user.sign_in("measured", harness::user::PASSWORD).await;
        assert_eq!(signed_in.status(), 200);
        sign_ins.push(begun.elapsed());
    }
    let head = messages / 2;
    let history = format!("/api/rooms/lobby/messages?limit=50&before={}", head + 1);
    let old = format!("/api/rooms/lobby/messages?limit=100&after={}", head / 2);
    let history = reads(&user, &history).await;
    let old = reads(&user, &old).await;
    let mut posts = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let posted = user
            .post_message("lobby", json!({"body": "x".repeat(120)}))
            .await;
        assert_eq!(posted.status(), 201);
        posts.push(begun.elapsed());
    }
    println!(
        "| {} | {:.2} | {memory} | {} | {} | {} | {} |",
        kind.name(),
        started.as_secs_f64(),
        median_and_longest(history),
        median_and_longest(old),
        median_and_longest(posts),
        median_and_longest(sign_ins)
    );
}

async fn reads(user: &User, path: &str) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let answer = user.get(path).await;
        assert_eq!(answer.status(), 200);
        answer.bytes().await.expect("a body");
        times.push(begun.elapsed());
    }
    times
}

fn median_and_longest(mut times: Vec<Duration>) -> String {
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    format!(
        "{:.1} / {:.1}",
        ms(times[times.len() / 2]),
        ms(times[times.len() - 1])
    )
}

/// The numbers from 1 to `last`, as `i`.
fn series(kind: Kind, last: u64) -> String {
    match kind {
        Kind::Sqlite => format!(
            "(WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {last}) \
             SELECT i FROM s) AS numbers"
        ),
        Kind::Postgres => format!("generate_series(1, {last}) AS numbers (i)"),
    }
}

/// Half of the messages are in the lobby, the others in turn in all other rooms. Each tenth has a key.
fn fill(kind: Kind, accounts: u64, rooms: u64, messages: u64) -> Vec<String> {
    let text = match kind {
        Kind::Sqlite => "printf('%.*c', 120, 'x')",
        Kind::Postgres => "decode(repeat('78', 120), 'hex')",
    };
    let lobby = messages / 2;
    let others = rooms.saturating_sub(1).max(1);
    let (all_accounts, all_rooms, half) = (
        series(kind, accounts),
        series(kind, others),
        series(kind, lobby),
    );
    let room = "(SELECT min(id) FROM rooms)";
    let columns = "INSERT INTO messages (room_id, seq, author, display_name, body, key, sent_at)";
    let rest =
        format!("'measured', 'Measured', {text}, CASE WHEN i % 10 = 0 THEN 'key-' || i END, i");
    vec![
        format!(
            "INSERT INTO accounts (username, display_name, password_hash, created_at) \
             SELECT 'user-' || i, 'User ' || i, '-', 0 FROM {all_accounts}"
        ),
        format!(
            "INSERT INTO rooms (name, title, created_by, head) SELECT 'room-' || i, 'Room ' || i, \
             'measured', ({lobby} + {others} - i) / {others} FROM {all_rooms}"
        ),
        format!("{columns} SELECT {room}, i, {rest} FROM {half}"),
        format!(
            "{columns} SELECT {room} + 1 + (i - 1) % {others}, 1 + (i - 1) / {others}, {rest} FROM {half}"
        ),
        format!("UPDATE rooms SET head = {lobby} WHERE name = 'lobby'"),
        "ANALYZE".into(),
    ]
}
