//! What a message costs.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use harness::{PinnedServer, Socket};
use hdrhistogram::Histogram;
use serde_json::json;
use tokio::task::LocalSet;

use crate::place::{Kind, Place};

/// Posts whose delivery is timed in a turn, one after another.
const TIMED: u64 = 500;
const SECONDS: Duration = Duration::from_secs(3);
const SENDERS: [usize; 2] = [1, 64];

/// What was measured in one turn.
#[derive(Default)]
struct Turn {
    p50_ms: f64,
    p99_ms: f64,
    /// For each of `SENDERS`: posts a second; processor time a post of server and of database, in microseconds.
    posts: [[f64; 3]; SENDERS.len()],
}

/// Measures both in turn, and prints means with their 95 % intervals.
pub async fn print(turns: u32) {
    let mut all: [Vec<Turn>; 2] = Default::default();
    for _ in 0..turns {
        for (kind, measured) in Kind::ALL.into_iter().zip(&mut all) {
            measured.push(LocalSet::new().run_until(turn(kind)).await);
        }
    }
    println!("{turns} turns of each; ± is half of a 95 % interval\n");
    println!(
        "| | {} | {} | ratio |",
        Kind::ALL[0].name(),
        Kind::ALL[1].name()
    );
    println!("| --- | --- | --- | --- |");
    row("post to delivery, p50, ms", &all, |turn| turn.p50_ms);
    row("post to delivery, p99, ms", &all, |turn| turn.p99_ms);
    for (place, senders) in SENDERS.into_iter().enumerate() {
        let plural = if senders == 1 { "" } else { "s" };
        let of = |what: &str| format!("{what}, {senders} sender{plural}");
        row(&of("posts/s"), &all, |turn| turn.posts[place][0]);
        row(&of("CPU of the server, µs a post"), &all, |turn| {
            turn.posts[place][1]
        });
        row(
            &of("CPU of the database's processes, µs a post"),
            &all,
            |turn| turn.posts[place][2],
        );
    }
}

fn row(name: &str, all: &[Vec<Turn>; 2], value: impl Fn(&Turn) -> f64) {
    let [sqlite, postgres] = all.each_ref().map(|turns| {
        let values: Vec<f64> = turns.iter().map(&value).collect();
        mean_and_half_width(&values)
    });
    let cell = |(mean, half): (f64, f64)| match mean {
        0.0 => "–".to_owned(),
        mean if mean < 100.0 => format!("{mean:.2} ± {half:.2}"),
        mean => format!("{mean:.0} ± {half:.0}"),
    };
    let ratio = match sqlite.0 {
        0.0 => "–".to_owned(),
        base => format!("{:.2}", postgres.0 / base),
    };
    println!(
        "| {name} | {} | {} | {ratio} |",
        cell(sqlite),
        cell(postgres)
    );
}

/// The mean, and half of its 95 % interval by Student's t.
fn mean_and_half_width(values: &[f64]) -> (f64, f64) {
    /// For 1 to 9 degrees of freedom.
    const T: [f64; 9] = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / (count - 1.0);
    let t = T
        .get(values.len().saturating_sub(2))
        .copied()
        .unwrap_or(1.96);
    (mean, t * (variance / count).sqrt())
}

async fn turn(kind: Kind) -> Turn {
    let place = Place::new(kind);
    let mut server = PinnedServer::start(&["--workers", "1", "--database", &place.location()]);
    let mut measured = Turn::default();
    let times = time_deliveries(&server).await;
    measured.p50_ms = times.value_at_quantile(0.5) as f64 / 1e6;
    measured.p99_ms = times.value_at_quantile(0.99) as f64 / 1e6;
    for (index, senders) in SENDERS.into_iter().enumerate() {
        for sender in 0..senders {
            server.create_room(&format!("room-{senders}-{sender}"));
        }
        let (server_before, database_before) = (server.cpu_ns(), place.cpu_ns());
        let begun = Instant::now();
        let posts = post(&server, senders).await as f64;
        measured.posts[index] = [
            posts / begun.elapsed().as_secs_f64(),
            (server.cpu_ns() - server_before) as f64 / 1e3 / posts,
            (place.cpu_ns() - database_before) as f64 / 1e3 / posts,
        ];
    }
    measured
}

async fn socket(server: &PinnedServer, room: &str) -> Socket {
    let url = format!("ws://{}/api/rooms/{room}/ws?after=0", server.address);
    let opened = Socket::open_url(&url, &server.cookie, None).await;
    opened.expect("the server accepts the socket")
}

/// From a send until the message comes, over one WebSocket.
async fn time_deliveries(server: &PinnedServer) -> Histogram<u64> {
    let mut times = Histogram::new(3).expect("three digits");
    let mut socket = socket(server, "lobby").await;
    for number in 0..TIMED {
        let begun = Instant::now();
        socket
            .send_message(&number.to_string(), "x".repeat(120).as_str())
            .await;
        socket.member("message").await;
        times
            .record(begun.elapsed().as_nanos() as u64)
            .expect("the histogram resizes itself");
    }
    times
}

/// How many posts are acknowledged to senders that each wait for the acknowledgement before the next post.
/// Each has a room of its own, so that nothing is delivered to the others.
async fn post(server: &PinnedServer, senders: usize) -> u64 {
    let posts = Rc::new(Cell::new(0));
    let until = Instant::now() + SECONDS;
    let mut tasks = Vec::new();
    for sender in 0..senders {
        let mut socket = socket(server, &format!("room-{senders}-{sender}")).await;
        let posts = posts.clone();
        tasks.push(tokio::task::spawn_local(async move {
            let body = "x".repeat(120);
            for number in 0.. {
                if Instant::now() > until {
                    break;
                }
                socket
                    .send(json!({"send": {"key": number.to_string(), "body": body}}))
                    .await;
                socket.member("ack").await;
                posts.set(posts.get() + 1);
            }
        }));
    }
    for task in tasks {
        task.await.expect("a sender does not panic");
    }
    posts.get()
}
